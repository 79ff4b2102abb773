"""Groups, partners, law stairwells; model communities; investments. R09, R65, R01"""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from communities import self_governed
from communities.models import Building, Community, Investment, ModelNomination, Person, ResidentGroup
from lib.states import WrongState
from tests import queries

from .test_constraints import in_order, refused_by, twice

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MODELS, INVESTMENTS = reverse("communities:nomination-list"), reverse("communities:investment-list")


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def nomination(community, station_head, today, now):
    return self_governed.nominate(
        community=community, kind="safe", year=today.year, reason="一年没有火情", by=station_head, now=now
    )


def invest(community, by, today, now, **more) -> Investment:
    typed = {"what": "充电棚", "source": "town", "amount_fen": 500_000, "spent_on": today, **more}
    return self_governed.invest(community=community, by=by, now=now, **typed)


# ---------------------------------------------------------------- groups


def test_a_group_comes_and_goes(community, station_head, today, now):
    row = self_governed.found(
        community=community, kind="volunteers", name="红马甲", leader="王桂兰", number="13900000001", size=12,
        first_day=today, by=station_head, now=now,
    )  # fmt: skip
    assert row.leader.phone.value == "13900000001"
    self_governed.end(group=row, last_day=today, by=station_head, now=now)
    assert not ResidentGroup.objects.on(today + DAY).exists()


def test_a_law_stairwell_has_a_place_and_somebody_who_speaks(community, building, station_head, today, now):
    say = {"community": community, "kind": "law", "name": "3幢法制楼组", "first_day": today, "by": station_head}
    with pytest.raises(ValidationError, match="代表是谁"):
        self_governed.found(building=building, now=now, **say)
    assert self_governed.found(building=building, leader="王桂兰", now=now, **say)


def test_not_another_stations(community, other_station_head, cadre, today, now):
    for by in (other_station_head, cadre):
        with pytest.raises(PermissionDenied):
            self_governed.found(community=community, kind="partner", name="某局", first_day=today, by=by, now=now)


def test_groups(community, neighbour_community):
    of = {"community": community, "kind": "partner", "name": "某局"}
    refused_by("resident_group_days", in_order(ResidentGroup, **of))
    refused_by("resident_group_once", *twice(ResidentGroup, **of))
    refused_by("resident_group_law_where", ResidentGroup(first_day="2026-01-01", **{**of, "kind": "law"}))
    other = Building.objects.create(community=neighbour_community, code="01", name="1幢")
    refused_by("group_building_here", ResidentGroup(first_day="2026-01-01", building=other, **of))


# ---------------------------------------------------------------- model communities


def test_two_people_make_a_model_community(nomination, community, clerk, town_head, station_head, now):
    say = {"nomination": nomination, "is_named": True, "opinion": "现场看过，符合", "now": now}
    for by in (station_head, clerk):
        with pytest.raises(PermissionDenied):
            self_governed.review(by=by, **say)
    self_governed.review(by=town_head, **say)
    community.refresh_from_db()
    assert nomination.state == "named" and Community.Tag.MODEL in community.tags
    with pytest.raises(WrongState):
        self_governed.review(by=town_head, **say)


def test_the_reviewer_is_not_who_nominated(community, town_head, today, now):
    row = self_governed.nominate(community=community, kind="safe", year=today.year, reason="好", by=town_head, now=now)
    with pytest.raises(PermissionDenied):
        self_governed.review(nomination=row, is_named=True, opinion="好", by=town_head, now=now)


def test_refused_it_carries_no_mark(nomination, community, town_head, now):
    self_governed.review(nomination=nomination, is_named=False, opinion="再努力", by=town_head, now=now)
    community.refresh_from_db()
    assert nomination.state == "refused" and not community.tags


def test_once_a_year_and_no_past_years(nomination, community, station_head, today, now):
    say = {"community": community, "kind": "safe", "reason": "好", "by": station_head, "now": now}
    with pytest.raises(ValidationError, match="已经推荐过"):
        self_governed.nominate(year=today.year, **say)
    with pytest.raises(ValidationError, match="今年或明年"):
        self_governed.nominate(year=today.year - 1, **say)


def test_nominations(nomination, town_head, now):
    of = {"community": nomination.community, "year": 2030, "kind": "safe", "reason": "好", "nominated_at": now}
    row = {**of, "nominated_by": town_head}
    refused_by("model_nomination_once", ModelNomination(**row), ModelNomination(**row))
    done = {"state": "named", "reviewed_at": now, "opinion": "好"}
    refused_by("model_nomination_two_people", ModelNomination(**row, **done, reviewed_by=town_head))
    refused_by("model_nomination_reviewed", ModelNomination(**row, state="named"))
    self_governed.review(nomination=nomination, is_named=False, opinion="不", by=town_head, now=now)
    nomination.opinion = "好"
    refused_by("model_nomination_kept", nomination)


# ---------------------------------------------------------------- investments


def test_the_superiors_money_has_project_and_document(community, station_head, today, now):
    with pytest.raises(ValidationError, match="项目名称和文号"):
        invest(community, station_head, today, now, source="superior")
    assert invest(
        community, station_head, today, now, source="superior", project="老旧小区改造", document="建〔2026〕1号"
    )


def test_not_tomorrow_and_not_nothing(community, station_head, today, now):
    with pytest.raises(ValidationError, match="不能晚于今天"):
        invest(community, station_head, today + DAY, now)
    with pytest.raises(ValidationError, match="大于零"):
        invest(community, station_head, today, now, amount_fen=0)


def test_investments(community, clerk, today, now):
    of = {"community": community, "spent_on": today, "what": "灯", "entered_by": clerk, "entered_at": now}
    refused_by("investment_amount", Investment(source="town", amount_fen=0, **of))
    refused_by("investment_superior_paper", Investment(source="superior", amount_fen=1, **of))


# ---------------------------------------------------------------- pages


def test_everything_of_a_community_on_one_page(nomination, community, building, as_station_head, today):
    where = at("communities:group-list", community.pk)
    new = at("communities:group-new", community.pk)
    assert as_station_head.post(new, {"kind": "law", "name": "3幢", "first_day": today}).status_code == 422
    data = {"kind": "law", "name": "3幢法制楼组", "leader": "王桂兰", "building": building.pk, "first_day": today}
    assert as_station_head.post(new, data).status_code == 302
    new = at("communities:investment-new", community.pk)
    data = {"spent_on": today, "what": "充电棚", "source": "town", "amount_fen": "5000 元"}
    assert as_station_head.post(new, {**data, "amount_fen": "五千"}).status_code == 422
    assert as_station_head.post(new, data).status_code == 302
    new = at("communities:nomination-new", community.pk)
    data = {"kind": "beautiful", "year": today.year, "reason": "绿化好"}
    assert as_station_head.post(new, {**data, "year": 1999}).status_code == 422
    assert as_station_head.post(new, data).status_code == 302
    page = text(as_station_head.get(where))
    for said in ("3幢法制楼组", "王桂兰", "充电棚", "5,000.00", "一年没有火情", "绿化好", "等评审"):
        assert said in page
    end = at("communities:group-end", ResidentGroup.objects.get().pk)
    assert as_station_head.post(end, {"last_day": today - DAY}).status_code == 422
    assert as_station_head.post(end, {"last_day": today}).status_code == 302


def test_a_review_on_the_page(nomination, as_town_head, as_station_head):
    assert "1 个等评审" in text(as_station_head.get(MODELS)) and "1 个等评审" in text(as_town_head.get(MODELS))
    where = at("communities:nomination-review", nomination.pk)
    assert as_town_head.post(where, {"opinion": "好"}).status_code == 422
    assert as_town_head.post(where, {"is_named": "no", "opinion": "再努力"}).status_code == 302
    nomination.refresh_from_db()
    assert nomination.state == "refused"
    assert as_station_head.get(where).status_code == 403


def test_sums_by_source_and_the_export(community, neighbour_community, clerk, as_clerk, as_station_head, today, now):
    invest(community, clerk, today, now)
    invest(community, clerk, today, now, source="owners", amount_fen=100)
    invest(neighbour_community, clerk, today, now, amount_fen=7)
    page = text(as_station_head.get(INVESTMENTS))
    assert "一共 5,001.00 元" in page and "业主自筹 1.00" in page
    assert "一共 1.00 元" in text(as_clerk.get(INVESTMENTS, {"source": "owners"}))
    assert as_clerk.get(INVESTMENTS, {"source": "x", "first": "x", "page": "x", "q": "\0"}).status_code == 200
    book = b"".join(as_clerk.get(at("communities:investment-list-export"), {"source": "owners"}))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[1][2:5] == ["充电棚", "业主自筹", 1.0]


def test_who_reads(nomination, community, as_, cadre, other_cadre, leader, firm, resident):
    where = at("communities:group-list", community.pk)
    for user, status in ((cadre, 200), (leader, 200), (other_cadre, 404), (firm, 403), (resident, 403)):
        assert as_(user).get(where).status_code == status, user


def test_lists_take_the_same_queries(nomination, community, clerk, as_clerk, today, now):
    few = [queries.of(as_clerk, page) for page in (MODELS, INVESTMENTS)]
    invest(community, clerk, today, now)
    few[1] = queries.of(as_clerk, INVESTMENTS)
    for number in range(6):
        invest(community, clerk, today, now)
        ModelNomination.objects.create(
            community=community, kind="safe", year=2030 + number, reason="好", nominated_by=clerk, nominated_at=now
        )
        ResidentGroup.objects.create(
            community=community, kind="partner", name=f"局{number}", first_day=today,
            leader=Person.objects.create(name=f"人{number}"),
        )  # fmt: skip
    assert [queries.of(as_clerk, page) for page in (MODELS, INVESTMENTS)] == few
