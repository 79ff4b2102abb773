"""Firms with valid codes, contracts that follow each other, and who answers where there is no firm."""

from datetime import date, timedelta

from stdnum.cn import uscc

from communities.models import Community, Contract, Firm, ServiceState
from lib.periods import DAY
from portal.demo.draft import Draft
from portal.demo.words import CHANGED_FIRM, DEVELOPED, FIRMS, FIRMS_OF, LOST_ITS_FIRM, MARK, OTHER, PUBLIC_FIRM

SELF_GOVERNED = {"政法小区", "城中城小区", "荆江西路ABCD楼"}
TAKEN_OVER = {"财政税务局宿舍", "政府宿舍大院"}  # self-governed first, now with the public firm


def make(draft: Draft) -> None:
    """Firms, contracts and service states of all communities."""
    _firms(draft)
    contracts: list[Contract] = []
    states: list[ServiceState] = []
    for number, community in enumerate(draft.communities.values()):
        own = _contracts(draft, community, number)
        draft.contracts[community.pk] = own
        contracts += own
        states += _states(draft, community, own)
    Contract.objects.bulk_create(contracts)
    ServiceState.objects.bulk_create(states)


def _firms(draft: Draft) -> None:
    rows = [
        Firm(name=MARK + name, uscc=_uscc(n), phone=f"0578-88003{n:02}", address=f"演示大厦{n}楼")
        for n, name in enumerate(FIRMS, start=1)
    ]
    for row in rows:
        row.fill_pinyin()
    draft.firms = Firm.objects.bulk_create(rows)


def _uscc(number: int) -> str:
    """A code of the right shape with its check character; DEM1 and 0000 show that nobody bears it."""
    body = f"91331100DEM1{number:05}"
    return body + uscc.calc_check_digit(body)


def _contracts(draft: Draft, community: Community, number: int) -> list[Contract]:
    place = draft.places[community.pk]
    if place.kind == OTHER:
        return _public_firm(draft, community) if place.name in TAKEN_OVER else []
    pair = FIRMS_OF.get(place.name, (number % PUBLIC_FIRM, (number + 1) % PUBLIC_FIRM))
    first, second = (draft.firms[n] for n in pair)
    begun = _years_ago(draft, 4)
    if place.name == LOST_ITS_FIRM:
        return [_contract(community, first, "owners", begun, draft.today - timedelta(days=24))]
    if place.name != CHANGED_FIRM and (number % 3 or place.name in FIRMS_OF):
        return [_contract(community, first, _kind(place), begun, draft.today + timedelta(days=200 + 10 * number))]
    change = draft.today - timedelta(days=draft.chance.randrange(60, 600))
    return [
        _contract(community, first, _kind(place), begun, change - DAY),
        _contract(community, second, "owners", change, draft.today + timedelta(days=700)),
    ]


def _years_ago(draft: Draft, years: int) -> date:
    return date(draft.first_day.year - years + 2, 1, 1)


def _kind(place) -> str:
    return "preliminary" if place.kind == DEVELOPED and place.year >= 2019 else "owners"


def _public_firm(draft: Draft, community: Community) -> list[Contract]:
    start = draft.today - timedelta(days=300)
    return [_contract(community, draft.firms[PUBLIC_FIRM], "interim", start, None)]


def _contract(community: Community, firm: Firm, kind: str, first: date, last: date | None) -> Contract:
    signed = first - timedelta(days=20)
    return Contract(community=community, firm=firm, kind=kind, first_day=first, last_day=last, signed_on=signed)


# ---------------------------------------------------------------- who answers


def _states(draft: Draft, community: Community, contracts: list[Contract]) -> list[ServiceState]:
    place, since = draft.places[community.pk], _years_ago(draft, 4)
    group = f"{place.name}自治小组"
    if place.kind != OTHER:
        last = contracts[-1].last_day if place.name == LOST_ITS_FIRM else None
        rows = [ServiceState(community=community, kind="firm", first_day=since, last_day=last)]
        return rows + ([_assigned(community, last + DAY)] if last else [])
    if place.name in TAKEN_OVER:
        start = contracts[0].first_day
        return [
            ServiceState(community=community, kind="self_governed", body=group, first_day=since, last_day=start - DAY),
            ServiceState(community=community, kind="firm", first_day=start),
        ]
    if place.name in SELF_GOVERNED:
        return [ServiceState(community=community, kind="self_governed", body=group, first_day=since)]
    return [_assigned(community, since)]


def _assigned(community: Community, since: date) -> ServiceState:
    body = community.village_committee.name
    return ServiceState(community=community, kind="assigned", body=body, first_day=since)
