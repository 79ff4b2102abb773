"""Sending in a patrol, correcting it within its day, adding remarks, voiding it. DOMAIN B.4, issue 3 §5"""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from accounts.models import User
from accounts.roles import Act, demand, demand_check, demand_other, may, may_check
from communities.models import Community
from lib.periods import beijing_date, week_of
from lib.states import WrongState, move

from . import doubts, findings, follow_up, photos, record_sheet, weeks
from .entries import Entry, Refused, check
from .models import Category, Patrol, PatrolAnswer, PatrolRemark, PatrolVersion

NUMBERS_TAKEN = "这份记录里有编号和别的记录重了。请回到“本周”，重新打开这个小区的巡查再填一次。"


# ---------------------------------------------------------------- sending in


def places_of(user: User, *, now: datetime, since: date | None = None):
    """Communities that somebody may write a patrol of: those seen today, and those patrolled since last week began
    (or another day), because what was done before a link ended may still be sent in. DOMAIN B.2
    """
    today = beijing_date(now)
    late = Community.objects.duties_of(user, first=since or week_of(now).previous.monday, last=today)
    own = Q(pk__in=Community.objects.overseen_by(user)) | Q(pk__in=late)
    return Community.objects.standing(today).filter(own)


def submit(*, entry: Entry, by: User, now: datetime) -> Patrol:
    """Takes a patrol in and gives it its number; sent twice under one client id, it is one record.

    Raises:
        PermissionDenied: not this person's act or community, or the client id is another person's.
        Refused: something is missing or contradictory; nothing is written.
    """
    if known := sent_before(entry.client_id, by):
        return known
    demand(by, Act.COVERT_PATROL if entry.kind == Patrol.Kind.COVERT else Act.PATROL)
    if not is_place_of(entry, by):
        raise PermissionDenied("这个小区那一天不归您联系。")
    check(entry, now=now)
    try:
        with transaction.atomic():
            patrol = _create(entry, by, now)
            _write(patrol, entry, by, now)
            follow_up.follow(patrol=patrol, by=by, now=now)
    except IntegrityError as error:
        if "client_id" not in str(error):
            raise
        if known := sent_before(entry.client_id, by):  # the other tap was quicker
            return known
        raise Refused({"findings": NUMBERS_TAKEN}) from error
    return patrol


def sent_before(client_id: UUID, by: User) -> Patrol | None:
    """The record that came under this client id before, if any; a lost reply is answered with it.

    Raises:
        PermissionDenied: it is another person's.
    """
    known = Patrol.objects.filter(client_id=client_id).first()
    if known and known.user_id != by.pk:
        raise PermissionDenied("这份记录是另一个账号写的，请用那个账号提交。")
    return known


def is_place_of(entry: Entry, by: User) -> bool:
    """The community is one's own today, or was on the day of the visit."""
    day = beijing_date(entry.occurred_at)
    today = Q(pk__in=Community.objects.overseen_by(by))
    then = Q(pk__in=Community.objects.duties_of(by, first=day, last=day))
    return Community.objects.filter(today | then, pk=entry.community.pk).exists()


def _create(entry: Entry, by: User, now: datetime) -> Patrol:
    patrol = Patrol(
        client_id=entry.client_id,
        number=next_number(now),
        community=entry.community,
        user=by,
        submitted_at=now,
        submitted_on=beijing_date(now),
        places=entry.places,
        note=entry.note,
        written_at=entry.written_at,
        clock_ahead=entry.clock_ahead,
        doubt=doubts.doubt_of(entry, now=now),
    )
    _date(patrol, entry.kind, doubts.moment_kept(entry, now=now))
    patrol.save(force_insert=True)
    return patrol


def _date(patrol: Patrol, kind: str, occurred: datetime) -> None:
    """When the visit was, and what follows from it: the day, the term, whether it is the first of its day."""
    patrol.occurred_at, patrol.occurred_on = occurred, beijing_date(occurred)
    patrol.submit_by = weeks.terms_of(week_of(patrol.occurred_on)).submit_by.date
    patrol.kind = kind
    if kind in (Patrol.Kind.DAILY, Patrol.Kind.EXTRA):
        patrol.kind = Patrol.Kind.EXTRA if _was_there(patrol) else Patrol.Kind.DAILY


def _was_there(patrol: Patrol) -> bool:
    """Another patrol of the same person, community and day counts already; this one is kept as 加查. DOMAIN B.2"""
    same = Patrol.objects.countable().filter(user=patrol.user, community=patrol.community)
    return same.filter(occurred_on=patrol.occurred_on).exclude(client_id=patrol.client_id).exists()


NEXT = """
INSERT INTO inspections_daynumber (day, last) VALUES (%s, 1)
ON CONFLICT (day) DO UPDATE SET last = inspections_daynumber.last + 1 RETURNING last
"""


def next_number(now: datetime) -> str:
    """巡20261104-0003: one sequence a Beijing day for the town, without gaps: it is taken with the row that uses it."""
    day = beijing_date(now)
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [day])
        (number,) = cursor.fetchone()
    return f"巡{day:%Y%m%d}-{number:04}"


def _write(patrol: Patrol, entry: Entry, by: User, now: datetime) -> None:
    """Answers, findings and photos of the present version."""
    patrol.answers.all().delete()
    seen = {category: entry.answers.get(category, PatrolAnswer.Result.NOT_SEEN) for category in Category}
    PatrolAnswer.objects.bulk_create(
        PatrolAnswer(patrol=patrol, category=category, result=result) for category, result in seen.items()
    )
    findings.write(patrol=patrol, entry=entry, by=by, now=now)
    photos.bind_to_patrol(patrol, photos=entry.photos, by=by)


# ---------------------------------------------------------------- afterwards


def correct(*, patrol: Patrol, entry: Entry, reason: str, by: User, now: datetime) -> bool:
    """Replaces what a patrol says, by its author and on the day it was sent in; the old version stays readable.

    Returns:
        Whether anything changed; if not, there is no new version, so a double tap makes one.

    Raises:
        PermissionDenied: another person, or another day: then only a remark can be added.
        Refused: something is missing or contradictory; nothing is written.
    """
    _demand_today(patrol, by, now)
    if not reason.strip():
        raise Refused({"reason": "写一句为什么更正。"})
    check(entry, now=now)
    try:
        return _correct(patrol, entry, reason.strip(), by, now)
    except IntegrityError as error:
        if "client_id" not in str(error):
            raise
        raise Refused({"findings": NUMBERS_TAKEN}) from error


@transaction.atomic
def _correct(patrol: Patrol, entry: Entry, reason: str, by: User, now: datetime) -> bool:
    patrol = Patrol.objects.select_for_update(of=("self",)).select_related("community", "user").get(pk=patrol.pk)
    _demand_today(patrol, by, now)  # once more, now that nobody else can change it
    before = record_sheet.content(patrol)
    patrol.places, patrol.note = entry.places, entry.note
    if beijing_date(entry.occurred_at) != patrol.occurred_on:
        _date(patrol, patrol.kind, min(entry.occurred_at, patrol.submitted_at))
        _doubt_anew(patrol, entry)
    _write(patrol, entry, by, now)
    if record_sheet.content(patrol) == before:
        transaction.set_rollback(True)
        return False
    _follow(patrol, by, now)
    PatrolVersion.objects.create(
        patrol=patrol, number=patrol.version, content=before, replaced_at=now, replaced_by=by, reason=reason
    )
    patrol.version += 1
    patrol.save()
    return True


def _follow(patrol: Patrol, by: User, now: datetime) -> None:
    try:
        follow_up.follow(patrol=patrol, by=by, now=now)
    except WrongState as error:
        raise Refused({"findings": str(error)}) from error


def _doubt_anew(patrol: Patrol, entry: Entry) -> None:
    """Another day is another question to the station; a clock that was ahead stays in question."""
    if patrol.doubt != Patrol.Doubt.FUTURE:
        patrol.doubt = doubts.doubt_of(entry, now=patrol.submitted_at)
    patrol.doubt_settled, patrol.doubt_settled_by, patrol.doubt_settled_at = "", None, None


def _demand_today(patrol: Patrol, by: User, now: datetime) -> None:
    if not patrol.is_correctable(by=by, now=now):
        raise PermissionDenied("只有巡查人当天可以更正。现在可以写一条补充说明。")


def remark(*, patrol: Patrol, text: str, by: User, now: datetime) -> PatrolRemark:
    """Adds a remark; the record itself stays as it is.

    Raises:
        PermissionDenied: somebody other than the author.
        Refused: empty.
    """
    if patrol.user_id != by.pk:
        raise PermissionDenied("补充说明由巡查人自己写。")
    if not text.strip():
        raise Refused({"text": "写一句要补充什么。"})
    return PatrolRemark.objects.create(patrol=patrol, by=by, at=now, text=text.strip())


def may_void(patrol: Patrol, by: User, *, now: datetime) -> bool:
    """Its author on the same day, or the head of its station at any time; not twice."""
    if patrol.state != Patrol.State.SUBMITTED:
        return False
    return patrol.is_correctable(by=by, now=now) or _heads(by, patrol)


def _heads(by: User, patrol: Patrol) -> bool:
    own = Community.objects.headed_by(by)
    return may(by, Act.SEVERITY_LOWER) and own.filter(pk=patrol.community_id).exists()


@transaction.atomic
def void(*, patrol: Patrol, reason: str, by: User, now: datetime) -> None:
    """Voids a record that should not be: by its author on the same day, or by the station's head. Its findings go too.

    Raises:
        PermissionDenied: neither of them.
        Refused: no reason.
        WrongState: it was voided before.
    """
    if not (patrol.is_correctable(by=by, now=now) or _heads(by, patrol)):
        raise PermissionDenied("作废要由巡查人当天办，或者由这个小区的物管站站长办。")
    if not reason.strip():
        raise Refused({"reason": "写一句为什么作废。"})
    voided = {"state": Patrol.State.VOIDED, "void_reason": reason.strip()}
    move(patrol, state=Patrol.State.SUBMITTED, to=voided, else_="这份记录刚才已经作废了。")
    for finding in patrol.findings.standing():
        findings.withdraw(finding=finding, reason=f"巡查记录作废：{reason.strip()}", by=by, now=now)
    follow_up.follow(patrol=patrol, by=by, now=now)


# ---------------------------------------------------------------- days in question


def may_settle_doubt(patrol: Patrol, by: User) -> bool:
    """The head of the community's station, but not about a patrol of their own."""
    own = Community.objects.headed_by(by)
    return may_check(by, Act.PATROL) and patrol.user_id != by.pk and own.filter(pk=patrol.community_id).exists()


@transaction.atomic
def settle_doubt(*, patrol: Patrol, settled: str, by: User, now: datetime) -> None:
    """The station's head believes the day, so that from now on the patrol counts as the rules say, or leaves it.

    What came after the term of its week stays late: confirming a day makes nothing timely. DOMAIN B.2

    Raises:
        PermissionDenied: somebody other than the head of the community's station, or about their own patrol.
        WrongState: it was settled before, or there is nothing to settle.
    """
    demand_check(by, Act.PATROL)
    demand_other(by, patrol.user_id)
    if not may_settle_doubt(patrol, by):
        raise PermissionDenied("日期由这个小区的物管站站长核实。")
    doubtful = Q(pk__in=Patrol.objects.doubtful().values("pk"))
    to = {"doubt_settled": settled, "doubt_settled_by": by, "doubt_settled_at": now}
    if settled == Patrol.Settled.CONFIRMED and patrol.kind == Patrol.Kind.DAILY and _was_there(patrol):
        to["kind"] = Patrol.Kind.EXTRA
    move(patrol, doubtful, to=to, else_="这一份的日期已经核实过了，或者不用核实。")
