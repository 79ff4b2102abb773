"""What a photo becomes: two small JPEGs that tell nothing but what they show. Pure: bytes in, bytes out."""

import io
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime

from PIL import ExifTags, Image, ImageOps

MOST_PIXELS = 52_000_000  # a phone's 50 million
MOST_PIXELS_JPEG = 130_000_000  # a JPEG is scaled down while it is decoded
LONGEST_SIDE = 30_000
PICTURE_SIDE = 1600
THUMBNAIL_BYTES = 30 * 1024
THUMBNAILS = [(side, quality) for side in (400, 320, 240, 120) for quality in (76, 60, 45)]
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")

TOO_MANY_PIXELS = "照片的像素太多，请把相机调到普通清晰度再拍。"
NO_PHOTO = "这个文件不是照片。请选 JPEG、PNG、WebP 或苹果手机的 HEIC 照片。"
BROKEN = "照片打不开，可能没传完整，请重新选一次。"


class BadPhoto(ValueError):
    """The file cannot be used; the text is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Shrunk:
    """What remains of a photo: two JPEGs without any metadata, and the day it was taken."""

    picture: bytes
    thumbnail: bytes
    size: tuple[int, int]
    taken_on: date | None


def shrink(data: bytes) -> Shrunk:
    """A photo of at most 1600 pixels and a thumbnail of at most 30 KB, upright, without EXIF, place or profile.

    Raises:
        BadPhoto: the bytes are no photo, too large, or end too early.
    """
    image = open_bounded(data)
    try:
        taken_on = _capture_date(image)
        picture = _plain(_scaled(image))
    except Exception as error:  # decoders raise whatever the bytes make them
        raise BadPhoto(BROKEN) from error
    return Shrunk(_jpeg(picture, 80), _thumbnail(picture), picture.size, taken_on)


def _scaled(image: Image.Image) -> Image.Image:
    size = _fitting(image.size, PICTURE_SIDE)
    if image.format in ("JPEG", "MPO"):
        image.draft(None, size)  # the exact aspect, or the decoder does not scale down
    mode = "RGBA" if image.has_transparency_data else "RGB"
    even = image if image.mode == mode else image.convert(mode)
    return even if even.size == size else even.resize(size, Image.Resampling.LANCZOS)


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size that fits into a square of that side, never larger than it is."""
    longest = max(size)
    if longest <= side:
        return size
    return tuple(max(1, round(edge * side / longest)) for edge in size)


def _plain(image: Image.Image) -> Image.Image:
    """Upright, on white, and nothing but pixels: what was attached is left behind."""
    upright = ImageOps.exif_transpose(image)
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    return plain


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _thumbnail(picture: Image.Image) -> bytes:
    for side, quality in THUMBNAILS:
        small = picture.resize(_fitting(picture.size, side), Image.Resampling.BICUBIC, reducing_gap=2)
        data = _jpeg(small, quality)
        if len(data) <= THUMBNAIL_BYTES:
            break
    return data


def _capture_date(image: Image.Image) -> date | None:
    """The day the camera noted, if it noted a sensible one."""
    try:
        details = image.getexif().get_ifd(ExifTags.IFD.Exif)
        noted = details.get(ExifTags.Base.DateTimeOriginal) or details.get(ExifTags.Base.DateTimeDigitized) or ""
        day = datetime.strptime(str(noted)[:10], "%Y:%m:%d").replace(tzinfo=UTC).date()
    except (ValueError, KeyError, TypeError, SyntaxError, OSError, struct.error):
        return None
    return day if day.year >= 2000 else None


def capture_date(data: bytes) -> date | None:
    """The day the camera noted, without decoding the picture.

    Raises:
        BadPhoto: as `shrink`.
    """
    return _capture_date(open_bounded(data))


def open_bounded(data: bytes) -> Image.Image:
    """The image with its header read and its bounds checked, not yet decoded."""
    import pillow_heif  # 0.1 s, and only those who open photos need it

    pillow_heif.register_heif_opener()
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise BadPhoto(TOO_MANY_PIXELS) from error
    except Exception as error:  # decoders raise whatever the bytes make them
        raise BadPhoto(NO_PHOTO) from error
    most = MOST_PIXELS_JPEG if image.format in ("JPEG", "MPO") else MOST_PIXELS
    if image.width * image.height > most or max(image.size) > LONGEST_SIDE:
        raise BadPhoto(TOO_MANY_PIXELS)
    return image
