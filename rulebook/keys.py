"""The keys that the code reads. A room declares its keys once, in one place; a rule of any other key is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebook import kinds
from rulebook.kinds import Kind

WHOLE_DAY = "个工作日"  # counted from the next working day, so at least one
GREAT_UNITS = ("fen", "fen/m²", "0.01m²")
MOST, MOST_OF_GREAT = 36_500, 10**12  # a hundred years; ten thousand million yuan


class UnknownRule(KeyError):
    """No room has declared this key."""

    def __str__(self) -> str:
        return f"没有“{self.args[0]}”这条规则，请检查名称。"


@dataclass(frozen=True)
class Key:
    """What a rule is about, independent of its value.

    ``unit`` is a word (次, 个工作日), one of ``kinds.SPECIAL_UNITS``, or a pattern such as "{1} 天内 {0} 次".
    An ``optional`` key may be without value; the code that reads it says what then.
    """

    name: str
    label: str
    kind: Kind
    unit: str
    topic: str
    choices: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False

    def __str__(self) -> str:
        return self.label

    def parse(self, text: str) -> Any:
        """The JSON of what a person typed for this key; ValueError with a sentence if it does not fit."""
        kept = kinds.parse(self.kind, text, self.choices)
        self.demand(kept)
        return kept

    def demand(self, kept: Any) -> None:
        """Raises ValueError with a sentence when the JSON is no value that the code can count with."""
        kinds.load(self.kind, kept)
        parts = kept if isinstance(kept, list) else [kept]
        if self.choices and not all(part in self.choices for part in parts):
            raise ValueError("从列出的选项里选。")
        numbers = [part for part in parts if type(part) is int]
        if self.unit == WHOLE_DAY and 0 in numbers:
            raise ValueError("工作日从第二天数起，至少写 1。")
        if any(number > (MOST_OF_GREAT if self.unit in GREAT_UNITS else MOST) for number in numbers):
            raise ValueError("这个数太大，看看是不是多打了几位。")

    def typed(self, kept: Any) -> str:
        return kinds.typed(self.kind, kept, self.choices)

    def in_words(self, kept: Any) -> str:
        return kinds.in_words(self.kind, self.unit, kept, self.choices)


declared: dict[str, Key] = {}


def declare(name: str, label: str, kind: Kind, unit: str = "", *, topic: str, **more) -> Key:
    """Makes a key known: its Chinese label, kind, unit and topic."""
    key = Key(name, label, kind, unit, topic, **more)
    if declared.setdefault(name, key) != key:
        raise ValueError(f"{name} is declared twice")
    return key


def get(name: str) -> Key:
    """A declared key.

    Raises:
        UnknownRule: nobody declared it.
    """
    try:
        return declared[name]
    except KeyError:
        raise UnknownRule(name) from None


def topics() -> list[str]:
    """Topics in the order in which they were first declared."""
    return list(dict.fromkeys(key.topic for key in declared.values()))
