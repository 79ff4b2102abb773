"""A picture for a chat group: a few figures and a list, drawn with the font that papers are set in. Pure."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, EDGE = 1080, 64
HEAD, FIGURES, LINE, FOOT = 236, 260, 72, 120  # heights in pixels
INK, SOFT, PAPER, BRAND, SEAL, HAIR = "#13202a", "#44545f", "#ffffff", "#0b3b49", "#b3261e", "#cfd9de"
BIG, TITLE, BODY, SMALL = 112, 60, 46, 36  # sizes of letters; a chat shows a third of them
NO_LINE_BEGINS_WITH = "，。、；：）”"


@dataclass(frozen=True)
class Card:
    """What a picture says: two lines on top, up to three figures with their labels, a text, a line at the bottom."""

    title: str
    subtitle: str
    figures: Sequence[tuple[str, str]]  # number, label
    text: str
    foot: str


def png(card: Card) -> bytes:
    """The card as a PNG of 1080 pixels' width, as high as its text needs. Nothing but pixels is in it."""
    lines = wrapped(card.text, BODY)
    image = Image.new("RGB", (WIDTH, HEAD + FIGURES + LINE * len(lines) + FOOT), PAPER)
    pen = ImageDraw.Draw(image)
    _head(pen, card)
    _figures(pen, card.figures)
    for number, line in enumerate(lines):
        pen.text((EDGE, HEAD + FIGURES + number * LINE), line, font=_font(BODY), fill=INK)
    pen.text((EDGE, image.height - FOOT + 44), _cut(card.foot, SMALL), font=_font(SMALL), fill=SOFT)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _head(pen: ImageDraw.ImageDraw, card: Card) -> None:
    pen.rectangle((0, 0, WIDTH, HEAD - 36), fill=BRAND)
    pen.rectangle((0, HEAD - 36, WIDTH, HEAD - 28), fill=SEAL)
    pen.text((EDGE, 28), _cut(card.title, TITLE), font=_font(TITLE), fill=PAPER)
    pen.text((EDGE, 120), _cut(card.subtitle, BODY), font=_font(BODY), fill=PAPER)


def _figures(pen: ImageDraw.ImageDraw, figures: Sequence[tuple[str, str]]) -> None:
    column = (WIDTH - 2 * EDGE) // max(1, len(figures))
    for number, (figure, label) in enumerate(figures):
        x = EDGE + number * column
        pen.text((x, HEAD - 20), figure, font=_font(BIG), fill=INK)
        pen.text((x, HEAD + 132), label, font=_font(SMALL), fill=SOFT)
    pen.rectangle((EDGE, HEAD + 210, WIDTH - EDGE, HEAD + 212), fill=HAIR)


def wrapped(text: str, size: int) -> list[str]:
    """The text in lines that fit between the edges; none begins with a mark that belongs to the line before."""
    lines = [""]
    for letter in text:
        if letter not in NO_LINE_BEGINS_WITH and _font(size).getlength(lines[-1] + letter) > WIDTH - 2 * EDGE:
            lines.append("")
        lines[-1] += letter
    return lines


def _cut(text: str, size: int) -> str:
    """One line: what does not fit is left out."""
    lines = wrapped(text, size)
    return text if len(lines) == 1 else f"{lines[0][:-1]}…"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    import cvttf_NotoSansCJK_Regular

    return ImageFont.truetype(cvttf_NotoSansCJK_Regular.get_TTF_path(), size)
