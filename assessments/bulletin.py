"""The month's bulletin: body text and workbook from the same numbers; the red head is the town's own system's. D.5"""

from collections import Counter
from dataclasses import dataclass

from communities.models import Community
from lib.periods import Month

from . import boards
from .kinds import SheetState
from .models import ScoreSheet
from .points import mean, written

KINDS = {
    "settlement": ("安置类", [Community.Kind.SETTLEMENT]),
    "developed": ("开发类和其他", [Community.Kind.DEVELOPED, Community.Kind.OTHER]),
}


@dataclass(frozen=True)
class Line:
    """A community's line: what is published of it, or why nothing is."""

    community: str
    firm: str
    score: str
    band: str
    words: str


@dataclass(frozen=True)
class Bulletin:
    """All that the text says, counted once."""

    month: Month
    kind: str
    label: str
    title: str
    lines: list[Line]
    summary: str
    unready: int

    @property
    def text(self) -> str:
        """The body as plain text, for the clipboard."""
        rows = [f"{line.community}\t{line.firm}\t{line.score}\t{line.band}\t{line.words}" for line in self.lines]
        return "\n".join([self.title, "", "各社区（村）物管站、各物业服务企业：", self.summary, *rows, CLOSING])


CLOSING = (
    "得分由巡查、抄告、投诉和公示记录按考核表计算，经考核人认定、另一人复核，物业服务企业可以申诉。"
    "申诉中的，决定后另行公布。扣分依据可在各小区公开栏和门户查看；发现错误的，核实后更正，原结果保留。"
)


def is_known(month: Month) -> bool:
    """Anything at all was scored in the month."""
    return ScoreSheet.objects.of_month(month.first_day).exists()


def make(month: Month, kind: str) -> Bulletin:
    """The bulletin of a month for one kind of community; every one of them has its line."""
    label, kinds = KINDS[kind]
    sheets = _sheets(month, kinds)
    worst = boards.worst_items(sheets)
    lines = [_line(row, worst.get(row.pk, "没有扣分")) for row in sheets]
    left_out = boards.unscored_of(Community.objects.filter(kind__in=kinds), month)
    lines += [Line(row.community.name, "—", "—", "—", row.why) for row in left_out]
    return Bulletin(
        month=month,
        kind=kind,
        label=label,
        title=f"关于{month.year}年{month.number}月{label}小区物业服务考核情况的通报",
        lines=lines,
        summary=_summary(month, label, sheets, len(left_out)),
        unready=sum(row.state in ("draft", "to_check") for row in sheets),
    )


def _sheets(month: Month, kinds: list) -> list[ScoreSheet]:
    """What is in force of each contract, though a later version is being made; else the current version."""
    rows = ScoreSheet.objects.of_month(month.first_day).filter(kind__in=kinds).with_row_parts()
    in_force = list(rows.in_force())
    others = rows.current().exclude(contract__in=[row.contract_id for row in in_force])
    return sorted([*in_force, *others], key=lambda row: (-row.score_deci, row.community.pinyin))


def _is_shown(row: ScoreSheet) -> bool:
    return row.state == SheetState.PUBLISHED and row.is_inspected


def _line(row: ScoreSheet, worst: str) -> Line:
    score, band = (written(row.score_deci), row.band) if _is_shown(row) else ("—", "—")
    if row.state == SheetState.PUBLISHED:
        words = worst if row.is_inspected else "未充分检查（镇、站的缺口）"
    else:
        words = "申诉中" if row.open_appeal else "还没公布"
    return Line(row.community.name, row.firm.name, score, band, words)


def _summary(month: Month, label: str, sheets: list[ScoreSheet], left_out: int) -> str:
    shown = [row for row in sheets if _is_shown(row)]
    bands = Counter(row.band for row in shown)
    parts = "、".join(f"{letter}档{bands[letter]}个" for letter in "ABCDEFG" if bands[letter])
    average = f"，平均{written(mean([row.score_deci for row in shown]))}分：{parts}" if shown else ""
    contested = sum(row.open_appeal for row in sheets)
    gaps = sum(row.state == SheetState.PUBLISHED and not row.is_inspected for row in sheets)
    rest = len(sheets) - len(shown) - contested - gaps
    more = [
        f"申诉中{contested}个" * bool(contested),
        f"未充分检查{gaps}个" * bool(gaps),
        f"还没公布{rest}个" * bool(rest),
    ]
    places = len({row.community_id for row in sheets}) + left_out
    more.append(f"不考核{left_out}个" * bool(left_out))
    others = "；" + "，".join(filter(None, more)) if any(more) else ""
    return (
        f"现将{month.year}年{month.number}月{label}小区物业服务考核情况通报如下。全镇{label}小区{places}个，"
        f"公布得分{len(shown)}个{average}{others}。"
    )
