from django.contrib.auth import SESSION_KEY

from accounts.models import SignIn

URL = "/account/sign-out/"


def test_signing_out_ends_the_session_and_its_row(stranger, cadre_account):
    stranger.post("/account/sign-in/", {"username": "chen", "password": "yigewanmeidemima"})
    assert SignIn.objects.count() == 1
    assert stranger.post(URL)["Location"] == "/account/sign-in/"
    assert SESSION_KEY not in stranger.session and not SignIn.objects.exists()


def test_nobody_can_sign_out_and_ends_at_the_door(stranger):
    assert stranger.post(URL)["Location"] == "/account/sign-in/"


def test_a_link_signs_nobody_out(as_, cadre_account):
    client = as_(cadre_account)
    assert client.get(URL).status_code == 405
    assert SESSION_KEY in client.session
