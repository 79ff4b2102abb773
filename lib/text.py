"""Days and moments in the words that pages, papers and messages use."""

from collections.abc import Sequence
from datetime import date

WEEKDAYS = "一二三四五六日"


def day_words(day: date, today: date | None = None) -> str:
    """11月18日 周三; with ``today`` given, a day of another year is 2025年11月18日."""
    if today and day.year != today.year:
        return day_in_full(day)
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def day_in_full(day: date) -> str:
    """2026年11月18日, as papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def listed(names: Sequence[str], most: int) -> str:
    """松苑小区、滨湖花园等 12 个: as many names as fit into so many characters; 12 个 where not one does."""
    whole, shown, count = "、".join(names), "", f"{len(names)} 个"
    if len(whole) <= most:
        return whole
    for name in names:
        longer = f"{shown}、{name}" if shown else name
        if len(f"{longer}等 {count}") > most:
            break
        shown = longer
    return f"{shown}等 {count}" if shown else count
