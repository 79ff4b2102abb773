"""The deposit: agreed, opened, moved by scores once, replenished, returned; sums by the database. DOMAIN D.6"""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.models import Message
from assessments import bank, bookings, credit, deposits, recompute, replenishing, review, revisions, scoring
from assessments.models import (
    AwardBudget,
    Booking,
    CreditEvent,
    Deposit,
    DepositBankLine,
    DepositLine,
    ReplenishNotice,
    ScoreSheet,
    Talk,
)
from lib.states import WrongState
from tests.assessments.conftest import CHECKED, DRAFTED, OCTOBER, PUBLISHED, at, day

pytestmark = pytest.mark.django_db
AGREED = {
    "clause": "第十八条",
    "holder": "演示·松苑小区业委会",
    "bank": "演示·农商银行",
    "account": "6200001234",
    "beneficiary": "本小区公共收益",
    "price_fen": 50,
    "area_centi": 2_000_000,
}


@pytest.fixture
def deposit(contract, clerk) -> Deposit:
    return deposits.agree(contract=contract, **AGREED, by=clerk, now=DRAFTED)


@pytest.fixture
def opened(deposit, clerk, town_head) -> Deposit:
    """6,000.00 yuan, booked by two people."""
    put(deposit, "open", deposit.opening_fen, clerk, town_head)
    deposit.refresh_from_db()
    return deposit


def put(deposit, kind, fen, clerk, head, now=DRAFTED, **more) -> DepositLine:
    entry = deposits.propose(
        deposit=deposit, kind=kind, amount_fen=fen, on=day("2026-11-02"), by=clerk, now=now, **more
    )
    return deposits.book(entry=entry, by=head, now=now)


def publish(score, clerk, town_head, *, veto=False) -> ScoreSheet:
    sheet = score()
    if veto:
        review.set_veto(sheet=sheet, reason="火灾", document="消〔2026〕1号", by=clerk, now=DRAFTED)
    review.accept_the_rest(sheet=sheet, by=clerk, now=DRAFTED)
    review.submit(sheet=sheet, by=clerk, now=DRAFTED)
    review.approve(sheet=sheet, by=town_head, now=CHECKED)
    review.publish(sheet=sheet, by=town_head, now=PUBLISHED)
    return sheet


# ---------------------------------------------------------------- agreed and opened


def test_annual_fee_and_opening(deposit):
    assert (deposit.annual_fee_fen, deposit.opening_fen, deposit.balance_fen) == (12_000_000, 600_000, 0)


def test_a_fee_of_nothing_is_refused(contract, clerk):
    with pytest.raises(ValidationError, match="年物业费是 0"):
        deposits.agree(contract=contract, **(AGREED | {"area_centi": 0}), by=clerk, now=DRAFTED)


@pytest.mark.parametrize("missing", ["clause", "holder", "bank", "account", "beneficiary"])
def test_clause_holder_account_beneficiary_are_mandatory(contract, clerk, missing):
    with pytest.raises(ValidationError):
        deposits.agree(contract=contract, **(AGREED | {missing: " "}), by=clerk, now=DRAFTED)


def test_the_same_contract_agrees_once(deposit, contract, clerk):
    with pytest.raises(ValidationError):
        deposits.agree(contract=contract, **AGREED, by=clerk, now=DRAFTED)


def test_an_entry_is_booked_by_another(deposit, clerk, town_head):
    entry = deposits.propose(
        deposit=deposit, kind="open", amount_fen=600_000, on=day("2026-11-02"), by=clerk, now=DRAFTED
    )
    with pytest.raises(PermissionDenied):
        deposits.book(entry=entry, by=clerk, now=DRAFTED)
    line = deposits.book(entry=entry, by=town_head, now=DRAFTED)
    assert (line.no, line.balance_fen) == (1, 600_000)
    with pytest.raises(WrongState):
        deposits.book(entry=entry, by=town_head, now=DRAFTED)


def test_sent_twice_under_one_key_it_is_one(deposit, clerk):
    given = {
        "deposit": deposit,
        "kind": "open",
        "amount_fen": 600_000,
        "on": day("2026-11-02"),
        "by": clerk,
        "now": DRAFTED,
    }
    key = uuid.uuid4()
    assert deposits.propose(**given, key=key) == deposits.propose(**given, key=key)


def test_what_an_entry_may_not_be(opened, clerk):
    given = {"deposit": opened, "amount_fen": 100, "on": day("2026-11-02"), "by": clerk, "now": DRAFTED}
    for wrong in (
        {"kind": "deduct"},
        {"kind": "return"},
        {"kind": "replenish", "on": day("2026-12-01")},
        {"kind": "adjust"},
    ):
        with pytest.raises(ValidationError):
            deposits.propose(**(given | wrong))
    with pytest.raises(ValidationError, match="余额"):
        deposits.propose(**(given | {"kind": "adjust", "amount_fen": -700_000, "text": "多记了"}))


def test_refused_it_is_written_anew(deposit, clerk, town_head):
    entry = deposits.propose(deposit=deposit, kind="open", amount_fen=1, on=day("2026-11-02"), by=clerk, now=DRAFTED)
    deposits.refuse(entry=entry, why="金额不对", by=town_head, now=DRAFTED)
    put(deposit, "open", 600_000, clerk, town_head)


def test_lines_and_sums_are_the_databases(opened):
    with pytest.raises(DatabaseError), transaction.atomic():
        Deposit.objects.filter(pk=opened.pk).update(balance_fen=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        DepositLine.objects.update(amount_fen=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        DepositLine.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE assessments_depositline CASCADE")


# ---------------------------------------------------------------- moved by scores


def test_a_published_score_is_booked_once(opened, inspected, fact, score, clerk, town_head):
    fact("FIR8", "major", on="2026-10-09", due="2026-10-29")
    sheet = publish(score, clerk, town_head)
    for _ in range(3):
        bookings.book_published(now=PUBLISHED)
    line = DepositLine.objects.get(sheet=sheet)
    assert (sheet.band, line.kind, line.amount_fen, line.balance_fen) == ("D", "deduct", -10_000, 590_000)
    assert (line.made_by, line.checked_by) == (clerk, town_head)
    assert Booking.objects.get().monthly_base_fen == 50_000
    assert list(recompute.differences()) == []


def test_without_a_deposit_nothing_moves(published):
    bookings.book_published(now=PUBLISHED)
    assert Booking.objects.get().deposit is None


def test_a_reward_comes_from_a_budget_only(opened, inspected, score, clerk, town_head, community):
    sheet = publish(score, clerk, town_head)
    bookings.book_published(now=PUBLISHED)
    assert (sheet.band, Booking.objects.get().reward_fen, DepositLine.objects.filter(sheet=sheet).count()) == (
        "A",
        0,
        0,
    )


def test_a_reward_with_a_budget(opened, inspected, score, clerk, town_head, community):
    AwardBudget.objects.create(
        community=community,
        party="村居",
        amount_fen=10**6,
        document="会议纪要",
        first_day=day("2026-01-01"),
        made_by=clerk,
    )
    publish(score, clerk, town_head)
    bookings.book_published(now=PUBLISHED)
    opened.refresh_from_db()
    assert (Booking.objects.get().reward_fen, opened.balance_fen) == (10_000, 600_000)


def test_what_cannot_be_taken_is_carried(deposit, inspected, score, clerk, town_head):
    put(deposit, "open", 20_000, clerk, town_head)
    publish(score, clerk, town_head, veto=True)
    bookings.book_published(now=PUBLISHED)
    deposit.refresh_from_db()
    assert (deposit.balance_fen, deposit.unpaid_fen) == (0, 30_000)
    put(deposit, "replenish", 600_000, clerk, town_head, now=PUBLISHED)
    deposit.refresh_from_db()
    assert (deposit.balance_fen, deposit.unpaid_fen) == (570_000, 0)
    assert list(recompute.differences()) == []


def test_a_later_version_books_the_difference(opened, inspected, fact, score, clerk, town_head, second_clerk):
    fact("FIR8", "major", on="2026-10-09", due="2026-10-29")
    first = publish(score, clerk, town_head)
    bookings.book_published(now=PUBLISHED)
    from inspections.models import Finding

    Finding.objects.update(dissuaded=True)
    sheet = score(now=PUBLISHED)
    assert sheet.version == 2
    review.submit(sheet=sheet, by=clerk, now=PUBLISHED)
    review.approve(sheet=sheet, by=town_head, now=PUBLISHED)
    review.publish(sheet=sheet, by=town_head, now=at("2026-11-24 10:00"))
    bookings.book_published(now=at("2026-11-24 10:00"))
    opened.refresh_from_db()
    assert [(row.kind, row.amount_fen) for row in opened.lines.all()] == [
        ("open", 600_000),
        ("deduct", -10_000),
        ("adjust", 10_000),
    ]
    assert opened.balance_fen == 600_000
    assert first.score_deci < sheet.score_deci


def test_not_inspected_moves_nothing(opened, fact, score, clerk, town_head, cadre):
    sheet = publish(score, clerk, town_head)
    bookings.book_published(now=PUBLISHED)
    assert (sheet.band, DepositLine.objects.filter(sheet=sheet).count()) == ("", 0)


# ---------------------------------------------------------------- replenishing, returning, credit


def test_below_half_the_firm_is_asked_once(opened, inspected, score, clerk, town_head, firm):
    put(opened, "adjust", -310_000, clerk, town_head, text="多缴退回")
    notice = ReplenishNotice.objects.get()
    assert (notice.amount_fen, notice.due_on) == (310_000, day("2026-11-17"))
    assert Message.objects.filter(kind="deposit-replenish", channel="inbox").count() == 1
    for _ in range(2):
        replenishing.chase(now=at("2026-11-18 10:00"))
    assert Message.objects.filter(kind="deposit-not-replenished", channel="inbox").count() == 1
    assert CreditEvent.objects.get().kind == "unpaid"
    put(opened, "replenish", 310_000, clerk, town_head)
    notice.refresh_from_db()
    assert notice.state == "paid"


def test_exactly_half_is_enough(opened, clerk, town_head):
    put(opened, "adjust", -300_000, clerk, town_head, text="更正")
    assert not ReplenishNotice.objects.exists()


def test_returned_after_the_contract(opened, contract, clerk, town_head):
    contract.last_day = day("2026-10-31")
    contract.save()
    opened = Deposit.objects.get()
    assert list(Deposit.objects.to_return(today=day("2026-11-03"))) == [opened]
    line = put(opened, "return", 600_000, clerk, town_head)
    assert (line.amount_fen, line.balance_fen) == (-600_000, 0)


def test_nothing_goes_back_before_all_is_settled(opened, published, contract, clerk, town_head):
    contract.last_day = day("2026-11-01")
    contract.save()
    opened = Deposit.objects.get()
    with pytest.raises(ValidationError, match="没入账"):
        put(opened, "return", 600_000, clerk, town_head, now=PUBLISHED)
    bookings.book_published(now=PUBLISHED)
    entry = deposits.propose(
        deposit=opened, kind="return", amount_fen=600_000, on=day("2026-11-02"), by=clerk, now=PUBLISHED
    )
    revisions.revise(sheet=published, why="漏了一条", by=clerk, now=PUBLISHED)
    with pytest.raises(WrongState, match="没公布"):
        deposits.book(entry=entry, by=town_head, now=PUBLISHED)


def test_agreed_and_not_paid_yet_waits(deposit, published, clerk, town_head):
    assert bookings.book_published(now=PUBLISHED) == 0
    put(deposit, "open", deposit.opening_fen, clerk, town_head, now=PUBLISHED)
    assert bookings.book_published(now=PUBLISHED) == 1


def test_what_was_agreed_is_put_right_until_it_is_opened(deposit, clerk, town_head, station_clerk):
    with pytest.raises(PermissionDenied):
        deposits.amend(deposit=deposit, **AGREED, by=station_clerk, now=DRAFTED)
    deposits.amend(deposit=deposit, **(AGREED | {"area_centi": 1_000_000}), by=clerk, now=DRAFTED)
    deposit.refresh_from_db()
    assert (deposit.annual_fee_fen, deposit.opening_fen) == (6_000_000, 300_000)
    put(deposit, "open", deposit.opening_fen, clerk, town_head)
    with pytest.raises(ValidationError, match="不能再改"):
        deposits.amend(deposit=deposit, **AGREED, by=clerk, now=DRAFTED)
    deposits.amend(deposit=deposit, **(AGREED | {"area_centi": 1_000_000, "account": "7100"}), by=clerk, now=DRAFTED)
    deposit.refresh_from_db()
    assert (deposit.account, deposit.balance_fen) == ("7100", 300_000)
    with pytest.raises(DatabaseError, match="不能再改"), transaction.atomic():
        Deposit.objects.update(area_centi=2_200_000)


def test_the_lowest_band_leads_to_a_talk_and_a_credit_event(opened, inspected, score, clerk, town_head):
    publish(score, clerk, town_head, veto=True)
    for _ in range(2):
        credit.propose(now=PUBLISHED)
    assert Talk.objects.count() == 1
    assert set(CreditEvent.objects.values_list("kind", flat=True)) == {"band_g", "veto"}
    event = CreditEvent.objects.first()
    with pytest.raises(WrongState, match="核实"):
        credit.decide(event=event, confirmed=True, by=town_head, now=PUBLISHED)
    credit.examine(event=event, text="听了企业说明，属实", by=clerk, now=PUBLISHED)
    event.refresh_from_db()
    credit.decide(event=event, confirmed=True, by=town_head, now=PUBLISHED)
    event.refresh_from_db()
    assert event.expires_on == day("2028-11-16")


def test_standing_is_of_firms(published, firm_row):
    first, last = credit.stretch(2026, 4)
    (row,) = credit.standings(first, last)
    assert (row.firm, row.average_deci, row.communities) == (firm_row, 990, 1)


# ---------------------------------------------------------------- the bank

STATEMENT = """交易日期,收入金额,支出金额,对方户名,摘要
2026-11-02,6000.00,,演示·安居物业,保证金
2026-11-03,,10.00,银行,手续费
"""


def test_the_banks_file_is_read_once(opened, clerk):
    data = STATEMENT.encode("gb18030")
    given = {"account": "6200001234", "data": data, "file_name": "11月.csv", "by": clerk, "now": DRAFTED}
    assert bank.read_in(**given) == (2, 0)
    assert bank.read_in(**given) == (0, 2)


def test_a_line_is_matched_once(deposit, clerk, town_head):
    bank.read_in(account="6200001234", data=STATEMENT.encode(), file_name="11月.csv", by=clerk, now=DRAFTED)
    line = DepositBankLine.objects.get(amount_fen=600_000)
    assert bank.likely(line)[0] == deposit
    given = {"deposit": deposit, "on": line.day, "bank_line": line, "by": clerk, "now": DRAFTED}
    with pytest.raises(ValidationError, match="金额不一样"):
        deposits.propose(**given, kind="open", amount_fen=1)
    deposits.propose(**given, kind="open", amount_fen=600_000)
    with pytest.raises((WrongState, ValidationError)):
        deposits.propose(**given, kind="replenish", amount_fen=600_000)


def test_half_a_file_keeps_nothing(deposit, clerk):
    broken = STATEMENT.replace("10.00", "ten").encode()
    with pytest.raises(bank.BadStatement, match="第 3 行"):
        bank.read_in(account="6200001234", data=broken, file_name="x", by=clerk, now=DRAFTED)
    assert not DepositBankLine.objects.exists()


def test_scored_again_nothing_is_booked_twice(opened, published):
    bookings.book_published(now=PUBLISHED)
    scoring.compute(month=OCTOBER, now=PUBLISHED)
    assert bookings.book_published(now=PUBLISHED) == 0


# ---------------------------------------------------------------- taken over by a sheet

HEAD = ["小区名称", "合同条款", "保管人", "开户银行", "银行账号", "用途", "单价", "收费面积", "开户额", "现有余额"]
ROW = [
    "演示·松苑小区",
    "第十八条",
    "业委会",
    "农商银行",
    "6200180001",
    "本小区维修",
    "0.50",
    "20000",
    "6000",
    "5,800.00",
]


def bring(by, *rows):
    from communities import imports
    from communities.sheets import KINDS
    from tests.communities.sheet_files import xlsx

    it = imports.take_in(kind=KINDS["deposits"], file_name="保证金.xlsx", data=xlsx(HEAD, *rows), by=by, now=DRAFTED)
    imports.work(it, now=DRAFTED)
    it.refresh_from_db()
    if it.state == "ready" and not it.wrong:
        imports.confirm(row=it, by=by, now=DRAFTED)
        imports.work(it, now=DRAFTED)
        it.refresh_from_db()
    return it


def test_paid_deposits_come_in_with_their_balance(contract, clerk, town_head):
    it = bring(clerk, ROW)
    assert (it.state, it.new) == ("done", 1)
    row = Deposit.objects.get()
    assert (row.opening_fen, row.balance_fen) == (600_000, 0)  # the balance waits for another person
    deposits.book(entry=row.entries.get(), by=town_head, now=DRAFTED)
    row.refresh_from_db()
    assert row.balance_fen == 580_000
    again = bring(clerk, ROW)
    assert (again.new, again.changed) == (0, 0)


def test_a_sheet_of_deposits_with_mistakes_keeps_nothing(contract, clerk, neighbour_community):
    bad = [[*ROW[:9], "-1"], ["演示·滨湖花园", *ROW[1:]], ["没有的小区", *ROW[1:]]]
    assert bring(clerk, *bad).wrong == 3
    assert not Deposit.objects.exists()


def test_a_worker_that_dies_while_booking_leaves_nothing_half(
    opened, inspected, fact, score, clerk, town_head, monkeypatch
):
    fact("FIR8", "major", on="2026-10-09", due="2026-10-29")
    publish(score, clerk, town_head)

    def die(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as dying, pytest.raises(SystemExit), transaction.atomic():
        dying.setattr(bookings, "settle_notices", die)
        bookings.book_published(now=PUBLISHED)
    assert not Booking.objects.exists()
    assert opened.lines.count() == 1
    assert bookings.book_published(now=PUBLISHED) == 1
    assert opened.lines.count() == 2
