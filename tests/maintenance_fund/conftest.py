"""A book with four households, a bank account and a project, and the three people of the fund."""

from datetime import date

import pytest

from accounts.roles import Role
from maintenance_fund import ledger
from maintenance_fund.ledger import Entry

FIRST_MONTH = date(2026, 1, 1)


@pytest.fixture
def fund_clerk(make_user):
    return make_user("jingban", "方经办", Role.FUND_CLERK)


@pytest.fixture
def fund_checker(make_user):
    return make_user("fuhe", "许复核", Role.FUND_CHECKER)


@pytest.fixture
def fund_approver(make_user):
    return make_user("shenpi", "施审批", Role.FUND_APPROVER)


@pytest.fixture
def units(community, building):
    """Four households, 100 m² each but the last, of 100.01 m²."""
    from communities.models import Unit

    codes = ["03-1-0101", "03-1-0102", "03-1-0201", "03-1-0202"]
    areas = [10000, 10000, 10000, 10001]
    rows = [
        Unit(community=community, building=building, code=code, area_centi=area)
        for code, area in zip(codes, areas, strict=True)
    ]
    return Unit.objects.bulk_create(rows)


@pytest.fixture
def book(community, fund_clerk, now):
    return ledger.open_book(
        community=community, agency="演示·县维修资金管理中心", first_month=FIRST_MONTH, by=fund_clerk, now=now
    )


@pytest.fixture
def bank(book):
    from maintenance_fund.models import Account, BankAccount

    return BankAccount.objects.create(
        community=book.community,
        account=Account.objects.get(code="100101"),
        bank="演示·农商银行",
        number="6200001234",
        opened_on=FIRST_MONTH,
    )


@pytest.fixture
def project(book):
    from maintenance_fund.models import Project

    return Project.objects.create(community=book.community, name="3幢屋面防水", created_on=FIRST_MONTH)


@pytest.fixture
def propose(book, fund_clerk, now):
    """``propose([Entry(…), …])``: a proposal of the clerk's."""

    def make(lines, kind="income", memo="公共收益", **more):
        return ledger.propose(
            community=book.community, kind=kind, memo=memo, lines=lines, by=fund_clerk, now=now, **more
        )

    return make


@pytest.fixture
def seal(fund_checker, now):
    return lambda proposal, **more: ledger.seal(proposal=proposal, by=fund_checker, now=now, **more)


@pytest.fixture
def money_in(bank):
    """``money_in(1000, unit)``: lines by which so many fen come into the bank for a household, or to 3101."""

    def lines(fen, unit=None):
        other = Entry("3001", credit=fen, unit=unit.pk, flow="4001") if unit else Entry("3101", credit=fen, flow="4201")
        return [Entry("100101", debit=fen, bank_account=bank.pk), other]

    return lines


@pytest.fixture
def out(bank, units):
    """``out(400)``: lines by which so many fen leave the bank at the cost of the first household."""

    def lines(fen):
        spent = Entry("3001", debit=fen, unit=units[0].pk, flow="5001")
        return [spent, Entry("100101", credit=fen, bank_account=bank.pk)]

    return lines


@pytest.fixture
def balance():
    """``balance("3001", unit)`` in fen, as stored."""
    from maintenance_fund.models import Balance, Total

    def of(code, unit=None):
        rows = (
            Balance.objects.filter(account__code=code, unit=unit) if unit else Total.objects.filter(account__code=code)
        )
        return rows.values_list("amount", flat=True).first() or 0

    return of


# ---------------------------------------------------------------- pages


@pytest.fixture
def as_fund_clerk(as_, fund_clerk):
    return as_(fund_clerk)


@pytest.fixture
def as_fund_checker(as_, fund_checker):
    return as_(fund_checker)


@pytest.fixture
def as_fund_approver(as_, fund_approver):
    return as_(fund_approver)


@pytest.fixture
def as_resident(as_, resident, units):
    """The owner of the first household, since the first of March."""
    from communities.models import Ownership, Person

    person = Person.objects.create(name="王桂兰", user=resident)
    Ownership.objects.create(unit=units[0], person=person, first_day=date(2026, 3, 1))
    return as_(resident)


@pytest.fixture
def series(fund_clerk):
    from maintenance_fund import receipts

    return receipts.enter_series(code="ZJ", first_no=1, last_no=100, received_on=FIRST_MONTH, by=fund_clerk)


@pytest.fixture
def opened(book, bank, units, fund_clerk, seal, now):
    """The opening voucher: three paid 1,000.00 first and have 300.00, 299.99 and 800.00; of the fourth nobody knows."""
    from maintenance_fund import opening
    from maintenance_fund.opening import Household

    firsts, lefts = [100_000, 100_000, 100_000, None], [30_000, 29_999, 80_000, 500]
    rows = [
        Household(unit.pk, unit.code, first, date(2016, 6, 12), left)
        for unit, first, left in zip(units, firsts, lefts, strict=True)
    ]
    say = {"bank_account": bank, "bank_total": sum(lefts), "as_of": FIRST_MONTH, "by": fund_clerk, "now": now}
    return seal(opening.propose(households=rows, **say))
