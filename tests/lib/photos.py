"""Files that people might send, made on the spot."""

import io
import random
import struct
import zlib

from PIL import Image, ImageDraw


def scene(width=800, height=600, mode="RGB") -> Image.Image:
    """Something with edges and shades, as a photo has."""
    draw = random.Random(width)
    image = Image.effect_noise((width // 4 or 1, height // 4 or 1), 40).resize((width, height)).convert("RGB")
    pen = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = draw.randrange(width), draw.randrange(height)
        pen.rectangle((x, y, x + width // 8, y + height // 8), fill=tuple(draw.randrange(256) for _ in "rgb"))
    return image.convert(mode)


def exif(taken="2026:11:18 10:02:03", place=True, orientation=1) -> Image.Exif:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "手机 camera".encode().decode("latin-1")
    if taken:
        data.get_ifd(0x8769)[0x9003] = taken
    if place:
        data.get_ifd(0x8825).update({1: "N", 2: (27.0, 55.0, 12.0), 3: "E", 4: (120.0, 41.0, 3.0)})
    return data


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width=800, height=600, *, mode="RGB", **kept) -> bytes:
    return encoded(scene(width, height, mode), "JPEG", quality=90, exif=exif(**kept), comment=b"secret comment")


def png_bomb(side=40_000) -> bytes:
    """A PNG of a few bytes that says it is side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
