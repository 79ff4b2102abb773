"""The repair fund of a few communities, made through the ledger's own functions: a clerk proposes, a checker seals."""

from datetime import date, timedelta

from accounts.roles import Role
from communities.models import Community, Unit
from maintenance_fund import (
    bank_lines,
    costs,
    deposits,
    first_deposits,
    heads,
    interest,
    ledger,
    matching,
    opening,
    receipts,
    renewal_papers,
    renewals,
)
from maintenance_fund.ledger import Entry
from maintenance_fund.models import Account, BankAccount, BankLine, Fund, Project
from maintenance_fund.opening import Household
from portal.demo.draft import Draft

KEPT = ["松苑小区", "滨湖花园", "锦绣家园"]  # whose books are kept
AGENCY = "演示·荆溪县物业维修资金管理中心"
COST = 140_000  # fen a m²
WORKS = [("3幢屋面防水", 42_600_00), ("外墙渗漏维修", 28_150_00), ("消防水泵更换", 19_980_00)]


def make(draft: Draft) -> None:
    """Books from January on: the opening list, works, interest, some renewals, notices; heads published."""
    first = draft.today.replace(month=1, day=1)
    say = {"first_day": first.replace(year=first.year - 5), "fen_per_m2": COST, "basis": "演示·造价公告"}
    cost = first_deposits.enter_cost(**say, by=draft.cast[Role.FUND_CLERK], now=draft.now)
    first_deposits.check_cost(cost=cost, by=draft.cast[Role.FUND_CHECKER])
    for name in KEPT:
        if name in draft.communities:
            _book(draft, draft.communities[name])
    heads.publish()


def _book(draft: Draft, community: Community) -> None:
    units = list(Unit.objects.filter(community=community).order_by("code"))
    if not units:
        return
    clerk, first = draft.cast[Role.FUND_CLERK], draft.today.replace(month=1, day=1)
    book = ledger.open_book(community=community, agency=AGENCY, first_month=first, by=clerk, now=draft.now)
    account = {"account": Account.objects.get(code="100101"), "opened_on": first}
    bank = BankAccount.objects.create(
        community=community, bank="演示·农商银行", number=f"62000{community.pk:05}", **account
    )
    firsts = _open(draft, community, units, bank, first)
    for number, (work, fen) in enumerate(WORKS):
        if first + timedelta(days=45 + 80 * number) < draft.today:
            _work(draft, community, units, bank, work, fen, first + timedelta(days=45 + 80 * number))
    _interest(draft, book, bank, len(units) * 1_117, min(first + timedelta(days=180), draft.today))
    _statement(draft, bank, _renewal(draft, units, bank, firsts), units)
    renewals.issue(book=book, by=clerk, now=draft.now)
    renewal_papers.make_waiting(now=draft.now)


def _seal(draft: Draft, proposal):
    return ledger.seal(proposal=proposal, by=draft.cast[Role.FUND_CHECKER], now=draft.now)


def _propose(draft: Draft, community: Community, kind: str, memo: str, lines: list[Entry], day: date):
    say = {"by": draft.cast[Role.FUND_CLERK], "now": draft.now, "dated_on": day}
    return ledger.propose(community=community, kind=kind, memo=memo, lines=lines, **say)


def _open(draft: Draft, community: Community, units: list[Unit], bank: BankAccount, day: date) -> dict[int, int]:
    """What the agency's list said: most households have spent a part, a few almost all."""
    rows = []
    for unit in units:
        rate = deposits.rate_bp(deposits.FundClass(unit.building.fund_class), day=day)
        fen = deposits.first_deposit(area_centi=unit.area_centi, cost_fen=COST, rate=rate)
        left = draft.chance.randrange(20, 35) if draft.one_in(9) else draft.chance.randrange(55, 98)
        rows.append(Household(unit.pk, unit.code, fen, day.replace(year=day.year - 10), fen * left // 100))
    total = sum(row.balance for row in rows)
    say = {"by": draft.cast[Role.FUND_CLERK], "now": draft.now, "as_of": day}
    _seal(draft, opening.propose(households=rows, bank_account=bank, bank_total=total, **say))
    return {row.unit: row.first for row in rows}


def _work(draft: Draft, community, units, bank: BankAccount, work: str, fen: int, day: date) -> None:
    """A cost over the households of one building, as far as they have it."""
    of = [unit for unit in units if unit.building_id == units[0].building_id]
    Project.objects.create(community=community, name=work, created_on=day)
    shares = costs.shares([(unit.pk, unit.code, unit.area_centi) for unit in of], min(fen, len(of) * 20_000))
    lines = [Entry("3001", debit=part, unit=unit, flow="5001") for unit, part in shares.items() if part]
    lines.append(Entry("100101", credit=sum(shares.values()), bank_account=bank.pk, flow="5001"))
    _seal(draft, _propose(draft, community, "use", f"{work}，按面积分摊", lines, day))


def _interest(draft: Draft, book: Fund, bank: BankAccount, fen: int, day: date) -> None:
    received = [Entry("100101", debit=fen, bank_account=bank.pk, flow="4101"), Entry("3101", credit=fen, flow="4101")]
    _seal(draft, _propose(draft, book.community, "interest_in", "银行结息", received, day))
    say = {"until": day, "memo": "上半年利息", "by": draft.cast[Role.FUND_CLERK], "now": draft.now}
    _seal(draft, interest.propose(book=book, **say))


def _statement(draft: Draft, bank: BankAccount, renewals: list, units: list[Unit]) -> None:
    """The bank's file: what was renewed stands against its vouchers; a household's money and unknown money wait."""
    day, clerk = draft.today - timedelta(days=3), draft.cast[Role.FUND_CLERK]
    rows = [[row.dated_on, row.lines.get(n=1).debit, f"续交 {row.lines.get(n=2).unit}", ""] for row in renewals]
    rows += [[day, 120_000, f"维修资金 {units[0].code}", ""], [day, 50_000, "转账", "演示·付款人"]]
    text = "".join(f"{when},{fen / 100:.2f},{remark},{party}\n" for when, fen, remark, party in rows)
    data = f"交易日期,收入,附言,对方户名\n{text}".encode("gb18030")
    say = {"file_name": "演示对账单.csv", "by": clerk, "now": draft.now}
    bank_lines.bring_in(bank_account=bank, data=data, **say)
    for row, line in zip(renewals, BankLine.objects.filter(bank_account=bank).order_by("row"), strict=False):
        matching.match(line=line, proposal=row, by=clerk, now=draft.now)


def _renewal(draft: Draft, units: list[Unit], bank: BankAccount, firsts: dict[int, int]) -> list:
    """Two households have renewed; one renewal waits for its check, so that the demo's checker has something to do."""
    clerk, day = draft.cast[Role.FUND_CLERK], draft.today - timedelta(days=20)
    code, made = f"YS{bank.community_id:04}", []
    receipts.enter_series(code=code, first_no=1, last_no=500, received_on=day, by=clerk)
    for number, unit in enumerate(units[-3:], start=1):
        say = {"unit": unit, "kind": "renewal", "amount_fen": firsts[unit.pk] // 5, "bank_account": bank}
        paper = {"code": code, "number": number, "paid_on": max(day, bank.opened_on)}
        proposal = receipts.record(**say, **paper, by=clerk, now=draft.now)
        made.append(proposal)
        if number < 3:
            _seal(draft, proposal)
    return made
