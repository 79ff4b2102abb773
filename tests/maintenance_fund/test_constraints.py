"""The ledger's rules in the database, by name: each is tried by the owner of the tables, whom no permission stops."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from maintenance_fund import ledger
from maintenance_fund.ledger import Entry, LedgerRefused
from maintenance_fund.models import Account, BankAccount, Line, PostingProposal, Transaction


@pytest.fixture
def sealed(propose, seal, money_in, units):
    return seal(propose(money_in(500, units[0]), kind="opening"))


def name_of(error: DatabaseError) -> str:
    return error.__cause__.diag.constraint_name


# ---------------------------------------------------------------- what a voucher must be


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ([], "transaction_two_lines"),
        ([Entry("3101", credit=5)], "transaction_two_lines"),
        ([Entry("3101", credit=5), Entry("1901", debit=6)], "transaction_balanced"),
        ([Entry("3101", credit=5), Entry("3003", credit=5)], "transaction_balanced"),
        ([Entry("3101", credit=0), Entry("1901", debit=0)], "line_one_side"),
        ([Entry("3101", credit=5, debit=5), Entry("1901", debit=5, credit=5)], "line_one_side"),
        ([Entry("3101", credit=-5), Entry("1901", debit=-5)], "line_one_side"),
        ([Entry("3101", credit=5, flow="9999"), Entry("1901", debit=5)], "line_flow_known"),
        ([Entry("3001", credit=5), Entry("1901", debit=5)], "line_dimension_fits"),
        ([Entry("100101", debit=5), Entry("3101", credit=5)], "line_dimension_fits"),
        ([Entry("220101", credit=5), Entry("1901", debit=5)], "line_dimension_fits"),
        ([Entry("1401", debit=5, debtor="OWNER"), Entry("3101", credit=5)], "line_dimension_fits"),
        ([Entry("3101", credit=5, debtor="OWNER"), Entry("1901", debit=5)], "line_dimension_fits"),
        ([Entry("3001", credit=5, unit=-1), Entry("1901", debit=5)], "line_unit_here"),
        ([Entry("1301", debit=5, project=-1), Entry("3101", credit=5)], "line_project_here"),
        ([Entry("100101", debit=5, bank_account=-1), Entry("3101", credit=5)], "line_bank_account_here"),
        ([Entry("3003", debit=5), Entry("3101", credit=5)], "total_not_below_zero"),
    ],
)
def test_what_is_no_voucher_is_refused_by_its_rule(lines, rule, propose, seal):
    with pytest.raises(LedgerRefused) as refused:
        seal(propose(lines))
    assert refused.value.code == rule
    assert not Transaction.objects.exists() and not Line.objects.exists()


def test_one_household_does_not_live_on_its_neighbour(propose, seal, sealed, units):
    """balance_not_below_zero: the community has enough, this household has not."""
    lines = [Entry("3001", debit=1, unit=units[1].pk), Entry("3101", credit=1)]
    with pytest.raises(LedgerRefused, match="余额不够") as refused:
        seal(propose(lines))
    assert refused.value.code == "balance_not_below_zero"


def test_a_household_of_another_community_is_refused(propose, seal, bank, neighbour_community):
    """line_unit_here, the composite key."""
    from communities.models import Building, Unit

    building = Building.objects.create(community=neighbour_community, code="01", name="1幢")
    other = Unit.objects.create(community=neighbour_community, building=building, code="01-1-0101", area_centi=1)
    lines = [Entry("100101", debit=5, bank_account=bank.pk), Entry("3001", credit=5, unit=other.pk)]
    with pytest.raises(LedgerRefused, match="不是这个小区的"):
        seal(propose(lines))


def test_a_bank_account_stands_under_its_own_account_of_the_chart(propose, seal, bank):
    """line_bank_account_here: 100101's account is no 100102."""
    with pytest.raises(LedgerRefused) as refused:
        seal(propose([Entry("100102", debit=5, bank_account=bank.pk), Entry("3101", credit=5)]))
    assert refused.value.code == "line_bank_account_here"


def test_only_bank_accounts_of_the_chart_have_a_bank(book, bank):
    """bank_account_is_one"""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        BankAccount.objects.create(
            community=book.community,
            account=Account.objects.get(code="3101"),
            bank="x",
            number="1234",
            opened_on=bank.opened_on,
        )
    assert name_of(refused.value) == "bank_account_is_one"


def test_a_community_has_one_book(book, fund_clerk, now):
    with pytest.raises(LedgerRefused, match="已经建过账"):
        ledger.open_book(community=book.community, agency="x", first_month=book.first_month, by=fund_clerk, now=now)


def test_without_a_book_nothing_is_proposed(neighbour_community, fund_clerk, now):
    """proposal_has_fund"""
    with pytest.raises(LedgerRefused, match="先建账"):
        ledger.propose(community=neighbour_community, kind="income", memo="x", lines=[], by=fund_clerk, now=now)


# ---------------------------------------------------------------- the application's role may not even try


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE maintenance_fund_line SET debit = 1",
        "DELETE FROM maintenance_fund_line",
        "TRUNCATE maintenance_fund_line CASCADE",
        "INSERT INTO maintenance_fund_line (n) VALUES (9)",
        "UPDATE maintenance_fund_transaction SET memo = 'x'",
        "DELETE FROM maintenance_fund_transaction",
        "INSERT INTO maintenance_fund_transaction (line_count) VALUES (2)",
        "UPDATE maintenance_fund_balance SET amount = 1",
        "INSERT INTO maintenance_fund_balance (amount) VALUES (1)",
        "UPDATE maintenance_fund_total SET amount = 1",
        "UPDATE maintenance_fund_fund SET seq = 0",
        "DELETE FROM maintenance_fund_fund",
        "INSERT INTO maintenance_fund_month (last_number) VALUES (1)",
        "UPDATE maintenance_fund_month SET last_number = 9",
        "DELETE FROM maintenance_fund_postingproposal",
        "UPDATE maintenance_fund_proposalline SET debit = 1",
        "INSERT INTO maintenance_fund_account (code) VALUES ('9999')",
        "UPDATE maintenance_fund_account SET floored = false",
        "INSERT INTO maintenance_fund_dayhead (day) VALUES ('2026-01-01')",
        "DELETE FROM maintenance_fund_receipt",
        "ALTER TABLE maintenance_fund_line DISABLE TRIGGER ALL",
        "DROP TRIGGER balances ON maintenance_fund_line",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_is_not_permitted(statement, sealed):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_sealed_proposal_stays_as_it_is(sealed, propose, money_in):
    """proposal_is_open, proposal_fixed_columns"""
    rows = PostingProposal.objects.filter(pk=sealed.proposal_id)
    for change in ({"memo": "x"}, {"state": "open"}, {"made_by": sealed.checked_by}):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            rows.update(**change)
        assert name_of(refused.value) == "proposal_is_open"
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        sealed.proposal.lines.all().delete()
    assert name_of(refused.value) == "proposal_is_open"
    fresh = PostingProposal.objects.filter(pk=propose(money_in(1)).pk)
    for change in ({"made_by": sealed.checked_by}, {"state": "sealed"}, {"revision": 9}):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            fresh.update(**change)
        assert name_of(refused.value) == "proposal_fixed_columns"


def test_an_approver_is_not_the_maker(propose, money_in, fund_clerk):
    """proposal_third_person"""
    rows = PostingProposal.objects.filter(pk=propose(money_in(1)).pk)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        rows.update(approved_by=fund_clerk)
    assert name_of(refused.value) == "proposal_third_person"


# ---------------------------------------------------------------- the owner is stopped by triggers

COLUMNS = "community_id, transaction_id, n, account_id, dimension, bank_account_id, debtor, debit, credit, flow"


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE maintenance_fund_line SET debit = debit + 1", "ledger_append_only"),
        ("DELETE FROM maintenance_fund_line", "ledger_append_only"),
        ("TRUNCATE maintenance_fund_line", "ledger_append_only"),
        ("UPDATE maintenance_fund_transaction SET memo = 'x'", "ledger_append_only"),
        ("DELETE FROM maintenance_fund_transaction", "ledger_append_only"),
        ("TRUNCATE maintenance_fund_transaction CASCADE", "ledger_append_only"),
        ("UPDATE maintenance_fund_account SET floored = false", "ledger_append_only"),
        ("UPDATE maintenance_fund_bankaccount SET bank = 'x'", "ledger_append_only"),
        ("UPDATE maintenance_fund_balance SET amount = 1", "ledger_keeps_itself"),
        ("DELETE FROM maintenance_fund_balance", "ledger_append_only"),
        ("UPDATE maintenance_fund_total SET amount = 1", "ledger_keeps_itself"),
        ("TRUNCATE maintenance_fund_total", "ledger_append_only"),
        ("UPDATE maintenance_fund_fund SET seq = 9", "ledger_keeps_itself"),
        ("DELETE FROM maintenance_fund_fund", "ledger_append_only"),
        ("DELETE FROM maintenance_fund_month", "ledger_append_only"),
        ("UPDATE maintenance_fund_month SET last_number = 9", "month_fixed_columns"),
        ("DELETE FROM maintenance_fund_postingproposal", "ledger_append_only"),
        ("UPDATE maintenance_fund_proposalline SET debit = 1", "ledger_append_only"),
        (
            f"INSERT INTO maintenance_fund_line ({COLUMNS}) SELECT community_id, transaction_id, 3, account_id,"
            " dimension, bank_account_id, '', 1, 0, 'TRANSFER' FROM maintenance_fund_line WHERE dimension = 'B'",
            "transaction_full",
        ),
        (
            f"INSERT INTO maintenance_fund_line ({COLUMNS}) SELECT community_id, transaction_id, n, account_id,"
            " dimension, bank_account_id, '', 1, 0, 'TRANSFER' FROM maintenance_fund_line WHERE dimension = 'B'",
            "line_n",
        ),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_owner_is_refused(statement, rule, sealed, owner):
    with pytest.raises(DatabaseError) as refused:
        owner.execute(statement)
    assert name_of(refused.value) == rule


@pytest.mark.django_db(transaction=True)
def test_a_header_alone_does_not_commit(propose, money_in, fund_checker, owner):
    """check_at_commit: transaction_whole. The header's own row is not enough, and nothing of it can be claimed."""
    proposal = propose(money_in(5))
    columns = "community_id, proposal_id, checked_by_id, line_count, lines_hash, seq, number, made_by_id"
    with pytest.raises(DatabaseError) as refused:
        owner.execute(
            f"INSERT INTO maintenance_fund_transaction ({columns}) VALUES (%s, %s, %s, 2, sha256(''), 99, 'PZ-1', 1)",
            [proposal.community_id, proposal.pk, fund_checker.pk],
        )
    assert name_of(refused.value) == "transaction_whole"


@pytest.mark.django_db(transaction=True)
def test_maker_checker_and_approver_are_three_for_the_owner_too(propose, money_in, fund_clerk, fund_approver, owner):
    """transaction_maker_not_checker, transaction_approver_third: the door opens to the owner, the checks do not."""
    proposal = propose(money_in(5))
    with pytest.raises(DatabaseError) as refused:
        owner.execute("SELECT maintenance_fund_seal(%s, %s, %s)", [proposal.pk, fund_clerk.pk, proposal.revision])
    assert name_of(refused.value) == "transaction_maker_not_checker"
    ledger.approve(proposal=proposal, by=fund_approver)
    with pytest.raises(DatabaseError) as refused:
        owner.execute("SELECT maintenance_fund_seal(%s, %s, %s)", [proposal.pk, fund_approver.pk, proposal.revision])
    assert name_of(refused.value) == "transaction_approver_third"
