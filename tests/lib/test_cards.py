"""The picture for a chat group, and lists cut to so many characters."""

import io

import pytest
from PIL import Image

from lib import cards
from lib.cards import Card
from lib.text import listed

FIGURES = [("32", "个小区"), ("25", "个去过"), ("12", "个还没巡够")]


def opened(text: str, title: str = "荆溪镇物业办") -> Image.Image:
    return Image.open(io.BytesIO(cards.png(Card(title, "11月16日至11月22日", FIGURES, text, "截至 19:00"))))


def test_a_png_that_a_chat_shows_whole():
    picture = opened("还没巡够：松苑小区。")
    assert picture.format == "PNG" and picture.size == (1080, 688) and not picture.text


def test_a_longer_text_makes_it_higher():
    assert opened("还没巡够：" + "演示小区、" * 60).height > opened("都巡够了。").height


def test_nothing_runs_over_the_edge():
    picture = opened("，" * 3 + "一段很长的话" * 30, title="一个名字非常非常长的社区居民委员会的物业管理站")
    edge = picture.crop((cards.WIDTH - 8, cards.HEAD, cards.WIDTH, picture.height))
    assert edge.getcolors() == [(8 * (picture.height - cards.HEAD), (255, 255, 255))]


def test_no_line_begins_with_a_comma():
    lines = cards.wrapped("好" * 20 + "，" + "好" * 40, cards.BODY)
    assert len(lines) == 3 and "".join(lines).count("，") == 1 and not any(line.startswith("，") for line in lines)


@pytest.mark.parametrize(
    ("most", "words"),
    [
        (14, "松苑小区、滨湖花园、桂花园"),
        (13, "松苑小区、滨湖花园、桂花园"),
        (12, "松苑小区等 3 个"),
        (9, "松苑小区等 3 个"),
        (8, "3 个"),
    ],
)
def test_as_many_names_as_fit(most, words):
    assert listed(["松苑小区", "滨湖花园", "桂花园"], most) == words


def test_no_names():
    assert listed([], 10) == ""
