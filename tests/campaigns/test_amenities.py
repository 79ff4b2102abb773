"""Charging sheds and bins: capacity, gaps, plans, what was done. R42"""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from campaigns import amenities
from campaigns.models import Amenity
from lib.states import WrongState
from tests.campaigns.conftest import MONDAY, day

pytestmark = pytest.mark.django_db


def of(name, row) -> str:
    return reverse(name, args=[row.pk])


@pytest.fixture
def shed(place, clerk) -> Amenity:
    said = {"capacity": 20, "needed": 50, "plan": "3幢南侧加一个棚", "planned_on": day("2026-12-31")}
    return amenities.add(place=place, kind="shed", spot="3幢南侧", **said, by=clerk, now=MONDAY)


@pytest.fixture
def bins(place, clerk) -> Amenity:
    said = {"capacity": 8, "needed": 10}
    return amenities.add(place=place, kind="bin", spot="北门", **said, by=clerk, now=MONDAY)


def typed(row, **said) -> dict:
    known = {"place": row.pk, "kind": "shed", "spot": "3幢南侧", "capacity": "20", "needed": "50"}
    return known | said


def test_listed_planned_done(campaign, place, as_station_head, as_clerk, clerk):
    address = of("campaigns:amenity-new", campaign)
    assert as_station_head.post(address, typed(place)).status_code == 302
    row = Amenity.objects.get()
    page = as_clerk.get(of("campaigns:amenities", campaign)).content.decode()
    assert "充电棚 3幢南侧" in page and ">30<" in page and "没打算" in page
    said = {"capacity": "20", "needed": "50", "plan": "加一个棚", "planned_on": "2026-12-31"}
    assert as_station_head.post(of("campaigns:amenity-amend", row), said).status_code == 302
    assert "在补" in as_clerk.get(of("campaigns:amenities", campaign)).content.decode()
    assert (
        as_station_head.post(of("campaigns:amenity-done", row), {"done_on": "2026-11-16", "capacity": "50"}).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.gap, row.done_on, row.capacity) == (0, day("2026-11-16"), 50)
    assert "补好了" in as_clerk.get(of("campaigns:amenities", campaign)).content.decode()
    with pytest.raises(WrongState):
        amenities.finish(amenity=row, done_on=day("2026-11-16"), capacity=50, by=clerk, now=MONDAY)
    with pytest.raises(WrongState):
        amenities.amend(amenity=row, capacity=1, needed=2, plan="", planned_on=None, by=clerk, now=MONDAY)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"place": ""}, "选一个小区"),
        ({"kind": ""}, "选充电棚或者垃圾桶"),
        ({"spot": ""}, "写在哪里"),
        ({"capacity": "-3"}, "不能小于 0"),
        ({"needed": "很多"}, "写成整数"),
        ({"planned_on": "2026-12-31"}, "写打算怎么补"),
    ],
)
def test_what_a_spot_needs(campaign, place, as_clerk, said, words):
    answer = as_clerk.post(of("campaigns:amenity-new", campaign), typed(place, **said))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and (said.get("spot") == "" or "3幢南侧" in page)


def test_a_spot_is_listed_once(campaign, place, shed, as_clerk):
    answer = as_clerk.post(of("campaigns:amenity-new", campaign), typed(place))
    assert answer.status_code == 422 and "已经记了" in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "words"), [({"capacity": "40"}, "还差 10 个"), ({"done_on": "2026-11-17"}, "还没到这一天")]
)
def test_not_done_before_it_is(shed, as_clerk, said, words):
    answer = as_clerk.post(of("campaigns:amenity-done", shed), {"done_on": "2026-11-16", "capacity": "50"} | said)
    assert answer.status_code == 422 and words in answer.content.decode()


def test_sums(campaign, shed, bins, place, clerk):
    amenities.add(place=place, kind="shed", spot="西门", capacity=9, needed=5, by=clerk, now=MONDAY)
    assert amenities.sums(Amenity.objects.all()) == [
        {"kind": "shed", "label": "充电棚", "spots": 2, "there": 29, "wanted": 55, "lacking": 30, "unplanned": 0},
        {"kind": "bin", "label": "垃圾桶", "spots": 1, "there": 8, "wanted": 10, "lacking": 2, "unplanned": 1},
    ]
    assert set(Amenity.objects.lacking()) == {shed, bins}


def test_narrowed_and_exported(campaign, shed, bins, as_clerk, clerk):
    amenities.finish(amenity=bins, done_on=day("2026-11-16"), capacity=10, by=clerk, now=MONDAY)

    def shown(**asked):
        return as_clerk.get(of("campaigns:amenities", campaign), asked).content.decode()

    assert "3幢南侧" in shown(kind="shed") and "北门" not in shown(kind="shed")
    assert "北门" not in shown(only="lacking") and "3幢南侧" not in shown(only="done")
    assert "没有这样的" in shown(q="滨湖") and "北门" in shown(q="松苑", kind="x")
    answer = as_clerk.get(of("campaigns:amenities-export", campaign), {"only": "lacking"})
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert rows[0][2:6] == ("在哪里", "现有", "要", "还差") and [row[2:6] for row in rows[1:]] == [
        ("3幢南侧", 20, 50, 30)
    ]


def test_who_writes(campaign, place, shed, as_, cadre, leader, firm, other_station_head):
    for user in (cadre, leader, firm):
        assert as_(user).get(of("campaigns:amenities", campaign)).status_code == 200
        assert as_(user).post(of("campaigns:amenity-new", campaign), typed(place)).status_code == 403
        assert as_(user).post(of("campaigns:amenity-done", shed), {}).status_code == 403
    client = as_(other_station_head)
    assert "3幢南侧" not in client.get(of("campaigns:amenities", campaign)).content.decode()
    assert client.get(of("campaigns:amenity-amend", shed)).status_code == 404
    answer = client.post(of("campaigns:amenity-new", campaign), typed(place))
    assert answer.status_code == 422 and "选一个小区" in answer.content.decode()
    with pytest.raises(PermissionDenied):
        amenities.add(place=place, kind="bin", spot="x", capacity=1, needed=1, by=other_station_head, now=MONDAY)
    assert as_(leader).post(of("campaigns:amenities", campaign)).status_code == 405


def test_a_stranger(campaign, as_, make_user):
    from accounts.roles import Role

    nobody = make_user("waimian", "外面的", Role.CADRE)
    assert as_(nobody).get(of("campaigns:amenities", campaign)).status_code == 404


def test_a_day_needs_a_plan(shed, clerk):
    with pytest.raises(ValidationError, match="写打算怎么补"):
        amenities.amend(
            amenity=shed, capacity=1, needed=2, plan=" ", planned_on=day("2026-12-01"), by=clerk, now=MONDAY
        )


def test_constraints(shed, place):
    """amenity_once, amenity_plan_says_what"""
    with pytest.raises(IntegrityError, match="amenity_once"), transaction.atomic():
        Amenity.objects.create(place=place, kind="shed", spot="3幢南侧", capacity=1, needed=1)
    with pytest.raises(IntegrityError, match="amenity_plan_says_what"), transaction.atomic():
        Amenity.objects.update(plan="")


def test_the_list_is_a_constant_number_of_queries(campaign, place, shed, clerk, as_clerk, django_assert_num_queries):
    address = of("campaigns:amenities", campaign)
    with CaptureQueriesContext(connection) as few:
        as_clerk.get(address)
    for number in range(15):
        said = {"spot": f"{number}号", "capacity": 1, "needed": 2}
        amenities.add(place=place, kind="shed", **said, by=clerk, now=MONDAY)
    with django_assert_num_queries(len(few)):
        as_clerk.get(address)
