"""Who took what away as a workbook or a paper: noted in the same log as the administration's exports."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from accounts.models import User

from .models import Community


def note(by: User, what: str, number: int, how: str = "", table: type[Model] = Community) -> None:
    """One line: who, what, how many rows, by which filter."""
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(table),
        object_repr=f"导出{what}"[:200],
        action_flag=CHANGE,
        change_message=f"导出 {number} 行。{how}",
    )
