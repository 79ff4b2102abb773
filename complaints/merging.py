"""Several complaints about one thing become one case; one complaint about several things becomes several. DOMAIN E.5"""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from communities.models import Community
from lib.periods import DAY, beijing_date
from lib.states import WrongState, move
from rulebook import rules

from . import entries, messages, registration, staffing
from .events import Kind, note
from .kinds import Source
from .models import Complaint, State
from .staffing import WORKED_ON

OPEN = (State.REGISTERED, *WORKED_ON)


@transaction.atomic
def merge(*, main: Complaint, others: Sequence[Complaint] | Complaint, by: User, now: datetime) -> None:
    """Others become part of the main case: worked on and counted once; each complainant is told and asked. DOMAIN E.5

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: another community or category, too far apart, or a case into itself.
        WrongState: one of them is answered, over, or merged already.
    """
    rows = [others] if isinstance(others, Complaint) else list(others)
    held, is_first = _held(main, rows), not main.merged.exists()
    for row in (main, *rows):
        staffing.demand_staff(by, row)
    for row in rows:
        _demand_alike(main, row)
        if held[main.pk].state not in OPEN or held[row.pk].state not in OPEN:
            raise WrongState("有一件刚才已经答复或者办结了，不能再并。")
        _merge_one(main, row, by, now)
    if is_first:  # those of the main case hear it once, however many follow
        messages.to_complainants(main, messages.MERGED, now=now)


def alike(main: Complaint):
    """Open complaints that could become part of this one: same community and category, near enough in days."""
    near = rules.on(main.registered_on, "complaint.merge_days") * DAY
    days = {"registered_on__gte": main.registered_on - near, "registered_on__lte": main.registered_on + near}
    same = {"community": main.community_id, "category": main.category}
    return Complaint.objects.open().filter(**same, **days).exclude(pk=main.pk).select_related("building").order_by("pk")


def _held(main: Complaint, rows: Sequence[Complaint]) -> dict[int, Complaint]:
    """All of them, locked in the order of their keys, so that two merges never wait for each other."""
    keys = [main.pk, *(row.pk for row in rows)]
    locked = Complaint.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in locked}


def _demand_alike(main: Complaint, row: Complaint) -> None:
    if row.pk == main.pk:
        raise ValidationError("不能把一件投诉并到它自己。")
    if (row.community_id, row.category) != (main.community_id, main.category):
        raise ValidationError("同一个小区、同一类的投诉才能并案。类别登记错了，先改类别。")
    most = rules.on(main.registered_on, "complaint.merge_days")
    if abs(row.registered_on - main.registered_on) > most * DAY:
        raise ValidationError(f"登记相隔超过 {most} 天，不能并案。")


def _merge_one(main: Complaint, row: Complaint, by: User, now: datetime) -> None:
    to = {"state": State.MERGED, "merged_into": main, **staffing.over(beijing_date(now))}
    move(row, state__in=OPEN, to=to, else_=staffing.CHANGED)
    row.merged.update(merged_into=main)
    note(row, Kind.MERGED, by=by, now=now, text=f"和 {main.number} 是同一件事，一起办")
    note(main, Kind.MERGED, by=by, now=now, text=f"{row.number} 并进来一起办")
    messages.to_complainants(row, messages.MERGED, now=now)


@transaction.atomic
def undo(*, complaint: Complaint, by: User, now: datetime) -> None:
    """A merged complaint was another matter after all: it stands by itself again, with its own term.

    Raises:
        PermissionDenied: not staff of the place.
        WrongState: it is not merged, or its main case is answered.
    """
    staffing.demand_staff(by, complaint)
    main = complaint.main
    if main.is_over or not main.is_unanswered:
        raise WrongState("主案已经答复，不能再拆出来。不是同一件事的，请另外登记。")
    to = {"state": State.ACCEPTED, "merged_into": None, "closed_on": None, "anonymise_on": None}
    move(complaint, state=State.MERGED, to=to, else_=staffing.CHANGED)
    for row, words in ((complaint, f"从 {main.number} 拆出来单独办"), (main, f"{complaint.number} 拆出去单独办")):
        note(row, Kind.SPLIT, by=by, now=now, text=words)


@transaction.atomic
def split(*, complaint: Complaint, text: str, category: str, by: User, now: datetime, place: str = "") -> Complaint:
    """One complaint that speaks of two things: the second gets a number and a term of its own, from the first's day on.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: nothing said, no category.
        WrongState: answered or over.
    """
    staffing.demand_staff(by, complaint)
    if complaint.state not in OPEN:
        raise WrongState("已经答复或者办结的不能再拆，请另外登记。")
    contact = complaint.complainants.select_related("contact__phone").get(joined=False).contact
    phone = contact.phone.value if contact.phone else ""
    who = entries.Who(contact.name, phone, contact.room, contact.for_whom, contact.relation)
    place_of = {"community": Community.objects.get(pk=complaint.community_id), "building": complaint.building}
    told = registration.NOT_ONLINE - {Source.HOTLINE, Source.PHONE}
    source = complaint.source if complaint.source in told else Source.VISIT
    entry = entries.Entry(text=text.strip(), category=category, place=place.strip(), source=source, who=who, **place_of)
    new = registration.take_in(entry=entry, by=by, now=now)
    Complaint.objects.filter(pk=new.pk).update(split_from=complaint)
    note(complaint, Kind.SPLIT, by=by, now=now, text=f"拆出 {new.number} 单独办")
    return new
