"""Owners as a sheet names them against those registered: the same people, nobody yet, or a sale."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from accounts.models import Address
from lib import bulk, cells, identity, sealed
from lib.cells import Wrong

from .. import owners
from ..models import Ownership, Person, Unit
from .declare import Line, Values

How = Ownership.How
DEVELOPERS = (Unit.SaleState.UNSOLD, Unit.SaleState.UNDELIVERED)
BODY = re.compile(r".{2,}(公司|集团|银行|合作社|委员会|学校|幼儿园|医院|卫生院|中心|工会|协会|局|厂|店|社)")


@dataclass(frozen=True)
class Document:
    """A number with the document it belongs to; one with stars was taken out and comes back."""

    kind: str
    number: str

    def __str__(self) -> str:
        return self.number if "*" in self.number else identity.masked(self.number)

    @property
    def is_masked(self) -> bool:
        return "*" in self.number

    @cached_property
    def hash(self) -> str:
        return Person.hash_of(self.kind, self.number)


def document(cell: Any) -> Document:
    number = cells.document(cell)
    if "*" in number:
        return Document("", number)
    try:
        return Document(owners.document_of(number), number)
    except ValidationError as error:
        raise Wrong("".join(error.messages)) from None


class Present(NamedTuple):
    """Somebody who owns a unit now, as far as the comparison needs to know."""

    unit: int
    ownership: int
    person: int
    name: str
    phone: str | None
    address: str
    number_hash: str
    number_sealed: bytes | None
    numerator: int
    denominator: int
    first_day: date
    how: str

    @property
    def share(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    def is_meant(self, values: Values) -> bool:
        """Whether a row names this owner: by the same number, or by name where no number says otherwise."""
        wanted = values.get("document")
        if values["owner"] != self.name or wanted is None or not self.number_hash:
            return values["owner"] == self.name
        return masked_matches(self.number_sealed, wanted) if wanted.is_masked else wanted.hash == self.number_hash


def masked_matches(number_sealed: bytes, wanted: Document) -> bool:
    try:
        return identity.masked(sealed.unseal(number_sealed)) == wanted.number
    except sealed.Unreadable:
        return False


@dataclass
class Plan:
    """What is to be done about the owners of a unit: new rows, after the present ones have ended."""

    ends: Sequence[Present]
    how: str
    paper: str
    first_day: date | None  # None: the day of the import
    shares: list[Fraction]
    developer: int | None = None  # the key of the body to which an unsold unit belongs


@dataclass
class Known:
    """Who owns the units now, and people that the sheet may mean by their number or by name and phone."""

    present: dict[int, list[Present]]
    by_hash: dict[str, tuple[int, str]]
    by_phone: dict[tuple[str, str], int]

    @classmethod
    def of(cls, units: Iterable[Values], rows: Sequence[Values]) -> "Known":
        named = [values for values in rows if values.get("owner")]
        hashes = {doc.hash for values in named if (doc := values.get("document")) and not doc.is_masked}
        phones = {values["phone"] for values in named if values.get("phone")}
        people = Person.objects.filter(number_hash__in=bulk.one_of(hashes, "text"))
        numbers = dict(
            Address.objects.filter(kind="phone", value__in=bulk.one_of(phones, "text")).values_list("pk", "value")
        )
        callers = (
            Person.objects.filter(phone__in=bulk.one_of(numbers)).order_by("-pk").values_list("name", "phone", "pk")
        )
        return cls(
            _present([values["pk"] for values in units]),
            {hash_: (pk, name) for hash_, pk, name in people.values_list("number_hash", "pk", "name")},
            {
                (name, value): pk
                for name, value, pk in callers.values_list("name", "phone__value", "pk").order_by("-pk")
            },
        )

    def compare(self, group: Sequence[Line]) -> None:
        """Sets the plan of a unit, or refuses its rows."""
        house = group[0].row
        present = self.present.get(house.standing["pk"], []) if house.standing else []
        if self._is_developers(group, present) or all(line.values.get("owner") is None for line in group):
            return
        if any(line.values.get("owner") is None for line in group):
            _refuse(group, "owner", "同一户的几行里有的没写业主。每个共有人写一行，一户一人的只写一行。")
            return
        met = _meet(group, present)
        if met and len(met) == len(present):
            self._same(group, met)
        else:
            self._others(group, present)

    def _is_developers(self, group: Sequence[Line], present: Sequence[Present]) -> bool:
        """Whether the unit is not sold and handed over: then it is its developer's, and nobody else's."""
        first, house = group[0], group[0].row
        was = house.standing["sale_state"] if house.standing else None
        state, developer = first.values.get("sale_state") or was or Unit.SaleState.SOLD, house.community.developer
        if state not in DEVELOPERS:
            if was in DEVELOPERS and present and first.values.get("owner") is None:
                first.refuse("owner", "卖出了要写业主、取得日期和凭据。")
            return False
        names = {line.values["owner"] for line in group if line.values.get("owner")}
        if developer is None:
            first.refuse("sale_state", "没售出、没交付的户归开发建设单位，请先在小区表里写上开发建设单位。")
        elif names - {developer.name} or len(group) > 1:
            _refuse(
                group, "owner", f"没售出、没交付的户归开发建设单位（{developer.name}），业主空着；交付了再登记买主。"
            )
        elif any(owner.how != How.DEVELOPER for owner in present):
            first.refuse("sale_state", "这一户登记了业主，不能改回没售出。登记错了请到户的页面更正。")
        elif not present:
            house.plan = Plan([], How.DEVELOPER, "", first.values.get("first_day"), [Fraction(1)], developer.pk)
            if house.standing:
                first.changes["owner"] = (None, developer.name)
        return True

    def _same(self, group: Sequence[Line], met: Sequence[Present]) -> None:
        """The registered owners: what is known of them may be more now."""
        for line, owner in zip(group, met, strict=True):
            values = line.values
            if (share := values.get("share")) and share != owner.share:
                line.refuse("share", f"登记的份额是 {owner.share}。份额变了就是过户，请到户的页面办。")
            for name, old in (("phone", owner.phone), ("address", owner.address or None)):
                if values.get(name) and values[name] != old:
                    line.changes[name] = (old, values[name])
            if (wanted := values.get("document")) and not owner.number_hash:
                line.changes["document"] = (None, wanted)
                self._demand_free(line, wanted)
            line.row.owners = (line.row.owners or []) + [(line, owner)]

    def _demand_free(self, line: Line, wanted: Document) -> None:
        if wanted.is_masked:
            line.refuse("document", "带星号的证件号码读不了。空着，或者照证件写全。")
        elif (other := self.by_hash.get(wanted.hash)) and other[1] != line.values["owner"]:
            line.refuse("document", "这个证件号码已经登记在另一个名字下。照证件核对姓名和号码。")

    def _others(self, group: Sequence[Line], present: Sequence[Present]) -> None:
        first, house = group[0], group[0].row
        shares = _shares(group)
        if shares is None:
            return
        for line in group:
            if wanted := line.values.get("document"):
                self._demand_free(line, wanted)
        how, paper, since = (first.values.get(name) for name in ("how", "paper", "first_day"))
        if present:
            if not _demand_sale(group, present):
                return
            how = how or How.PURCHASE
            for line in group:
                line.changes["owner"] = ("、".join(owner.name for owner in present), line.values["owner"])
        elif house.standing:
            for line in group:
                line.changes["owner"] = (None, line.values["owner"])
        house.plan = Plan(present, how if how and paper else How.RECORDED, paper or "", since, shares)

    def person(self, values: Values) -> int | None:
        """The key of a registered person whom a row means."""
        wanted = values.get("document")
        if wanted:
            return self.by_hash.get(wanted.hash, (None,))[0]
        return self.by_phone.get((values["owner"], values.get("phone")))


def _present(units: Sequence[int]) -> dict[int, list[Present]]:
    """The owners of the units by unit, in two queries; their people are put together here (`bulk.one_of`)."""
    names = ("unit", "pk", "person", "share_numerator", "share_denominator", "first_day", "how")
    rows = Ownership.objects.filter(last_day=None, unit__in=bulk.one_of(units)).order_by("pk")
    rows = list(rows.values_list(*names)) if units else []
    people = people_by_key({row[2] for row in rows})
    found = defaultdict(list)
    for unit, key, person, *share in rows:
        found[unit].append(Present(unit, key, person, *people[person], *share))
    return found


def people_by_key(keys: set[int]) -> dict[int, tuple]:
    """Name, phone, address, hash and sealed number of people, by their key; two queries."""
    if not keys:
        return {}
    names = ("pk", "name", "phone", "address", "number_hash", "number_sealed")
    rows = list(Person.objects.filter(pk__in=bulk.one_of(keys)).values_list(*names))
    numbers = Address.objects.filter(pk__in=bulk.one_of({row[2] for row in rows if row[2]}))
    phones = dict(numbers.values_list("pk", "value"))
    return {key: (name, phones.get(phone), *rest) for key, name, phone, *rest in rows}


def _meet(group: Sequence[Line], present: Sequence[Present]) -> list[Present] | None:
    """The registered owner of each row, or None where a row names somebody else."""
    left, met = list(present), []
    for line in group:
        owner = next((one for one in left if one.is_meant(line.values)), None)
        if owner is None:
            return None
        left.remove(owner)
        met.append(owner)
    return met


def _shares(group: Sequence[Line]) -> list[Fraction] | None:
    """The share of each row; nobody's written, they are equal (民法典 308, 309). None when they do not make one."""
    written = [line.values.get("share") for line in group]
    if not any(written):
        return [Fraction(1, len(group))] * len(group)
    if not all(written):
        _refuse(group, "share", "共有的每个人都要写份额，或者都不写（按等份算）。")
        return None
    if sum(written) != 1:
        percent = f"{float(sum(written) * 100):.6g}%"
        _refuse(group, "share", f"{group[0].row.code} 各人的份额加起来是 {sum(written)}（{percent}），要正好是一整份。")
        return None
    return written


def _demand_sale(group: Sequence[Line], present: Sequence[Present]) -> bool:
    """Whether a row says the day and the paper of a sale, after the present owners began."""
    values = group[0].values
    names = "、".join(Person(name=owner.name).masked for owner in present)
    if not values.get("paper") or not values.get("first_day"):
        sentence = f"和登记的业主（{names}）不一样。过户的写上取得日期和凭据；只是名字写错，请到户的页面更正。"
        _refuse(group, "owner", sentence)
        return False
    if values["first_day"] <= max(owner.first_day for owner in present):
        _refuse(group, "first_day", f"现在的业主（{names}）从更晚的日子起，取得日期要在那之后。")
        return False
    return True


def _refuse(group: Sequence[Line], column: str, sentence: str) -> None:
    for line in group:
        line.refuse(column, sentence)


def kind_of(values: Values) -> str:
    """A person or a body, by the document or else by the name."""
    wanted = values.get("document")
    is_body = wanted.kind == Person.Document.USCC if wanted else BODY.fullmatch(values["owner"])
    return Person.Kind.BODY if is_body else Person.Kind.PERSON
