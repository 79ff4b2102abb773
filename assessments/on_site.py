"""What the assessor sees on the spot: added to a draft, with a photo or a document. DOMAIN D.3, D.4"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand
from communities.models import Community, Contract
from lib.periods import DAY, beijing_date
from lib.states import WrongState

from . import charging, people, scoring, tables
from .kinds import EvidenceKind, PeriodKind, SheetState
from .models import Evidence, ManualFact, ScoreItem, ScoreSheet, SheetEvent
from .photos import bind
from .revisions import note


@transaction.atomic
def add(
    *,
    sheet: ScoreSheet,
    item: ScoreItem,
    text: str,
    day: date,
    photos: Sequence[UUID] = (),
    document: str = "",
    client_id: UUID | None = None,
    by: User,
    now: datetime,
) -> ManualFact:
    """Adds a fact to a draft. Sent twice under one number, it is one.

    Raises:
        PermissionDenied: not the assessor.
        ValidationError: no words, neither photo nor document, a day outside the period, an item of another table.
        WrongState: no draft any more.
    """
    client_id = client_id or uuid4()
    if known := ManualFact.objects.filter(client_id=client_id, by=by).first():
        return known
    scoring.hold(sheet)
    people.demand(people.may_assess(by, sheet), "现场扣分由考核这个小区的经办加。")
    if sheet.state != SheetState.DRAFT:
        raise WrongState(f"这一份现在是“{sheet.get_state_display()}”，不能再加。")
    _demand_whole(sheet, item, text, day, photos, document, now)
    fact = ManualFact(client_id=client_id, contract=sheet.contract, community=sheet.community, item=item, day=day)
    fact.text, fact.document, fact.by, fact.at = text.strip()[:300], document.strip()[:100], by, now
    fact.save(force_insert=True)
    bind(photos, by=by, manual=fact)
    Evidence.objects.create(
        kind=EvidenceKind.MANUAL,
        manual=fact,
        contract=sheet.contract,
        community=sheet.community,
        day=day,
        period_kind=sheet.period_kind,
        period_first=sheet.first_day,
    )
    charging.charge(charging.values(sheet.first_day, kind=sheet.period_kind, now=now, only=sheet.pk))
    scoring.add_up_again(sheet, now=now)
    return fact


def _demand_whole(sheet, item, text, day, shown, document, now) -> None:
    wrong = {}
    if not text.strip():
        wrong["text"] = "写一句什么问题，在哪里。"
    if item.table_id != sheet.table_id:
        wrong["item"] = "这个考核项不在这一份的考核表里。"
    if not sheet.first_day <= day <= min(sheet.last_day, beijing_date(now)):
        wrong["day"] = f"写 {sheet.first_day} 到 {sheet.last_day} 之间、不晚于今天的日期。"
    if not (shown or document.strip()):
        wrong["photos"] = "现场扣分要有照片，或者写上文件的名称、文号。"
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def visit(*, sheet: ScoreSheet, on: date, by: User, now: datetime) -> None:
    """Notes that the community was scored on the spot: too few patrols then no longer keep it from a band. D.4

    Raises:
        PermissionDenied, WrongState: as `add`.
        ValidationError: a day before the period or to come.
    """
    scoring.hold(sheet)
    people.demand(people.may_assess(by, sheet), "现场考核由考核这个小区的经办做。")
    if sheet.state != SheetState.DRAFT:
        raise WrongState(f"这一份现在是“{sheet.get_state_display()}”，不能再改。")
    if not sheet.first_day <= on <= beijing_date(now):
        raise ValidationError({"on": f"写 {sheet.first_day} 以后、不晚于今天的日期。"})
    sheet.visited_on, sheet.is_inspected = on, True
    sheet.save(update_fields=["visited_on", "is_inspected"])
    note(sheet, SheetEvent.Kind.VISITED, by=by, now=now, text=str(on))
    scoring.add_up_again(sheet, now=now)


# ---------------------------------------------------------------- half-yearly inspection


@transaction.atomic
def open_half_year(*, first_day: date, by: User, now: datetime) -> int:
    """Opens the half-yearly inspection of every contract in force; everything on its sheets is seen on the spot. R13

    Args:
        first_day: 1 January or 1 July.

    Returns:
        How many sheets are new.

    Raises:
        PermissionDenied: not the town's clerk.
        ValidationError: no such half-year.
    """
    demand(by, Act.SCORE_SETTLEMENT)
    if (first_day.month, first_day.day) not in ((1, 1), (7, 1)):
        raise ValidationError({"first_day": "半年从 1 月 1 日或 7 月 1 日起。"})
    if first_day > beijing_date(now):
        raise ValidationError({"year": "这个半年还没开始。"})
    last_day = date(first_day.year, 6, 30) if first_day.month == 1 else date(first_day.year, 12, 31)
    keys = {kind: tables.key_for(kind, first_day) for kind in Community.Kind.values}
    given = {"period_kind": PeriodKind.HALF_YEAR, "first_day": first_day, "last_day": last_day}
    known = ScoreSheet.objects.filter(**given).values("contract")
    contracts = Contract.objects.between(first_day, last_day).exclude(pk__in=known).select_related("community")
    rows = [
        ScoreSheet(
            contract=contract,
            community=contract.community,
            firm_id=contract.firm_id,
            kind=contract.community.kind,
            table_id=keys[contract.community.kind],
            service_days=_days(contract, first_day, last_day),
            band="A",
            **given,
        )
        for contract in contracts
        if keys[contract.community.kind]
    ]
    made = ScoreSheet.objects.bulk_create(rows, ignore_conflicts=True)
    fresh = ScoreSheet.objects.filter(**given, events=None)
    SheetEvent.objects.bulk_create(SheetEvent(sheet=row, kind="opened", by=by, at=now) for row in fresh)
    return len(made)


def _days(contract: Contract, first: date, last: date) -> int:
    until = min(contract.last_day or last, last)
    return (until + DAY - max(contract.first_day, first)).days
