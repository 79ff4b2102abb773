import pytest
from datetime import date, timedelta
from django.utils import timezone
from campaigns import planning, quarter_reports
from campaigns.models import Problem, QuarterReport
from lib.periods import beijing_date
from tests.browser.eyes import *

@pytest.mark.django_db(transaction=True)
def test_look(signed_in, clerk, town_head, town, base_url):
    now = timezone.now()
    today = beijing_date(now)
    for code, start in (("plan3", today - timedelta(days=6)), ("plan4", date(2026, 2, 28)), ("plan6", today - timedelta(days=140))):
        plan = planning.open_from_template(template=code, starts_on=start, by=clerk, now=now)
        planning.add_places(campaign=plan, communities=[town], by=clerk, now=now) if code != "plan4" else None
        planning.propose(campaign=plan, by=clerk, now=now)
        planning.approve(campaign=plan, by=town_head, now=now)
    from tests.campaigns.test_quarters import notice
    quarter_reports.close(now=now)
    page = signed_in(clerk)
    faults = []
    for what, url in (("cal", "/campaigns/calendar/"), ("late", "/campaigns/calendar/?only=late"), ("list", "/campaigns/quarters/"), ("q", f"/campaigns/quarters/{QuarterReport.objects.first().quarter}/")):
        page.goto(url)
        faults += faults_of(page, f"h1-{what}")
    page.goto("/campaigns/calendar/")
    page.set_viewport_size(SIZES["desk"])
    page.screenshot(path="/tmp/look_h1_cal_desk.png", full_page=True)
    page.pdf(path="/tmp/look_h1_cal.pdf", format="A4")
    assert not faults, "\n".join(faults)
