"""长辈版 and dark pages: kept with the account, light unless wished otherwise."""

import pytest
from django.urls import reverse

URL, ME = reverse("accounts:looks"), reverse("accounts:me")


def opening(client, url=ME) -> str:
    """The tag that opens the page, which carries its looks."""
    return client.get(url).content.decode().split("<head", 1)[0]


def test_a_new_account_is_light_and_of_normal_size(as_cadre):
    assert 'data-bs-theme="light"' in opening(as_cadre) and "elder" not in opening(as_cadre)


def test_it_works_on_every_device(as_, cadre):
    as_(cadre).post(URL, {"big_text": "1"})
    as_(cadre).post(URL, {"dark": "1"})
    another = as_(cadre)
    assert 'class="elder"' in opening(another) and 'data-bs-theme="dark"' in opening(another)
    another.post(URL, {"big_text": "0"})
    assert 'class="elder"' not in opening(as_(cadre)) and 'data-bs-theme="dark"' in opening(as_(cadre))


def test_one_comes_back_to_the_page_one_was_on(as_cadre):
    here = f"{reverse('inspections:week')}?week=2026-11-16"
    assert as_cadre.post(URL, {"dark": "1", "next": here})["Location"] == here
    assert as_cadre.post(URL, {"dark": "1", "next": "https://example.org/"})["Location"] == "/"


@pytest.mark.parametrize("data", [{}, {"dark": ""}, {"dark": "yes"}, {"is_active": "0", "must_change_password": "1"}])
def test_anything_else_changes_nothing(as_cadre, cadre, data):
    assert as_cadre.post(URL, data).status_code == 302
    before = cadre.is_active, cadre.must_change_password, False, False
    cadre.refresh_from_db()
    assert (cadre.is_active, cadre.must_change_password, cadre.big_text, cadre.dark) == before


def test_nobody_elses_pages_change(as_cadre, as_other_cadre):
    as_cadre.post(URL, {"big_text": "1", "dark": "1"})
    assert "elder" not in opening(as_other_cadre)


def test_a_session_that_is_over_is_401_for_the_page_and_the_door_for_a_person(stranger):
    assert stranger.post(URL, {"dark": "1"}, HTTP_ACCEPT="application/json").status_code == 401
    assert stranger.post(URL, {"dark": "1"}).status_code == 302


def test_it_is_a_deed_and_not_a_look(as_cadre):
    assert as_cadre.get(URL).status_code == 405


def test_the_admin_is_dark_only_for_those_who_wish(as_clerk):
    admin = reverse("admin:index")
    assert "admin_dark" not in as_clerk.get(admin).content.decode()
    as_clerk.post(URL, {"dark": "1"})
    page = as_clerk.get(admin).content.decode()
    assert "admin_dark" in page and "换浅色" in page and "theme.js" not in page
