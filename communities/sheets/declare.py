"""What a kind of sheet is: columns with their headings, a key, what stands in the database, how a line is written."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import Act
from lib.cells import Parser

from .progress import each

SEVERAL = "这一行"
Values = dict[str, Any]


def words_of(value: Any) -> str:
    """A value as a person reads it."""
    if value is None or value == () or value == "":
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class Column:
    """One column of a kind.

    Args:
        name: under which the value is known to the kind.
        heading: as the template writes it.
        parse: turns a cell into a value or raises `lib.cells.Wrong`.
        others: its usual other names.
        required: what a new row must have.
        words: a value as the sheet writes it.
        options: what the template offers in a list.
        hint: what the template says about it.
        private: personal data, shown with stars in a preview.
    """

    name: str
    heading: str
    parse: Parser
    others: tuple[str, ...] = ()
    required: bool = False
    words: Callable[[Any], str] = words_of
    options: tuple[str, ...] = ()
    hint: str = ""
    example: str = ""
    width: int = 14
    private: bool = False


@dataclass(slots=True)
class Line:
    """One row of a sheet: where it stands, its values by column, what stood before, and what is wrong with it.

    A row that stood before changes by ``changes`` (old, new); of a new one they are what it changes elsewhere.
    """

    number: int
    values: Values
    before: Values | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    wrong: list[tuple[str, str]] = field(default_factory=list)  # column's name, sentence
    row: Any = None  # what the kind found for it

    def refuse(self, column: str, sentence: str) -> None:
        self.wrong.append((column, sentence))

    @property
    def state(self) -> str:
        if self.wrong:
            return "wrong"
        if self.before is None:
            return "new"
        return "changed" if self.changes else "same"


class Kind:
    """A kind of sheet. Subclasses say what stands and write what is new or changed."""

    name: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str] = ""
    act: ClassVar[Act] = Act.REGISTRY
    at_once: ClassVar[int] = 256 * 1024  # bytes of a file that is done while one waits
    key: ClassVar[tuple[str, ...]]
    columns: ClassVar[Sequence[Column]]

    def standing(self, lines: Sequence[Line], by: User) -> dict[Hashable, Values]:
        """What stands now for the keys of the lines, in the values of the sheet."""
        raise NotImplementedError

    def write(self, lines: Sequence[Line], *, by: User, now: datetime) -> None:
        """Writes lines that are new or changed; the caller has the transaction."""
        raise NotImplementedError

    def rows(self, by: User, **wanted: Any) -> Iterable[Values]:
        """What the user takes out: everything they see that is wanted, in the values of the sheet."""
        raise NotImplementedError

    def examine(self, lines: Sequence[Line], *, by: User, now: datetime) -> None:
        """Refuses lines for what one cell alone does not tell."""

    def key_of(self, values: Values) -> Hashable:
        return tuple(values.get(name) for name in self.key)

    def compare(self, lines: Sequence[Line], *, by: User) -> None:
        """Sets what stood before and what changes. A cell left empty leaves what stands."""
        stands = self.standing([line for line in lines if not line.wrong], by)
        for line in lines:
            if line.wrong:
                continue
            line.before = stands.get(self.key_of(line.values))
            if line.before is None:
                self.demand_required(line)
            else:
                line.changes = changes(line.before, line.values)

    def demand_required(self, line: Line) -> None:
        """A new row has what a row must have."""
        for column in self.columns:
            if column.required and line.values.get(column.name) in (None, ()):
                line.refuse(column.name, f"新的一行要写{column.heading}。")

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def heading(self, name: str) -> str:
        column = self.column(name)
        return column.heading if column else SEVERAL

    def label(self, values: Values) -> str:
        """How a line is called in the preview."""
        return " ".join(words_of(values.get(name)) for name in self.key)


def changes(before: Values, values: Values) -> dict[str, tuple[Any, Any]]:
    return {
        name: (before.get(name), value)
        for name, value in values.items()
        if value is not None and value != () and value != before.get(name)
    }


class RowKind(Kind):
    """A kind of some hundred rows, each written by its subject's own function, which also refuses.

    The preview tries each line and takes everything back, so that what is refused later is refused now.
    """

    at_once = 16 * 1024  # some 200 rows

    def put(self, line: Line, *, by: User, now: datetime) -> None:
        """Writes one line. Raises ValidationError or PermissionDenied with a sentence."""
        raise NotImplementedError

    def examine(self, lines: Sequence[Line], *, by: User, now: datetime) -> None:
        with transaction.atomic():
            for line in each(lines, "试着写"):
                if line.state in ("new", "changed"):
                    self._try(line, by=by, now=now)
            transaction.set_rollback(True)

    def _try(self, line: Line, *, by: User, now: datetime) -> None:
        try:
            with transaction.atomic():
                self.put(line, by=by, now=now)
        except ValidationError as error:
            by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name, sentences in by_field.items():
                line.refuse(name, "".join(sentences))
        except PermissionDenied as error:
            line.refuse("", str(error) or "这一行不归您管。")
        except IntegrityError:
            line.refuse("", "和已经登记的冲突，看看是不是重复了，或者日期重叠。")

    def write(self, lines: Sequence[Line], *, by: User, now: datetime) -> None:
        for line in each(lines, "写入"):
            self.put(line, by=by, now=now)
