"""What the worker makes of a photo, without a database."""

import io
from datetime import date

import pytest
from PIL import Image

from lib import pictures
from lib.pictures import THUMBNAIL_BYTES, BadPhoto, shrink
from tests.lib import photos


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_kind_becomes_a_jpeg_of_1600(kind):
    shrunk = shrink(photos.encoded(photos.scene(2000, 1500), kind))
    assert opened(shrunk.picture).format == opened(shrunk.thumbnail).format == "JPEG"
    assert opened(shrunk.picture).size == shrunk.size == (1600, 1200)
    assert len(shrunk.thumbnail) <= THUMBNAIL_BYTES


def test_a_small_photo_is_not_blown_up():
    assert shrink(photos.jpeg(320, 200)).size == (320, 200)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "HEIF", "PNG"])
def test_nothing_tells_where_it_was(kind):
    data = photos.encoded(photos.scene(), kind, exif=photos.exif())
    shrunk = shrink(data)
    for kept in (shrunk.picture, shrunk.thumbnail):
        assert not opened(kept).getexif()
        assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"Exif" not in kept
    assert shrunk.taken_on == date(2026, 11, 18)


def test_a_comment_is_left_behind():
    data = photos.jpeg()
    assert b"secret comment" in data
    assert b"secret comment" not in shrink(data).picture


@pytest.mark.parametrize(
    ("taken", "day"),
    [
        ("2026:11:18 23:59:59", date(2026, 11, 18)),
        ("", None),
        ("0000:00:00 00:00:00", None),
        ("1970:01:01 00:00:00", None),
        ("yesterday", None),
        ("2026:02:30 00:00:00", None),
    ],
)
def test_the_capture_date_is_kept_if_it_is_one(taken, day):
    assert shrink(photos.jpeg(taken=taken)).taken_on == day


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_stands_upright(orientation):
    upright = shrink(photos.jpeg(3200, 2400, orientation=orientation)).size
    assert upright == ((1200, 1600) if orientation in (6, 8) else (1600, 1200))


def test_transparent_parts_become_white():
    clear = Image.new("RGBA", (100, 80), (0, 0, 0, 0))
    assert opened(shrink(photos.encoded(clear, "PNG")).picture).getpixel((50, 40)) == (255, 255, 255)
    palette = Image.new("P", (100, 80), 0)
    assert opened(shrink(photos.encoded(palette, "PNG", transparency=0)).picture).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_unusual_colours_are_read(mode):
    assert opened(shrink(photos.jpeg(mode=mode)).picture).mode == "RGB"


def test_a_very_long_photo_keeps_its_shape():
    assert shrink(photos.encoded(Image.new("RGB", (20_000, 10)), "JPEG")).size == (1600, 1)


def test_a_thumbnail_of_noise_is_still_small():
    assert len(shrink(photos.encoded(Image.effect_noise((1600, 1600), 100), "JPEG")).thumbnail) <= THUMBNAIL_BYTES


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7 not a photo",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40,
        b"MZ" + b"\x00" * 100,
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
    ids=["html", "pdf", "gif", "jpeg-head", "png-head", "webp-head", "heic-head", "exe", "svg"],
)
def test_what_is_no_photo_gets_a_sentence(data):
    with pytest.raises(BadPhoto, match=r"。$"):
        shrink(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
def test_a_photo_cut_off_gets_a_sentence(kind, part):
    data = photos.encoded(photos.scene(1200, 900), kind)
    with pytest.raises(BadPhoto, match=r"。$"):
        shrink(data[: int(len(data) * part)])


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_bombs_are_not_unpacked():
    for side in (8_000, 13_000, 40_000, 2**31 - 1):
        with pytest.raises(BadPhoto, match=r"像素太多|不是照片"):
            shrink(photos.png_bomb(side))


def test_more_pixels_than_a_phone_has_are_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS_JPEG", 800 * 600)
    assert shrink(photos.jpeg(800, 600)).size == (800, 600)
    with pytest.raises(BadPhoto, match="像素太多"):
        shrink(photos.jpeg(800, 601))
