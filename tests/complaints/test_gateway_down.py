"""The gateway of text messages is down for a day: complaints come in all the same, and each message arrives once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import sending
from accounts.models import Message
from complaints import handling
from complaints.models import Complaint
from tests.complaints.conftest import MONDAY, TUESDAY
from tests.complaints.pages import walk
from tests.gateway import Gateway

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def gateway(settings):
    """It hangs up on everybody until its moods are cleared."""
    gateway = Gateway()
    settings.SMS = {"url": f"{gateway.url}/v1/sms", "key": "geheim", "sign": "荆溪物业办"}
    gateway.moods = [503] * 10_000
    yield gateway
    gateway.close()


def waiting() -> int:
    return Message.objects.filter(channel="sms", state="waiting").count()


def test_a_day_without_loses_nothing_and_doubles_nothing(gateway, make_complaint, station_clerk, clerk, firm):
    cases = [make_complaint(phone=f"1380000123{n}") for n in range(3)]
    for hour in range(25):
        sending.send_due(MONDAY + hour * HOUR)
    handling.accept(complaint=cases[0], by=station_clerk, now=TUESDAY)
    handling.assign(complaint=cases[0], level="station", by=station_clerk, now=TUESDAY)
    handling.answer(complaint=cases[0], text="清了", by=station_clerk, now=TUESDAY)
    assert waiting() == 4 and Complaint.objects.count() == 3
    gateway.moods, gateway.posts = [], []
    for hour in range(25, 49):
        sending.send_due(MONDAY + hour * HOUR)
    texts = [post.data["text"] for post in gateway.posts]
    assert len(texts) == 4 == len(set(texts)) and waiting() == 0
    for case in cases:
        assert sum(f"查询号码 {case.spaced_number}" in text for text in texts) == 1
    assert sum("有答复了" in text for text in texts) == 1


def test_the_slip_and_the_lookup_need_no_message(gateway, stranger, community):
    slip = stranger.get(walk(stranger, community)["Location"]).content.decode()
    complaint = Complaint.objects.get()
    assert complaint.spaced_number in slip
    page = stranger.post(reverse("complaints:lookup"), {"number": complaint.number, "tail": "1234"})
    assert "等物管站受理" in page.content.decode()
