"""Names of communities from a sheet or from a pasted list, each found in the registry or told. Issue 10"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from communities.models import Community
from lib import table_files

MOST = 2000
HINTS = 20  # names for which the nearest is looked for: more are not shown
HEADS = {"小区", "小区名称", "名称", "序号", "小区名"}


@dataclass
class Found:
    """What a list of names came to: communities once each, and a sentence for each name that is none."""

    communities: list[Community] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def of_text(text: str) -> list[tuple[int, str]]:
    """One name a line, with the line's number."""
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def of_file(data: bytes) -> list[tuple[int, str]]:
    """The cells of a sheet that can be names: of each row the first cell that is no number.

    Raises:
        BadFile: it is no table, with a sentence.
    """
    named = []
    for number, row in enumerate(table_files.first_rows(data), 1):
        words = (str(cell).strip() for cell in row if cell not in (None, ""))
        name = next((word for word in words if not word.replace(".", "").isdecimal()), "")
        if name and name not in HEADS:
            named.append((number, name))
    return named


def find(names: Iterable[tuple[int, str]]) -> Found:
    """Each name in the registry; one that is not there is told with its row, the first ones with what is nearest."""
    names = list(names)
    if len(names) > MOST:
        return Found(problems=[f"一次最多 {MOST} 行，这里有 {len(names)} 行。"])
    known = {community.name: community for community in Community.objects.public()}
    short = {name.removeprefix("演示·"): community for name, community in known.items()}
    found, seen = Found(), {}
    for number, name in names:
        community = known.get(name) or short.get(name)
        if community is None:
            near = get_close_matches(name, known, n=1, cutoff=0.5) if len(found.problems) < HINTS else []
            hint = f"是不是“{near[0]}”？" if near else "看看名称是不是和台账里一样。"
            found.problems.append(f"第 {number} 行：台账里没有“{name}”。{hint}")
        elif community.pk in seen:
            found.problems.append(f"第 {number} 行：“{name}”和第 {seen[community.pk]} 行重复，去掉一行。")
        else:
            seen[community.pk] = number
            found.communities.append(community)
    return found
