"""What follows a notice to renew: instalments, reminders, refusals in writing, a calendar that came later. F.10"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format

from accounts import notifications, roles
from accounts.models import Message, User
from accounts.notifications import Text
from accounts.roles import Act
from communities.models import Ownership
from lib.money import allocate, yuan
from lib.periods import beijing_date, midnight, months_after
from lib.states import WrongState
from rulebook import deadlines, rules
from rulebook.workdays import roll_to_working_day

from .models import Collection, Objection, RenewalNotice, RenewalStep
from .renewals import paid

KIND = "renewal-due"


@dataclass(frozen=True)
class Instalment:
    """One part: until when, how much, and how much must have come in by then, fen."""

    due: date
    amount: int
    by_then: int


def schedule(notice: RenewalNotice) -> list[Instalment]:
    """The parts in which a received notice is paid; one, or as many as the assembly's plan has. Empty: not received."""
    if notice.due_on is None:
        return []
    parts, apart = (notice.plan.instalments, notice.plan.months_apart) if notice.plan else (1, 0)
    amounts = allocate(notice.amount_fen, dict.fromkeys(map("{:02}".format, range(parts)), 1)).values()
    rows, so_far = [], 0
    for n, amount in enumerate(amounts):
        so_far += amount
        due = notice.due_on if not n else roll_to_working_day(months_after(notice.due_on, n * apart)).date
        rows.append(Instalment(due, amount, so_far))
    return rows


def is_behind(notice: RenewalNotice, paid_fen: int, *, today: date) -> bool:
    """Some part's day is over, and less has come in than it asked."""
    return any(part.due < today and paid_fen < part.by_then for part in schedule(notice))


def look(notice: RenewalNotice, paid_fen: int, *, today: date) -> tuple[str, str, str]:
    """How a list shows a notice: tone, symbol, words."""
    if notice.state != RenewalNotice.State.OPEN:
        is_paid = notice.state == RenewalNotice.State.PAID
        return ("good", "ok", "已续交") if is_paid else ("mute", "back", "已撤回")
    if is_behind(notice, paid_fen, today=today):
        return "bad", "warn", "超期未续"
    return ("info", "half", "交了一部分") if paid_fen > 0 else ("warn", "dot", "已发通知")


# ---------------------------------------------------------------- what is noted


def note(*, notice: RenewalNotice, kind: str, on: date, by: User, now: datetime, note: str = "") -> RenewalStep:
    """Notes that a household refused, or was urged in writing. A lawsuit is the committee's. F.10

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: the notice is over, or the day is before it or still to come.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if notice.state != RenewalNotice.State.OPEN:
        raise WrongState("这份通知书已经了结。")
    if not notice.issued_on <= on <= beijing_date(now):
        raise WrongState("日期要在发出那天到今天之间。")
    if kind == RenewalStep.Kind.NOTE and not note:
        raise WrongState("备注要写内容。")
    return RenewalStep.objects.create(notice=notice, kind=kind, on=on, note=note, by=by, at=now)


# ---------------------------------------------------------------- what runs by itself


def follow_calendar() -> int:
    """A calendar that was loaded later puts open last days right; told ones are never moved earlier. DOMAIN 0.1"""
    notices = deadlines.recompute(RenewalNotice.objects.open(), told=True)
    answers = deadlines.recompute(Objection.objects.open(), told=True)
    return notices + answers + deadlines.recompute(Collection.objects.not_passed_on(), told=True)


def remind(*, now: datetime) -> int:
    """Reminds owners with an account some days before a part is due and on the first day after it; each once, late
    where nothing ran on its day.

    Returns:
        How many messages are new.
    """
    today = beijing_date(now)
    before = rules.on(today, "fund.renewal_remind_days")
    notices = list(RenewalNotice.objects.open().filter(received_on__isnull=False).select_related("plan"))
    sums = paid(notices)
    rows = [(notice, *last) for notice in notices if (last := _last(notice, sums[notice.pk], before, today))]
    people = _owners({notice.unit_id for notice, *_ in rows}, today)
    return notifications.tell_many([
        notifications.row(user, KIND, about=notice, round=round_, due=midnight(day))
        for notice, day, round_ in rows
        for user in people.get(notice.unit_id, ())
    ])  # fmt: skip


def _last(notice: RenewalNotice, paid_fen: int, before: tuple[int, ...], today: date) -> tuple[date, int] | None:
    """Day and number of the last telling up to today; each part has one for each day of the rule, and one when it is
    over. None fell due before the notice was received."""
    steps = [*before, -1]
    tellings = [
        (part.due - timedelta(days=step), n * len(steps) + k)
        for n, part in enumerate(schedule(notice))
        if paid_fen < part.by_then
        for k, step in enumerate(steps)
    ]
    return max((telling for telling in tellings if notice.received_on <= telling[0] <= today), default=None)


def _owners(units: set[int], today: date) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Ownership.objects.on(today).filter(unit__in=units, person__user__isnull=False)
    for unit, user in rows.values_list("unit", "person__user"):
        found.setdefault(unit, []).append(user)
    return found


def _text(message: Message) -> Text:
    notice = message.thing
    due = date_format(notice.due_on, "Y年n月j日") if notice.due_on else ""
    home = f"{notice.community}{notice.unit.code}"
    body = f"{home}：请在 {due} 前续交维修资金 {yuan(notice.amount_fen)} 元。不交不停水、不停电。"
    return Text(f"续交维修资金，{notice.number}", body, notice.get_absolute_url())


def register_messages() -> None:
    """Called at start."""
    notifications.register(KIND, "该续交维修资金了", _text, related=("community", "unit"), group="维修资金")
