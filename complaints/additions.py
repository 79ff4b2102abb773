"""What somebody adds to their complaint while it is under way."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from lib.states import WrongState

from .events import Kind, note
from .models import Complainant, Complaint
from .photos import bind


@transaction.atomic
def add(*, complainant: Complainant, text: str, photos: Sequence[UUID] = (), now: datetime) -> None:
    """Adds words and photos; those who handle it find them in the story.

    Raises:
        ValidationError: nothing said, or too many photos.
        WrongState: answered or over.
    """
    if not text.strip():
        raise ValidationError({"text": "写一句要补充什么。"})
    case = Complaint.objects.select_for_update(of=("self",)).get(pk=complainant.complaint.main.pk)
    if not case.is_unanswered:
        raise WrongState("已经答复了，不能再补充。没办好可以在评价里说。")
    bind(complainant.complaint, photos)
    note(case, Kind.ADDED, by=None, now=now, text=text.strip())
