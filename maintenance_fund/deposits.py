"""What a first deposit is 首期交存: by area, dated costs and rates, and who pays it. DOMAIN F.2–F.5

Amounts are fen, areas 0.01 m², costs fen a m², rates basis points. Rounding is per unit; totals are sums of units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from communities.models import Building
from lib.money import half_up
from lib.states import WrongState
from rulebook import rules

FundClass = Building.FundClass
RATE_KEYS = {FundClass.MULTI_STOREY: "fund.rate_bp.multi", FundClass.HIGH_RISE: "fund.rate_bp.high"}
SCALE = 1_000_000  # areas are hundredths, rates ten-thousandths


class DepositRefused(WrongState):
    """It cannot be said what is to be paid; the text says what is missing, ``code`` names it."""

    def __init__(self, code: str, sentence: str):
        super().__init__(f"{sentence}（{code}）")
        self.code = code


def fund_class(floors: int, *, day: date) -> FundClass:
    """The class of a building by its floors above ground; a class that is stored on the building goes before. F.3"""
    limit = rules.on(day, "fund.floor_limit_multi")
    return FundClass.MULTI_STOREY if floors <= limit else FundClass.HIGH_RISE


def class_of(building: Building, *, day: date) -> FundClass:
    """The class of a building: as stored, else by its floors. F.3

    Raises:
        DepositRefused: CLASS_NOT_SET, neither is known.
    """
    if building.fund_class:
        return FundClass(building.fund_class)
    if not building.floors:
        raise DepositRefused("CLASS_NOT_SET", f"{building}没有登记地上层数，也没有维修资金类别，先到小区台账里补上。")
    return fund_class(building.floors, day=day)


@dataclass(frozen=True)
class Liable:
    """Whether a unit takes part in the fund, and the reason in words."""

    is_liable: bool
    reason: str


def liable(*, is_dwelling: bool, inside_area: bool, joined: bool, sole_owner: bool, for_sale: bool) -> Liable:
    """Who pays: dwellings but for a house of one owner with nothing shared; others inside or joined; others alone,
    outside and built for sale. DOMAIN F.2"""
    if is_dwelling:
        return Liable(not sole_owner, "一个业主的独立住宅，没有共用部分" if sole_owner else "住宅")
    if inside_area or joined:
        return Liable(True, "住宅小区内的非住宅" if inside_area else "和住宅楼结构相连的非住宅")
    return Liable(for_sale, "小区外单独出售的非住宅" if for_sale else "小区外不出售的非住宅")


def rate_bp(kind: FundClass, *, day: date) -> int:
    """The rate of a class on the day of assessment."""
    if kind == FundClass.MULTI_STOREY:
        return rules.on(day, "fund.rate_bp.multi")
    return rules.on(day, "fund.rate_bp.high")


def first_deposit(*, area_centi: int, cost_fen: int | None, rate: int) -> int:
    """What is paid for one unit, in fen, half a fen upwards. DOMAIN F.3

    Raises:
        DepositRefused: COST_NOT_SET, no construction cost was published for the day.
    """
    if cost_fen is None:
        raise DepositRefused("COST_NOT_SET", "这一天还没有公布建筑安装平均造价，先录入再算。")
    return half_up(area_centi * cost_fen * rate, SCALE)


@dataclass(frozen=True)
class Advance:
    """What a developer pays before the first registration: for each unit, and for the area that is no unit's."""

    units: list[int]
    residual_area: int
    residual: int

    @property
    def total(self) -> int:
        return sum(self.units) + self.residual


def developer_advance(*, areas: Sequence[int], total_area: int, cost_fen: int | None, rate: int) -> Advance:
    """The developer's advance 代收代交. DOMAIN F.5

    Raises:
        DepositRefused: COST_NOT_SET; TOTAL_AREA_LESS_THAN_UNITS, the units are larger than the whole.
    """
    rest = total_area - sum(areas)
    if rest < 0:
        raise DepositRefused("TOTAL_AREA_LESS_THAN_UNITS", "各户面积加起来比总面积还大，先核对面积。")
    amounts = [first_deposit(area_centi=area, cost_fen=cost_fen, rate=rate) for area in areas]
    return Advance(amounts, rest, first_deposit(area_centi=rest, cost_fen=cost_fen, rate=rate))


@dataclass(frozen=True)
class Shared:
    """Who pays how much of a deposit, in fen."""

    developer: int
    owner: int

    @property
    def total(self) -> int:
        return self.developer + self.owner


def settlement(
    *, area_centi: int, legal_area_centi: int, cost_fen: int | None, rate: int, permit: date | None, cutoff: date | None
) -> Shared:
    """Settlement housing 拆迁安置房: before the cutoff the developer pays all, from it on for the legal area. F.4

    Raises:
        DepositRefused: CUTOFF_NOT_SET (the source lost the year: settlement.permit_cutoff is empty until it is
            entered), PERMIT_DATE_MISSING, COST_NOT_SET. Nothing is posted then.
    """
    if cutoff is None:
        raise DepositRefused(
            "CUTOFF_NOT_SET", "拆迁许可的分界日期还没录入（规则 settlement.permit_cutoff），先录入再算。"
        )
    if permit is None:
        raise DepositRefused("PERMIT_DATE_MISSING", "没有拆迁许可或征收决定的日期，先补上再算。")
    total = first_deposit(area_centi=area_centi, cost_fen=cost_fen, rate=rate)
    if permit < cutoff:
        return Shared(total, 0)
    developer = first_deposit(area_centi=min(legal_area_centi, area_centi), cost_fen=cost_fen, rate=rate)
    return Shared(developer, total - developer)
