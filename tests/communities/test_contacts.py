"""Whom to call: one public page. R01"""

import pytest
from django.urls import reverse

from accounts.models import Address
from communities import contacts
from communities.models import CommitteeMember, Community, Firm, FirmStaff, OwnersCommittee, Person
from tests import queries
from tests.inspections.phone import day

pytestmark = pytest.mark.django_db
CONTACTS = reverse("communities:contacts")


def words(client, url, **query) -> str:
    page = client.get(url, query)
    assert page.status_code == 200
    return page.content.decode()


def test_stations_and_firms_are_listed(stranger, community, firm_row, other_village):
    Firm.objects.create(name="注销了的物业", uscc="91330000MA27XYZ39Y", ended_on=day("2026-01-01"))
    page = words(stranger, CONTACTS)
    for said in ("城东社区", "城西社区", "演示·安居物业", "0578-8800301"):
        assert said in page
    assert "注销了的物业" not in page


@pytest.mark.parametrize("q", ["松苑", "syxq", "songyuan", " 松苑 \0"])
def test_a_community_is_found(stranger, community, neighbour_community, firm_row, q):
    page = stranger.get(CONTACTS, {"q": q})
    assert [str(place.community) for place in page.context["found"]] == ["演示·松苑小区"]
    assert page.context["found"][0].contract.firm == firm_row


@pytest.mark.parametrize("q", ["没有这里", "x" * 5000, "%", "'; DROP TABLE", "\ud83d"])
def test_nothing_found_says_what_to_do(stranger, community, q):
    assert "换个写法再找" in words(stranger, CONTACTS, q=q.encode("utf-8", "replace").decode())


def test_found_communities_take_the_same_queries(stranger, village, community):
    few = queries.of(stranger, CONTACTS, {"q": "演示"})
    for number in range(20):
        Community.objects.create(name=f"演示·小区{number}", village_committee=village, kind="other")
    assert queries.of(stranger, CONTACTS, {"q": "演示"}) == few <= 14


@pytest.fixture
def member(community, days_ago, today):
    first = days_ago(10)
    committee = OwnersCommittee.objects.create(
        community=community, number=2, seats=5, elected_on=first, first_day=first,
        last_day=first.replace(year=first.year + 3, day=1),
        phone="0578-8800401",
    )  # fmt: skip
    phone = Address.objects.create(kind="phone", value="13900000001")
    person = Person.objects.create(name="王桂兰", phone=phone)
    return CommitteeMember.objects.create(committee=committee, person=person, post="chair", first_day=first)


def test_a_committee_is_called_under_its_own_number(stranger, member):
    page = words(stranger, CONTACTS)
    assert "王桂兰" in page and "0578-8800401" in page and "13900000001" not in page


def test_a_private_number_with_consent_only(stranger, member, today):
    CommitteeMember.objects.update(consented_on=today)
    assert "13900000001" in words(stranger, CONTACTS) and "13900000001" in words(stranger, CONTACTS, q="松苑")


def test_who_left_is_not_there(stranger, member, days_ago):
    CommitteeMember.objects.update(last_day=days_ago(1))
    assert "王桂兰" not in words(stranger, CONTACTS)
    OwnersCommittee.objects.update(last_day=days_ago(1))
    assert "0578-8800401" not in words(stranger, CONTACTS)


def test_a_firm_day_and_night_and_its_manager(stranger, community, firm_row, other_firm_row, days_ago):
    Firm.objects.filter(pk=firm_row.pk).update(duty_phone="0578-8800399")
    for firm, name in ((firm_row, "周经理"), (other_firm_row, "吴经理")):
        person = Person.objects.create(name=name)
        FirmStaff.objects.create(firm=firm, person=person, job="manager", community=community, first_day=days_ago(9))
    page = words(stranger, CONTACTS, q="松苑")
    assert "0578-8800399" in page and "周经理" in page and "吴经理" not in page


def test_stations_with_their_people_and_none_of_their_numbers(stranger, station_head, station_clerk):
    station_head.mobile = Address.objects.create(kind="phone", value="13900000002")
    station_head.save()
    page = words(stranger, CONTACTS)
    assert "站长 王站长" in page and "经办 钱经办" in page and "13900000002" not in page


def test_other_rooms_add_their_sections(stranger, db, monkeypatch):
    lines = [contacts.Line("演示·消防救援大队", "119", "消防隐患")]
    monkeypatch.setitem(contacts.SECTIONS, "部门", lambda: lines)
    assert "演示·消防救援大队" in words(stranger, CONTACTS)
    monkeypatch.setitem(contacts.SECTIONS, "部门", list)
    assert "部门的电话" not in words(stranger, CONTACTS)


def test_departments_to_which_matters_are_handed(stranger, db):
    from inspections.models import Department

    Department.objects.create(name="演示·供电所", phone="95598")
    Department.objects.create(name="演示·没有电话的部门")
    page = words(stranger, CONTACTS)
    assert "演示·供电所" in page and "95598" in page and "没有电话的部门" not in page


def test_only_reading(stranger, db):
    assert stranger.post(CONTACTS).status_code == 405
