"""static/photos.js: the day a photo was taken, its size and its fingerprint, before it leaves the phone."""

import base64
import hashlib
import io

import pytest
from PIL import Image

from tests.lib.photos import encoded, exif, jpeg, scene

PREPARE = """async ([encoded, name]) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const { blob, ...rest } = await photos.prepare(new File([bytes], name));
  const out = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < out.length; at += 8192) text += String.fromCharCode(...out.subarray(at, at + 8192));
  return { ...rest, type: blob.type, data: btoa(text) };
}"""


@pytest.fixture
def prepare(blank_page):
    """`prepare(bytes, name)`: what the phone would send for that file."""
    blank_page.add_script_tag(url="/static/photos.js")

    def run(data: bytes, name: str) -> dict:
        made = blank_page.evaluate(PREPARE, [base64.b64encode(data).decode(), name])
        return {**made, "data": base64.b64decode(made["data"])}

    return run


def test_a_photo_is_made_smaller_and_loses_its_place(prepare):
    made = prepare(jpeg(2400, 1800), "IMG_1.JPG")
    picture = Image.open(io.BytesIO(made["data"]))
    assert picture.size == (1600, 1200) and picture.format == "JPEG"
    assert not picture.getexif() and made["name"] == "IMG_1.jpg"


def test_its_day_is_read_before(prepare):
    assert prepare(jpeg(), "a.jpg")["takenOn"] == "2026-11-18"


def test_without_a_day_there_is_none(prepare):
    assert prepare(jpeg(taken=None), "a.jpg")["takenOn"] is None


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "昨天".encode().decode("latin-1"), "2026"])
def test_a_day_that_is_none_is_not_believed(prepare, taken):
    assert prepare(jpeg(taken=taken), "a.jpg")["takenOn"] is None


def test_heic_goes_as_it_is_with_its_day(prepare):
    heic = encoded(scene(640, 480), "HEIF", exif=exif().tobytes())
    made = prepare(heic, "IMG_2.HEIC")
    assert made["data"] == heic and made["name"] == "IMG_2.HEIC" and made["takenOn"] == "2026-11-18"


def test_the_fingerprint_is_of_what_is_sent(prepare):
    made = prepare(jpeg(), "a.jpg")
    assert made["sha256"] == hashlib.sha256(made["data"]).hexdigest()


NO_PHOTOS = {
    "nothing": b"",
    "a word": b"Exif",
    "a cut JPEG": b"\xff\xd8Exif\0\0MM\0*\xff\xff\xff\xff",
    "a directory beyond the end": b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
}


@pytest.mark.parametrize("data", NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_what_is_no_photo_breaks_nothing(prepare, data):
    made = prepare(data, "notes.txt")
    assert made["data"] == data and made["takenOn"] is None


def test_a_photo_on_its_side_is_turned(prepare):
    made = prepare(jpeg(800, 600, orientation=6), "a.jpg")
    assert Image.open(io.BytesIO(made["data"])).size == (600, 800)
