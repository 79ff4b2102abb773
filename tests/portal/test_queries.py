"""Each page of the portal takes as many queries for fifty communities as for five. PERFORMANCE, STYLE 7"""

import pytest
from django.urls import reverse

from tests import many, queries
from tests.inspections.phone import NOW

EVERY_PAGE = 5  # session, account, roles, unread messages, demo mark


@pytest.fixture
def grows(village, firm_row):
    """``grows(client, name, most)``: as many queries with fifty communities as with five, at most ``most``."""

    def check(client, name: str, most: int, query: dict | None = None) -> None:
        many.patrols(many.communities(village, 5, firm=firm_row), NOW, firm=firm_row)
        few = queries.of(client, reverse(name), query)
        many.patrols(many.communities(village, 45, firm=firm_row), NOW, firm=firm_row)
        assert queries.of(client, reverse(name), query) == few
        assert few - EVERY_PAGE <= most

    return check


def test_the_desk_of_the_office(as_clerk, grows):
    grows(as_clerk, "portal:office", 21)


def test_the_desk_of_a_station(as_station_head, grows):
    grows(as_station_head, "portal:office", 21)


def test_the_page_of_the_leader(as_, leader, grows):
    grows(as_(leader), "portal:leader", 20)


@pytest.mark.parametrize("query", [{}, {"q": "yanshi"}, {"kind": "developed"}])
def test_the_list_of_communities(as_clerk, grows, query):
    grows(as_clerk, "portal:community-list", 4, query)


def test_the_list_of_communities_of_a_firm(as_firm, grows):
    grows(as_firm, "portal:community-list", 5)


def test_the_telephone_numbers(stranger, grows):
    grows(stranger, "communities:contacts", 6, {"q": "演示"})


def test_a_community_with_much_in_it(as_clerk, as_station_head, community, cadre, firm_row):
    """A year of patrols and findings costs its page what five of them cost."""
    url = reverse("portal:community", args=[community.pk])
    community.buildings.update(code="01")
    for client in (as_clerk, as_station_head):
        many.patrols([(cadre, community)] * 5, NOW, firm=firm_row)
        few = queries.of(client, url)
        many.patrols([(cadre, community)] * 45, NOW, firm=firm_row)
        assert queries.of(client, url) == few
        assert few - EVERY_PAGE <= 20
