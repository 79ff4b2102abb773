"""``ledger_verify`` names the first wrong row, whatever somebody with all rights has done behind the triggers."""

from io import StringIO

import pytest
from django.core.management import call_command

from lib import chain
from maintenance_fund import heads, ledger, verification
from maintenance_fund.ledger import Entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three(propose, seal, money_in, units, out):
    """Three vouchers, the last published."""
    made = [
        seal(propose(money_in(900, units[0]), kind="opening")),
        seal(propose(money_in(700))),
        seal(propose(out(300), kind="use")),
    ]
    heads.publish()
    return made


def test_a_sound_ledger_is_sound(three):
    report = verification.verify()
    assert (report.wrong, report.communities, report.transactions, report.lines) == ([], 1, 3, 6)


TAMPER = {
    "amount": ("UPDATE maintenance_fund_line SET debit = debit + 1 WHERE id = {line}", "第 2 张）第 1 行", "分录改过"),
    "unit": (
        "UPDATE maintenance_fund_line SET unit_id = {other} WHERE unit_id IS NOT NULL",
        "第 1 张）第 2 行",
        "分录改过",
    ),
    "flow": ("UPDATE maintenance_fund_line SET flow = '4201' WHERE id = {line}", "第 2 张）第 1 行", "分录改过"),
    "line deleted": ("DELETE FROM maintenance_fund_line WHERE id = {line}", "第 2 张）第 1 行", "应有 2 行"),
    "line added": (
        "INSERT INTO maintenance_fund_line (community_id, transaction_id, n, account_id, dimension, bank_account_id,"
        " debtor, debit, credit, flow) SELECT community_id, transaction_id, 3, account_id, dimension, bank_account_id,"
        " '', 1, 0, flow"
        " FROM maintenance_fund_line WHERE id = {line}",
        "第 2 张）第 3 行",
        "应有 2 行",
    ),
    "memo": ("UPDATE maintenance_fund_transaction SET memo = 'x' WHERE seq = 2", "第 2 张", "凭证头改过"),
    "day": ("UPDATE maintenance_fund_transaction SET dated_on = dated_on - 1 WHERE seq = 2", "第 2 张", "凭证头改过"),
    "checker": (
        "UPDATE maintenance_fund_transaction SET checked_by_id = made_by_id + 99 WHERE seq = 2",
        "第 2 张",
        "凭证头改过",
    ),
    "hash": ("UPDATE maintenance_fund_transaction SET hash = sha256('x') WHERE seq = 2", "第 2 张", "凭证头改过"),
    "voucher deleted": (
        "DELETE FROM maintenance_fund_line WHERE transaction_id = {voucher};"
        " DELETE FROM maintenance_fund_transaction WHERE id = {voucher}",
        "第 3 张",
        "它前面少了凭证",
    ),
    "last deleted": (
        "DELETE FROM maintenance_fund_line WHERE transaction_id = {last};"
        " DELETE FROM maintenance_fund_transaction WHERE id = {last}",
        "第 2 张之后",
        "末尾的凭证",
    ),
    "balance": (
        "UPDATE maintenance_fund_balance SET amount = amount + 1 WHERE unit_id IS NOT NULL",
        "3001",
        "分录加起来是 600",
    ),
    "total": (
        "UPDATE maintenance_fund_total SET amount = amount + 1 WHERE account_id ="
        " (SELECT id FROM maintenance_fund_account WHERE code = '3101')",
        "3101 合计",
        "余额记着 701",
    ),
    "chart": ("UPDATE maintenance_fund_account SET code = '3102' WHERE code = '3101'", "第 2 张", "分录改过"),
    "head": ("UPDATE maintenance_fund_fund SET head_hash = sha256('x')", "第 3 张之后", "末端对不上"),
    "published": ("UPDATE maintenance_fund_publishedhead SET hash = sha256('x')", "第 3 张", "整条链重做过"),
    "day head": ("UPDATE maintenance_fund_dayhead SET hash = sha256('x')", "公布的校验值", "对不上"),
    "proposal": ("UPDATE maintenance_fund_postingproposal SET state = 'open'", "第 1 张", "待复核凭证"),
    "trigger": ("ALTER TABLE maintenance_fund_line DISABLE TRIGGER append_only", "line.append_only", "停用"),
}


@pytest.mark.parametrize("kind", TAMPER)
def test_what_was_changed_behind_the_triggers_is_named(kind, three, units, owner):
    sql, where, problem = TAMPER[kind]
    line = three[1].lines.order_by("n").first().pk
    owner.execute("SET session_replication_role = replica")
    owner.execute(sql.format(line=line, other=units[3].pk, voucher=three[1].pk, last=three[2].pk))
    owner.execute("SET session_replication_role = origin")
    try:
        (wrong, *_) = verification.verify().wrong
        assert where in str(wrong)
        assert problem in str(wrong)
    finally:
        owner.execute("ALTER TABLE maintenance_fund_line ENABLE TRIGGER append_only")
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE maintenance_fund_account SET code = '3101' WHERE code = '3102'")
        owner.execute("SET session_replication_role = origin")


def test_the_whole_chain_made_anew_is_betrayed_by_what_was_published(three, owner):
    """Somebody with all rights changes an amount and hashes everything again; the balance too."""
    owner.execute("SET session_replication_role = replica")
    rehash(owner, three[0].community_id)
    owner.execute("SET session_replication_role = origin")
    (wrong,) = verification.verify().wrong
    assert "整条链重做过" in str(wrong)


def rehash(owner, community):
    owner.execute("UPDATE maintenance_fund_transaction SET memo = 'x' WHERE seq = 1")
    owner.execute("SELECT * FROM maintenance_fund_transaction WHERE community_id = %s ORDER BY seq", [community])
    from collections import namedtuple

    row_of = namedtuple("Row", [column.name for column in owner.description])
    before = chain.START
    for row in map(row_of._make, owner.fetchall()):
        row = row._replace(previous_hash=before)
        before = chain.digest(verification.header_text(row))
        owner.execute(
            "UPDATE maintenance_fund_transaction SET previous_hash = %s, hash = %s WHERE id = %s",
            [row.previous_hash, before, row.id],
        )
    owner.execute("UPDATE maintenance_fund_fund SET head_hash = %s", [before])


def test_the_command_says_so_and_fails(three, owner):
    said = StringIO()
    call_command("ledger_verify", stdout=said)
    assert "全对" in said.getvalue()
    owner.execute("SET session_replication_role = replica")
    owner.execute("UPDATE maintenance_fund_line SET credit = credit + 1 WHERE credit > 0")
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("ledger_verify", stdout=said, stderr=errors)
    assert three[0].number in errors.getvalue()


def test_heads_are_published_once_a_day(three, propose, seal, money_in, today):
    first = heads.publish()
    seal(propose(money_in(1)))
    assert heads.publish() == first
    assert first.day == today
    assert len(first.words) == 64


def test_a_published_value_covers_every_book(three, neighbour_community, fund_clerk, now, today):
    day = heads.latest()
    rows = [(h.community_id, h.seq, bytes(h.hash)) for h in day.chains.order_by("community_id")]
    assert bytes(day.hash) == chain.day_value(today, rows)
    assert rows[0][1] == 3


def test_entries_of_two_books_do_not_mix(three, neighbour_community, fund_clerk, fund_checker, now):
    ledger.open_book(community=neighbour_community, agency="x", first_month=now.date(), by=fund_clerk, now=now)
    lines = [Entry("1901", debit=5), Entry("3101", credit=5)]
    there = ledger.propose(community=neighbour_community, kind="income", memo="x", lines=lines, by=fund_clerk, now=now)
    voucher = ledger.seal(proposal=there, by=fund_checker, now=now)
    assert (voucher.seq, voucher.month_no) == (1, 1)
    assert verification.verify().wrong == []
