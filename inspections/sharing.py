"""What is told to a chat group about a week: figures and names of communities, and nothing of people. Issue 4 §3

A week that is over is told in figures alone: by then the name of a community would point at who missed it (DOMAIN 0.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lib.cards import Card
from lib.periods import BEIJING, Week
from lib.text import listed

from .boards import CommunityWeek

MOST = 120  # characters that a chat group still reads
MOST_ON_CARD = 300
MOST_OF_WHERE = 20


@dataclass(frozen=True)
class Told:
    """A week as a chat group is told it."""

    where: str  # 荆溪镇物业办, 城东社区
    what: str  # 小区, 安置类小区
    week: Week
    now: datetime
    is_over: bool
    board: Sequence[CommunityWeek]

    @property
    def visited(self) -> int:
        return sum(1 for row in self.board if row.done)

    @property
    def missing(self) -> list[str]:
        return [row.community.name for row in self.board if row.missing]

    @property
    def days(self) -> str:
        """11月16日至11月22日"""
        return "至".join(f"{day.month}月{day.day}日" for day in (self.week.monday, self.week.sunday))

    @property
    def place(self) -> str:
        return self.where[:MOST_OF_WHERE]


def text(told: Told) -> str:
    """At most 120 characters, whatever the number and the names of the communities."""
    head = f"{told.place} {told.days}巡查：{len(told.board)} 个{told.what}，去过 {told.visited} 个，"
    tail = "" if told.is_over else _as_of(told)
    return head + _rest(told, MOST - len(head) - len(tail) - 1) + tail + "。"


def _rest(told: Told, most: int) -> str:
    """What is still to be done, in so many characters."""
    if not told.missing:
        return "都巡够了"
    if told.is_over:
        return f"{len(told.missing)} 个没巡够"
    return "还没巡够：" + listed(told.missing, most - len("还没巡够："))


def _as_of(told: Told) -> str:
    return f"（截至{told.now.astimezone(BEIJING):%H:%M}）"


def card(told: Told) -> Card:
    """The same as a picture, with room for more names."""
    now = told.now.astimezone(BEIJING)
    short = (str(len(told.missing)), "个没巡够" if told.is_over else "个还没巡够")
    return Card(
        title=told.place,
        subtitle=f"{told.days} {told.what}巡查",
        figures=[(str(len(told.board)), "个小区"), (str(told.visited), "个去过"), short],
        text=f"{_rest(told, MOST_ON_CARD)}。",
        foot=f"截至 {now.month}月{now.day}日 {now:%H:%M}，巡查不给人排名",
    )
