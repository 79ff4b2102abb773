"""The mailbox: asked once, answered once by e-mail within two calendar days, published where wished. R34"""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Message
from complaints import mailbox
from complaints.models import MailboxLetter
from lib.states import WrongState
from tests.complaints.conftest import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
URL, DESK = reverse("complaints:mailbox"), reverse("complaints:mailbox-desk")
ASKED = {"text": "维修资金怎么查？", "email": "wang@example.com", "may_publish": "on"}


@pytest.fixture
def letter():
    typed = {"text": "维修资金怎么查？", "email": "wang@example.com", "may_publish": True}
    return mailbox.write(**typed, client_id=uuid4(), now=MONDAY)


def test_asked_on_the_page_once(stranger, db):
    sent = ASKED | {"client_id": str(uuid4())}
    for _ in range(2):
        assert stranger.post(URL, sent).status_code == 302
    assert MailboxLetter.objects.get().email.value == "wang@example.com"


@pytest.mark.parametrize("wrong", [{"text": ""}, {"email": ""}, {"email": "wang"}, {"text": "长" * 1001}])
def test_bad_input_is_explained_and_kept(stranger, db, wrong):
    page = stranger.post(URL, ASKED | wrong)
    assert page.status_code == 422
    assert "wang" in page.content.decode() or "维修资金" in page.content.decode()


def test_due_in_two_calendar_days(letter):
    assert letter.answer_by == date(2026, 11, 25)


def test_answered_once_and_published_as_wished(letter, clerk, station_clerk, stranger):
    with pytest.raises(PermissionDenied):
        mailbox.answer(letter=letter, text="到窗口查", by=letter and _nobody(), now=TUESDAY)
    with pytest.raises(ValidationError):
        mailbox.answer(letter=letter, text=" ", by=clerk, now=TUESDAY)
    mailbox.answer(letter=letter, text="到窗口查", question="怎么查维修资金", by=clerk, now=TUESDAY)
    with pytest.raises(WrongState):
        mailbox.answer(letter=letter, text="再答", by=clerk, now=TUESDAY)
    assert Message.objects.get(kind="mailbox-answered").channel == "email"
    page = stranger.get(URL).content.decode()
    assert "怎么查维修资金" in page and "维修资金怎么查？" not in page


def _nobody():
    from accounts.models import User

    return User.objects.create(username="nobody", name="无")


def test_not_published_against_the_wish(letter, clerk):
    MailboxLetter.objects.update(may_publish=False)
    letter.refresh_from_db()
    with pytest.raises(ValidationError):
        mailbox.answer(letter=letter, text="答", question="问", by=clerk, now=TUESDAY)


def test_the_offices_pages(as_clerk, as_station_head, letter):
    url = reverse("complaints:mailbox-answer", args=[letter.pk])
    assert letter.text in as_clerk.get(DESK).content.decode()
    assert as_station_head.get(DESK).status_code == 403
    assert as_clerk.post(url, {"text": ""}).status_code == 422
    assert as_clerk.post(url, {"text": "到窗口查"}).status_code == 302
    assert "没有等答复的信" in as_clerk.get(DESK).content.decode()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("mailbox_letter_asks", {"text": ""}),
        ("mailbox_letter_answered", {"answer": "答"}),
        ("mailbox_letter_public_when_wished", {"is_public": True}),
    ],
)
def test_rules_of_the_database(letter, name, change):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MailboxLetter.objects.update(**change)
