"""巡查顺序: a cadre's own order of going round, and what comes next today."""

import pytest
from django.urls import reverse

from communities.models import Community, PatrolDuty
from inspections import routes, weeks
from inspections.models import RouteStop
from lib.periods import week_of
from tests import queries
from tests.conftest import LONG_AGO
from tests.inspections.phone import NOW, sheet

URL, WEEK, NEW = (reverse(name) for name in ("inspections:route", "inspections:week", "inspections:patrol-new"))


@pytest.fixture
def places(village, cadre, community):
    """Three communities of the cadre; by name they come as 桂花园, 松苑小区, 竹园."""
    others = [
        Community.objects.create(name=f"演示·{name}", village_committee=village, kind="other")
        for name in ("桂花园", "竹园")
    ]
    for place in others:
        PatrolDuty.objects.create(user=cadre, community=place, first_day=LONG_AGO)
    return [others[0], community, others[1]]


def order(user) -> list[str]:
    return [place.name for place in routes.places_of(user, now=NOW)]


def names(places) -> list[str]:
    return [place.name for place in places]


def in_page(client, url: str, places) -> list[Community]:
    """The places as they follow each other on a page."""
    page = client.get(url).content.decode().split("<main", 1)[1]
    return sorted(places, key=lambda place: page.index(place.name))


def test_without_an_order_it_goes_by_name(cadre, places):
    assert order(cadre) == names(places)


def test_it_works(as_cadre, cadre, places):
    first, second, third = places
    answer = as_cadre.post(URL, {"up": third.pk})
    assert answer["Location"] == f"{URL}#c{third.pk}"
    as_cadre.post(URL, {"down": first.pk})
    assert order(cadre) == names([third, first, second])
    for url in (URL, WEEK, NEW):
        assert in_page(as_cadre, url, places) == [third, first, second]


def test_at_an_end_it_stays(as_cadre, cadre, places):
    as_cadre.post(URL, {"up": places[0].pk})
    as_cadre.post(URL, {"down": places[2].pk})
    assert order(cadre) == names(places)


@pytest.mark.parametrize("data", [{"up": ""}, {"up": "abc"}, {"down": "²"}, {"up": "9" * 30}])
def test_what_cannot_be_read_is_404_and_changes_nothing(as_cadre, cadre, places, data):
    assert as_cadre.post(URL, data).status_code == 404
    assert not RouteStop.objects.exists()


def test_a_post_that_says_nothing_changes_nothing(as_cadre, places):
    assert as_cadre.post(URL).status_code == 302
    assert not RouteStop.objects.exists()


def test_anothers_community_is_404(as_cadre, places, neighbour_community):
    assert as_cadre.post(URL, {"up": neighbour_community.pk}).status_code == 404


@pytest.mark.parametrize("who", ["station_head", "clerk", "leader", "firm", "resident"])
def test_others_get_403(as_, request, who):
    assert as_(request.getfixturevalue(who)).get(URL).status_code == 403


def test_a_wrong_method_is_405(as_cadre):
    assert as_cadre.put(URL).status_code == 405


def test_nobody_elses_order_moves_mine(cadre, other_cadre, places):
    routes.move(community=places[2], by=cadre, steps=-1, now=NOW)
    assert not RouteStop.objects.visible_to(other_cadre).exists()
    assert RouteStop.objects.visible_to(cadre).count() == 3


def test_a_new_community_comes_last_and_one_that_ended_keeps_its_place(cadre, places, village):
    routes.move(community=places[2], by=cadre, steps=-2, now=NOW)
    PatrolDuty.objects.filter(community=places[0]).update(last_day=LONG_AGO)
    new = Community.objects.create(name="演示·安园", village_committee=village, kind="other")
    PatrolDuty.objects.create(user=cadre, community=new, first_day=LONG_AGO)
    assert order(cadre) == names([places[2], places[1], new])
    routes.move(community=new, by=cadre, steps=-1, now=NOW)
    PatrolDuty.objects.filter(community=places[0]).update(last_day=None)
    assert places[0].name in order(cadre)


def test_without_communities_the_page_says_who_sets_them(as_, make_user):
    from accounts.roles import Role

    assert "今天没有小区归您联系" in as_(make_user("neu", "新干部", Role.CADRE)).get(URL).content.decode()


def test_the_order_costs_the_week_one_query(as_cadre, cadre, places):
    few = queries.of(as_cadre, WEEK)
    routes.move(community=places[2], by=cadre, steps=-1, now=NOW)
    assert queries.of(as_cadre, WEEK) == few


# ---------------------------------------------------------------- what comes next


def next_of(cadre):
    share = routes.next_stop(routes.sort(weeks.cadre_week(week_of(NOW), cadre)), today=NOW.date())
    return share and share.community


def test_the_next_is_the_first_that_misses_a_visit_and_was_not_visited_today(cadre, places, visit):
    first, second, third = places
    assert next_of(cadre) == first
    visit(cadre, first, "2026-11-19 09:00")  # today
    assert next_of(cadre) == second
    for date in ("16", "17", "18"):
        visit(cadre, second, f"2026-11-{date} 09:00")
    assert next_of(cadre) == third
    visit(cadre, third, "2026-11-19 09:30")
    assert next_of(cadre) is None


def test_the_receipt_leads_to_the_next_community(as_cadre, cadre, places):
    routes.move(community=places[2], by=cadre, steps=-2, now=NOW)
    answer = as_cadre.post(f"{NEW}?c={places[2].pk}", sheet(), follow=True)
    page = answer.content.decode()
    assert f"再记一个：{places[0]}" in page and f'href="{NEW}?c={places[0].pk}"' in page


def test_with_nothing_left_the_receipt_still_offers_another(as_cadre, cadre, community):
    page = as_cadre.post(f"{NEW}?c={community.pk}", sheet(), follow=True).content.decode()
    assert "再记一个小区" in page and "照您的顺序" not in page


def test_the_week_says_what_is_next_and_where_one_was_today(as_cadre, cadre, places, visit):
    visit(cadre, places[0], "2026-11-19 09:00")
    page = as_cadre.get(WEEK).content.decode()
    assert page.index("今天去过") < page.index("下一个") < page.index(places[2].name)
    last_week = as_cadre.get(WEEK, {"week": "2026-11-09"}).content.decode()
    assert "下一个" not in last_week and "改顺序" not in last_week
