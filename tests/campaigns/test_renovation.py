"""Renovation: items of a community, what owners want online and on paper, the list that is fixed. R48"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import planning, renovation
from campaigns import steps as stepping
from campaigns.models import Campaign, CampaignPlace, ListItem, Opinion
from communities.models import Ownership, Person, Unit
from lib.states import WrongState
from tests.campaigns.conftest import MONDAY, at, day

pytestmark = pytest.mark.django_db
SINCE = day("2020-01-01")


@pytest.fixture
def now():
    return MONDAY


@pytest.fixture
def project(clerk, town_head, community, neighbour_community, now) -> Campaign:
    """A renovation whose phase of opinions and list runs since today."""
    draft = planning.open_from_template(template="renovation", starts_on=day("2026-11-16"), by=clerk, now=now)
    planning.add_places(campaign=draft, communities=[community, neighbour_community], by=clerk, now=now)
    planning.propose(campaign=draft, by=clerk, now=now)
    planning.approve(campaign=draft, by=town_head, now=now)
    return Campaign.objects.get(pk=draft.pk)


@pytest.fixture
def place(project, community) -> CampaignPlace:
    return project.places.get(community=community)


@pytest.fixture
def items(place, clerk) -> list[ListItem]:
    return [renovation.add_item(place=place, text=text, by=clerk, now=MONDAY) for text in ("加装电梯", "改下水管")]


@pytest.fixture
def owner(resident, community):
    """The resident's account is that of an owner of one unit."""
    return own(resident, community, "王桂兰", "03-1-0101")


def own(user, community, name, code) -> Person:
    person = Person.objects.create(name=name, user=user)
    building = community.buildings.first() or community.buildings.create(code="01", name="1幢")
    unit = Unit.objects.create(community=community, building=building, code=code, area_centi=8956)
    Ownership.objects.create(unit=unit, person=person, first_day=SINCE)
    return person


def record(place, code, state, clerk, now=MONDAY):
    step = place.campaign.steps.get(code=code)
    said = {"state": state, "day": day("2026-11-16"), "text": "记", "document": "荆改〔2026〕1号"}
    stepping.record(place=place, step=step, **said, by=clerk, now=now)


def of(name, row) -> str:
    return reverse(name, args=[row.pk])


def test_from_the_first_item_to_the_list(place, as_station_head, as_, owner, resident, clerk):
    assert as_station_head.post(of("campaigns:renovation-item-new", place), {"text": "加装电梯"}).status_code == 302
    assert as_station_head.post(of("campaigns:renovation-item-new", place), {"text": "改下水管"}).status_code == 302
    lift, pipes = place.list_items.all()
    client = as_(resident)
    assert "请您勾要改造的" in client.get(of("campaigns:opinions", place)).content.decode()
    assert client.post(of("campaigns:opinions", place), {"items": [lift.pk, pipes.pk]}).status_code == 302
    assert (
        client.post(of("campaigns:opinions", place), {"items": [pipes.pk]}).status_code == 302
    )  # the lift is taken back
    assert [row.item for row in Opinion.objects.all()] == [pipes]
    assert as_station_head.post(of("campaigns:renovation-paper", lift), {"on_paper": "12"}).status_code == 302
    rows = place.list_items.with_counts()
    assert [(row.text, row.online, row.on_paper, row.wanted) for row in rows] == [
        ("加装电梯", 0, 12, 12),
        ("改下水管", 1, 0, 1),
    ]
    page = as_station_head.get(of("campaigns:renovation", place)).content.decode()
    assert "正在征求业主意见" in page and ">12<" in page.replace(" ", "")
    assert as_station_head.post(of("campaigns:renovation-choose", place), {"items": [pipes.pk]}).status_code == 302
    record(place, "OPINIONS", "done", clerk)
    record(place, "LIST", "done", clerk)
    page = client.get(of("campaigns:opinions", place)).content.decode()
    assert "清单定了" in page and "列进清单" in page and "没有列进" in page and "提交" not in page
    assert "清单定了" in as_station_head.get(of("campaigns:renovation", place)).content.decode()


def test_open_while_opinions_are_asked_for(place, items, clerk):
    today = day("2026-11-16")
    assert renovation.is_open(place, today)
    assert not renovation.is_open(place, day("2026-11-15"))  # the phase has not begun
    assert not renovation.is_open(place, day("2027-03-01"))
    record(place, "OPINIONS", "doing", clerk)
    assert renovation.is_open(place, today)
    record(place, "OPINIONS", "done", clerk)
    assert not renovation.is_open(place, today)


def test_what_is_closed_takes_nothing(place, items, owner, resident, as_, clerk):
    record(place, "OPINIONS", "done", clerk)
    assert "现在不在征求意见" in as_(resident).get(of("campaigns:opinions", place)).content.decode()
    with pytest.raises(WrongState, match="现在不在"):
        renovation.say(place=place, items=items, by=resident, now=MONDAY)
    record(place, "LIST", "done", clerk)
    with pytest.raises(WrongState, match="清单定了"):
        renovation.say(place=place, items=items, by=resident, now=MONDAY)
    renovation.choose(place=place, items=items[:1], by=clerk, now=MONDAY)  # nobody had before the step was recorded
    for act in (
        lambda: renovation.choose(place=place, items=items, by=clerk, now=MONDAY),
        lambda: renovation.add_item(place=place, text="修路", by=clerk, now=MONDAY),
        lambda: renovation.count_on_paper(item=items[0], on_paper=3, by=clerk, now=MONDAY),
    ):
        with pytest.raises(WrongState, match="不能再改"):
            act()
    assert not Opinion.objects.exists()


def test_owners_of_today_only(place, items, owner, resident, as_, as_clerk, make_user, neighbour_community):
    from accounts.roles import Role

    neighbour = make_user("linju", "邻居", Role.RESIDENT)
    own(neighbour, neighbour_community, "邻居", "01-1-0101")
    tenant = make_user("zuke", "租客", Role.RESIDENT)
    for user in (neighbour, tenant):
        assert as_(user).get(of("campaigns:opinions", place)).status_code == 404
        with pytest.raises(PermissionDenied):
            renovation.say(place=place, items=items, by=user, now=MONDAY)
    assert as_clerk.get(of("campaigns:opinions", place)).status_code == 403
    assert as_(resident).delete(of("campaigns:opinions", place)).status_code == 405
    Ownership.objects.filter(person=owner).update(last_day=day("2026-11-15"))
    assert as_(resident).get(of("campaigns:opinions", place)).status_code == 404


def test_nothing_of_another_community(place, items, owner, resident, as_, project, neighbour_community, clerk):
    there = project.places.get(community=neighbour_community)
    strange = renovation.add_item(place=there, text="那边的门", by=clerk, now=MONDAY)
    answer = as_(resident).post(of("campaigns:opinions", place), {"items": [strange.pk]})
    assert answer.status_code == 422 and "重新选" in answer.content.decode()
    with pytest.raises(ValidationError):
        renovation.say(place=place, items=[strange], by=resident, now=MONDAY)
    with pytest.raises(ValidationError):
        renovation.choose(place=place, items=[strange], by=clerk, now=MONDAY)
    assert as_(resident).post(of("campaigns:opinions", place), {"items": ["x"]}).status_code == 422


def test_another_campaign_has_no_list(campaign, community, clerk, as_clerk):
    other = campaign.places.get(community=community)
    assert as_clerk.get(of("campaigns:renovation", other)).status_code == 404
    with pytest.raises(WrongState):
        renovation.add_item(place=other, text="电梯", by=clerk, now=MONDAY)
    assert not renovation.is_open(other, day("2026-11-23"))


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("campaigns:renovation-item-new", {"text": ""}, "写上改造什么"),
        ("campaigns:renovation-item-new", {"text": "加装电梯"}, "已经列了"),
        ("campaigns:renovation-choose", {}, "至少选一项"),
        ("campaigns:renovation-paper", {"on_paper": "-1"}, "不能小于 0"),
        ("campaigns:renovation-paper", {"on_paper": "几户"}, "写成整数"),
    ],
)
def test_what_is_wrong_is_explained(place, items, as_clerk, name, typed, words):
    answer = as_clerk.post(of(name, items[0] if name == "campaigns:renovation-paper" else place), typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page
    assert all(value in page for value in typed.values())


def test_who_writes(place, items, as_, cadre, leader, firm, other_station_head, station_clerk):
    for user in (cadre, leader, firm):
        assert as_(user).get(of("campaigns:renovation", place)).status_code == 200
        assert as_(user).post(of("campaigns:renovation-item-new", place), {"text": "x"}).status_code == 403
    for name, row in (
        ("campaigns:renovation", place),
        ("campaigns:renovation-choose", place),
        ("campaigns:renovation-paper", items[0]),
    ):
        assert as_(other_station_head).get(of(name, row)).status_code == 404
    assert as_(station_clerk).get(of("campaigns:renovation-choose", place)).status_code == 200
    assert as_(leader).post(of("campaigns:renovation", place)).status_code == 405


def test_constraints(place, items, owner):
    """list_item_once, list_item_says_what, opinion_once"""
    Opinion.objects.create(item=items[0], person=owner, at=MONDAY)
    for name, act in [
        ("list_item_once", lambda: ListItem.objects.create(place=place, text="加装电梯")),
        ("list_item_says_what", lambda: ListItem.objects.create(place=place, text="")),
        ("opinion_once", lambda: Opinion.objects.create(item=items[0], person=owner, at=MONDAY)),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            act()


def test_the_pages_take_the_same_queries(
    place, items, owner, resident, as_, as_clerk, clerk, django_assert_num_queries
):
    pages = [(as_clerk, of("campaigns:renovation", place)), (as_(resident), of("campaigns:opinions", place))]
    few = []
    for client, address in pages:
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        few.append(len(found))
    for number in range(12):
        item = renovation.add_item(place=place, text=f"第{number}项", by=clerk, now=MONDAY)
        Opinion.objects.create(item=item, person=owner, at=MONDAY)
    for (client, address), number in zip(pages, few, strict=True):
        with django_assert_num_queries(number):
            client.get(address)


def test_it_ends_with_the_campaign(place, items, owner, resident, project, clerk):
    planning.end(campaign=project, summary="完了", by=clerk, now=at("2027-12-01 10:00"))
    place.campaign.refresh_from_db()
    assert not renovation.is_open(place, day("2026-11-16"))
    with pytest.raises(WrongState):
        renovation.choose(place=place, items=items, by=clerk, now=at("2027-12-02 10:00"))


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_only_opened_holds_no_row(project, community, clerk, as_clerk):
    """Locks stand in what is done, where there is a transaction, and not in what is looked at."""
    place = project.places.get(community=community)
    item = renovation.add_item(place=place, text="加装电梯", by=clerk, now=MONDAY)
    for name, row in (
        ("campaigns:renovation-item-new", place),
        ("campaigns:renovation-choose", place),
        ("campaigns:renovation-paper", item),
    ):
        assert as_clerk.get(of(name, row)).status_code == 200


def test_an_owner_finds_what_asks_them(as_, resident, owner, place, items, make_user):
    page = as_(resident).get(reverse("campaigns:own-opinions")).content.decode()
    assert "请您勾" in page and of("campaigns:opinions", place) in page
    stranger = make_user("nobody", "没有房子的人", "resident")
    assert "现在没有改造" in as_(stranger).get(reverse("campaigns:own-opinions")).content.decode()
