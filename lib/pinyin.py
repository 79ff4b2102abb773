"""Keys for sorting and finding Chinese names. They are stored, and people correct them (单 is Shàn as a surname)."""

import re

READ_HERE = str.maketrans({"幢": " zhuang "})  # a building, never the banner that dictionaries think of first
PLAIN = re.compile(r"[a-z0-9]+")


def sort_key(text: str) -> str:
    """Pinyin without tones, spaces or marks: 松苑小区 is songyuanxiaoqu, 3幢 is 3zhuang."""
    return "".join(_syllables(text))


def initials(text: str) -> str:
    """First letters: 松苑小区 is syxq; digits stay whole."""
    return "".join(part if part.isdigit() else part[0] for part in _syllables(text))


def _syllables(text: str) -> list[str]:
    from pypinyin import lazy_pinyin  # 0.4 s to import, and only those who write names need it

    return [found for part in lazy_pinyin(text.lower().translate(READ_HERE)) for found in PLAIN.findall(part)]
