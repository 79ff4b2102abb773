"""GET /healthz names the part that does not work."""

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

URL = reverse("healthz")


def all_alive(*, worker: float = 0, beat: float = 0) -> None:
    """Heartbeats so many seconds ago."""
    cache.set("alive:worker", time.time() - worker)
    cache.set("alive:beat", time.time() - beat)


def test_everything_at_work(stranger):
    all_alive()
    answer = stranger.get(URL)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "failing": [],
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
        "beat": "ok",
        "version": answer.json()["version"],
    }
    assert "no-cache" in answer["Cache-Control"]


def test_a_worker_never_heard_of_is_named(stranger):
    cache.set("alive:beat", time.time())
    answer = stranger.get(URL)
    assert (answer.status_code, answer.json()["failing"]) == (503, ["worker"])


@pytest.mark.parametrize(("silent", "failing"), [({"worker": 50}, ["worker"]), ({"beat": 50}, ["beat"])])
def test_a_part_that_fell_silent_is_named(stranger, silent, failing):
    all_alive(**silent)
    answer = stranger.get(URL)
    assert (answer.status_code, answer.json()["failing"]) == (503, failing)
    assert "silent for 50 s" in answer.json()[failing[0]]


def test_a_database_that_is_away_is_named(stranger, settings, django_db_blocker):
    all_alive()
    with django_db_blocker.block():  # every connection is refused, as when the server is gone
        answer = stranger.get(URL)
    assert answer.status_code == 503
    assert "database" in answer.json()["failing"]
    assert connection is not None


def test_only_reading(stranger):
    assert stranger.post(URL).status_code == 405
