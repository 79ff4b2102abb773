"""Photos from the phone to the page, with the patrol's table."""

import hashlib
import threading
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from inspections.models import PatrolPhoto
from lib import uploads
from lib.pictures import BadPhoto
from tests.lib import photos

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def send(cadre):
    def sent(data=None, *, client_id=None, by=None, **more):
        file = SimpleUploadedFile("IMG_0001.JPG", photos.jpeg() if data is None else data)
        return uploads.receive(
            PatrolPhoto, file=file, client_id=client_id or uuid.uuid4(), by=by or cadre, now=NOW, **more
        )

    return sent


def files():
    return sorted(path.name for path in Path(default_storage.location).rglob("*") if path.is_file())


def test_a_photo_is_taken_in_as_it_is(send, cadre):
    data = photos.jpeg()
    photo = send(data)
    assert (photo.state, photo.original_kept, photo.uploaded_by, photo.size) == ("received", True, cadre, len(data))
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert files() == [f"{photo.name}.original"]
    assert list(PatrolPhoto.objects.unprocessed()) == [photo]


def test_the_worker_makes_two_pictures_and_forgets_the_original(send):
    photo = send(photos.jpeg(2000, 1500))
    uploads.process(photo)
    assert (photo.state, photo.width, photo.height, photo.original_kept) == ("ready", 1600, 1200, False)
    assert photo.taken_on == date(2026, 11, 18)
    assert files() == sorted([f"{photo.name}.jpg", f"{photo.name}.small.jpg"])
    assert not PatrolPhoto.objects.unprocessed().exists()
    assert list(PatrolPhoto.objects.ready()) == [photo]


def test_a_photo_sent_twice_is_one(send):
    data, client_id = photos.jpeg(), uuid.uuid4()
    first = send(data, client_id=client_id)
    assert send(data, client_id=client_id) == first
    uploads.process(first)
    assert send(data, client_id=client_id) == first
    assert PatrolPhoto.objects.count() == 1


def test_another_photo_or_person_under_the_same_id_is_refused(send, other_cadre):
    data, client_id = photos.jpeg(), uuid.uuid4()
    send(data, client_id=client_id)
    with pytest.raises(BadPhoto, match="编号"):
        send(photos.jpeg(400, 300), client_id=client_id)
    with pytest.raises(BadPhoto, match="编号"):
        send(data, client_id=client_id, by=other_cadre)


def test_a_photo_that_changed_on_the_way_is_sent_again(send):
    data = photos.jpeg()
    with pytest.raises(BadPhoto, match="再传一次"):
        send(data[:-10], sha256=hashlib.sha256(data).hexdigest())
    assert send(data, sha256=hashlib.sha256(data).hexdigest().upper())


@pytest.mark.parametrize("data", [b"", b"<html>", photos.png_bomb()], ids=["empty", "html", "bomb"])
def test_what_is_no_photo_is_refused_at_once(send, data):
    with pytest.raises(BadPhoto):
        send(data)
    assert files() == []
    assert not PatrolPhoto.objects.exists()


def test_a_huge_file_is_refused_unread(send, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    with pytest.raises(BadPhoto, match="30 MB"):
        send()


def test_a_photo_that_ends_too_early_is_refused_with_a_reason(send):
    data = photos.jpeg(1200, 900)
    photo = send(data[: len(data) // 2])
    uploads.process(photo)
    assert (photo.state, photo.original_kept) == ("refused", False)
    assert photo.refusal.endswith("。")
    assert files() == []


def test_a_file_that_was_lost_is_refused_with_a_reason(send):
    photo = send()
    default_storage.delete(photo.original)
    uploads.process(photo)
    assert (photo.state, photo.refusal) == ("refused", uploads.CHANGED_ON_THE_WAY)


@pytest.mark.parametrize(
    ("browser", "camera", "kept"),
    [
        (date(2026, 11, 19), "", date(2026, 11, 19)),
        (date(2026, 11, 19), "2026:11:18 10:00:00", date(2026, 11, 18)),
        (None, "", None),
        (date(2026, 11, 21), "", None),  # a clock that runs ahead says nothing
        (date(2026, 11, 19), "2026:11:21 10:00:00", date(2026, 11, 19)),
    ],
)
def test_the_capture_date_comes_from_the_original_else_from_the_browser(send, browser, camera, kept):
    photo = send(photos.jpeg(taken=camera), taken_on=browser)
    uploads.process(photo)
    assert photo.taken_on == kept


def test_processing_twice_changes_nothing(send):
    photo = send()
    uploads.process(photo)
    before = files()
    uploads.process(photo)
    assert (photo.state, files()) == ("ready", before)


def test_a_worker_killed_before_the_original_was_deleted_is_made_good(send):
    photo = send()
    uploads.process(photo)
    default_storage.save(photo.original, SimpleUploadedFile("x", b"place inside"))
    PatrolPhoto.objects.filter(pk=photo.pk).update(original_kept=True)
    uploads.process(PatrolPhoto.objects.get(pk=photo.pk))
    assert files() == sorted([f"{photo.name}.jpg", f"{photo.name}.small.jpg"])


def test_a_worker_killed_half_way_is_made_good(send):
    photo = send()
    default_storage.save(photo.picture, SimpleUploadedFile("x", b"half a pict"))
    uploads.process(photo)
    answer = uploads.response(photo)
    assert b"".join(answer).startswith(b"\xff\xd8")
    answer.close()


def test_a_picture_goes_out_with_care(send):
    photo = send()
    uploads.process(photo)
    for small in (True, False):
        answer = uploads.response(photo, small=small)
        assert answer["Content-Type"] == "image/jpeg"
        assert "private" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        answer.close()


def test_a_photo_never_used_goes_with_its_files(send):
    photo = send()
    uploads.process(photo)
    uploads.remove(photo)
    assert files() == []
    assert not PatrolPhoto.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_it_once(send, monkeypatch):
    photo, made = send(photos.jpeg(2000, 1500)), []
    shrink = uploads.shrink
    monkeypatch.setattr(uploads, "shrink", lambda data: made.append(1) or shrink(data))
    start = threading.Barrier(2)

    def work():
        start.wait()
        uploads.process(PatrolPhoto.objects.get(pk=photo.pk))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    photo.refresh_from_db()
    assert (photo.state, len(made), len(files())) == ("ready", 1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_are_one(send, cadre):
    data, client_id, got = photos.jpeg(), uuid.uuid4(), []
    start = threading.Barrier(4)

    def tap():
        start.wait()
        got.append(send(data, client_id=client_id).pk)
        connection.close()

    taps = [threading.Thread(target=tap) for _ in range(4)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert len(got) == 4
    assert len(set(got)) == 1
    assert len(files()) == 1
