"""A busy site asks browsers for a puzzle that people do not notice; nothing else changes for them. Issue 7 §2"""

import pytest
from django.urls import reverse

from accounts import puzzles
from complaints import robots
from complaints.models import Complaint
from tests.complaints.pages import hidden, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(monkeypatch, stranger, community):
    """Two came within the hour, and that is much for this town."""
    monkeypatch.setattr(robots, "FREE", 2)
    for n in range(2):
        walk(stranger, community, phone=f"1380000111{n}")


def solved(challenge: str) -> str:
    return next(s for n in range(10_000_000) if puzzles.is_enough(s := f"{challenge}~{n}"))


def test_in_a_quiet_hour_there_is_none(stranger, community):
    page = walk(stranger, community, upto="check").content.decode()
    assert "data-puzzle" not in page and "puzzle.js" not in page


def test_without_a_solution_it_waits_and_keeps_everything(busy, stranger, community):
    page = walk(stranger, community, phone="13800002222")
    said = page.content.decode()
    assert page.status_code == 422 and "再点一次" in said and "垃圾桶" in said and "13800002222" in said
    assert Complaint.objects.count() == 2


def test_with_a_solution_it_goes_through_once(busy, stranger, community):
    check = walk(stranger, community, phone="13800002222", upto="check")
    solution = solved(check.context["challenge"])
    sent = hidden(check) | {"category": "hygiene", "same": "", "step": "submit", "solution": solution}
    url = reverse("complaints:new-here", args=[community.code])
    assert stranger.post(url, sent).status_code == 302
    again = sent | {"client_id": "7b0f7c4e-8d5e-4a9b-9a51-0d9d6a0f1c99"}
    assert stranger.post(url, again).status_code == 422  # each solution counts once
    assert Complaint.objects.count() == 3


def test_what_waited_on_a_phone_goes_on_waiting(busy, stranger, community):
    client_id = "7b0f7c4e-8d5e-4a9b-9a51-0d9d6a0f1c77"
    sent = {"c": community.code, "client_id": client_id, "text": "路灯不亮", "phone": "13800003333", "manifest": "{}"}
    answer = stranger.post(reverse("complaints:receive"), sent)
    assert answer.status_code == 503 and answer.json()["error"]


def test_a_phone_that_tries_again_uses_up_nothing(busy, stranger, community, monkeypatch):
    """It tries every half-minute; what the site does not take in is not counted, and the phone is never sent away."""
    monkeypatch.setattr(robots, "OF_ADDRESS", 3)
    sent = {"c": community.code, "text": "路灯不亮", "phone": "13800003333", "manifest": "{}"}
    sent["client_id"] = "7b0f7c4e-8d5e-4a9b-9a51-0d9d6a0f1c66"
    for _ in range(5):
        assert stranger.post(reverse("complaints:receive"), sent).status_code == 503
    monkeypatch.setattr(robots, "FREE", 100)
    assert stranger.post(reverse("complaints:receive"), sent).json()["number"]


def test_what_waited_waits_for_the_share_of_its_address(stranger, community, monkeypatch):
    monkeypatch.setattr(robots, "OF_ADDRESS", 1)
    walk(stranger, community)
    sent = {"c": community.code, "text": "路灯不亮", "phone": "13800003333", "manifest": "{}"}
    sent["client_id"] = "7b0f7c4e-8d5e-4a9b-9a51-0d9d6a0f1c55"
    assert stranger.post(reverse("complaints:receive"), sent).status_code == 503


def test_one_address_has_its_share(stranger, community, monkeypatch):
    monkeypatch.setattr(robots, "OF_ADDRESS", 1)
    walk(stranger, community)
    page = walk(stranger, community, phone="13800004444")
    assert page.status_code == 422 and "发得太多了" in page.content.decode()
