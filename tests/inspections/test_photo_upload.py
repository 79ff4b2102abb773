"""Photos sent ahead of their record, and given back only to those who see the row."""

import io
import uuid

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from inspections import photos
from inspections.models import PatrolPhoto
from lib import uploads
from tests.inspections.phone import SMALL_JPEG, beijing, finding, sent_photo, upload
from tests.lib.photos import encoded, jpeg, png_bomb, scene

UPLOAD = reverse("inspections:photo-upload")


def post(client, data=SMALL_JPEG, **more):
    fields = {"client_id": str(uuid.uuid4()), "kind": "problem", "file": upload(data), **more}
    return client.post(UPLOAD, {name: value for name, value in fields.items() if value is not None})


# ---------------------------------------------------------------- taking in


def test_it_works(as_cadre, cadre):
    number = uuid.uuid4()
    answer = post(as_cadre, client_id=number, taken_on="2026-11-18")
    assert (answer.status_code, answer.json()) == (200, {"id": str(number)})
    row = PatrolPhoto.objects.get()
    assert (row.client_id, row.uploaded_by, row.state, row.is_loose) == (number, cadre, "received", True)
    assert row.taken_on.isoformat() == "2026-11-18"
    assert default_storage.open(row.original).read() == SMALL_JPEG


SORTS = {
    "JPEG": lambda: jpeg(640, 480),
    "HEIC": lambda: encoded(scene(640, 480), "HEIF"),
    "PNG": lambda: encoded(scene(640, 480), "PNG"),
    "WebP": lambda: encoded(scene(640, 480), "WEBP"),
    "grey": lambda: jpeg(640, 480, mode="L"),
    "CMYK": lambda: encoded(scene(640, 480, "CMYK"), "JPEG"),
    "see-through": lambda: encoded(scene(640, 480, "RGBA"), "PNG"),
}


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_of_photo_becomes_a_picture(as_cadre, sort):
    assert post(as_cadre, SORTS[sort]()).status_code == 200
    photos.process_waiting()
    row = PatrolPhoto.objects.get()
    assert (row.state, row.width, row.height) == ("ready", 640, 480)


BAD = {
    "no file": (None, "没有传上来"),
    "zero bytes": (b"", "空的"),
    "text": ("我不是照片".encode(), "不是照片"),
    "a page": (b"<html><script>alert(1)</script></html>", "不是照片"),
    "a PDF": (b"%PDF-1.7\n1 0 obj", "不是照片"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "不是照片"),
    "a GIF": (encoded(scene(80, 60), "GIF"), "不是照片"),
    "a bomb": (png_bomb(), "像素太多"),
    "half a header": (SMALL_JPEG[:3], "不是照片"),
    "a zip": (b"PK\x03\x04" + b"\0" * 100, "不是照片"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_photo_gets_a_sentence(as_cadre, case):
    data, sentence = BAD[case]
    answer = post(as_cadre, **({"file": None} if data is None else {"data": data}))
    assert answer.status_code == 422 and sentence in answer.json()["error"]
    assert not PatrolPhoto.objects.exists()


def test_too_many_megabytes(as_cadre, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    answer = post(as_cadre)
    assert answer.status_code == 422 and "太" not in answer.json()["error"] and "30 MB" in answer.json()["error"]


def test_the_limit_of_thirty_megabytes(as_cadre):
    answer = post(as_cadre, SMALL_JPEG + b"\0" * uploads.MOST_BYTES)
    assert answer.status_code == 422 and "30 MB" in answer.json()["error"]


def test_changed_on_the_way(as_cadre):
    answer = post(as_cadre, sha256="0" * 64)
    assert answer.status_code == 422 and "没有传完整" in answer.json()["error"]


UNREADABLE = [{"client_id": "abc"}, {"client_id": None}, {"taken_on": "gestern"}, {"kind": "x"}, {"sha256": "zz"}]


@pytest.mark.parametrize("fields", UNREADABLE, ids=str)
def test_fields_that_cannot_be_read(as_cadre, fields):
    answer = post(as_cadre, **fields)
    assert answer.status_code == 422 and answer.json()["error"]
    assert not PatrolPhoto.objects.exists()


def test_a_day_to_come_is_not_believed(as_cadre):
    assert post(as_cadre, taken_on="2026-11-20").status_code == 200
    assert PatrolPhoto.objects.get().taken_on is None


def test_sent_again_it_is_one_photo_also_after_it_was_processed(as_cadre):
    number = uuid.uuid4()
    assert post(as_cadre, client_id=number).status_code == 200
    photos.process_waiting()
    assert post(as_cadre, client_id=number).status_code == 200
    assert PatrolPhoto.objects.get().state == "ready"


def test_another_photo_under_the_same_number(as_cadre, as_other_cadre):
    number = uuid.uuid4()
    post(as_cadre, client_id=number)
    for client, data in ((as_cadre, jpeg(81, 60)), (as_other_cadre, SMALL_JPEG)):
        answer = post(client, data, client_id=number)
        assert answer.status_code == 422 and "已经用过" in answer.json()["error"]


@pytest.mark.parametrize("who", ["leader", "resident"])
def test_those_who_neither_find_nor_put_right_get_403(as_, request, who):
    assert post(as_(request.getfixturevalue(who))).status_code == 403


@pytest.mark.parametrize("who", ["station_head", "firm"])
def test_those_who_put_right_send_photos_too(as_, request, who):
    assert post(as_(request.getfixturevalue(who))).status_code == 200


def test_signed_out_in_between_a_program_is_told_so(stranger):
    answer = stranger.post(UPLOAD, {"file": upload()}, headers={"accept": "application/json"})
    assert answer.status_code == 401 and "登录过期" in answer.json()["error"]


def test_a_wrong_method(as_cadre):
    assert as_cadre.get(UPLOAD).status_code == 405


# ---------------------------------------------------------------- processing


def test_nothing_but_pixels_is_left(cadre):
    row = sent_photo(cadre, data=jpeg(4000, 3000, taken="2026:11:18 10:02:03"))
    original = row.original
    assert photos.process_waiting() == 1
    row.refresh_from_db()
    assert (row.state, row.width, row.height, row.original_kept) == ("ready", 1600, 1200, False)
    assert row.taken_on.isoformat() == "2026-11-18"
    for name, most in ((row.picture, 1600), (row.thumbnail, 400)):
        data = default_storage.open(name).read()
        image = Image.open(io.BytesIO(data))
        assert max(image.size) <= most and not image.getexif() and "exif" not in image.info
        assert b"camera" not in data and b"secret" not in data
    assert default_storage.size(row.thumbnail) <= 30 * 1024
    assert not default_storage.exists(original)


def test_the_day_of_the_browser_stays_where_the_photo_says_none(cadre):
    row = sent_photo(cadre, data=jpeg(80, 60, taken=None), taken_on=beijing("2026-11-17 00:00").date())
    photos.process_waiting()
    row.refresh_from_db()
    assert row.taken_on.isoformat() == "2026-11-17"


def test_a_truncated_photo_is_refused_with_a_sentence_and_keeps_nobody_waiting(cadre):
    bad, good = sent_photo(cadre, data=jpeg(800, 600)[:5000]), sent_photo(cadre)
    photos.process_waiting()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.refusal) == ("refused", "照片打不开，可能没传完整，请重新选一次。")
    assert good.state == "ready"
    assert not default_storage.exists(bad.original)


def test_one_that_fails_by_accident_is_tried_again(cadre, monkeypatch):
    first, second = sent_photo(cadre), sent_photo(cadre)
    whole, process = set(), uploads.process

    def full_disk(photo):
        if photo.pk == first.pk and not whole:
            whole.add(photo.pk)
            raise OSError("no space left on device")
        process(photo)

    monkeypatch.setattr(uploads, "process", full_disk)
    photos.process_waiting()
    assert [PatrolPhoto.objects.get(pk=row.pk).state for row in (first, second)] == ["received", "ready"]
    photos.process_waiting()
    assert PatrolPhoto.objects.get(pk=first.pk).state == "ready"


def test_processed_twice_changes_nothing(cadre):
    row = sent_photo(cadre)
    photos.process_waiting()
    row.refresh_from_db()
    before = default_storage.get_modified_time(row.picture)
    uploads.process(row)
    assert photos.process_waiting() == 0
    assert default_storage.get_modified_time(row.picture) == before


# ---------------------------------------------------------------- given back


@pytest.fixture
def shown(cadre, community, firm_row, send) -> PatrolPhoto:
    row = sent_photo(cadre)
    send(cadre, community, finding(photos=[row.client_id]))
    photos.process_waiting()
    row.refresh_from_db()
    return row


def urls(row):
    return [reverse(name, args=[row.client_id]) for name in ("inspections:photo", "inspections:photo-small")]


@pytest.mark.parametrize("who", ["cadre", "station_head", "clerk", "leader", "firm"])
def test_those_who_see_the_row_see_the_photo(as_, request, shown, who):
    client = as_(request.getfixturevalue(who))
    for url in urls(shown):
        answer = client.get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["X-Content-Type-Options"] == "nosniff" and "private" in answer["Cache-Control"]
        Image.open(io.BytesIO(b"".join(answer.streaming_content)))


@pytest.mark.parametrize("who", ["other_cadre", "other_firm", "resident", "other_station_head"])
def test_others_get_404(as_, request, shown, who):
    client = as_(request.getfixturevalue(who))
    assert [client.get(url).status_code for url in urls(shown)] == [404, 404]


def test_strangers_are_led_to_the_door(stranger, shown):
    assert [stranger.get(url).status_code for url in urls(shown)] == [302, 302]


def test_photos_are_only_read(as_cadre, shown):
    assert [as_cadre.post(url).status_code for url in urls(shown)] == [405, 405]


def test_one_that_is_not_ready_says_so(as_cadre, cadre):
    row = sent_photo(cadre)
    answer = as_cadre.get(urls(row)[0])
    assert answer.status_code == 404 and "还在处理" in answer.content.decode()


def test_a_file_that_is_gone_is_a_sentence(as_cadre, shown):
    default_storage.delete(shown.picture)
    answer = as_cadre.get(urls(shown)[0])
    assert answer.status_code == 404 and "文件不在了" in answer.content.decode()


# ---------------------------------------------------------------- forgotten


def test_loose_photos_are_forgotten_after_a_month_and_others_never(cadre, community, send):
    loose, bound, young = sent_photo(cadre), sent_photo(cadre), sent_photo(cadre, now=beijing("2026-11-20 10:00"))
    send(cadre, community, photos=[bound.client_id])
    photos.process_waiting()
    assert photos.forget_loose(now=beijing("2026-12-19 09:59")) == 0
    assert photos.forget_loose(now=beijing("2026-12-19 10:01")) == 1
    assert photos.forget_loose(now=beijing("2026-12-19 10:01")) == 0
    assert set(PatrolPhoto.objects.all()) == {bound, young}
    assert not default_storage.exists(loose.picture) and not default_storage.exists(loose.thumbnail)
    bound.refresh_from_db()
    assert default_storage.exists(bound.picture)


def test_one_never_processed_goes_with_its_original(cadre):
    row = sent_photo(cadre)
    photos.forget_loose(now=beijing("2027-01-01 00:00"))
    assert not default_storage.exists(row.original)
