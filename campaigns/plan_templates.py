"""Plans to begin from, as data: what such a plan says, and its days shifted to the wanted start. Issue 10 §1"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from .kinds import CampaignKind, Doer, Whom

HEAD = {"title", "kind", "shift", "lead", "assist", "phases"}
MORE = {"basis", "goal", "standards", "items", "tasks", "steps"}
PHASE = {"code", "name", "first", "last", "waits_for", "days", "must"}
TASK = {"text", "phase", "lead", "assist", "due", "when", "standard", "evidence"}
STEP = {"code", "name", "phase", "doer", "requires", "needs_document", "hint"}
BODY = {"name", "whom"}
LISTS = ("assist", "phases", "tasks", "steps")


def check(body: Any) -> None:
    """Whether a template is one.

    Raises:
        ValidationError: with a sentence for each thing that is wrong.
    """
    try:
        problems = list(_shapes(body)) or list(_problems(body))
    except (TypeError, AttributeError):  # a list where a word belongs, or the other way round
        problems = ["模板里有的地方放错了东西，照 plan3 的样子对一对。"]
    if problems:
        raise ValidationError(problems)


def _shapes(body: Any) -> Iterator[str]:
    """Lists where lists belong, and a day to count from."""
    if not isinstance(body, dict):
        yield "body 要是一个对象。"
        return
    for name in LISTS:
        rows = body.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield f"{name} 要是一列对象。"
    for name in ("standards", "items"):
        rows = body.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
            yield f"{name} 要是一列文字。"
    if not isinstance(body.get("lead", {}), dict):
        yield "lead 要是一个对象。"
    if isinstance(body.get("phases"), list) and not any(map(_has_day, body["phases"])):
        yield "phases 里至少一个阶段要有日期，开始的日子从它算。"


def _has_day(phase: Any) -> bool:
    return isinstance(phase, dict) and bool(phase.get("first") or phase.get("last"))


def _problems(body: dict) -> Iterator[str]:
    yield from _keys("模板", body, HEAD, HEAD | MORE)
    if not body.keys() >= HEAD:
        return
    if body["kind"] not in CampaignKind.values:
        yield f"kind 写 {'、'.join(CampaignKind.values)} 里的一个。"
    if body["shift"] not in SHIFTS:
        yield f"shift 写 {'、'.join(SHIFTS)} 里的一个。"
    bodies = [body["lead"], *body["assist"]]
    for one in bodies:
        yield from _keys("单位", one, BODY, BODY)
        if one.get("whom") not in Whom.values:
            yield f"单位 {one.get('name')}：whom 写 {'、'.join(Whom.values)} 里的一个。"
    yield from _days_of(body, {one.get("name") for one in bodies})


def _days_of(body: dict, names: set[str]) -> Iterator[str]:
    codes = {phase.get("code") for phase in body["phases"]}
    for kind, allowed, needed in (("phases", PHASE, {"name"}), ("tasks", TASK, {"text"}), ("steps", STEP, {"code"})):
        for row in body.get(kind, []):
            yield from _keys(kind, row, needed, allowed)
            for key in ("first", "last", "due"):
                if row.get(key) and not _is_day(row[key]):
                    yield f"{row}：{key} 写成 2026-11-24。"
            if kind != "phases" and row.get("phase") and row["phase"] not in codes:
                yield f"{row}：没有代号是 {row['phase']} 的阶段。"
            if row.get("lead") and row["lead"] not in names:
                yield f"{row}：牵头单位不在单位里。"
            if row.get("doer", Doer.STATION) not in Doer.values:
                yield f"{row}：doer 写 {'、'.join(Doer.values)} 里的一个。"


def _keys(what: str, row: dict, needed: set[str], allowed: set[str]) -> Iterator[str]:
    if missing := needed - row.keys():
        yield f"{what}缺 {'、'.join(sorted(missing))}。"
    if unknown := row.keys() - allowed:
        yield f"{what}里不认识 {'、'.join(sorted(unknown))}。"


def _is_day(typed: Any) -> bool:
    try:
        date.fromisoformat(typed)
    except (TypeError, ValueError):
        return False
    return True


def anchor(body: dict) -> date:
    """The day that the wanted start stands for: the first that its phases name."""
    named = (date.fromisoformat(phase[key]) for phase in body["phases"] for key in ("first", "last") if phase.get(key))
    return min(named)


def shifted(body: dict, starts_on: date) -> Callable[[str | None], date | None]:
    """Turns a day of the template into the day of a campaign that starts on another.

    Days of a year of duties keep month and day; others keep their distance from the start, and month and day too where
    the start does.
    """
    move = SHIFTS[body["shift"]](anchor(body), starts_on)
    return lambda typed: move(date.fromisoformat(typed)) if typed else None


def _by_days(old: date, new: date) -> Callable[[date], date]:
    if (old.month, old.day) == (new.month, new.day):
        return _by_years(old, new)
    return lambda day: day + (new - old)


def _by_years(old: date, new: date) -> Callable[[date], date]:
    years = new.year - old.year

    def moved(day: date) -> date:
        last = monthrange(day.year + years, day.month)[1]
        is_last = day.day == monthrange(day.year, day.month)[1]  # the end of February stays the end of February
        return day.replace(year=day.year + years, day=last if is_last else min(day.day, last))

    return moved


SHIFTS = {"days": _by_days, "years": _by_years}
