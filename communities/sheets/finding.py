"""What kinds look up while they read: rows by the names that people type, and whose they are."""

from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import User

from ..models import Community
from .declare import Line

UNKNOWN_COMMUNITY = "没有叫“{}”的小区。先导入小区，或者照登记的名称写。"
NOT_YOURS = "{}不归您的物管站。"


def by_name(rows: Iterable[Any], name: str = "name") -> dict[str, Any]:
    return {getattr(row, name): row for row in rows}


def set_community(lines: Sequence[Line], *, by: User) -> None:
    """Puts the community into each line's ``row``, or refuses the line."""
    wanted = {line.values["community"] for line in lines if not line.wrong}
    rows = Community.objects.select_related("developer")
    known = by_name(rows.filter(name__in=wanted)) | by_name(rows.filter(code__in=wanted), "code")
    kept = set(
        Community.objects.kept_by(by).filter(pk__in=[row.pk for row in known.values()]).values_list("pk", flat=True)
    )
    for line in lines:
        if line.wrong:
            continue
        line.row = known.get(line.values["community"])
        if line.row is None:
            line.refuse("community", UNKNOWN_COMMUNITY.format(line.values["community"]))
        elif line.row.pk not in kept:
            line.refuse("community", NOT_YOURS.format(line.row))
