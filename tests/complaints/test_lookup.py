"""Number and last four digits show where it stands and nothing else; guessing stops. RELIABILITY"""

import pytest
from django.urls import reverse

from accounts import puzzles
from accounts.models import Message
from complaints import guessing

pytestmark = pytest.mark.django_db
URL = "/complaints/lookup/"


def look(client, number, tail="1234", address="10.0.0.1", **more):
    return client.post(URL, {"number": number, "tail": tail, **more}, REMOTE_ADDR=address)


@pytest.mark.parametrize("typed", ["TS20261123-0001", "ts 20261123 0001", "ＴＳ20261123　0001", "TS202611230001"])
def test_it_is_found_however_it_is_typed(stranger, complaint, typed):
    said = look(stranger, typed).content.decode()
    assert "等物管站受理" in said and "11月24日" in said


def test_it_shows_no_words_no_photos_no_people(stranger, answered):
    said = look(stranger, answered.number).content.decode()
    for words in ("垃圾桶", "清运", "王", "13800001234", "138****"):
        assert words not in said
    assert "答复了您" in said


def test_wrong_and_missing_sound_the_same(stranger, complaint):
    wrong = look(stranger, complaint.number, "9999", address="10.0.0.2")
    missing = look(stranger, "TS20261123-0999", "1234", address="10.0.0.3")
    assert wrong.status_code == missing.status_code == 422
    said = [page.content.decode().split("</form>")[0].split("data-puzzle")[0] for page in (wrong, missing)]
    assert said[0] == said[1] and "没找到" in said[0]


@pytest.mark.parametrize(
    ("number", "tail"), [("", ""), ("x" * 500, "1"), ("TS20261123-0001", "123a"), ("\0", "\0\0\0\0")]
)
def test_what_is_no_number_gets_a_sentence(stranger, complaint, number, tail):
    assert look(stranger, number, tail).status_code == 422


def test_wrong_tries_make_an_address_wait(stranger, complaint):
    for n in range(4):
        assert "没找到" in look(stranger, f"TS20261123-1{n:03}").content.decode()
    assert "等一两分钟" in look(stranger, complaint.number).content.decode()
    assert "等物管站受理" in look(stranger, complaint.number, address="10.9.9.9").content.decode()


def test_a_number_is_closed_after_a_few_wrong_tries_from_anywhere(stranger, complaint):
    for n in range(guessing.OF_NUMBER):
        look(stranger, complaint.number, "0000", address=f"10.0.1.{n}")
    assert "试得太多" in look(stranger, complaint.number, address="10.0.2.1").content.decode()


def test_the_site_closes_to_those_without_a_solution(stranger, complaint, monkeypatch):
    monkeypatch.setattr(guessing, "OF_SITE", 3)
    for n in range(3):
        look(stranger, f"TS20261123-2{n:03}", address=f"10.0.3.{n}")
    assert "再点一次" in look(stranger, complaint.number, address="10.0.4.1").content.decode()
    challenge = puzzles.challenge()
    solution = next(s for n in range(10_000_000) if puzzles.is_enough(s := f"{challenge}~{n}"))
    said = look(stranger, complaint.number, address="10.0.4.2", solution=solution).content.decode()
    assert "等物管站受理" in said
    assert "再点一次" in look(stranger, complaint.number, address="10.0.4.3", solution=solution).content.decode()


@pytest.mark.parametrize("solution", ["", "~1", "made-up~1", f"{'x' * 300}~1"])
def test_no_solution_of_ours(solution):
    assert not puzzles.is_solved(solution)


def test_the_link_is_sent_to_the_registered_number_and_nobody_hears_whether(stranger, complaint):
    url = reverse("complaints:link-send")
    right = stranger.post(url, {"number": complaint.number, "tail": "1234"})
    wrong = stranger.post(url, {"number": complaint.number, "tail": "0000"})
    assert "对得上的话" in right.content.decode() and "对得上的话" in wrong.content.decode()
    assert Message.objects.filter(kind="complaint-link", channel="sms").count() == 1
    stranger.post(url, {"number": complaint.number, "tail": "1234"})
    assert Message.objects.filter(kind="complaint-link").count() <= 2
    assert stranger.get(url).status_code == 405


def test_get_asks(stranger, db):
    assert stranger.get(reverse("complaints:lookup")).status_code == 200
    assert stranger.put(URL).status_code == 405


def test_guessing_from_many_addresses_ends_at_the_sites_limit(stranger, complaint, monkeypatch):
    monkeypatch.setattr(guessing, "OF_SITE", 30)
    said = [look(stranger, f"TS20261123-3{n:03}", address=f"10.1.{n % 40}.1").content.decode() for n in range(80)]
    assert sum("没找到" in page for page in said) == 30
    assert not any(complaint.text in page for page in said)
