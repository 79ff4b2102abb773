"""Looking through another of one's roles: home page and menu change, rights and rows do not."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import people
from accounts.roles import Role

URL = "/account/role/"


@pytest.fixture
def both(make_user):
    return make_user("liang", "梁两职", Role.CADRE, Role.TOWN_CLERK)


class Request:
    def __init__(self, user, session):
        self.user, self.session = user, session


def test_one_switches_to_another_of_ones_roles(as_, both):
    client = as_(both)
    assert client.post(URL, {"role": "cadre"}).status_code == 302
    assert people.home_role(Request(both, client.session)) == Role.CADRE


def test_rights_are_the_union_all_the_while(as_, both):
    client = as_(both)
    client.post(URL, {"role": "cadre"})
    assert client.get("/account/resets/").status_code == 200


@pytest.mark.parametrize("role", ["administrator", "", "nonsense"])
def test_a_role_one_does_not_have_is_refused(as_, both, role):
    client = as_(both)
    assert client.post(URL, {"role": role}).status_code == 403
    assert "role" not in client.session


def test_a_chosen_role_that_ended_is_forgotten(both):
    assert people.home_role(Request(both, {"role": "leader"})) == Role.TOWN_CLERK


def test_nobody_has_no_role():
    assert people.home_role(Request(AnonymousUser(), {})) is None


def test_the_page_offers_the_other_role(as_, both):
    assert 'value="cadre"' in as_(both).get("/account/").content.decode()


def test_it_is_a_deed_and_not_a_look(as_, both):
    assert as_(both).get(URL).status_code == 405
