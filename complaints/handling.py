"""What staff and firms do about a complaint: accept, assign, go there, answer, hand over, begin anew. DOMAIN E.2–E.5"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, Role, demand, demand_check, demand_other, may
from communities.models import Firm
from lib.periods import DAY, beijing_date
from lib.states import WrongState, move
from rulebook import rules
from rulebook.workdays import add_working_days

from . import clock, messages, photos, terms
from .events import Kind, note
from .kinds import Level
from .models import Answer, Complainant, Complaint, ComplaintPhoto, ComplaintTransfer, State

CHANGED = "这件投诉刚才已经变了，看看现在的状态再办。"
WORKED_ON = (State.ACCEPTED, State.ASSIGNED, State.HANDLING, State.REOPENED)
ANSWERED = (State.REPLIED, State.RATED)


def demand_staff(by: User, complaint: Complaint) -> None:
    """Raises PermissionDenied when the user's roles do not handle complaints, or not those of this community."""
    demand(by, Act.COMPLAINT)
    if not Complaint.objects.handled_by(by).filter(pk=complaint.pk).exists():
        raise PermissionDenied("这件投诉不归您的物管站办。")


@transaction.atomic
def accept(*, complaint: Complaint, by: User, now: datetime) -> None:
    """Staff take a complaint up (受理), within one working day. DOMAIN E.2

    Raises:
        PermissionDenied: not staff of the place.
        WrongState: somebody was quicker.
    """
    demand_staff(by, complaint)
    move(complaint, state=State.REGISTERED, to={"state": State.ACCEPTED}, else_=CHANGED)
    note(complaint, Kind.ACCEPTED, by=by, now=now)


@transaction.atomic
def refuse(*, complaint: Complaint, reason: str, go_to: str, by: User, now: datetime) -> None:
    """Not accepted, with the reason and where to go instead; the complainant is told. DOMAIN E.2

    Raises:
        PermissionDenied, WrongState: as `accept`.
        ValidationError: no reason, or nowhere to go.
    """
    demand_staff(by, complaint)
    _demand_words(reason=(reason, "写一句为什么不受理。"), go_to=(go_to, "写上该找谁、电话多少。"))
    day = beijing_date(now)
    to = {"state": State.NOT_ACCEPTED, "refused_why": reason.strip(), "go_to": go_to.strip(), **over(day)}
    move(complaint, state__in=[State.REGISTERED, State.ACCEPTED], to=to, else_=CHANGED)
    note(complaint, Kind.REFUSED, by=by, now=now, text=f"{reason.strip()} 可以找：{go_to.strip()}")
    messages.to_complainants(complaint, messages.REFUSED, now=now)


def _demand_words(**fields: tuple[str, str]) -> None:
    if wrong := {name: sentence for name, (words, sentence) in fields.items() if not words.strip()}:
        raise ValidationError(wrong)


def over(day: date) -> dict:
    """What a case gets on the day on which it ends: from then its contact data has its own term."""
    return {"closed_on": day, "anonymise_on": day + rules.on(day, "complaint.anonymise_days") * DAY}


# ---------------------------------------------------------------- who works on it


@transaction.atomic
def assign(
    *, complaint: Complaint, level: str, by: User, now: datetime, handler: User | None = None, text: str = ""
) -> None:
    """Gives a complaint to a level, and there to somebody; a raise restarts the term, once. DOMAIN E.3

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: no firm serves the place.
        WrongState: it is not in work any more, or somebody has changed it just now.
    """
    demand_staff(by, complaint)
    new, day = Level(level), beijing_date(now)
    if new == Level.FIRM and complaint.firm_id is None:
        raise ValidationError({"level": "登记那天这个小区没有物业企业，交给物管站办。"})
    if complaint.is_final and new != Level.TOWN:
        raise ValidationError({"level": "要镇物业办作最终书面答复，不能再往下交。"})
    to = {"state": State.ASSIGNED, "level": new, "handler": handler}
    if new == Level.FIRM:
        to["firm_was_asked"] = True
    to |= _term_of_level(complaint, new, day)
    then = {"level": complaint.level, "state": complaint.state}
    if complaint.state not in WORKED_ON:
        raise WrongState(CHANGED)
    move(complaint, **then, to=to, else_=CHANGED)
    complaint.refresh_from_db(fields=["reply_by"])
    whom = complaint.firm.name if new == Level.FIRM else new.label
    note(complaint, Kind.ASSIGNED, by=by, now=now, text=f"交给{whom}。{text.strip()}")
    messages.assigned(complaint, now=now)


def _term_of_level(complaint: Complaint, new: Level, day: date) -> dict:
    """The term's columns when the level changes: from the day of the first raise, else from where it began."""
    if new == complaint.level:
        return {}
    is_raise = new.rank > Level(complaint.level).rank and not complaint.was_raised
    start = day if is_raise else complaint.term_start
    more = complaint.term_days - terms.days_of(complaint.level, complaint.term_start) if not is_raise else 0
    complaint.start_term(start, terms.days_of(new, start) + max(more, 0))
    return {"was_raised": complaint.was_raised or is_raise} | term_columns(complaint)


def term_columns(complaint: Complaint) -> dict:
    names = ("term_start", "term_days", "term_counting", "due_on", "due_provisional")
    return {name: getattr(complaint, name) for name in names}


def demand_answerer(by: User, complaint: Complaint) -> None:
    """Raises PermissionDenied when the answer is not for this person to give: the firm at its own level, the station
    up to its own, the town at each. DOMAIN D.7
    """
    demand(by, Act.COMPLAINT_ANSWER)
    level = Level(complaint.level)
    if level == Level.FIRM and Firm.objects.employing(by).filter(pk=complaint.firm_id).exists():
        return
    top = Level.TOWN if Role.TOWN_CLERK in by.roles else Level.STATION if Role.STATION_CLERK in by.roles else None
    if top is None or level.rank > top.rank or not Complaint.objects.handled_by(by).filter(pk=complaint.pk).exists():
        raise PermissionDenied(f"这件投诉现在由{level.label}答复。")


def may_answer(user: User, complaint: Complaint) -> bool:
    try:
        demand_answerer(user, complaint)
    except PermissionDenied:
        return False
    return True


@transaction.atomic
def start(*, complaint: Complaint, by: User, now: datetime) -> None:
    """Whoever answers has begun (在办).

    Raises:
        PermissionDenied: it is for another level.
        WrongState: begun before, or past it.
    """
    demand_answerer(by, complaint)
    from_ = [State.ACCEPTED, State.ASSIGNED, State.REOPENED]
    move(complaint, state__in=from_, to={"state": State.HANDLING, "handler": by}, else_=CHANGED)
    note(complaint, Kind.STARTED, by=by, now=now)


@transaction.atomic
def arrive(*, complaint: Complaint, by: User, now: datetime, text: str = "") -> None:
    """Somebody has been on the spot; noted once. DOMAIN E.3

    Raises:
        PermissionDenied: it is for another level.
        WrongState: noted before, or over.
    """
    demand_answerer(by, complaint)
    move(complaint, on_site_at=None, closed_on=None, to={"on_site_at": now}, else_="到场时间已经记过了。")
    note(complaint, Kind.ON_SITE, by=by, now=now, text=text)


# ---------------------------------------------------------------- the answer


@transaction.atomic
def answer(
    *,
    complaint: Complaint,
    text: str,
    by: User,
    now: datetime,
    photos_after: Sequence[UUID] = (),
    seen: int | None = None,
) -> Answer:
    """The answer to everybody who complained; of two at once the first one stands. DOMAIN E.2, D.7

    Where the town's final answer is due, this drafts it: its head passes it (`check_final`).

    Args:
        seen: the round that the writer saw; an answer to an earlier round is refused.

    Raises:
        PermissionDenied: it is for another level.
        ValidationError: nothing said.
        WrongState: answered, or changed, in the meantime.
    """
    demand_answerer(by, complaint)
    _demand_words(text=(text, "写上怎么办的、结果是什么。"))
    if complaint.state not in WORKED_ON or seen not in (None, complaint.reopened):
        raise WrongState(CHANGED)
    row = Answer(complaint=complaint, level=complaint.level, text=text.strip(), by=by, at=now)
    row.round, row.is_final = complaint.reopened + complaint.is_final, complaint.is_final
    if not complaint.is_final:
        settle_answered(complaint, now=now)
    else:
        _hold_draft(complaint)
    row.save()
    photos.bind(complaint, photos_after, kind=ComplaintPhoto.Kind.AFTER)
    note(complaint, Kind.FINAL_DRAFTED if row.is_final else Kind.ANSWERED, by=by, now=now, text=text.strip())
    (messages.final_drafted if row.is_final else messages.answered)(complaint, now=now)
    return row


def settle_answered(complaint: Complaint, *, now: datetime) -> None:
    """The case waits for what its people say. The caller writes the answer.

    Raises:
        WrongState: somebody was quicker.
    """
    day = beijing_date(now)
    clock.end_pause(complaint, day)
    to = {"state": State.REPLIED, "replied_on": day, "close_on": terms.close_on(day).date}
    move(complaint, state=complaint.state, reopened=complaint.reopened, to=to, else_=CHANGED)


def _hold_draft(complaint: Complaint) -> None:
    held = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if held.state != complaint.state or complaint.answers.filter(is_final=True, checked_by=None, sent_back="").exists():
        raise WrongState("已经有一份最终答复在等负责人复核。")


@transaction.atomic
def check_final(*, answer: Answer, by: User, now: datetime) -> None:
    """The town's head passes the final answer: it is given, and the case is over. DOMAIN D.7, E.5

    Raises:
        PermissionDenied: not the head, or the head wrote it.
        WrongState: passed or sent back before.
    """
    demand_check(by, Act.COMPLAINT_FINAL)
    demand_other(by, answer.by_id)
    gone = "这份最终答复刚才已经有人复核过了。"
    move(answer, is_final=True, checked_by=None, sent_back="", to={"checked_by": by, "checked_at": now}, else_=gone)
    complaint, day = answer.complaint, beijing_date(now)
    clock.end_pause(complaint, day)
    to = {"state": State.CLOSED, "replied_on": day, **over(day)}
    move(complaint, state__in=WORKED_ON, is_final=True, to=to, else_=CHANGED)
    note(complaint, Kind.ANSWERED, by=answer.by, now=now, text=f"最终书面答复：{answer.text}")
    note(complaint, Kind.CLOSED, by=by, now=now)
    messages.answered(complaint, now=now)


@transaction.atomic
def send_back_final(*, answer: Answer, reason: str, by: User, now: datetime) -> None:
    """The town's head sends the draft back with a reason; another one is written.

    Raises:
        PermissionDenied, WrongState: as `check_final`.
        ValidationError: no reason.
    """
    demand_check(by, Act.COMPLAINT_FINAL)
    demand_other(by, answer.by_id)
    _demand_words(reason=(reason, "写一句要改什么。"))
    gone = "这份最终答复刚才已经有人复核过了。"
    move(answer, is_final=True, checked_by=None, sent_back="", to={"sent_back": reason.strip()[:200]}, else_=gone)
    note(answer.complaint, Kind.FINAL_SENT_BACK, by=by, now=now, text=reason.strip())


# ---------------------------------------------------------------- to a department


@transaction.atomic
def transfer(*, complaint: Complaint, department: str, document_number: str, by: User, now: datetime, text: str = ""):
    """Hands a complaint to the body with power, by a numbered letter; it is chased until it answers. DOMAIN E.4, 0.6a

    Returns:
        The transfer.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: no department, no number.
        WrongState: answered, over or handed over already.
    """
    demand_staff(by, complaint)
    wanted = {
        "department": (department, "写上移交给哪个部门。"),
        "document_number": (document_number, "写上移交函的文号。"),
    }
    _demand_words(**wanted)
    move(complaint, state__in=WORKED_ON, to={"state": State.TRANSFERRED}, else_=CHANGED)
    day = beijing_date(now)
    row = ComplaintTransfer.objects.create(
        complaint=complaint,
        department=department.strip(),
        letter=document_number.strip(),
        sent_on=day,
        chase_on=add_working_days(day, rules.on(day, "transfer.chase_wd")).date,
        by=by,
    )
    note(complaint, Kind.TRANSFERRED, by=by, now=now, text=f"移交{row.department}，文号 {row.letter}。{text.strip()}")
    messages.to_complainants(complaint, messages.TRANSFERRED, now=now)
    return row


# ---------------------------------------------------------------- once more


@transaction.atomic
def reopen(
    *, complaint: Complaint, reason: str, now: datetime, by: User | None = None, complainant: Complainant | None = None
) -> None:
    """An answer did not satisfy: one level higher, with a new clock; after the last time the town answers finally.
    DOMAIN E.5

    Args:
        by: staff who reopen it; None when the complainant does, through the link.

    Raises:
        PermissionDenied: neither the complainant nor staff of the place.
        ValidationError: no reason.
        WrongState: not answered, or its days are past.
    """
    _demand_reopener(complaint, by, complainant)
    _demand_words(reason=(reason, "写一句哪里没办好，好按您说的去办。"))
    day = beijing_date(now)
    if complaint.state not in ANSWERED:
        raise WrongState("这件投诉现在没有在等评价的答复，不能退回。")
    if day > terms.reopen_until(complaint.replied_on):
        raise WrongState("答复后 10 个工作日内可以退回，现在过了。还没好的话，请再登记一件。")
    most = rules.on(complaint.registered_on, "complaint.max_reopen")
    last = complaint.reopened >= most
    level = Level.TOWN if last else Level(complaint.level).above
    complaint.start_term(day, terms.days_of(level, day))
    to = {
        "state": State.REOPENED,
        "level": level,
        "is_final": last,
        "handler": None,
        "replied_on": None,
        "close_on": None,
    }
    to |= {"reopened": complaint.reopened + (not last), "extended_days": 0} | term_columns(complaint)
    move(complaint, state__in=ANSWERED, reopened=complaint.reopened, to=to, else_=CHANGED)
    complaint.refresh_from_db(fields=["reply_by"])
    whose = "要镇物业办作最终书面答复" if last else f"升到{level.label}"
    note(complaint, Kind.REOPENED, by=by, now=now, text=f"{reason.strip()}（{whose}）")
    messages.reopened(complaint, now=now)


def _demand_reopener(complaint: Complaint, by: User | None, complainant: Complainant | None) -> None:
    if complainant is not None and complaint.pk in (complainant.complaint_id, complainant.complaint.merged_into_id):
        return
    if by is None:
        raise PermissionDenied("退回重办要由投诉人自己来，或者由工作人员替他办。")
    demand_staff(by, complaint)


@transaction.atomic
def withdraw(*, complaint: Complaint, reason: str, now: datetime, by: User | None = None) -> None:
    """The complainant takes it back; it stays readable. Several who joined cannot be taken back by one.

    Raises:
        PermissionDenied: staff of another place.
        ValidationError: no reason.
        WrongState: answered, or others have joined.
    """
    if by is not None and not complaint.complainants.filter(user=by).exists():
        demand_staff(by, complaint)
    _demand_words(reason=(reason, "写一句为什么撤回。"))
    if Complainant.objects.of_case(complaint).count() > 1:
        raise WrongState("还有别人遇到同一件事，这件要接着办，不能撤回。")
    move(
        complaint,
        state__in=[State.REGISTERED, *WORKED_ON],
        to={"state": State.WITHDRAWN, **over(beijing_date(now))},
        else_=CHANGED,
    )
    note(complaint, Kind.WITHDRAWN, by=by, now=now, text=reason.strip())


@transaction.atomic
def remark(*, complaint: Complaint, text: str, by: User, now: datetime) -> None:
    """A note among staff; neither firm nor complainant reads it.

    Raises:
        PermissionDenied: not staff of the place.
        ValidationError: nothing said.
    """
    demand_staff(by, complaint)
    _demand_words(text=(text, "写一句备注。"))
    note(complaint, Kind.NOTE, by=by, now=now, text=text.strip())


@transaction.atomic
def fill_back(*, complaint: Complaint, by: User, now: datetime) -> None:
    """The hotline's own system has our answer now (已回填); noted once.

    Raises:
        PermissionDenied: not staff of the place.
        WrongState: no order of the hotline, not answered, or noted before.
    """
    demand_staff(by, complaint)
    answered = [State.REPLIED, State.RATED, State.CLOSED]
    from_ = {"filled_back_at": None, "state__in": answered}
    if not complaint.platform_number:
        raise WrongState("这件不是 12345 工单。")
    move(complaint, **from_, to={"filled_back_at": now}, else_="已经记过回填，或者还没有答复。")
    note(complaint, Kind.FILLED_BACK, by=by, now=now)


def may_handle(user: User, complaint: Complaint) -> bool:
    """Whether the user's role handles complaints of this place."""
    return may(user, Act.COMPLAINT) and Complaint.objects.handled_by(user).filter(pk=complaint.pk).exists()
