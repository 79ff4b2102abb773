"""Each page of the room takes as many queries for fifty rows as for five. PERFORMANCE, STYLE 7"""

import pytest
from django.urls import reverse

from tests import many, queries
from tests.inspections.phone import NOW

EVERY_PAGE = 5  # session, account, roles, unread messages, demo mark


@pytest.fixture
def grows(village, firm_row):
    """``grows(client, url, most)``: as many queries with fifty rows as with five, and not more than ``most``."""

    def check(client, url: str, most: int, query: dict | None = None, **of) -> None:
        many.patrols(many.communities(village, 5, firm=firm_row, **of), NOW, firm=firm_row)
        few = queries.of(client, url, query)
        many.patrols(many.communities(village, 45, firm=firm_row, **of), NOW, firm=firm_row)
        assert queries.of(client, url, query) == few
        assert few - EVERY_PAGE <= most

    return check


@pytest.mark.parametrize("name", ["patrol-list", "finding-list"])
@pytest.mark.parametrize("query", [{}, {"q": "消防"}, {"q": "8001"}, {"first": "2026-11-01"}, {"page": "2"}])
def test_lists_for_the_office(as_clerk, grows, name, query):
    """How many, the rows, the communities of the filter."""
    grows(as_clerk, reverse(f"inspections:{name}"), 3, query)


@pytest.mark.parametrize("name", ["patrol-list", "finding-list"])
def test_lists_for_a_station(as_station_head, grows, name):
    grows(as_station_head, reverse(f"inspections:{name}"), 3)


@pytest.mark.parametrize("name", ["patrol-list", "finding-list"])
def test_lists_for_a_cadre(as_cadre, cadre, grows, name):
    grows(as_cadre, reverse(f"inspections:{name}"), 3, cadre=cadre)


def test_findings_for_a_firm(as_firm, grows):
    grows(as_firm, reverse("inspections:finding-list"), 4)


def test_the_list_of_a_community_that_a_link_names(as_clerk, community, grows):
    """One more: the community itself."""
    grows(as_clerk, reverse("inspections:patrol-list"), 4, {"community": community.pk})


@pytest.mark.parametrize("query", [{}, {"week": "2026-11-09"}, {"only": "missing"}])
def test_the_board_for_the_office(as_clerk, grows, query):
    grows(as_clerk, reverse("inspections:week-board"), 8, query)


def test_the_board_for_a_station(as_station_head, grows):
    grows(as_station_head, reverse("inspections:week-board"), 8)


def test_the_week_of_a_cadre(as_cadre, cadre, grows):
    """Two weeks of three queries each, the own order, findings, reasons, notices, what came soon after."""
    grows(as_cadre, reverse("inspections:week"), 12, cadre=cadre)


@pytest.mark.parametrize("name", ["patrol-list-export", "finding-list-export", "week-board-export"])
def test_workbooks(as_clerk, grows, name):
    grows(as_clerk, reverse(f"inspections:{name}"), 8)
