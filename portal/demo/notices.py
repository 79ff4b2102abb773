"""What became of the findings: notices in every state, round by round, and what was handed to departments."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import User
from communities.models import FirmPost, StationPost
from communities.responsibility import Responsible, responsible_on
from inspections import notice_terms as terms
from inspections.models import (
    Finding,
    Notice,
    NoticeEvent,
    NoticeRound,
    Patrol,
    PatrolPhoto,
    Recheck,
    Severity,
    Transfer,
    YearNumber,
)
from inspections.transfers import department_of
from lib.periods import DAY, beijing_date
from lib.pictures import Shrunk, shrink
from portal.demo.draft import BATCH, Draft
from portal.demo.pictures import draw

State, Kind = Notice.State, NoticeEvent.Kind
SAID = ["清走了，地面也冲过了。", "修好了，试过没有问题。", "已经整改，贴了提示。", "联系业主搬走了。"]
NOT_YET = ["只清了一半，还有东西。", "看着修了，其实还是坏的。"]
DRAWN = 4


@dataclass
class Made:
    """Rows on their way into the database, and who acts for whom."""

    draft: Draft
    notices: list[Notice] = field(default_factory=list)
    rounds: list[NoticeRound] = field(default_factory=list)
    second: list[NoticeRound] = field(default_factory=list)
    rechecks: list[Recheck] = field(default_factory=list)
    events: list[NoticeEvent] = field(default_factory=list)
    photos: list[PatrolPhoto] = field(default_factory=list)
    bodies: dict[tuple[int, date], Responsible] = field(default_factory=dict)

    @cached_property
    def of_firm(self) -> dict[int, User]:
        return {post.firm_id: post.user for post in FirmPost.objects.select_related("user").order_by("-kind")}

    @cached_property
    def clerks(self) -> dict[int, User]:
        posts = StationPost.objects.filter(kind="clerk").select_related("user")
        return {post.village_committee_id: post.user for post in posts}

    @cached_property
    def heads(self) -> dict[int, User]:
        return {v.pk: head for v, head in zip(self.draft.villages, self.draft.station_heads, strict=True)}

    @cached_property
    def drawn(self) -> list[Shrunk]:
        return [shrink(draw(self.draft.chance, f"整改后 {n}", is_tidy=True)) for n in range(1, DRAWN + 1)]

    def body_of(self, finding: Finding) -> Responsible:
        key = finding.community_id, finding.found_on
        if key not in self.bodies:
            self.bodies[key] = responsible_on(finding.community, finding.found_on)
        return self.bodies[key]

    def note(self, notice: Notice, no: int, kind: str, by: User | None, at: datetime, text: str = "") -> None:
        self.events.append(NoticeEvent(notice=notice, round_no=no, kind=kind, by=by, at=at, text=text))


def make(draft: Draft, found: list[Finding]) -> None:
    """Notices of all findings that somebody was to put right, transfers of the others."""
    made = Made(draft)
    sent = [row for row in found if row.handling == Finding.Handling.NOTICE and row.patrol.kind != Patrol.Kind.COVERT]
    for finding in sorted(sent, key=lambda row: row.patrol.submitted_at):
        _live(made, finding)
    _number(made.notices)
    _write(made)
    Finding.objects.bulk_update([row for row in sent if row.closed_on], ["closed_on"], batch_size=BATCH)
    Transfer.objects.bulk_create(_transfers(draft, found))


def _write(made: Made) -> None:
    """In the order that the database asks for: a round is rechecked while it is open, the next one comes after it."""
    Notice.objects.bulk_create(made.notices, batch_size=BATCH)
    for rounds in (made.rounds, made.second):
        outcomes = {id(turn): turn.outcome for turn in rounds}
        for turn in rounds:
            turn.outcome = ""
        NoticeRound.objects.bulk_create(rounds, batch_size=BATCH)
        mine = set(map(id, rounds))
        Recheck.objects.bulk_create([row for row in made.rechecks if id(row.round) in mine], batch_size=BATCH)
        for turn in rounds:
            turn.outcome = outcomes[id(turn)]
        NoticeRound.objects.bulk_update([turn for turn in rounds if turn.outcome], ["outcome"], batch_size=BATCH)
    PatrolPhoto.objects.bulk_create(made.photos, batch_size=BATCH)
    NoticeEvent.objects.bulk_create(sorted(made.events, key=lambda row: row.at), batch_size=BATCH)


def _number(notices: list[Notice]) -> None:
    last: dict[int, int] = {}
    for notice in notices:
        year = notice.issued_on.year
        last[year] = last.get(year, 0) + 1
        notice.number = f"抄告〔{year}〕{last[year]:04}"
    YearNumber.objects.bulk_create([YearNumber(year=year, last=number) for year, number in last.items()])


# ---------------------------------------------------------------- one notice


def _live(made: Made, finding: Finding) -> None:
    at = finding.patrol.submitted_at
    body, issued = made.body_of(finding), beijing_date(at)
    notice = Notice(
        finding=finding,
        community=finding.community,
        firm=body.firm,
        village=body.village,
        body="" if body.firm or body.village else body.name,
        issued_by=finding.found_by,
        issued_at=at,
        issued_on=issued,
    )
    made.notices.append(notice)
    made.note(notice, 1, Kind.ISSUED, finding.found_by, at, f"发给{body.name}")
    if finding.closed_on:
        _settled(made, notice, max(finding.closed_on, issued))
    else:
        _open(made, notice)


def _settled(made: Made, notice: Notice, closed: date) -> None:
    notice.finding.closed_on = notice.closed_on = closed
    notice.state = State.CLOSED
    first = _round(made, notice, 1, notice.issued_on, signed_by=closed)
    if made.draft.one_in(8) and (closed - notice.issued_on).days > 4:
        _answer(made, first, closed - 3 * DAY, passed=False)
        late = None if first.is_on_time else first.due_on
        second = _round(made, notice, 2, closed - 3 * DAY, signed_by=closed, late_since=late)
        _answer(made, second, closed, passed=True)
    else:
        _answer(made, first, closed, passed=True)


def _open(made: Made, notice: Notice) -> None:
    """Some not signed, some being put right, some overdue, some waiting for a recheck."""
    today = made.draft.today
    age = (today - notice.issued_on).days
    if age == 0 or (age == 1 and made.draft.one_in(2)):
        notice.state = State.ISSUED
        _round(made, notice, 1, notice.issued_on, signed_by=None)
        return
    turn = _round(made, notice, 1, notice.issued_on, signed_by=today)
    notice.state = State.RECEIVED
    if made.draft.one_in(3):
        notice.state = State.REPLIED
        _answer(made, turn, max(turn.received_on, today - made.draft.chance.randrange(6) * DAY), passed=None)
    elif made.draft.one_in(4):
        at = _after(made, turn.received_on, notice.issued_at)
        made.note(notice, 1, Kind.CALLED, notice.issued_by, at, "项目经理接：这两天就来处理")


def _round(
    made: Made, notice: Notice, no: int, issued: date, *, signed_by: date | None, late_since: date | None = None
) -> NoticeRound:
    """A round as it stands after its signature, if it has one."""
    deemed = terms.deemed_receipt(issued).date
    turn = NoticeRound(notice=notice, no=no, issued_on=issued, deemed_on=deemed, late_since=late_since)
    turn.start_term(deemed, terms.days_given(notice.finding.severity, no, issued=issued))
    (made.rounds if no == 1 else made.second).append(turn)
    if signed_by is None:
        return turn
    silent = made.draft.one_in(6) and deemed < signed_by
    turn.received_on = deemed if silent else issued
    turn.is_deemed = silent
    by = _who(made, notice)
    if not silent:
        turn.received_by, turn.signer = by, by.name
        turn.start_term(issued, turn.term_days)
    at = _after(made, turn.received_on, notice.issued_at)
    made.note(notice, no, Kind.DEEMED if silent else Kind.RECEIVED, None if silent else by, at, turn.signer)
    if notice.needs_plan and no == 1:
        _plan(made, notice, turn, by, at)
    return turn


def _plan(made: Made, notice: Notice, turn: NoticeRound, by: User, at: datetime) -> None:
    notice.plan_by = terms.plan_until(turn.received_on, issued=turn.issued_on)
    if made.draft.one_in(12) and not notice.finding.closed_on:
        return
    notice.plan_person, notice.plan_limit_on, notice.plan_measure = by.name, turn.due_on, "安排专人整改，改好后回访"
    notice.plan_at = min(at + timedelta(hours=1), made.draft.now)
    made.note(notice, 1, Kind.PLANNED, by, notice.plan_at, f"{by.name}，{turn.due_on} 前，安排专人整改")


def _answer(made: Made, turn: NoticeRound, day: date, *, passed: bool | None) -> None:
    """A reply on a day, and the recheck later that day unless it is still awaited."""
    notice, by = turn.notice, _who(made, turn.notice)
    day = max(day, turn.received_on)
    if notice.needs_plan and not notice.plan_at:
        _plan_after_all(made, notice, turn, by)
    turn.replied_on, turn.replied_by, turn.reply_text = day, by, made.draft.chance.choice(SAID)
    turn.replied_at = _after(made, day, notice.issued_at)
    turn.recheck_by = terms.recheck_until(day)
    made.note(notice, turn.no, Kind.REPLIED, by, turn.replied_at, turn.reply_text)
    made.photos.append(_photo(made, turn))
    if passed is not None:
        _recheck(made, turn, passed)


def _plan_after_all(made: Made, notice: Notice, turn: NoticeRound, by: User) -> None:
    notice.plan_person, notice.plan_limit_on, notice.plan_measure = by.name, turn.due_on, "安排专人整改"
    notice.plan_at = _after(made, turn.received_on, notice.issued_at)


def _recheck(made: Made, turn: NoticeRound, passed: bool) -> None:
    notice = turn.notice
    by = notice.issued_by
    if notice.finding.severity == Severity.MAJOR:
        by = made.heads[notice.community.village_committee_id]
    at = min(turn.replied_at + timedelta(minutes=90), made.draft.now)
    note = "现场看过，改好了" if passed else made.draft.chance.choice(NOT_YET)
    turn.outcome = NoticeRound.Outcome.PASSED if passed else NoticeRound.Outcome.FAILED
    made.rechecks.append(Recheck(client_id=made.draft.uuid(), round=turn, passed=passed, note=note, by=by, at=at))
    made.note(notice, turn.no, Kind.PASSED if passed else Kind.FAILED, by, at, note)


def _who(made: Made, notice: Notice) -> User:
    village = made.clerks[notice.community.village_committee_id]
    return made.of_firm.get(notice.firm_id, village) if notice.firm_id else village


def _after(made: Made, day: date, start: datetime) -> datetime:
    """Some minute of a day, after the start and not in the future."""
    return min(max(made.draft.moment(day), start + timedelta(minutes=20)), made.draft.now)


def _photo(made: Made, turn: NoticeRound) -> PatrolPhoto:
    shrunk = made.draft.chance.choice(made.drawn)
    photo = PatrolPhoto(
        client_id=made.draft.uuid(),
        name=made.draft.uuid().hex,
        sha256=hashlib.sha256(shrunk.picture).hexdigest(),
        size=len(shrunk.picture),
        state=PatrolPhoto.State.READY,
        original_kept=False,
        width=shrunk.size[0],
        height=shrunk.size[1],
        taken_on=turn.replied_on,
        received_at=turn.replied_at,
        uploaded_by=turn.replied_by,
        kind=PatrolPhoto.Kind.REPLY,
        round=turn,
    )
    default_storage.save(photo.picture, ContentFile(shrunk.picture))
    default_storage.save(photo.thumbnail, ContentFile(shrunk.thumbnail))
    return photo


# ---------------------------------------------------------------- departments


def _transfers(draft: Draft, found: list[Finding]) -> list[Transfer]:
    wanted = [row for row in found if row.handling == Finding.Handling.TRANSFER]
    return [_transfer(draft, finding, number) for number, finding in enumerate(wanted, start=1)]


def _transfer(draft: Draft, finding: Finding, number: int) -> Transfer:
    sent_on = finding.found_on + DAY
    row = Transfer(
        finding=finding,
        department=department_of(finding.item, today=draft.today),
        drafted_at=finding.patrol.submitted_at,
        drafted_by=finding.found_by,
    )
    if finding.closed_on or sent_on < draft.today - 3 * DAY:
        row.state, row.document_no = Transfer.State.SENT, f"演示函〔{sent_on.year}〕{number}号"
        row.sent_by, row.sent_on = draft.cast["town_clerk"], min(sent_on, draft.today)
        row.expected_on = row.sent_on + 14 * DAY
    if finding.closed_on:
        row.state, row.answer = Transfer.State.ANSWERED, "已到现场处理。"
        row.settled_by, row.settled_on = row.sent_by, finding.closed_on
    return row
