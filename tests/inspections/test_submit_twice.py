"""Many taps at one moment, on real connections: one record, and everybody gets its page."""

import threading
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inspections import patrols
from inspections.models import DayNumber, Finding, Patrol
from lib.periods import beijing_date
from tests.inspections.phone import entry, finding, posted_finding, sheet

pytestmark = pytest.mark.django_db(transaction=True)
TAPS = 30


@pytest.fixture(autouse=True)
def real(transactional_db):
    """These tests commit, and live now."""


def at_once(number: int, act) -> list:
    """Runs ``act(n)`` in so many threads that all begin at the same moment; what each gave or raised."""
    start, results = threading.Barrier(number), [None] * number

    def run(n):
        try:
            start.wait()
            results[n] = act(n)
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_identical_taps_on_the_page_make_one_record(cadre, community, as_cadre):
    url = f"{reverse('inspections:patrol-new')}?c={community.pk}"
    today = beijing_date(timezone.now()).isoformat()
    data = sheet(posted_finding(), occurred_on=today)
    cookies = as_cadre.cookies

    def tap(n):
        client = Client()
        client.cookies = cookies
        return client.post(url, data)

    answers = at_once(TAPS, tap)
    patrol = Patrol.objects.get()
    done = reverse("inspections:patrol-done", args=[patrol.pk])
    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {(302, done)}
    assert Finding.objects.count() == 1
    assert DayNumber.objects.get().last == 1


def test_different_patrols_at_once_get_numbers_without_gap_or_double(cadre, community):
    now = timezone.now()

    def send(n):
        return patrols.submit(entry=entry(community, occurred=now), by=cadre, now=now).number

    numbers = at_once(12, send)
    assert sorted(numbers) == [f"巡{beijing_date(now):%Y%m%d}-{n:04}" for n in range(1, 13)]


def test_two_phones_with_one_number_and_two_people(cadre, other_cadre, community, neighbour_community):
    now, number = timezone.now(), uuid.uuid4()
    sides = [(cadre, community), (other_cadre, neighbour_community)]

    def send(n):
        by, place = sides[n]
        return patrols.submit(entry=entry(place, client_id=number, occurred=now), by=by, now=now)

    results = at_once(2, send)
    assert sorted(type(result).__name__ for result in results) == ["Patrol", "PermissionDenied"]


def test_one_photo_and_two_records_at_once(cadre, community):
    from tests.inspections.phone import sent_photo

    now = timezone.now()
    photo = sent_photo(cadre, now=now)
    results = at_once(2, lambda n: patrols.submit(
        entry=entry(community, finding(photos=[photo.client_id]), occurred=now), by=cadre, now=now
    ))  # fmt: skip
    assert sorted(type(result).__name__ for result in results) == ["Patrol", "Refused"]


def test_two_corrections_at_once_make_two_versions_or_one(cadre, community, firm_row):
    now = timezone.now()
    patrol = patrols.submit(entry=entry(community, occurred=now), by=cadre, now=now)
    new = entry(community, note="更正的说明", occurred=now)
    results = at_once(4, lambda n: patrols.correct(patrol=patrol, entry=new, reason="补说明", by=cadre, now=now))
    assert sorted(results) == [False, False, False, True]
    patrol.refresh_from_db()
    assert (patrol.version, patrol.versions.count()) == (2, 1)
