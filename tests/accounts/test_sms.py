"""Text messages through a real HTTP server: what it is sent, and what each of its answers means."""

import logging

import pytest

from accounts.channels import Down, Later, Letter, Logged, Refused, Unclear, sms, web

LETTER = Letter("message-17", "13800138000", "本周还差一次", "本周还差一次。松苑小区还差 1 次", "https://x.cn/week/")


@pytest.fixture
def sender(sms_gateway):
    return sms.Sms(outward=True)


def test_it_is_posted_with_key_number_and_signature(sender, sms_gateway):
    assert sender.send(LETTER).number == "G1"
    (post,) = sms_gateway.posts
    assert post.path == "/v1/sms" and post.headers["Authorization"] == "Bearer geheim"
    assert post.headers["Idempotency-Key"] == post.data["id"] == "message-17"
    text = "【荆溪物业办】本周还差一次。松苑小区还差 1 次 https://x.cn/week/"
    assert (post.data["phone"], post.data["text"]) == ("13800138000", text)


def test_a_long_text_is_cut_before_its_link(sender, sms_gateway):
    sender.send(LETTER._replace(body="长" * 900))
    text = sms_gateway.posts[0].data["text"]
    assert len(text) == sms.LONGEST and text.endswith("… https://x.cn/week/")


@pytest.mark.parametrize(
    ("mood", "fault"),
    [
        (400, Refused),
        (422, Refused),
        (401, Down),
        (403, Down),
        (404, Down),
        (302, Down),
        (429, Later),
        (503, Later),
        (500, Unclear),
        ("drop", Unclear),
    ],
)
def test_what_an_answer_means(sender, sms_gateway, mood, fault):
    sms_gateway.moods = [mood]
    with pytest.raises(fault):
        sender.send(LETTER)
    assert len(sms_gateway.posts) == 1  # nothing is followed, nothing repeated


def test_a_key_that_is_not_taken_needs_somebody(sender, sms_gateway):
    sms_gateway.moods = [401]
    with pytest.raises(Down) as error:
        sender.send(LETTER)
    assert error.value.for_good


def test_no_answer_in_time_is_unclear(sender, sms_gateway, monkeypatch):
    monkeypatch.setattr(web, "TIMEOUT", 0.3)
    sms_gateway.moods = ["slow"]
    with pytest.raises(Unclear, match="没有回音"):
        sender.send(LETTER)


def test_nobody_there_is_down(settings):
    settings.SMS = {"url": "http://127.0.0.1:9/", "key": "", "sign": ""}
    with pytest.raises(Down, match="连不上"):
        sms.Sms(outward=True).send(LETTER)


def test_what_it_took_before_counts_as_taken(sender, sms_gateway):
    sms_gateway.moods = [(409, {"id": "G0"})]
    assert sender.send(LETTER).number == "G0"


def test_an_answer_that_is_no_json_is_taken_without_a_number(sender, sms_gateway):
    sms_gateway.moods = [(200, ["ok"])]
    assert sender.send(LETTER).number == ""


def test_in_a_demo_town_it_stands_in_the_log(sms_gateway, caplog):
    with caplog.at_level(logging.INFO, "linzhi.sms"):
        assert isinstance(sms.Sms(outward=False).send(LETTER), Logged)
    assert "138****8000" in caplog.text and "13800138000" not in caplog.text and not sms_gateway.posts


def test_without_a_gateway_it_stands_in_the_log(caplog):
    with caplog.at_level(logging.INFO, "linzhi.sms"):
        assert isinstance(sms.Sms(outward=True).send(LETTER), Logged)
