"""The box in the head: everything somebody may see, by a few characters of it, and nothing else."""

import pytest
from django.urls import reverse

from accounts.models import Address
from communities.models import Ownership, Person, Unit

pytestmark = pytest.mark.django_db
CITIZEN = "110101194912311238"


@pytest.fixture(autouse=True)
def houses(town, community, neighbour_community, building):
    """A unit here and one next door, each with its owner."""
    from communities.models import Building

    other = Building.objects.create(community=neighbour_community, code="05", name="5幢")
    for place, name, mobile in ((building, "王桂兰", "13800138111"), (other, "单国平", "13800138222")):
        code = f"{place.code}-1-0502"
        unit = Unit.objects.create(community=place.community, building=place, code=code, area_centi=8956)
        person = Person(name=name, phone=Address.objects.create(kind="phone", value=mobile))
        if name == "王桂兰":
            person.set_number("citizen", CITIZEN)
        person.save()
        Ownership.objects.create(unit=unit, person=person, first_day="2020-01-01")


def found(client, words: str) -> str:
    answer = client.get(reverse("portal:search"), {"q": words})
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


@pytest.mark.parametrize("words", ["松苑", "songyuan", "syxq", "SYXQ", "演示·松"])
def test_a_community(as_, clerk, words):
    assert "演示·松苑小区" in found(as_(clerk), words)


@pytest.mark.parametrize("words", ["王桂", "王", "wanggui", "wgl", "13800138111", "8111", CITIZEN])
def test_an_owner(as_, clerk, words):
    shown = found(as_(clerk), words)
    assert "王*兰" in shown and "王桂兰" not in shown


def test_a_surname_that_is_read_otherwise(as_, clerk):
    assert "单*平" in found(as_(clerk), "shanguoping")


@pytest.mark.parametrize("words", ["03-1-05", "松苑 502", "syxq 0502", "3幢 松苑"])
def test_a_unit_or_building(as_, clerk, words):
    shown = found(as_(clerk), words)
    assert "演示·松苑小区 0" in shown or "演示·松苑小区 3幢" in shown
    assert "05-1-0502" not in shown


@pytest.mark.parametrize("words", ["安居", "anju", "91330000MA27XYZ12N", "8800301"])
def test_a_firm(as_, clerk, words):
    assert "演示·安居物业" in found(as_(clerk), words)


def test_an_account(as_, clerk):
    assert "limin" in found(as_(clerk), "李敏")


def test_everybody_finds_what_they_see(as_, station_head, other_station_head, cadre, firm, leader, resident):
    sees = {
        user: found(as_(user), "0502") for user in (station_head, other_station_head, cadre, firm, leader, resident)
    }
    assert "03-1-0502" in sees[station_head] and "05-1-0502" not in sees[station_head]
    assert "05-1-0502" in sees[other_station_head] and "03-1-0502" not in sees[other_station_head]
    assert "03-1-0502" in sees[cadre] and "03-1-0502" in sees[firm] and "05-1-0502" in sees[leader]
    assert "没有找到" in sees[resident]
    for user in (cadre, firm, leader, other_station_head):
        assert "王*兰" not in found(as_(user), "王桂兰")


def test_nothing_typed_and_nothing_found(as_, clerk):
    assert "首字母" in found(as_(clerk), "")
    assert "没有找到" in found(as_(clerk), "没有这样的东西")
    for odd in ("%", "_", "'", "\0", "x" * 500, "%" * 50, "\\"):
        found(as_(clerk), odd)


def test_the_box_stands_in_the_head(as_, clerk, client):
    assert 'class="p-search' in as_(clerk).get(reverse("portal:help")).content.decode()
    assert 'class="p-search' not in client.get(reverse("portal:help")).content.decode()


def test_strangers_and_wrong_methods(client, as_, clerk):
    assert client.get(reverse("portal:search")).status_code == 302
    assert as_(clerk).post(reverse("portal:search")).status_code == 405


def test_as_many_queries_whatever_is_found(as_, clerk, django_assert_max_num_queries):
    with django_assert_max_num_queries(32):
        found(as_(clerk), "松苑 502")
