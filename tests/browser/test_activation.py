"""A station prints letters; an owner opens an account with the code on one, confirms the phone, and leaves again."""

import pytest
from django.urls import reverse

from accounts import codes as phone_codes
from accounts import phones
from accounts.models import User
from communities import activation
from communities.models import LetterBatch, Ownership, Person, Unit
from tests.browser import eyes

PASSWORD = "woyouyigehaomima"


@pytest.fixture
def printed(monkeypatch) -> list[str]:
    """What stands on the letters, as the worker draws it; the database keeps fingerprints alone."""
    drawn, draw = [], activation.new_code

    def keep() -> str:
        drawn.append(draw())
        return drawn[-1]

    monkeypatch.setattr(activation, "new_code", keep)
    return drawn


@pytest.fixture
def owner_person(community, building, days_ago):
    unit = Unit.objects.create(community=community, building=building, code="03-1-0101", area_centi=8956)
    person = Person.objects.create(name="王桂兰")
    Ownership.objects.create(unit=unit, person=person, first_day=days_ago(900))
    return person


def test_an_owner_activates_with_a_printed_code(
    signed_in, community, owner_person, station_head, printed, settings, today, now
):
    settings.SMS = {**settings.SMS, "url": "http://127.0.0.1:9/"}  # connected; nothing is sent in this test
    page = signed_in(station_head)
    page.goto(reverse("communities:activation-list"))
    page.click("text=做开通信")
    page.click("main button:has-text('做信')")
    page.wait_for_selector("text=在做了")
    activation.make_letters(batch=LetterBatch.objects.get(), now=now)
    page.reload()
    eyes.look(page, "activation-list")
    with page.expect_download() as download:
        page.click("main button:has-text('取信')")
    assert download.value.path().read_bytes().startswith(b"%PDF")

    page.context.clear_cookies()
    page.goto(reverse("communities:activate"))
    page.expected_errors += ["422"]
    page.fill("#id_code", "KQ7M2XWA9DVEPTH4")
    page.click("main button:has-text('下一步')")
    page.wait_for_selector("text=这个开通码不对")
    eyes.look(page, "activate-wrong")
    page.fill("#id_code", printed[0].lower().replace("-", " "))
    page.click("main button:has-text('下一步')")
    page.wait_for_selector("text=王*兰")
    page.fill("#id_mobile", "139 0000 0001")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_again", PASSWORD)
    eyes.look(page, "activate-account")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_again", PASSWORD)
    page.click("main button:has-text('开通账号')")
    page.wait_for_selector("#id_code")
    user = User.objects.get(person=owner_person)
    page.fill("#id_code", phone_codes.digits(phones.CODE, user, user.mobile, today))
    page.click("main button:has-text('确认手机号')")
    page.wait_for_selector("text=手机号确认了")
    user.mobile.refresh_from_db()
    assert user.mobile.confirmed_at

    page.goto("/")
    page.wait_for_selector("text=03-1-0101")
    eyes.look(page, "own-units")
    page.click("text=停用业主账号")
    page.click("main button:has-text('停用')")
    page.wait_for_selector("text=业主账号停用了")
    user.refresh_from_db()
    assert not user.is_active
