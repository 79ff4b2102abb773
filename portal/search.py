"""One box for everything somebody may see: a name, its pinyin or initials, a part of a code or number.

Each source starts from ``.visible_to(user)`` and gives a few rows; rooms add theirs to SOURCES as they come.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Address, User
from accounts.roles import OFFICE
from communities.models import Building, Community, Firm, Ownership, Person, Unit
from communities.querysets import reads_owners
from lib import identity

EACH = 8  # of one source
CANDIDATES = 60  # people looked through for units that the user may see
FEWEST_DIGITS = 4  # of a telephone number that are looked for


class Found(NamedTuple):
    """A row that was found: its name, where it belongs, and its page."""

    title: str
    line: str
    url: str


class Group(NamedTuple):
    title: str
    rows: list[Found]


class Words:
    """What was typed: words that name communities of the user, and the others."""

    def __init__(self, typed: str, user: User):
        self.typed, self.all = typed, typed.split()
        communities = Community.objects.visible_to(user)
        self.places: list[Community] | None = None
        self.others: list[str] = []
        for word in self.all:
            found = list(communities.search(word)[:CANDIDATES]) if not word.isdigit() else []
            if found and self.places is None:
                self.places = found
            else:
                self.others.append(word)

    def within(self, rows: QuerySet, community: str = "community") -> QuerySet:
        """Rows of the communities that were named, or all."""
        return rows if self.places is None else rows.filter(**{f"{community}__in": self.places})


def search(user: User, typed: str) -> list[Group]:
    """What the user may see of what was typed, by source; sources without a row are left out."""
    words = Words(typed, user)
    if not words.all:
        return []
    groups = [Group(title, find(user, words)) for title, find in SOURCES]
    return [group for group in groups if group.rows]


def _communities(user: User, words: Words) -> list[Found]:
    rows = Community.objects.visible_to(user).search(words.typed).select_related("village_committee")
    return [
        Found(row.name, f"{row.get_kind_display()}，{row.village_committee}", row.get_absolute_url())
        for row in rows.order_by("pinyin", "pk")[:EACH]
    ]


def _buildings(user: User, words: Words) -> list[Found]:
    if not words.others:
        return []
    rows = words.within(Building.objects.visible_to(user).filter(ended_on=None)).select_related("community")
    for word in words.others:
        rows = rows.filter(name__icontains=word)
    return [
        Found(f"{row.community} {row}", f"幢号 {row.code}", reverse("communities:detail", args=[row.community_id]))
        for row in rows.order_by("community__pinyin", "code")[:EACH]
    ]


def _units(user: User, words: Words) -> list[Found]:
    """Codes that hold the words; not sorted before the end, for a short word is in a hundred thousand of them."""
    if not words.others:
        return []
    rows = words.within(Unit.objects.visible_to(user)).search(" ".join(words.others)).select_related("community")
    found = sorted(rows[:EACH], key=lambda unit: (unit.community.pinyin, unit.code))
    return [Found(f"{unit.community} {unit}", unit.get_use_display(), unit.get_absolute_url()) for unit in found]


def _owners(user: User, words: Words) -> list[Found]:
    """Owners with stars, by name, telephone number or the whole number of a document; only for who sees owners."""
    if not reads_owners(user) or not words.others:
        return []
    people = [pk for word in words.others for pk in _people(word)]
    rows = words.within(Ownership.objects.visible_to(user).filter(last_day=None), "unit__community")
    rows = rows.filter(person__in=people).select_related("person", "unit__community")
    return [
        Found(row.person.masked, f"{row.unit.community} {row.unit}", row.unit.get_absolute_url()) for row in rows[:EACH]
    ]


def _people(word: str) -> Sequence[int]:
    number = identity.plain(word)
    if identity.is_citizen(number) or identity.is_firm(number):
        kind = Person.Document.CITIZEN if identity.is_citizen(number) else Person.Document.USCC
        return Person.objects.filter(number_hash=Person.hash_of(kind, number)).values_list("pk", flat=True)
    if number.isdigit():
        if len(number) < FEWEST_DIGITS:
            return []
        addresses = Address.objects.filter(value__contains=number).values_list("pk", flat=True)[:CANDIDATES]
        return Person.objects.filter(phone__in=list(addresses)).values_list("pk", flat=True)
    return Person.objects.named(word).values_list("pk", flat=True)[:CANDIDATES]


def _firms(user: User, words: Words) -> list[Found]:
    rows = Firm.objects.visible_to(user)
    for word in words.all:
        rows = rows.named(word)
    where = reverse("portal:contacts")
    return [Found(row.name, f"{row.uscc}，{row.phone or '没有电话'}", where) for row in rows.order_by("pinyin")[:EACH]]


def _accounts(user: User, words: Words) -> list[Found]:
    """Accounts, for the office."""
    if OFFICE.isdisjoint(user.roles):
        return []
    rows = User.objects.visible_to(user).filter(is_active=True).matching(words.typed).order_by("pinyin", "pk")
    return [Found(row.name, row.username, reverse("admin:accounts_user_change", args=[row.pk])) for row in rows[:EACH]]


SOURCES: list[tuple[str, Callable[[User, Words], list[Found]]]] = [
    ("小区", _communities),
    ("幢", _buildings),
    ("户", _units),
    ("业主", _owners),
    ("物业企业", _firms),
    ("账号", _accounts),
]
