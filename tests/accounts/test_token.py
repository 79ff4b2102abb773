"""What a page asks for before it sends what waited in the browser: who is signed in now, and a fresh token."""

from django.test import Client
from django.urls import reverse

URL = reverse("accounts:token")


def test_it_says_who_is_signed_in(as_cadre, cadre):
    answer = as_cadre.get(URL)
    assert answer.json()["user"] == cadre.pk and answer.json()["csrf"]
    assert "no-store" in answer["Cache-Control"]


def test_it_says_that_nobody_is(stranger):
    assert stranger.get(URL).json()["user"] is None


def test_the_token_is_good_for_a_post(as_cadre):
    client = Client(enforce_csrf_checks=True)
    client.cookies = as_cadre.cookies
    token = client.get(URL).json()["csrf"]
    photos = reverse("inspections:photo-upload")
    assert client.post(photos, {}).status_code == 403
    assert client.post(photos, {"csrfmiddlewaretoken": token}).status_code == 422


def test_a_wrong_method_is_405(stranger):
    assert stranger.post(URL).status_code == 405
