"""Who owns the demo town's units: invented people without identity numbers, their telephones of a range nobody has."""

from datetime import date, timedelta

from accounts.models import Address
from accounts.roles import Role
from communities.models import AccountLink, Community, Ownership, Person, Unit
from lib.periods import DAY
from portal.demo.draft import BATCH, Draft
from portal.demo.words import DEVELOPED, GIVEN, MARK, SURNAMES

ADDRESS, HOME = "演示数据", "松苑小区"
COUPLE, RESOLD = 5, 12  # one unit in so many has two owners, or had others before


def make(draft: Draft) -> None:
    """Developers for what was built for sale, owners for every unit; the demo resident is one of them."""
    _developers(draft)
    units = list(Unit.objects.select_related("community").order_by("pk"))
    people: list[Person] = []
    rows: list[Ownership] = []
    for unit in units:
        rows += _unsold(draft, unit) if unit.sale_state != Unit.SaleState.SOLD else _sold(draft, unit, people)
    home = next(row for row in sorted(rows, key=_at_home) if not row.last_day and row.how != Ownership.How.DEVELOPER)
    home.person.name, home.person.user = draft.cast[Role.RESIDENT].name, draft.cast[Role.RESIDENT]
    _save(draft, people)
    Ownership.objects.bulk_create(rows, batch_size=BATCH)
    _open_account(draft, home.person)


def _at_home(row: Ownership) -> bool:
    """The demo resident lives where the fund's books are kept."""
    return row.unit.community.name != f"{MARK}{HOME}"


def _open_account(draft: Draft, person: Person) -> None:
    """Somebody of the station saw the papers a hundred days ago."""
    by, at = draft.cast[Role.STATION_CLERK], draft.now - timedelta(days=100)
    how, seen = AccountLink.How.DESK, AccountLink.Document.CERTIFICATE
    AccountLink.objects.create(person=person, user=person.user, how=how, seen=seen, opened_by=by, opened_at=at)


def _developers(draft: Draft) -> None:
    for community in draft.communities.values():
        if community.kind == DEVELOPED or Unit.objects.filter(community=community).exclude(sale_state="sold").exists():
            name = f"{MARK}{community.name.removeprefix(MARK)}开发建设公司"
            community.developer = Person.objects.create(kind=Person.Kind.BODY, name=name, address=ADDRESS)
    Community.objects.bulk_update(draft.communities.values(), ["developer"])


def _unsold(draft: Draft, unit: Unit) -> list[Ownership]:
    developer = draft.communities[unit.community.name.removeprefix(MARK)].developer
    return [Ownership(unit=unit, person=developer, how=Ownership.How.DEVELOPER, first_day=_built(draft, unit))]


def _built(draft: Draft, unit: Unit) -> date:
    return date(min(draft.places[unit.community_id].year, draft.today.year - 1), 6, 1)


def _sold(draft: Draft, unit: Unit, people: list[Person]) -> list[Ownership]:
    """The owners of today, and now and then those before them."""
    since = _built(draft, unit)
    if not draft.one_in(RESOLD):
        return _owners(draft, unit, people, first_day=since)
    sold_on = max(since + DAY, draft.today - timedelta(days=draft.chance.randrange(100, 2000)))
    before = _owners(draft, unit, people, first_day=since, last_day=sold_on - DAY)
    paper = f"演示不动产权第{unit.pk:07}号"
    return before + _owners(draft, unit, people, first_day=sold_on, how=Ownership.How.PURCHASE, paper=paper)


def _owners(draft: Draft, unit: Unit, people: list[Person], **columns) -> list[Ownership]:
    found = [_person(draft) for _ in range(2 if draft.one_in(COUPLE) else 1)]
    people += found
    return [Ownership(unit=unit, person=person, share_denominator=len(found), **columns) for person in found]


def _person(draft: Draft) -> Person:
    return Person(name=draft.chance.choice(SURNAMES) + draft.chance.choice(GIVEN), address=ADDRESS)


def _save(draft: Draft, people: list[Person]) -> None:
    phones = [Address(kind="phone", value=f"1990{n:07}") for n in range(2_000_000, 2_000_000 + len(people))]
    for person, phone in zip(people, Address.objects.bulk_create(phones, batch_size=BATCH), strict=True):
        person.phone = phone
        person.fill_pinyin()
    Person.objects.bulk_create(people, batch_size=BATCH)
