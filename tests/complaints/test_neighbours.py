"""Open cases like it are shown with picture, place and who is on it; no words, nothing that was hidden. Issue 7 §2"""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from complaints import corrections, handling, neighbours, photos
from lib.periods import DAY
from tests.complaints.pages import walk
from tests.lib.photos import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent_photo():
    """A photo that a phone has sent and the worker has made a picture of."""
    client_id = uuid4()
    file = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    photos.receive(file=file, client_id=client_id, by=None, now=timezone.now())
    photos.process_waiting()
    return client_id


@pytest.fixture
def case(make_complaint, sent_photo, firm_row):
    return make_complaint(now=timezone.now(), place="北门 3-1-502 旁边", photos=[sent_photo])


def near(community):
    today = timezone.localdate()
    return neighbours.similar(community, text="北门垃圾桶满了", category="hygiene", today=today)


def test_picture_place_and_who_is_on_it(stranger, community, case):
    (found,) = near(community)
    assert (found.row, found.where, found.who) == (case, "北门 旁边", "演示·安居物业")
    page = walk(stranger, community, upto="check").content.decode()
    address = reverse("complaints:photo-near", args=[found.picture])
    assert "我也遇到了这一件" in page and "演示·安居物业在办" in page and "3-1-502" not in page
    assert case.text not in page.replace("北门垃圾桶满了两天没人收</dd>", "")
    assert stranger.get(address)["Content-Type"] == "image/jpeg"


def test_what_whoever_wrote_it_hid_is_not_shown(stranger, community, case):
    page = walk(stranger, community, hidden="on", phone="13900009999")
    assert page.status_code == 302
    hidden = community.complaints.latest("pk")
    assert hidden.hidden_from_neighbours
    assert {one.row.pk: one.where for one in near(community)}[hidden.pk] == ""


def test_hidden_by_the_station_its_picture_is_gone_at_once(stranger, community, case, station_clerk):
    address = reverse("complaints:photo-near", args=[near(community)[0].picture])
    corrections.hide(complaint=case, reason="照片里有人脸", by=station_clerk, now=timezone.now())
    assert stranger.get(address).status_code == 404
    assert near(community)[0].picture == ""


def test_a_case_that_is_over_shows_no_picture(stranger, community, case):
    address = reverse("complaints:photo-near", args=[near(community)[0].picture])
    handling.withdraw(complaint=case, reason="不用了", now=timezone.now())
    assert stranger.get(address).status_code == 404 and near(community) == []


@pytest.mark.parametrize("signed", ["x", "1", "ImFiYyI:1tZ:x"])
def test_an_address_that_nobody_signed(stranger, db, signed):
    assert stranger.get(reverse("complaints:photo-near", args=[signed])).status_code == 404


def test_an_address_works_for_so_long_only(stranger, community, case, monkeypatch):
    address = reverse("complaints:photo-near", args=[near(community)[0].picture])
    monkeypatch.setattr(neighbours, "LASTS", -1)
    assert stranger.get(address).status_code == 404


def test_between_neighbours_neither_place_nor_picture(make_complaint, sent_photo, community):
    make_complaint(now=timezone.now(), text="楼上太吵", place="五楼", photos=[sent_photo])
    today = timezone.localdate()
    (found,) = neighbours.similar(community, text="楼上晚上太吵", category="neighbour", today=today)
    assert (found.where, found.picture) == ("", "")


def test_neither_old_ones_nor_those_elsewhere(make_complaint, community, neighbour_community):
    make_complaint(now=timezone.now() - 15 * DAY)
    make_complaint(now=timezone.now(), community=neighbour_community)
    assert near(community) == []
