"""The calendar of campaigns and the quarters, as they look."""

from datetime import timedelta

from campaigns import planning, quarter_reports
from campaigns.models import QuarterReport
from tests.browser import eyes


def test_the_days_of_campaigns(signed_in, town, clerk, town_head, today, now):
    duties = today.replace(month=2, day=28)
    for code, starts_on in (("plan3", today), ("plan4", duties), ("plan6", today - timedelta(days=140))):
        plan = planning.open_from_template(template=code, starts_on=starts_on, by=clerk, now=now)
        planning.add_places(campaign=plan, communities=[town], by=clerk, now=now)
        planning.propose(campaign=plan, by=clerk, now=now)
        planning.approve(campaign=plan, by=town_head, now=now)
    quarter_reports.close(now=now)
    page = signed_in(clerk)
    pages = {
        "calendar": "/campaigns/calendar/",
        "late": "/campaigns/calendar/?only=late",
        "quarters": "/campaigns/quarters/",
        "quarter": QuarterReport.objects.first().get_absolute_url(),
    }
    for name, url in pages.items():
        page.goto(url)
        eyes.look(page, f"campaign-{name}")
