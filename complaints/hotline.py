"""Orders of the hotline 12345: their answer goes back into the hotline's own system. DOMAIN E.3, issue 7 §1"""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from lib.states import WrongState, move
from lib.text import day_words

from .events import Kind, note
from .models import Complaint, State
from .models.cases import UNANSWERED
from .staffing import demand_staff


@transaction.atomic
def fill_back(*, complaint: Complaint, by: User, now: datetime) -> None:
    """The hotline's own system has our answer now (已回填); noted once.

    Raises:
        PermissionDenied: not staff of the place.
        WrongState: no order of the hotline, not answered, or noted before.
    """
    demand_staff(by, complaint)
    from_ = {"filled_back_at": None, "state__in": [State.REPLIED, State.RATED, State.CLOSED]}
    if not complaint.platform_number:
        raise WrongState("这件不是 12345 工单。")
    move(complaint, **from_, to={"filled_back_at": now}, else_="已经记过回填，或者还没有答复。")
    note(complaint, Kind.FILLED_BACK, by=by, now=now)


@transaction.atomic
def new_term(*, complaint: Complaint, platform_due: date, by: User, now: datetime) -> None:
    """The hotline gave an order another term; what counts is the earlier of it and ours. DOMAIN E.3

    Raises:
        PermissionDenied: not staff of the place.
        WrongState: answered or over.
    """
    demand_staff(by, complaint)
    to = {"platform_due": platform_due}
    move(complaint, state__in=UNANSWERED, to=to, else_="这个工单已经答复了，期限不用再改。")
    note(complaint, Kind.CHANGED, by=by, now=now, text=f"12345 期限改为{day_words(platform_due)}")


def to_fill_back(user: User):
    """Answered orders whose answer is not in the hotline's system yet, what is due there first on top."""
    rows = Complaint.objects.handled_by(user).to_fill_back()
    parts = rows.select_related("community").prefetch_related("answers", "photos")
    return parts.order_by("platform_due", "pk")
