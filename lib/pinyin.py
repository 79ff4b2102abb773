"""Keys for sorting and finding Chinese names. They are stored, and people correct them (单 is Shàn as a surname)."""

import re
from functools import cache

READ_HERE = str.maketrans({"幢": " zhuang "})  # a building, never the banner that dictionaries think of first
PLAIN = re.compile(r"[a-z0-9]+")


def sort_key(text: str) -> str:
    """Pinyin without tones, spaces or marks: 松苑小区 is songyuanxiaoqu, 3幢 is 3zhuang."""
    return "".join(_syllables(text))


def initials(text: str) -> str:
    """First letters: 松苑小区 is syxq; digits stay whole."""
    return "".join(part if part.isdigit() else part[0] for part in _syllables(text))


# Surnames that are read otherwise than the character most often is.
SURNAMES = {"单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "区": "ou", "查": "zha", "任": "ren", "盖": "ge"}
SURNAMES |= {"朴": "piao", "尉": "yu", "缪": "miao", "翟": "zhai", "黑": "he", "秘": "bi", "折": "she", "重": "chong"}


def of_name(name: str) -> tuple[str, str]:
    """Sort key and initials of a person's name, character by character: 单国平 is shanguoping and sgp.

    A hundred times quicker than asking the dictionary of words, which knows no names.
    """
    found = [SURNAMES.get(name[:1]) or _reading(name[:1]), *map(_reading, name[1:])]
    return "".join(found), "".join(part if part.isdigit() else part[0] for part in found if part)


@cache
def _reading(character: str) -> str:
    return "".join(_syllables(character))


def _syllables(text: str) -> list[str]:
    from pypinyin import lazy_pinyin  # 0.4 s to import, and only those who write names need it

    return [found for part in lazy_pinyin(text.lower().translate(READ_HERE)) for found in PLAIN.findall(part)]
