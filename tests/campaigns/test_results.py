"""What a campaign has come to: before and after in equal spans, each number its rows, what is left, the draft."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import lists, planning
from campaigns.models import Campaign, CampaignFinding
from campaigns.results import Results, spans
from complaints import registration
from inspections.models import CheckItem, Finding, PatrolPhoto
from tests.campaigns.conftest import at, day

pytestmark = pytest.mark.django_db
NOW = at("2026-11-25 10:00")  # the fourth day of the campaign


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def running(monday, campaign) -> Campaign:
    monday.move_to(NOW)
    return campaign


@pytest.fixture
def make_finding(cadre):
    def make(community, code, found_on, text="问题", *, place=None, **more) -> Finding:
        item = CheckItem.objects.get(code=code)
        row = Finding.objects.create(
            community=community, item=item, severity="general", text=text, handling="notice", found_by=cadre,
            found_on=day(found_on), **more,
        )  # fmt: skip
        if place:
            CampaignFinding.objects.create(place=place, finding=row)
        return row

    return make


@pytest.fixture
def counted(running, community, neighbour_community, make_finding, village, firm_row, other_firm_row):
    """Piles: three before, one after; hygiene: one after; a fire and a community that do not count."""
    from communities.models import Community

    for found_on in ("2026-11-18", "2026-11-20", "2026-11-21"):
        make_finding(community, "PIL1", found_on)
    make_finding(community, "PIL1", "2026-11-17")  # a day too early
    make_finding(neighbour_community, "PIL1", "2026-11-22", place=running.places.get(community=neighbour_community))
    make_finding(community, "HYG2", "2026-11-25", place=running.places.get(community=community))
    make_finding(community, "VEH1", "2026-11-24")  # no such item on the campaign's list
    outside = Community.objects.create(name="外面的", village_committee=village, kind="developed")
    make_finding(outside, "PIL1", "2026-11-24")
    for when in ("2026-11-19 09:00", "2026-11-20 09:00", "2026-11-24 09:00"):
        registration.register(
            community=community, text="垃圾没人收", phone="13800001234", category="hygiene", now=at(when)
        )
    return running


def test_equal_spans(running):
    found = spans(running, day("2026-11-25"))
    assert found.after == (day("2026-11-22"), day("2026-11-25"))
    assert found.before == (day("2026-11-18"), day("2026-11-21"))
    assert spans(running, day("2026-12-31")).after == (day("2026-11-22"), day("2026-11-29"))  # its last day
    assert spans(running, day("2026-11-21")) is None


def test_a_draft_and_a_plan_without_a_first_day(draft, clerk, town_head, now):
    assert spans(draft, day("2026-11-25")) is None
    year = planning.open_from_template(template="plan4", starts_on=day("2026-12-31"), by=clerk, now=now)
    planning.propose(campaign=year, by=clerk, now=now)
    planning.approve(campaign=year, by=town_head, now=now)
    assert spans(Campaign.objects.get(pk=year.pk), day("2026-11-26")).after == (day("2026-11-25"), day("2026-11-26"))


def numbers(lines) -> dict[str, tuple[int, int]]:
    return {line.label: (line.before.count, line.after.count) for line in lines}


def test_before_and_after(counted, clerk):
    found = Results(counted, clerk, day("2026-11-25"))
    assert numbers(found.findings) == {"环境卫生": (0, 1), "乱堆乱放": (3, 1), "消防安全": (0, 0)}
    assert numbers(found.complaints) == {"垃圾和环境卫生": (2, 1)}
    assert "邻里纠纷" not in [matter.label for matter in found.matters]
    assert [line.words for line in found.findings] == ["多 1 件", "少 2 件", "一样多"]


def test_each_number_leads_to_exactly_its_rows(counted, as_, clerk, station_head):
    for user in (clerk, station_head):
        found = Results(counted, user, day("2026-11-25"))
        client, seen = as_(user), 0
        for line in [*found.findings, *found.complaints]:
            for number in (line.before, line.after):
                assert client.get(number.url).context["page"].paginator.count == number.count, number.url
                seen += number.count
        assert seen == (8 if user == clerk else 7)  # the neighbours' is not the station's


def test_the_page(counted, as_, clerk, place):
    said = {"text": "没有堆放点", "measures": ["划一处"], "person": "林志明", "due_on": day("2026-11-24")}
    lists.put(campaign=counted, place=place, **said, by=clerk, now=NOW)
    page = as_(clerk).get(reverse("campaigns:results", args=[counted.pk])).content.decode()
    for words in ("前后都是 4 天", "少 2 件", "没有堆放点", "还有 1 处没整改好", "任务：", "data-copy"):
        assert words in page
    draft = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL).group(1)
    assert "2026年11月22日至2026年11月25日，在 2 个小区开展“环境卫生综合整治" in draft
    assert "共查出问题 2 处，已经整改 0 处，还有 2 处正在整改" in draft
    assert "其中乱堆乱放从 3 件减到 1 件" in draft
    assert "林志明" not in draft


def test_a_station_counts_its_own(counted, as_station_head_now):
    page = as_station_head_now.get(reverse("campaigns:results", args=[counted.pk]))
    assert [place.community.name for place in page.context["results"].places] == ["演示·松苑小区"]
    assert numbers(page.context["results"].findings)["乱堆乱放"] == (3, 0)


@pytest.fixture
def as_station_head_now(running, as_, station_head):
    return as_(station_head)


def test_photos_of_before_and_after(running, place, make_finding, clerk, as_, cadre):
    row = make_finding(
        place.community, "PIL1", "2026-11-22", "楼道堆纸箱", place=place, state="closed", closed_on=day("2026-11-24")
    )
    photos = [
        PatrolPhoto.objects.create(
            client_id=uuid4(), sha256="0" * 64, size=1, received_at=NOW, uploaded_by=cadre, finding=row, kind=kind,
            position=position, state="ready",
        )
        for position, kind in enumerate(("problem", "after"))
    ]  # fmt: skip
    found = Results(running, clerk, day("2026-11-25")).pairs
    assert found == [(row, *photos)]
    page = as_(clerk).get(reverse("campaigns:results", args=[running.pk])).content.decode()
    assert "整治前" in page and reverse("inspections:photo-small", args=[photos[1].client_id]) in page


def test_before_it_has_begun(campaign, as_clerk):
    page = as_clerk.get(reverse("campaigns:results", args=[campaign.pk])).content.decode()
    assert "还没开始" in page and "宣传稿" not in page


def test_who_reads(running, as_, leader, cadre, firm, make_user):
    from accounts.roles import Role

    address = reverse("campaigns:results", args=[running.pk])
    for user in (leader, cadre):
        assert as_(user).get(address).status_code == 200
    assert as_(firm).get(address).status_code == 403
    assert as_(make_user("waimian", "外面的", Role.CADRE)).get(address).status_code == 404
    assert as_(leader).post(address).status_code == 405


def test_a_constant_number_of_queries(counted, as_, clerk, place, make_finding, django_assert_num_queries):
    address, client = reverse("campaigns:results", args=[counted.pk]), as_(clerk)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(12):
        make_finding(place.community, "PIL1", "2026-11-23", f"第{number}处", place=place)
    with django_assert_num_queries(len(few)):
        client.get(address)
