"""What scores lead to: talks, the credit file of firms and managers, their standing over quarter and year. D.8, R11"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.roles import Act, demand, demand_check, demand_other
from communities.models import Firm, FirmStaff
from lib.periods import DAY, beijing_date, months_after
from lib.states import WrongState, move
from rulebook import rules

from .models import Band, CreditEvent, ReplenishNotice, ScoreSheet, Talk
from .points import mean

Kind, State = CreditEvent.Kind, CreditEvent.State


# ---------------------------------------------------------------- proposed by rule


@transaction.atomic
def propose(*, now: datetime) -> int:
    """Talks and credit events that follow from what is published; run again, nothing is added twice. DOMAIN D.8"""
    new = 0
    for sheet in _published():
        if sheet.summons and not _known(Talk.objects.all(), sheet):
            new += Talk.objects.get_or_create(sheet=sheet, defaults={"firm": sheet.firm, "proposed_at": now})[1]
            new += _event(Kind.BAND_G, sheet, now)
        if sheet.veto_reason:
            new += _event(Kind.VETO, sheet, now)
        if sheet.band == "F" and _is_third_f(sheet):
            new += _event(Kind.THREE_F, sheet, now)
    for sheet in ScoreSheet.objects.in_force().filter(period_kind="half", credit_events=None).select_related("firm"):
        new += _event(Kind.HALF_YEAR, sheet, now)
    return new


def _published() -> Iterable[ScoreSheet]:
    """Months in force of which nothing has been proposed yet."""
    summons = Exists(Band.objects.filter(table=OuterRef("table"), letter=OuterRef("band"), summons=True))
    rows = ScoreSheet.objects.in_force().months().filter(credit_events=None, talk=None).annotate(summons=summons)
    return rows.filter(Q(summons=True) | Q(band="F") | ~Q(veto_reason="")).select_related("firm", "community")


def _known(rows, sheet: ScoreSheet) -> bool:
    """An earlier version of the same month led to it already."""
    return rows.filter(sheet__in=ScoreSheet.objects.versions_of(sheet).exclude(pk=sheet.pk)).exists()


def _is_third_f(sheet: ScoreSheet) -> bool:
    """So many months one after the other, this one the last: rule ``credit.f_in_a_row``."""
    months = rules.on(sheet.first_day, "credit.f_in_a_row")
    firsts = [months_after(sheet.first_day, -back) for back in range(months)]
    rows = ScoreSheet.objects.in_force().months().filter(contract=sheet.contract_id, first_day__in=firsts, band="F")
    return rows.count() == months


def _event(kind: str, sheet: ScoreSheet, now: datetime) -> bool:
    if _known(CreditEvent.objects.filter(kind=kind), sheet):
        return False
    manager = FirmStaff.objects.on(sheet.last_day).filter(
        firm=sheet.firm_id, community=sheet.community_id, job=FirmStaff.Job.MANAGER
    )
    given = {"firm": sheet.firm, "manager": manager.first(), "proposed_at": now}
    return CreditEvent.objects.get_or_create(kind=kind, sheet=sheet, defaults=given)[1]


def propose_unpaid(notice: ReplenishNotice, *, now: datetime) -> None:
    """A deposit that was not replenished within its term. DOMAIN D.6"""
    given = {"firm": notice.deposit.firm, "proposed_at": now}
    CreditEvent.objects.get_or_create(kind=Kind.NOT_REPLENISHED, notice=notice, defaults=given)


# ---------------------------------------------------------------- by two people


@transaction.atomic
def examine(*, event: CreditEvent, text: str, by: User, now: datetime) -> None:
    """The clerk writes what was found: heard the firm, read the paper. Another decides.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: no words.
        WrongState: decided already.
    """
    demand(by, Act.CREDIT)
    if not text.strip():
        raise ValidationError({"text": "写一句核实的结果，比如听了企业怎么说。"})
    to = {"text": text.strip()[:300], "made_by": by}
    move(event, state=State.PROPOSED, to=to, else_="这一条刚才已经决定了。")


@transaction.atomic
def decide(*, event: CreditEvent, confirmed: bool, by: User, now: datetime) -> None:
    """The head records it or drops it; recorded, it expires after ``credit.months``.

    Raises:
        PermissionDenied: not the town's head, or whoever examined it.
        WrongState: nobody has examined it, or it is decided.
    """
    demand_check(by, Act.CREDIT)
    demand_other(by, event.made_by_id)
    if event.made_by_id is None:
        raise WrongState("先由经办写核实的结果，再决定。")
    today = beijing_date(now)
    to = {"state": State.CONFIRMED if confirmed else State.DROPPED, "checked_by": by, "decided_on": today}
    if confirmed:
        to["expires_on"] = months_after(today, rules.on(today, "credit.months"))
    move(event, state=State.PROPOSED, to=to, else_="这一条刚才已经决定了。")


def report(*, event: CreditEvent, on: date, document: str, by: User, now: datetime) -> None:
    """Notes that the county's platform was told, with the number of the paper. The town only assists. DOMAIN D.8

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: a day to come, or no number.
        WrongState: not recorded.
    """
    demand(by, Act.CREDIT)
    if on > beijing_date(now):
        raise ValidationError({"on": "日期不能在今天以后。"})
    if not document.strip():
        raise ValidationError({"document": "写上上报的文号。"})
    move(
        event,
        state=State.CONFIRMED,
        to={"reported_on": on, "document": document.strip()[:60]},
        else_="记入以后才上报。",
    )


def hold_talk(*, talk: Talk, on: date, who: str, record: str, by: User, now: datetime) -> None:
    """Notes that a talk was held.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: something is missing, or a day to come.
        WrongState: noted before.
    """
    demand(by, Act.CREDIT)
    if on > beijing_date(now):
        raise ValidationError({"held_on": "日期不能在今天以后。"})
    if not (who.strip() and record.strip()):
        raise ValidationError({"record": "写上企业来的人、谈了什么。"})
    to = {"held_on": on, "who": who.strip()[:60], "record": record.strip()[:500], "kept_by": by}
    move(talk, held_on=None, to=to, else_="这次约谈刚才已经记过了。")


# ---------------------------------------------------------------- standing of firms, never of people


@dataclass
class Standing:
    """A firm's months in a stretch of time."""

    firm: Firm
    sheets: list[ScoreSheet] = field(default_factory=list)
    events: int = 0

    @property
    def scored(self) -> list[ScoreSheet]:
        return [sheet for sheet in self.sheets if sheet.is_inspected]

    @property
    def average_deci(self) -> int | None:
        """Mean of the months in force, to 0.1, half up; None where none was inspected."""
        return mean([sheet.score_deci for sheet in self.scored])

    @property
    def communities(self) -> int:
        return len({sheet.community_id for sheet in self.sheets})


def standings(first: date, last: date) -> list[Standing]:
    """Every firm with published months that begin within the days, by average; two queries."""
    rows = ScoreSheet.objects.in_force().months().filter(first_day__gte=first, first_day__lte=last)
    per_firm: dict[int, Standing] = {}
    for sheet in rows.select_related("firm", "community").order_by("first_day", "community__pinyin"):
        per_firm.setdefault(sheet.firm_id, Standing(sheet.firm)).sheets.append(sheet)
    counted: dict[int, int] = defaultdict(int)
    for firm in CreditEvent.objects.in_force(last).filter(firm__in=per_firm).values_list("firm", flat=True):
        counted[firm] += 1
    for pk, standing in per_firm.items():
        standing.events = counted[pk]
    return sorted(per_firm.values(), key=lambda row: (-(row.average_deci or -1), row.firm.pinyin))


def stretch(year: int, quarter: int | None) -> tuple[date, date]:
    """First and last day of a year, or of one of its quarters."""
    if quarter is None:
        return date(year, 1, 1), date(year, 12, 31)
    first = date(year, 3 * quarter - 2, 1)
    return first, months_after(first, 3) - DAY
