"""The front page, where each role is led, and the menu."""

import pytest
from django.urls import reverse

from accounts.models import RoleGrant
from accounts.roles import Role
from communities.models import Community
from tests import queries
from tests.inspections.phone import MONDAY, day

HOME = reverse("portal:home")
HOMES = {
    "cadre": "inspections:week",
    "station_head": "portal:office",
    "station_clerk": "portal:office",
    "clerk": "portal:office",
    "town_head": "portal:office",
    "administrator": "portal:office",
    "leader": "portal:leader",
    "firm": "inspections:notice-list",
    "resident": "communities:own-units",
}


def test_strangers_find_whom_to_call(stranger, community, neighbour_community):
    Community.objects.filter(pk=neighbour_community.pk).update(ended_on=day("2026-01-01"))
    page = stranger.get(HOME)
    assert page.status_code == 200
    words = page.content.decode()
    assert "1 个小区" in words and 'href="tel:' in words and "119" in words
    for name in ("communities:contacts", "accounts:sign-in", "portal:help", "portal:feedback"):
        assert reverse(name) in words


@pytest.mark.parametrize("who", HOMES)
def test_each_role_has_its_home(as_, request, who):
    assert as_(request.getfixturevalue(who)).get(HOME)["Location"] == reverse(HOMES[who])


def test_somebody_without_a_role_is_led_to_the_telephone_numbers(as_, make_user):
    assert as_(make_user("neu", "没有角色")).get(HOME)["Location"] == reverse("communities:contacts")


def test_only_reading(stranger):
    assert stranger.post(HOME).status_code == 405


def test_the_front_page_is_cheap(stranger, community):
    assert queries.of(stranger, HOME) <= 3


# ---------------------------------------------------------------- the menu


@pytest.mark.parametrize("who", HOMES)
def test_every_entry_of_the_menu_opens(as_, request, town, who):
    client = as_(request.getfixturevalue(who))
    menu = client.get(reverse("communities:contacts")).context["nav"]
    assert 2 <= len(menu) <= 16
    for item in menu:
        assert client.get(item.url, follow=True).status_code == 200, item.label
    assert sum(1 for item in menu if not item.wide) <= 5  # what fits the bar of a phone


def test_the_entry_of_the_page_is_marked(as_cadre):
    menu = as_cadre.get(reverse("inspections:week")).context["nav"]
    assert [item.label for item in menu if item.active] == ["本周"]
    menu = as_cadre.get(reverse("inspections:finding-list")).context["nav"]
    assert [item.label for item in menu if item.active] == ["问题"]


def test_strangers_have_no_menu(stranger):
    assert list(stranger.get(HOME).context["nav"]) == []


def test_with_two_roles_the_chosen_one_decides(as_, cadre):
    RoleGrant.objects.create(user=cadre, role=Role.LEADER, first_day=MONDAY, origin="setup")
    client = as_(cadre)
    client.post(reverse("accounts:role"), {"role": "leader"})
    assert client.get(HOME)["Location"] == reverse("portal:leader")
    client.post(reverse("accounts:role"), {"role": "cadre"})
    assert client.get(HOME)["Location"] == reverse("inspections:week")
    assert client.get(reverse("portal:leader")).status_code == 200  # rights are the union
