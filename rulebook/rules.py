"""Which rule holds on a day, and how a new one comes in: entered by one person, checked by another."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import roles
from accounts.roles import Act
from lib.periods import beijing_date
from lib.states import WrongState, first_come, move
from rulebook import keys
from rulebook.keys import Key
from rulebook.memory import Memory
from rulebook.models import Jurisdiction, Rule


class NoRule(LookupError):
    """The key has no value on that day in any of the installation's jurisdictions."""


class TooEarly(WrongState):
    """A rule would begin before its check; days that have passed are judged by the rule they had."""


# ---------------------------------------------------------------- asking


def on(day: date, key: str) -> Any:
    """The value of a rule on a day: the nearest jurisdiction that has one speaks (settings.JURISDICTIONS).

    Returns:
        What the key's kind makes of it: int, Ratio, date, MonthDay, Span, Hours, a tuple, text or bool. An optional
        key without value is None.

    Raises:
        UnknownRule: no room has declared the key.
        NoRule: declared, but without value on that day.
    """
    row = in_force(day, key)
    return row.reading if row else None


def in_force(day: date, key: str) -> Rule | None:
    """The row that speaks on a day, with its basis and article; None for an optional key without value.

    Raises:
        UnknownRule, NoRule: as :func:`on`.
    """
    declared = keys.get(key)
    row = _speaking(day, key, settings.JURISDICTIONS)
    if row or declared.optional:
        return row
    raise NoRule(f"“{declared.label}”在 {day} 没有规则可用，请到“规则与依据”里补上。")


def _speaking(day: date, key: str, codes: Iterable[str]) -> Rule | None:
    """The row of the first of these jurisdictions that has a value on the day."""
    last = (_last_before(_remembered.get().get((code, key), []), day) for code in codes)
    return next((row for row in last if row and row.value is not None), None)


def forget() -> None:
    """Reads the rules anew at the next question."""
    _remembered.forget()


def _last_before(rows: list[Rule], day: date) -> Rule | None:
    place = bisect_right(rows, day, key=lambda row: row.first_day)
    return rows[place - 1] if place else None


def _read() -> dict[tuple[str, str], list[Rule]]:
    found: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for row in Rule.objects.checked().select_related("jurisdiction").order_by("first_day"):
        found[row.jurisdiction.code, row.key].append(row)
    return dict(found)


_remembered = Memory(_read, lambda: Rule.objects.checked().count())


# ---------------------------------------------------------------- showing


@dataclass(frozen=True)
class Line:
    """A key with the row that speaks today, those to come and those that still wait for their check."""

    key: Key
    now: Rule | None
    coming: list[Rule]
    waiting: list[Rule]


def overview(rows: Iterable[Rule], day: date, *, words: str = "", topic: str = "") -> list[Line]:
    """One line a declared key, in order of topic; ``words`` are looked for in label, key, value, basis and article."""
    of: dict[str, list[Rule]] = defaultdict(list)
    for row in rows:
        of[row.key].append(row)
    chosen = (key for key in keys.declared.values() if topic in ("", key.topic))
    lines = (line(key, of[key.name], day) for key in chosen)
    return [each for each in lines if all(word in _text_of(each) for word in words.lower().split())]


def line(key: Key, rows: Iterable[Rule], day: date) -> Line:
    """A key's line from its rows: what speaks on the day, what comes, what waits."""
    rows = list(rows)
    ahead = sorted((row for row in rows if row.first_day > day and not row.is_waiting), key=lambda row: row.first_day)
    try:
        now = in_force(day, key.name)
    except NoRule:
        now = None
    return Line(key, now, ahead, [row for row in rows if row.is_waiting])


def _text_of(seen: Line) -> str:
    row = seen.now
    said = [row.words, row.basis, row.article] if row else []
    return " ".join([seen.key.label, seen.key.name, seen.key.topic, *said]).lower()


# ---------------------------------------------------------------- changing


def enter(
    *,
    key: str,
    jurisdiction: Jurisdiction,
    first_day: date,
    value: Any,
    basis: str,
    article: str = "",
    by,
    now: datetime,
) -> Rule:
    """Enters a rule, which counts when another person has checked it. A value of None ends the key. DOMAIN 0.4

    Args:
        value: the JSON of the key's kind (``key.parse`` makes it of what was typed).

    Raises:
        PermissionDenied: not an administrator. DOMAIN D.7
        UnknownRule: no room has declared the key.
        TooEarly: it would begin today or earlier.
        ValidationError: as `demand_value`, or the key already has a row on that day.
        WrongState: somebody enters such a row at this very moment.
    """
    roles.demand(by, Act.RULES)
    declared = keys.get(key)
    demand_tomorrow(first_day, now)
    demand_value(declared, value, jurisdiction=jurisdiction, first_day=first_day)
    row = Rule(key=key, kind=declared.kind, unit=declared.unit, value=value, entered_by=by, entered_at=now)
    row.jurisdiction, row.first_day, row.basis, row.article = jurisdiction, first_day, basis, article
    row.full_clean()
    with first_come("这条规则刚才已经有人录入，请看“等复核”。"):
        row.save()
    return row


def demand_value(key: Key, value: Any, *, jurisdiction: Jurisdiction, first_day: date) -> None:
    """Raises ValidationError for a value that the key cannot have, and for an ending after which nobody speaks."""
    if value is None:
        others = [code for code in settings.JURISDICTIONS if code != jurisdiction.code]
        if not key.optional and not _speaking(first_day, key.name, others):
            raise ValidationError("没有别的范围接着管，页面就没有数可用了。请写上新的值。")
        return
    try:
        key.demand(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


@transaction.atomic
def check(*, rule: Rule, by, now: datetime) -> None:
    """The second person passes a rule; from its first day on it counts. DOMAIN 0.4

    Raises:
        PermissionDenied: not the town's head. DOMAIN D.7
        WrongState: the same person entered it, or it is no longer waiting.
        TooEarly: its first day has come in the meantime.
    """
    roles.demand_check(by, Act.RULES)
    if rule.entered_by_id == by.pk:
        raise WrongState("这条规则是您录入的，请另一个人复核。")
    demand_tomorrow(rule.first_day, now)
    move(rule, checked_at=None, origin="person", to={"checked_by": by, "checked_at": now}, else_=NO_LONGER_WAITING)
    transaction.on_commit(forget)


def withdraw(*, rule: Rule, by) -> None:
    """Takes back a rule that nobody has checked: its author, or the checker who sends it back.

    Raises:
        PermissionDenied: neither administrator nor checker.
        WrongState: it has been checked or taken back in the meantime.
    """
    if not roles.may_check(by, Act.RULES):
        roles.demand(by, Act.RULES)
    if not Rule.objects.waiting().filter(pk=rule.pk).delete()[0]:
        raise WrongState(NO_LONGER_WAITING)


NO_LONGER_WAITING = "这条规则刚才已经有人复核或撤回了。"


def demand_tomorrow(first_day: date, now: datetime) -> None:
    """Raises TooEarly for a rule that would begin today or before."""
    if first_day <= beijing_date(now):
        raise TooEarly("规则最早从明天起执行，过去的日子按当时的规则算。请把日期改到明天或以后。")
