"""Proving the ledger from its rows: every sum, every number, every link of every chain, every published head.

Nothing stored in the database is believed, its functions neither: sums and line hashes are computed by built-in SQL in
one pass in order of the index, headers and chains here. A community streams by, so memory does not grow with the book.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice

from django.db import connection, transaction
from psycopg.rows import namedtuple_row

from lib import chain

from .models import DayHead, Fund


@dataclass(frozen=True)
class Wrong:
    """The first thing that is wrong in a community's book."""

    community: int | None
    where: str
    problem: str

    def __str__(self) -> str:
        return (
            f"小区 {self.community} {self.where}：{self.problem}" if self.community else f"{self.where}：{self.problem}"
        )


@dataclass
class Report:
    communities: int = 0
    transactions: int = 0
    lines: int = 0
    wrong: list[Wrong] = field(default_factory=list)


def verify(community: int | None = None) -> Report:
    """Checks every book, or one; the whole look is of one moment.

    Returns:
        How much was read, and for each book the first wrong row.
    """
    report, is_outermost = Report(), not connection.in_atomic_block
    with transaction.atomic():
        _settle(is_outermost)
        books = Fund.objects.order_by("community_id")
        for book in books.filter(community=community) if community else books:
            report.communities += 1
            report.wrong += list(islice(_wrong_in(book, report), 1))
        if not community:
            report.wrong += [*_strays(), *_guards()]
    return report


def _settle(is_outermost: bool) -> None:
    with connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL enable_hashjoin = off")  # keeps the index's order: nothing is sorted or piles up


def _wrong_in(book: Fund, report: Report) -> Iterator[Wrong]:
    """The book's faults, the earliest first. Those who look take the first."""
    yield from _wrong_vouchers(book, report)
    yield from _wrong_balances(book)
    yield from _wrong_heads(book)


# ---------------------------------------------------------------- vouchers in order of the chain

VOUCHERS = """
SELECT t.*, l.lines, l.debits, l.credits, l.hashed, l.strangers,
    row_number() OVER (PARTITION BY t.month ORDER BY t.seq) AS counted, p.state AS proposal_state
FROM maintenance_fund_transaction t
LEFT JOIN maintenance_fund_postingproposal p ON p.id = t.proposal_id
LEFT JOIN (
    SELECT l.transaction_id, count(*) AS lines, sum(l.debit) AS debits, sum(l.credit) AS credits,
        count(*) FILTER (WHERE l.community_id <> %(community)s OR l.dimension <> a.dimension) AS strangers,
        sha256(convert_to(string_agg(l.n::text || '|' || a.code || '|' || coalesce(l.unit_id::text, '') || '|'
            || coalesce(l.project_id::text, '') || '|' || coalesce(l.bank_account_id::text, '')
            || '|' || l.debtor || '|' || l.debit::text || '|' || l.credit::text || '|' || l.flow || '|'
            || coalesce(l.receipt_id::text, ''),
            E'\\n' ORDER BY l.n), 'UTF8')) AS hashed
    FROM maintenance_fund_line l JOIN maintenance_fund_account a ON a.id = l.account_id
    JOIN maintenance_fund_transaction h ON h.id = l.transaction_id
    WHERE h.community_id = %(community)s
    GROUP BY l.transaction_id) l ON l.transaction_id = t.id
WHERE t.community_id = %(community)s
ORDER BY t.seq
"""
BATCH = 2000


def _wrong_vouchers(book: Fund, report: Report) -> Iterator[Wrong]:
    before, seq = chain.START, 0
    for row in _stream(VOUCHERS, {"community": book.community_id}):
        report.transactions += 1
        report.lines += row.lines or 0
        problem = _problem(row, before, seq)
        if problem:
            yield Wrong(book.community_id, f"凭证 {row.number}（第 {row.seq} 张）{_which_line(row)}", problem)
        before, seq = row.hash, row.seq
    if (book.seq, bytes(book.head_hash)) != (seq, before):
        yield Wrong(
            book.community_id, f"第 {seq} 张之后", f"账上记着 {book.seq} 张，链的末端对不上：末尾的凭证被删过或换过"
        )


def _stream(sql: str, values: dict) -> Iterator:
    """Rows as they come, by a cursor that stays on the server."""
    connection.ensure_connection()
    with connection.connection.cursor(name="ledger_verify", row_factory=namedtuple_row) as cursor:
        cursor.itersize = BATCH
        cursor.execute(sql, values)
        yield from cursor


def _problem(row, before: bytes, seq: int) -> str | None:
    """What is wrong with a voucher, given the link before it."""
    checks = (
        (row.seq == seq + 1, f"它前面少了凭证：第 {seq} 张之后是第 {row.seq} 张"),
        (row.previous_hash == before, "接不上前一张：前一张被换过"),
        (row.lines == row.line_count, f"应有 {row.line_count} 行分录，实有 {row.lines or 0} 行"),
        (row.hashed == row.lines_hash, "分录改过"),
        (chain.digest(header_text(row)) == row.hash, "凭证头改过"),
        (row.debits == row.credits and row.debits, f"借贷不平：借方 {row.debits} 分，贷方 {row.credits} 分"),
        (not row.strangers, "有别的小区的、或科目对不上的分录"),
        (row.month_no == row.counted, f"凭证号应是月内第 {row.counted} 张"),
        (row.number == f"PZ-{row.month:%Y%m}-{row.month_no:04}", "凭证号和月份、序号对不上"),
        (row.made_by_id != row.checked_by_id, "经办和复核是同一个人"),
        (row.proposal_state == "sealed", "它的待复核凭证不见了，或者不是已入账"),
    )
    return next((said for holds, said in checks if not holds), None)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def header_text(row) -> str:
    """What a header's hash covers; the same text as in migrations/ledger_v1.sql, and as docs/ledger.md describes."""
    moment = (row.sealed_at - EPOCH) // MICROSECOND
    parts = ["v1", row.community_id, row.seq, row.id, row.proposal_id, row.idempotency_key, row.kind]
    parts += [sha256(row.memo.encode()).hexdigest(), row.dated_on.isoformat(), row.number, row.reverses_id]
    parts += [row.made_by_id, row.checked_by_id, row.approved_by_id, moment, row.line_count]
    parts += [row.lines_hash.hex(), row.previous_hash.hex()]
    return "|".join("" if part is None else str(part) for part in parts)


LINES = """
SELECT n, account_id, unit_id, project_id, bank_account_id, debtor, debit, credit, flow, receipt_id
FROM maintenance_fund_{} WHERE {}_id = %s ORDER BY n
"""


def _which_line(row) -> str:
    """The first line that is not as it was proposed; nothing when both agree."""
    with connection.cursor() as cursor:
        cursor.execute(LINES.format("line", "transaction"), [row.id])
        sealed = {line[0]: line for line in cursor.fetchall()}
        cursor.execute(LINES.format("proposalline", "proposal"), [row.proposal_id])
        proposed = {line[0]: line for line in cursor.fetchall()}
    numbers = sealed.keys() | proposed.keys()
    first = min((n for n in numbers if sealed.get(n) != proposed.get(n)), default=None)
    return f"第 {first} 行" if first else ""


# ---------------------------------------------------------------- balances and heads

BALANCES = """
WITH moved AS MATERIALIZED (
    SELECT l.account_id, l.debtor,
        CASE l.dimension WHEN 'U' THEN l.unit_id WHEN 'P' THEN l.project_id WHEN 'B' THEN l.bank_account_id
            WHEN 'R' THEN coalesce(l.unit_id, l.project_id) ELSE 0 END AS named,
        sum(CASE a.side WHEN 'D' THEN l.debit - l.credit ELSE l.credit - l.debit END)::bigint AS amount
    FROM maintenance_fund_line l JOIN maintenance_fund_account a ON a.id = l.account_id
    JOIN maintenance_fund_transaction t ON t.id = l.transaction_id
    WHERE t.community_id = %(community)s GROUP BY 1, 2, 3),
leaves AS (
    SELECT coalesce(m.account_id, b.account_id) AS account_id, coalesce(m.named, b.named) AS named,
        coalesce(m.amount, 0) AS moved, coalesce(b.amount, 0) AS kept
    FROM moved m FULL JOIN (SELECT * FROM maintenance_fund_balance WHERE community_id = %(community)s) b
        ON b.account_id = m.account_id AND b.debtor = m.debtor AND b.named = m.named
    WHERE coalesce(m.amount, 0) <> coalesce(b.amount, 0)),
sums AS (SELECT account_id, sum(amount)::bigint AS amount FROM moved GROUP BY 1),
totals AS (
    SELECT coalesce(s.account_id, t.account_id) AS account_id, -1::bigint AS named, coalesce(s.amount, 0) AS moved,
        coalesce(t.amount, 0) AS kept
    FROM sums s FULL JOIN (SELECT * FROM maintenance_fund_total WHERE community_id = %(community)s) t
        ON t.account_id = s.account_id
    WHERE coalesce(s.amount, 0) <> coalesce(t.amount, 0))
SELECT a.code, w.named, w.moved, w.kept FROM (SELECT * FROM leaves UNION ALL SELECT * FROM totals) w
JOIN maintenance_fund_account a ON a.id = w.account_id ORDER BY w.named < 0, a.code, w.named LIMIT 1
"""

HEADS = """
SELECT h.seq, d.day FROM maintenance_fund_publishedhead h JOIN maintenance_fund_dayhead d ON d.id = h.day_head_id
LEFT JOIN maintenance_fund_transaction t ON t.community_id = h.community_id AND t.seq = h.seq
WHERE h.community_id = %s AND h.seq > 0 AND t.hash IS DISTINCT FROM h.hash ORDER BY h.seq LIMIT 1
"""


def _wrong_balances(book: Fund) -> Iterator[Wrong]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = on")
        cursor.execute(BALANCES, {"community": book.community_id})
        for code, named, moved, kept in cursor.fetchall():
            where = f"科目 {code} 合计" if named < 0 else f"科目 {code} 对象 {named}"
            yield Wrong(book.community_id, where, f"余额记着 {kept} 分，分录加起来是 {moved} 分")
        cursor.execute("SET LOCAL enable_hashjoin = off")


def _wrong_heads(book: Fund) -> Iterator[Wrong]:
    """A head that was published and is not the voucher's hash any more: the whole chain was made anew."""
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [book.community_id])
        for seq, day in cursor.fetchall():
            yield Wrong(book.community_id, f"第 {seq} 张", f"和 {day} 公布的校验值不一样：整条链重做过")


# ---------------------------------------------------------------- what belongs to no book, and the guards themselves

STRAYS = """
SELECT 'line', l.id FROM maintenance_fund_line l
WHERE NOT EXISTS (SELECT 1 FROM maintenance_fund_transaction t WHERE t.id = l.transaction_id)
UNION ALL SELECT 'transaction', t.id FROM maintenance_fund_transaction t
WHERE NOT EXISTS (SELECT 1 FROM maintenance_fund_fund f WHERE f.community_id = t.community_id)
UNION ALL SELECT 'proposal', p.id FROM maintenance_fund_postingproposal p
WHERE p.state = 'sealed' AND NOT EXISTS (SELECT 1 FROM maintenance_fund_transaction t WHERE t.proposal_id = p.id)
"""


def _strays() -> Iterator[Wrong]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({STRAYS}) s LIMIT 1")
        for table, key in cursor.fetchall():
            yield Wrong(None, f"{table} {key}", "没有凭证的分录、没有账的凭证，或没有凭证的已入账稿")
    for day in DayHead.objects.order_by("day").prefetch_related("chains"):
        chains = sorted((head.community_id, head.seq, bytes(head.hash)) for head in day.chains.all())
        if chain.day_value(day.day, chains) != bytes(day.hash):
            yield Wrong(None, f"{day.day} 公布的校验值", "和它下面各小区的对不上")
            return


GUARDS = """
SELECT c.relname || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relname LIKE 'maintenance\\_fund\\_%%' AND t.tgenabled IN ('O', 'A')
"""
EXPECTED = """
transaction.append_only transaction.number transaction.check_at_commit transaction.receipts_reversed line.append_only
line.balances balance.kept_by_ledger balance.never_deleted total.kept_by_ledger total.never_deleted
fund.kept_by_ledger fund.never_deleted fund.born_empty month.guard month.never_deleted month.born_open
postingproposal.guard postingproposal.born_open postingproposal.never_deleted proposalline.no_update
proposalline.open_only_insert proposalline.open_only_delete receipt.guard receipt.never_deleted account.append_only
dayhead.append_only publishedhead.append_only receiptseries.append_only bankaccount.append_only
transaction.matches_end postingproposal.matches_end bankmatch.fits bankmatch.kept_by_ledger bankmatch.never_deleted
bankline.sealed_rows bankline.sealed_table bankstatement.sealed_rows openingdeposit.sealed_rows
constructioncost.sealed_rows assessment.sealed_rows assessedunit.sealed_rows yearstatement.sealed_rows
""".split()


def _guards() -> Iterator[Wrong]:
    """Triggers that somebody dropped or switched off."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        standing = {name for (name,) in cursor.fetchall()}
    for name in EXPECTED:
        if f"maintenance_fund_{name}" not in standing:
            yield Wrong(None, f"触发器 {name}", "被停用或删掉了")
            return
