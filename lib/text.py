"""Days and moments in the words that pages, papers and messages use."""

from datetime import date

WEEKDAYS = "一二三四五六日"


def day_words(day: date, today: date | None = None) -> str:
    """11月18日 周三; with ``today`` given, a day of another year is 2025年11月18日."""
    if today and day.year != today.year:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"
