"""交接单 in a real browser: opened, promised, confirmed by both; printed without what is only for the screen."""

from datetime import timedelta

import pytest
from django.urls import reverse

from communities import handovers
from communities.models import Handover
from tests.browser import eyes


@pytest.fixture
def slip(town, community, cadre, other_cadre, station_head, today, now):
    named = {community: other_cadre}
    return handovers.start(user=cadre, first_day=today + timedelta(days=1), successors=named, by=station_head, now=now)


def test_a_station_opens_a_slip(signed_in, town, station_head, other_cadre, clerk, community, cadre):
    page = signed_in(clerk)
    page.goto(reverse("portal:handover"))
    page.click(f".p-row:has-text('{cadre}')")
    eyes.look(page, "handover-new")
    page.select_option(f"#id_to-{community.pk}", str(other_cadre.pk))
    page.click("main button:has-text('开交接单')")
    page.wait_for_selector("text=交接单开好了")
    assert Handover.objects.get().parts.get().user == other_cadre


def test_both_sides_on_their_phones(signed_in, slip, cadre, other_cadre):
    page = signed_in(cadre)
    page.goto(slip.get_absolute_url())
    page.click("text=写一件答应过的事")
    page.select_option("#id_community", index=1)
    page.fill("#id_text", "月底前和物业一起看 3 幢的漏水")
    page.fill("#id_due_on", "2099-11-30")
    page.click("main button:has-text('记下')")
    eyes.look(page, "handover-slip")
    page.click("text=确认交班")
    page.expected_errors += ["422"]
    page.click("main button:has-text('确认')")
    page.wait_for_selector("text=先把手机里没交的巡查交上来")
    eyes.look(page, "handover-confirm")
    page.click("label:has-text('手机里没有没交的巡查')")
    page.click("main button:has-text('确认')")
    page.wait_for_selector(f"text=等{other_cadre}确认")
    signed_in(other_cadre)
    page.goto(slip.get_absolute_url())
    page.click("text=确认接班")
    page.click("main button:has-text('确认')")
    page.wait_for_selector("text=双方都确认了")
    page.emulate_media(media="print")
    assert page.is_hidden("text=打印（PDF）") and page.is_visible("text=月底前和物业一起看")
