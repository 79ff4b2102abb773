"""Reads what Chinese banks let download of an account: xls, xlsx, or text in GB18030 or UTF-8. Knows no bank by name.

Banks write the same things under different headings, with or without a sign, income and expense in one column or two,
above and below lines of words. What cannot be read is named by its row; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from lib import table_files
from lib.money import parse_yuan
from lib.table_files import BadFile

HEADINGS = {
    "day": ("交易日期", "记账日期", "入账日期", "交易时间", "日期", "交易日", "会计日期"),
    "paid_in": ("收入金额", "贷方金额", "贷方发生额", "收入", "贷方", "存入金额", "收入(元)", "贷方发生额(元)"),
    "paid_out": ("支出金额", "借方金额", "借方发生额", "支出", "借方", "支取金额", "支出(元)", "借方发生额(元)"),
    "amount": ("交易金额", "发生额", "金额", "交易金额(元)"),
    "side": ("借贷标志", "借贷", "收支", "借/贷", "收/支", "借贷方向"),
    "balance": ("余额", "账户余额", "本次余额", "当前余额", "余额(元)", "账户余额(元)"),
    "party": ("对方户名", "对方名称", "交易对方", "对方账户名称", "对方单位名称", "户名"),
    "remark": ("摘要", "附言", "用途", "备注", "交易附言", "交易摘要", "摘要说明"),
    "reference": ("交易流水号", "流水号", "交易序号", "核心流水号", "交易号", "凭证号"),
}
IN, OUT = {"贷", "收", "收入", "贷方", "C", "+"}, {"借", "支", "支出", "借方", "D", "-"}
LAST_LINES = ("合计", "总计", "小计", "本页", "打印", "说明", "备注", "注")
ACCOUNT = re.compile(r"(?:账号|帐号|账户号码|卡号)\s*[:：]?\s*(\d[\d -]{3,38}\d)")
DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")


@dataclass(frozen=True)
class Movement:
    """One line of the bank's: fen in (positive) or out (negative)."""

    day: date
    amount: int
    balance: int | None
    party: str
    remark: str
    reference: str
    row: int

    def fingerprint(self, twin: int) -> str:
        """The same for the same line of the same account in any file; ``twin`` tells equal lines of a day apart."""
        parts = [self.day.isoformat(), self.amount, self.balance, self.party, self.remark, self.reference, twin]
        return sha256("|".join("" if part is None else str(part) for part in parts).encode()).hexdigest()


@dataclass
class Reading:
    """What a file says, and what is wrong with it by its own row numbers."""

    movements: list[Movement] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    account: str = ""  # the number that stands above the headings, if one does

    def breaks(self) -> list[tuple[int, str]]:
        """Rows at which a balance does not follow from the one before: rows may be missing. Oldest or newest first."""
        pairs = list(zip(self.movements, self.movements[1:], strict=False))
        without = [movement.row for movement in self.movements if movement.balance is None]
        if without:
            cut = [] if len(without) == len(self.movements) else without
            return [(row, "这一行没有余额，别的行有，文件可能没有传完整。") for row in cut]
        down = [b.row for a, b in pairs if a.balance + b.amount != b.balance]
        up = [b.row for a, b in pairs if b.balance + a.amount != a.balance]
        return [(row, "余额和上一行接不上，中间可能缺了几行。") for row in min(down, up, key=len)]

    def fingerprints(self) -> Iterator[tuple[Movement, str]]:
        """Each movement with its fingerprint; twins are counted in the order of the file."""
        seen: dict[str, int] = {}
        for movement in self.movements:
            plain = movement.fingerprint(0)
            seen[plain] = seen.get(plain, -1) + 1
            yield movement, movement.fingerprint(seen[plain]) if seen[plain] else plain


def read(data: bytes) -> Reading:
    """Reads a bank's file, whatever it is called.

    Raises:
        BadFile: neither a workbook nor text, cut off, or without headings that anybody knows.
    """
    rows = table_files.first_rows(data)
    place, columns = _columns(rows)
    reading = Reading(account=_account(rows[:place]))
    for number, cells in enumerate(rows[place + 1 :], start=place + 2):
        values = {name: _text(cells[at]) if at < len(cells) else "" for name, at in columns.items()}
        if not any(values.values()) or _is_words(cells):
            continue
        try:
            reading.movements.append(_movement(values, number))
        except ValueError as error:
            reading.problems.append((number, str(error)))
    if not reading.movements and not reading.problems:
        reading.problems.append((place + 2, "这份对账单里一笔也没有。"))
    return reading


# ---------------------------------------------------------------- from rows to movements


def _columns(rows: list[list]) -> tuple[int, dict[str, int]]:
    """Where the headings stand; a day and some amount are needed."""
    for place, cells in enumerate(rows[:30]):
        said = [_text(cell).replace("（", "(").replace("）", ")").replace(" ", "") for cell in cells]
        found = {name: at for name, words in HEADINGS.items() if (at := _first(said, words)) is not None}
        if "day" in found and {"amount", "paid_in", "paid_out"} & found.keys():
            return place, found
    raise BadFile("没找到表头。对账单要有“交易日期”和“金额”（或者“收入”“支出”）。")


def _account(rows: list[list]) -> str:
    """The account number in the lines of words above the headings; empty when none is said."""
    words = " ".join(_text(cell) for cells in rows for cell in cells)
    found = ACCOUNT.search(words)
    return found[1].replace("-", "").replace(" ", "") if found else ""


def _first(said: list[str], words: Iterable[str]) -> int | None:
    return next((said.index(word) for word in words if word in said), None)


def _text(cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}"
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()[:10]
    return unicodedata.normalize("NFKC", str(cell)).strip().strip("'\t ")


def _is_words(cells: list) -> bool:
    """A line of words or sums that banks write below the movements."""
    first = next((text for cell in cells if (text := _text(cell))), "")
    return first.startswith(LAST_LINES)


def _movement(values: dict[str, str], row: int) -> Movement:
    said = {name: values.get(name, "") for name in ("party", "remark", "reference")}
    balance = values.get("balance", "")
    return Movement(_day(values["day"]), _amount(values), _fen(balance, "余额") if balance else None, row=row, **said)


def _day(text: str) -> date:
    match = DAY.match(text)
    try:
        return date(*map(int, match.groups())) if match else _no_day(text)
    except ValueError as error:
        raise ValueError(f"日期“{text}”读不懂。") from error


def _no_day(text: str) -> date:
    raise ValueError(text)


def _amount(values: dict[str, str]) -> int:
    """In from one column and out from another, or one with a sign or a side."""
    paid_in, paid_out = (_fen(values.get(name, ""), "金额") for name in ("paid_in", "paid_out"))
    if paid_in or paid_out:
        if paid_in and paid_out:
            raise ValueError("同一行又有收入又有支出。")
        return paid_in - paid_out
    fen, side = _fen(values.get("amount", ""), "金额"), values.get("side", "")
    if not fen:
        raise ValueError("这一行没有金额。")
    if side in OUT:
        return -abs(fen)
    return abs(fen) if side in IN else fen


def _fen(text: str, what: str) -> int:
    if text in ("", "-", "--"):
        return 0
    try:
        return parse_yuan(text.removeprefix("+"))
    except ValueError as error:
        raise ValueError(f"{what}“{text}”不是数字。") from error
