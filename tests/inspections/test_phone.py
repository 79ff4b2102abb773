"""What a phone asks for by itself, and records that waited on it for a signal."""

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from communities.models import PatrolDuty
from inspections import kit, routes
from inspections.models import CheckItem, Finding, Patrol, PatrolPhoto
from tests.conftest import LONG_AGO
from tests.inspections.phone import NOW, posted_finding, sent_photo, sheet

pytestmark = pytest.mark.django_db
KIT, RECEIVE = reverse("inspections:patrol-kit"), reverse("inspections:patrol-receive")
JSON = {"HTTP_ACCEPT": "application/json"}


# ---------------------------------------------------------------- the kit


def test_the_kit_has_the_check_list_and_the_own_communities_only(
    as_cadre, cadre, community, building, firm_row, neighbour_community
):
    answer = as_cadre.get(KIT)
    data = answer.json()
    assert data["user"] == cadre.pk and "no-store" in answer["Cache-Control"]
    assert data["communities"] == [
        {
            "id": community.pk,
            "name": community.name,
            "kind": community.get_kind_display(),
            "buildings": [{"id": building.pk, "name": "3幢"}],
            "responsible": firm_row.name,
            "known": [],
        }
    ]
    items = CheckItem.objects.asked_on(NOW.date()).values_list("pk", flat=True)
    assert {item["id"] for item in data["items"]} == set(items)
    assert {"category", "label", "severity"} <= data["items"][0].keys()
    assert neighbour_community.name not in answer.content.decode()


def test_a_kit_names_no_people(cadre, community):
    assert cadre.name not in json.dumps(kit.kit(cadre, now=NOW), ensure_ascii=False)


def test_the_kit_knows_what_was_found_last_but_not_what_somebody_wrote(cadre, community, a_finding):
    [place] = kit.kit(cadre, now=NOW)["communities"]
    assert [(one["what"], one["open"]) for one in place["known"]] == [(a_finding.item.text, True)]
    assert a_finding.text not in json.dumps(place, ensure_ascii=False)


def test_the_kit_is_in_the_cadres_own_order(cadre, community, neighbour_community):
    PatrolDuty.objects.create(user=cadre, community=neighbour_community, first_day=LONG_AGO)
    names = [community.name, neighbour_community.name]
    before = [place["name"] for place in kit.kit(cadre, now=NOW)["communities"]]
    assert sorted(before) == sorted(names)
    last = community if before[-1] == community.name else neighbour_community
    routes.move(community=last, by=cadre, steps=-1, now=NOW)
    assert [place["name"] for place in kit.kit(cadre, now=NOW)["communities"]] == before[::-1]


def test_an_ended_duty_leaves_the_kit(cadre, community, days_ago):
    PatrolDuty.objects.filter(user=cadre).update(last_day=days_ago(30))
    assert kit.kit(cadre, now=NOW)["communities"] == []


def test_without_a_session_the_kit_is_401(client):
    assert client.get(KIT, **JSON).status_code == 401


@pytest.mark.parametrize("name", ["inspections:patrol-offline", "inspections:queue"])
def test_the_shell_is_the_same_for_everybody_and_says_nothing_of_anybody(client, cadre, community, name):
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert cadre.name not in page.content.decode() and community.name not in page.content.decode()


# ---------------------------------------------------------------- records that waited


def waited(community, *found, manifest=None, written=NOW, sent=NOW, **more) -> dict:
    moments = {"written_at": written.isoformat(), "sent_at": sent.isoformat()}
    return sheet(*found, **more) | {"c": community.pk, "manifest": json.dumps(manifest or {}), **moments}


def post(client, data):
    return client.post(RECEIVE, data, **JSON)


def test_it_works(as_cadre, cadre, community, firm_row):
    written = NOW - timedelta(hours=3)
    photo = sent_photo(cadre)
    found = posted_finding(photos=str(photo.client_id))
    manifest = {str(photo.client_id): photo.sha256}
    answer = post(as_cadre, waited(community, found, manifest=manifest, written=written))
    patrol = Patrol.objects.get()
    assert answer.json() == {"number": patrol.number, "url": patrol.get_absolute_url(), "doubt": False}
    assert (patrol.user, patrol.occurred_at, patrol.written_at, patrol.clock_ahead) == (cadre, written, written, 0)
    assert Finding.objects.get().photos.get() == photo


def test_sent_again_it_is_one_record_even_if_it_could_not_be_taken_now(as_cadre, cadre, community):
    data = waited(community)
    first = post(as_cadre, data).json()
    PatrolDuty.objects.all().delete()
    assert post(as_cadre, data | {"hyg": "nonsense"}).json() == first
    assert Patrol.objects.count() == 1


def test_photos_that_are_not_here_are_asked_for(as_cadre, cadre, community, firm_row):
    here, gone = sent_photo(cadre), uuid.uuid4()
    manifest = {str(here.client_id): here.sha256, str(gone): "0" * 64}
    answer = post(as_cadre, waited(community, manifest=manifest))
    assert (answer.status_code, answer.json()) == (409, {"missing": [str(gone)]})
    assert not Patrol.objects.exists()


def test_other_bytes_under_the_same_number_are_missing(as_cadre, cadre, community):
    here = sent_photo(cadre)
    answer = post(as_cadre, waited(community, manifest={str(here.client_id): "0" * 64}))
    assert answer.json() == {"missing": [str(here.client_id)]}


def test_anothers_photo_is_missing(as_cadre, other_cadre, community):
    theirs = sent_photo(other_cadre)
    answer = post(as_cadre, waited(community, manifest={str(theirs.client_id): theirs.sha256}))
    assert answer.json() == {"missing": [str(theirs.client_id)]}


def test_what_is_missing_is_said_in_sentences(as_cadre, community):
    found = posted_finding(text="")
    answer = post(as_cadre, waited(community, found, hyg=""))
    assert answer.status_code == 422
    assert any("环境卫生" in words for words in answer.json()["errors"])
    assert any(words.startswith("乱堆乱放：") for words in answer.json()["errors"])
    assert not Patrol.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"c": "x"},
        {"written_at": "soon"},
        {"client_id": "7"},
        {"manifest": "[1]"},
        {"manifest": '{"a": 1}'},
        {"manifest": "{"},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_what_cannot_be_read_is_refused_with_a_sentence(as_cadre, community, broken):
    answer = post(as_cadre, waited(community) | broken)
    assert answer.status_code == 422 and answer.json()["error"]


@pytest.mark.parametrize(
    ("written", "doubt"),
    [
        ("1970-01-01T00:00:00+00:00", "old"),
        ("9999-12-31T23:59:59+00:00", "future"),
        ("2026-11-20T09:00:00+08:00", "future"),
    ],
)
def test_a_phone_without_a_clock_is_not_refused(as_cadre, community, written, doubt):
    data = waited(community, occurred_on=written[:10]) | {"written_at": written, "sent_at": written}
    assert post(as_cadre, data).json()["doubt"] is True
    assert Patrol.objects.get().doubt == doubt


def test_another_community_is_refused_with_a_sentence(as_cadre, neighbour_community):
    answer = post(as_cadre, waited(neighbour_community))
    assert answer.status_code == 403 and "不归您联系" in answer.json()["error"]


def test_anothers_number_is_refused(as_cadre, as_other_cadre, community, neighbour_community):
    data = waited(community)
    post(as_cadre, data)
    assert post(as_other_cadre, data).status_code == 403


def test_a_duty_that_ended_since_may_still_be_sent(as_cadre, cadre, community, days_ago):
    PatrolDuty.objects.filter(user=cadre).update(first_day=LONG_AGO, last_day=days_ago(20))
    then = NOW - timedelta(days=25)
    answer = post(as_cadre, waited(community, written=then, occurred_on=f"{then:%Y-%m-%d}"))
    assert answer.json()["doubt"] is True


def test_an_expired_session_is_401(client, community):
    assert post(client, waited(community)).status_code == 401


def test_get_is_405(as_cadre):
    assert as_cadre.get(RECEIVE, **JSON).status_code == 405


def test_the_offices_unannounced_visit_may_wait_too(as_clerk, community):
    post(as_clerk, waited(community))
    assert Patrol.objects.get().kind == Patrol.Kind.COVERT
    assert not PatrolPhoto.objects.exists()
