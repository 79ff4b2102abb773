"""The rulebook as a person finds it: every page looked at, and a rule that two people bring in."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rulebook.models import Rule
from tests.browser.eyes import look

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = (
    "2061-01-01 休 元旦\n2061-05-01 至 2061-05-03 休 劳动节\n2061-10-01 至 2061-10-07 休 国庆节\n2061-10-08 班 国庆节"
)


@pytest.fixture
def both(administrator, town_head):
    return administrator, town_head


def test_a_rule_is_entered_by_one_and_checked_by_another(signed_in, both, today):
    page = signed_in(both[0])
    page.expected_errors.append("422")
    page.goto(reverse("rulebook:rules"))
    look(page, "rulebook-rules")
    page.locator("main").get_by_label("找什么").fill("每周巡查")
    page.locator("main").get_by_role("button", name="查找").click()
    page.get_by_role("link", name="每周巡查次数").click()
    look(page, "rulebook-rule")
    page.get_by_role("link", name="改这条规则").click()
    page.get_by_role("button", name="录好，请人复核").click()
    look(page, "rulebook-rule-new-errors")
    page.get_by_label("从哪天起").fill((today + timedelta(days=3)).isoformat())
    page.get_by_label("新的值").fill("4")
    page.get_by_label("依据").fill("镇物业办会议纪要")
    page.get_by_role("button", name="录好，请人复核").click()
    page = signed_in(both[1])
    page.goto(reverse("rulebook:rules"))
    page.get_by_role("link", name="待复核").first.click()
    look(page, "rulebook-rule-check")
    page.get_by_role("button", name="复核通过").click()
    page.get_by_text("复核通过，到那天就按新的算").first.wait_for()
    assert Rule.objects.get(key="patrol.weekly_quota", origin="person").checked_by == both[1]


def test_a_year_is_pasted_looked_at_and_entered(signed_in, both):
    page = signed_in(both[0])
    page.expected_errors.append("422")
    page.goto(reverse("rulebook:calendar"))
    look(page, "rulebook-calendar")
    page.get_by_role("link", name="载入一年").click()
    look(page, "rulebook-calendar-load")
    page.get_by_label("年份").fill("2061")
    page.get_by_label("通知文号").fill("国办发明电〔2060〕1号")
    page.get_by_label("把表贴在这里").fill(TABLE + "\n不知道哪天 休")
    page.get_by_role("button", name="先看效果").click()
    look(page, "rulebook-calendar-load-errors")
    page.get_by_label("把表贴在这里").fill(TABLE)
    page.get_by_role("button", name="先看效果").click()
    look(page, "rulebook-calendar-load-preview")
    page.get_by_role("button", name="没有错，录好请人复核").click()
    look(page, "rulebook-calendar-check")
    page.goto(reverse("rulebook:calendar") + "?year=2061")
    look(page, "rulebook-calendar-provisional")
