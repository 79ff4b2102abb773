"""First deposits of a building: assessed once by the cost and rate of the day, paid with receipts. DOMAIN F.2–F.5b"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from communities.models import Building, Unit
from lib.states import WrongState, move
from rulebook import rules

from . import ledger, losses, receipts
from .deposits import DepositRefused, class_of, developer_advance, rate_bp, settlement
from .deposits import first_deposit as amount_of
from .ledger import Entry, LedgerRefused, in_words
from .models import (
    AreaCorrection,
    AssessedUnit,
    Assessment,
    BankAccount,
    BankTender,
    ConstructionCost,
    Kind,
    Liability,
    PostingProposal,
    Receipt,
)

DEVELOPER, OWNER = Receipt.Payer.DEVELOPER.value, Receipt.Payer.OWNER.value

# ---------------------------------------------------------------- costs, tenders, liability


def enter_cost(*, first_day: date, fen_per_m2: int, basis: str, by: User, now: datetime) -> ConstructionCost:
    """Enters a published cost, fen a m²; it counts when another person has checked it. F.3

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: there is one from that day on.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    with in_words():
        return ConstructionCost.objects.create(
            first_day=first_day, fen_per_m2=fen_per_m2, basis=basis, entered_by=by, entered_at=now
        )


def check_cost(*, cost: ConstructionCost, by: User, is_right: bool = True) -> None:
    """Another person confirms a cost, or sends it back.

    Raises:
        PermissionDenied: not a checker, or who entered it.
        WrongState: checked or sent back in the meantime.
    """
    roles.demand_check(by, Act.FUND_VOUCHER)
    roles.demand_other(by, cost.entered_by_id)
    to = {"state": "checked", "checked_by": by} if is_right else {"state": "withdrawn"}
    move(cost, state="open", to=to, else_="这一条刚才已经复核或退回了。")


def enter_tender(*, by: User, now: datetime, **facts) -> BankTender:
    """Keeps how the account bank was chosen. F.5b

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: days in the wrong order.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    with in_words():
        return BankTender.objects.create(entered_by=by, entered_at=now, **facts)


def change_liability(*, unit: Unit, is_liable: bool, reason: str, document: str, by: User, now: datetime) -> Liability:
    """A document says that a unit takes part in the fund or does not; the newest holds. F.2

    Raises:
        PermissionDenied: the user does not make vouchers.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    say = {"is_liable": is_liable, "reason": reason, "document": document}
    return Liability.objects.create(unit=unit, entered_by=by, entered_at=now, **say)


def not_liable(community: int) -> set[int]:
    """Units of a community that take no part by a document: no account, in no scope."""
    rows = Liability.objects.filter(unit__community=community).order_by("unit", "-pk").distinct("unit")
    return {unit for unit, is_liable in rows.values_list("unit", "is_liable") if not is_liable}


def taking_part(community: int) -> QuerySet[Unit]:
    """The other units of a community whose house still stands, in order of their codes. F.2, F.13"""
    units = Unit.objects.filter(community=community).exclude(pk__in=losses.lost(community).values("unit"))
    return units.exclude(pk__in=not_liable(community)).order_by("code")


# ---------------------------------------------------------------- assessing


@transaction.atomic
def assess(
    *,
    building: Building,
    kind: str,
    developer: str,
    assessed_on: date,
    has_clause: bool,
    by: User,
    now: datetime,
    total_centi: int | None = None,
    permit: str = "",
    permit_on: date | None = None,
    legal: Mapping[str, int] | None = None,
) -> Assessment:
    """Computes what is to be paid for each liable unit of a building; nothing is posted yet.

    Args:
        assessed_on: the developer's assessment date, whose cost and rates hold for ever.
        total_centi: the building's whole area in 0.01 m², for the residual of the advance; None: the units' sum.
        legal: for settlement housing the legal area by unit code, 0.01 m²; what is missing is 0.

    Raises:
        PermissionDenied: the user does not make vouchers.
        DepositRefused: COST_NOT_SET, CLASS_NOT_SET, CUTOFF_NOT_SET, PERMIT_DATE_MISSING, PERMIT_TYPE_MISSING,
            TOTAL_AREA_LESS_THAN_UNITS, NO_UNITS.
        LedgerRefused: a unit has a live assessment.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    units = _liable(building)
    cost = ConstructionCost.objects.on(assessed_on)
    fund_class = class_of(building, day=assessed_on)
    say = {"cost_fen": cost and cost.fen_per_m2, "rate": rate_bp(fund_class, day=assessed_on)}
    shared = [_shared(unit, kind, legal or {}, permit_on, assessed_on, say) for unit in units]
    areas = [unit.area_centi for unit in units]
    if kind == Assessment.Kind.SETTLEMENT and not permit:
        raise DepositRefused("PERMIT_TYPE_MISSING", "安置房要写是拆迁许可证还是征收决定。")
    advance = developer_advance(areas=areas, total_area=sum(areas) if total_centi is None else total_centi, **say)
    made = Assessment.objects.create(
        community_id=building.community_id, building=building, kind=kind, developer=developer, permit=permit,
        assessed_on=assessed_on, permit_on=permit_on, has_clause=has_clause, fund_class=fund_class, made_by=by,
        cost_fen=say["cost_fen"], rate_bp=say["rate"], residual_centi=advance.residual_area,
        residual_fen=advance.residual, made_at=now,
    )  # fmt: skip
    with in_words():
        AssessedUnit.objects.bulk_create(_rows(made, units, shared, legal))
    return made


def _liable(building: Building) -> list[Unit]:
    units = list(taking_part(building.community_id).filter(building=building))
    if not units:
        raise DepositRefused("NO_UNITS", f"{building}没有要交存的户，先在小区台账里登记房屋。")
    return units


def _shared(unit: Unit, kind: str, legal: Mapping[str, int], permit_on, day: date, say: dict) -> tuple[int, int]:
    """Developer's and owner's part, fen. An advance is the developer's to pay in; that it is given back is a fact."""
    if kind == Assessment.Kind.COMMODITY:
        return amount_of(area_centi=unit.area_centi, **say), 0
    area = {"area_centi": unit.area_centi, "legal_area_centi": legal.get(unit.code, 0)}
    cutoff = rules.on(day, "settlement.permit_cutoff")
    part = settlement(**area, permit=permit_on, cutoff=cutoff, **say)
    return part.developer, part.owner


def _rows(made: Assessment, units: Sequence[Unit], shared: Sequence[tuple[int, int]], legal: Mapping | None):
    for unit, (developer, owner) in zip(units, shared, strict=True):
        yield AssessedUnit(
            assessment=made, unit=unit, area_centi=unit.area_centi, developer_fen=developer, owner_fen=owner,
            legal_centi=None if legal is None else legal.get(unit.code, 0),
        )  # fmt: skip


@transaction.atomic
def withdraw(*, assessment: Assessment, by: User) -> None:
    """Takes an assessment back of which nothing is paid yet.

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: something is paid, or it is over.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    live = assessment.units.live()
    if not live.select_for_update() or live.paid().exists():
        raise WrongState("已经交过钱，或者已经撤回。交过的先红字冲销，再撤回核定。")
    assessment.units.update(is_live=False)


# ---------------------------------------------------------------- paying


@transaction.atomic
def pay(
    *,
    assessment: Assessment,
    payer: str,
    bank_account: BankAccount,
    paid_on: date,
    code: str,
    first_number: int,
    by: User,
    now: datetime,
    units: Sequence[str] = (),
    key: UUID | None = None,
) -> PostingProposal:
    """Money for a building's units has come in: D bank / C each household and the residual, a receipt a household. F.5

    Args:
        payer: DEVELOPER or OWNER.
        first_number: the first of as many receipt numbers one after the other as there are households.
        units: codes of those that are paid; none: all that are unpaid.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: nothing is left to pay, an unknown code, or a receipt number is in no series or used.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if before := ledger.made_before(key, by):
        return before
    rows, side = _to_pay(assessment, payer, units), payer.lower()
    amounts = [(row.unit, getattr(row, f"{side}_fen")) for row in rows]
    say = {"code": code, "day": paid_on, "by": by, "payer": payer}
    lines = _credits(amounts, first_number, say)
    rest = assessment.residual_fen if payer == DEVELOPER and not _residual_paid(assessment) else 0
    if rest:
        lines.append(Entry("3003", credit=rest, flow="4001"))
    total = sum(line.credit for line in lines)
    lines.insert(0, Entry(bank_account.account.code, debit=total, bank_account=bank_account.pk, flow="4001"))
    memo = f"{assessment.building}首期交存，{Receipt.Payer(payer).label}交 {len(rows)} 户"
    about = {"community": assessment.community, "kind": Kind.FIRST_DEPOSIT, "memo": memo, "dated_on": paid_on}
    proposal = ledger.propose(lines=lines, by=by, now=now, key=key, **about)
    AssessedUnit.objects.filter(pk__in=[row.pk for row in rows]).update(**{f"{side}_paid": proposal})
    return proposal


def _to_pay(assessment: Assessment, payer: str, codes: Sequence[str]) -> list[AssessedUnit]:
    """Whoever comes second waits for the first, and looks only then: its proposal is not seen before."""
    list(assessment.units.live().select_for_update(of=["self"]))
    rows = list(assessment.units.unpaid_by(payer).select_related("unit__community"))
    unknown = set(codes) - {row.unit.code for row in rows}
    if unknown:
        raise LedgerRefused(f"{'、'.join(sorted(unknown)[:5])} 不在没交的户里，核对房号。", "assessed_unit_unknown")
    if not rows:
        raise LedgerRefused("这一方没有要交的了。", "assessed_nothing_left")
    return [row for row in rows if not codes or row.unit.code in codes]


def _residual_paid(assessment: Assessment) -> bool:
    """Whether an earlier voucher of the developer's carried the part that is no household's."""
    paid = assessment.units.exclude(pk__in=assessment.units.unpaid_by(DEVELOPER)).values("developer_paid")
    return PostingProposal.objects.filter(pk__in=paid, lines__account__code="3003").exists()


def _credits(amounts: Sequence[tuple[Unit, int]], first_number: int, say: dict) -> list[Entry]:
    return [
        Entry("3001", credit=fen, unit=unit.pk, flow="4001",
              receipt=receipts.issue(unit=unit, amount_fen=fen, number=number, **say).pk)
        for number, (unit, fen) in enumerate(amounts, start=first_number)
    ]  # fmt: skip


def reimburse(*, assessed: AssessedUnit, on: date, by: User) -> None:
    """At delivery the owner gave the developer back what was paid in for them: a fact, never a posting. F.5

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: noted before, or nothing that the developer paid in stands.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if not PostingProposal.objects.standing().filter(pk=assessed.developer_paid_id).exists():
        raise WrongState("建设单位还没有代交这一户。")
    move(assessed, reimbursed_on=None, is_live=True, to={"reimbursed_on": on}, else_="这一户已经登记过归还日期。")


@transaction.atomic
def correct_area(
    *,
    assessed: AssessedUnit,
    area_centi: int,
    document: str,
    bank_account: BankAccount,
    paid_on: date,
    by: User,
    now: datetime,
    code: str = "",
    number: int | None = None,
    key: UUID | None = None,
) -> PostingProposal:
    """A later measurement: only the difference is posted, at the cost and rate of the assessment. F.3

    More area is paid in with a receipt; less is paid back from the household's account.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: no area, the amount stays as it was, or a receipt is missing.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if before := ledger.made_before(key, by):
        return before
    unit, fen = assessed.unit, _difference(assessed, area_centi)
    receipt = _receipt(unit, fen, code=code, number=number, day=paid_on, by=by) if fen > 0 else None
    side, other = ("credit", "debit") if fen > 0 else ("debit", "credit")
    at_bank = {"bank_account": bank_account.pk, "flow": "4001", other: abs(fen)}
    lines = [
        Entry("3001", unit=unit.pk, flow="4001", receipt=receipt, **{side: abs(fen)}),
        Entry(bank_account.account.code, **at_bank),
    ]
    memo = f"{unit.code} 面积更正差额，{document}"[:200]
    about = {"community": unit.community, "kind": Kind.FIRST_DEPOSIT, "memo": memo, "dated_on": paid_on, "key": key}
    proposal = ledger.propose(lines=lines, by=by, now=now, **about)
    AreaCorrection.objects.create(assessed=assessed, area_centi=area_centi, document=document, proposal=proposal)
    return proposal


def _receipt(unit: Unit, fen: int, *, code: str, number: int | None, day: date, by: User) -> int:
    if not (code and number):
        raise LedgerRefused("要补交的差额要写票据代码和号码。", "transaction_receipts")
    return receipts.issue(unit=unit, amount_fen=fen, code=code, number=number, day=day, by=by, payer=OWNER).pk


def _difference(assessed: AssessedUnit, area_centi: int) -> int:
    """Fen between what the newest standing area asks and what the new one asks; whoever comes second looks after the
    first."""
    if area_centi <= 0:
        raise LedgerRefused("更正后的面积要大于零。", "area_correction_positive")
    AssessedUnit.objects.select_for_update().get(pk=assessed.pk)
    last = assessed.corrections.filter(proposal__in=PostingProposal.objects.standing()).first()
    base = assessed.assessment
    say = {"cost_fen": base.cost_fen, "rate": base.rate_bp}
    before = last.area_centi if last else assessed.area_centi
    fen = amount_of(area_centi=area_centi, **say) - amount_of(area_centi=before, **say)
    if not fen:
        raise LedgerRefused("按更正后的面积算，金额没有变，不用记账。", "area_no_difference")
    return fen
