"""Drawn photos: a wall, a path, and what stands about. Every one says 演示 and shows no real place."""

import hashlib
from functools import cache
from random import Random

import cvttf_NotoSansCJK_Regular as cjk
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from inspections.models import Finding, PatrolPhoto
from lib.pictures import shrink
from portal.demo.draft import Draft

SIZE = (1200, 900)
JPEG_QUALITY = 82
SKY, WALL, PATH, GRASS = "#d7e3ea", "#d9cfc0", "#a9aeb2", "#8fae7c"
THINGS = ["#7d5a3c", "#3f5f7a", "#a2543c", "#5d6b4e", "#c9a24b", "#6b6570"]


def make(draft: Draft, findings: list[Finding]) -> list[PatrolPhoto]:
    """One or two photos a finding, ready to be seen; what was dealt with at once also has one of afterwards."""
    photos = []
    for finding in findings:
        count = 2 if draft.one_in(2) else 1
        photos += [_photo(draft, finding, "problem", n) for n in range(count)]
        if finding.handling == Finding.Handling.ON_THE_SPOT:
            photos.append(_photo(draft, finding, "after", count))
    return photos


def _photo(draft: Draft, finding: Finding, kind: str, position: int) -> PatrolPhoto:
    shrunk = shrink(draw(draft.chance, finding.text, is_tidy=kind == "after"))
    photo = PatrolPhoto(
        client_id=draft.uuid(),
        name=draft.uuid().hex,
        sha256=hashlib.sha256(shrunk.picture).hexdigest(),
        size=len(shrunk.picture),
        state=PatrolPhoto.State.READY,
        original_kept=False,
        width=shrunk.size[0],
        height=shrunk.size[1],
        taken_on=finding.found_on,
        received_at=finding.patrol.submitted_at,
        uploaded_by=finding.found_by,
        kind=kind,
        finding=finding,
        position=position,
    )
    default_storage.save(photo.picture, ContentFile(shrunk.picture))
    default_storage.save(photo.thumbnail, ContentFile(shrunk.thumbnail))
    return photo


def draw(chance: Random, text: str, *, is_tidy: bool = False) -> bytes:
    """A simple scene as a JPEG, with its text and the word 演示 on it."""
    import io

    image = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(image)
    _place(pen, Random(text))  # the same place before and after
    if not is_tidy:
        for _ in range(chance.randrange(7, 15)):
            _thing(pen, chance)
    _words(pen, text + ("（处理后）" if is_tidy else ""))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _place(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    """A building with windows and a door, a path, some grass."""
    pen.rectangle((80, 90, 1120, 560), fill=WALL, outline="#8d8577", width=4)
    for column in range(6):
        for row in range(2):
            x, y = 140 + column * 165, 140 + row * 165
            pen.rectangle(
                (x, y, x + 95, y + 110),
                fill="#8fa7b5" if chance.random() < 0.8 else "#f4dd9b",
                outline="white",
                width=6,
            )
    door = 140 + chance.randrange(6) * 165
    pen.rectangle((door, 400, door + 110, 560), fill="#6a4f3b", outline="white", width=5)
    pen.rectangle((0, 560, 1200, 900), fill=PATH)
    pen.polygon([(0, 560), (260, 560), (60, 900), (0, 900)], fill=GRASS)


def _thing(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    """A box, a bag or a wheel that stands in the way."""
    x, y, size = chance.randrange(260, 1040), chance.randrange(520, 740), chance.randrange(50, 130)
    colour = chance.choice(THINGS)
    shape = chance.randrange(3)
    if shape == 0:
        pen.rectangle((x, y, x + size, y + size * 3 // 4), fill=colour, outline="#2a2a2a", width=3)
    elif shape == 1:
        pen.ellipse((x, y, x + size, y + size), fill=colour, outline="#2a2a2a", width=3)
    else:
        pen.polygon([(x, y + size), (x + size // 2, y), (x + size, y + size)], fill=colour, outline="#2a2a2a")


def _words(pen: ImageDraw.ImageDraw, text: str) -> None:
    pen.rectangle((0, 800, 1200, 900), fill="#13202a")
    pen.text((30, 822), f"演示 · 画的，不是照片 · {text}", font=_font(40), fill="white")
    pen.text((820, 20), "演 示", font=_font(120), fill="#b3261e")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(cjk.get_TTF_path(), size)
