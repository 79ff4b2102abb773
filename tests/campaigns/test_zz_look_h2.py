import pytest, shutil
from django.conf import settings
from tests.campaigns.test_dispatches import *
from tests.campaigns.test_help_requests import *
from tests.campaigns import test_renovation as R
from campaigns import renovation, amenities, journal, planning
from campaigns.models import Campaign
from django.utils import timezone
from lib.periods import month_of, beijing_date
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now():
    return timezone.now()


def test_look(
    live_server,
    clerk,
    town_head,
    community,
    neighbour_community,
    firm,
    other_firm,
    resident,
    station_head,
    as_,
    cadre,
    now,
):
    today = beijing_date(now)
    draft = planning.open_from_template(template="renovation", starts_on=today, by=clerk, now=now)
    planning.add_places(campaign=draft, communities=[community, neighbour_community], by=clerk, now=now)
    planning.propose(campaign=draft, by=clerk, now=now)
    planning.approve(campaign=draft, by=town_head, now=now)
    c = Campaign.objects.get(pk=draft.pk)
    place = c.places.get(community=community)
    person = R.own(resident, community, "王桂兰", "03-1-0101")
    items = [renovation.add_item(place=place, text=t, by=clerk, now=now) for t in ("加装电梯", "改下水管", "修路")]
    renovation.count_on_paper(item=items[1], on_paper=12, by=clerk, now=now)
    amenities.add(
        place=place,
        kind="shed",
        spot="3幢南侧",
        capacity=20,
        needed=50,
        plan="加一个棚",
        planned_on=today,
        by=clerk,
        now=now,
    )
    amenities.add(place=place, kind="bin", spot="北门", capacity=8, needed=10, by=clerk, now=now)
    dep = Department.objects.first()
    journal.write(
        place=place,
        kind="transferred",
        day=today,
        text="六楼搭阳光房",
        person="李敏",
        department=dep,
        document="荆物移〔2026〕3号",
        by=clerk,
        now=now,
    )
    journal.write(place=place, kind="dissuaded", day=today, text="一楼围菜地", person="陈国平", by=cadre, now=now)
    h = help_requests.ask(place=place, **ASKED, by=firm, now=now)
    d = dispatches.hold(
        campaign=c,
        month=month_of(today),
        held_on=today,
        progress="刚部署",
        quality="好",
        money_fen=123456,
        decisions=[{"text": "催", "person": "钱经办", "due_on": today}],
        by=clerk,
        now=now,
    )
    pages = [
        (clerk, d.get_absolute_url()),
        (clerk, reverse("campaigns:journal")),
        (clerk, h.get_absolute_url()),
        (clerk, reverse("campaigns:amenities", args=[c.pk])),
        (clerk, reverse("campaigns:results", args=[c.pk])),
        (resident, reverse("campaigns:opinions", args=[place.pk])),
        (clerk, reverse("campaigns:renovation", args=[place.pk])),
        (clerk, reverse("campaigns:help-request-list")),
        (clerk, reverse("campaigns:renovation-choose", args=[place.pk])),
    ]
    with sync_playwright() as p:
        from tests.browser.conftest import chromium

        b = p.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for i, (user, url) in enumerate(pages):
            for w in (1100, 390):
                ctx = b.new_context(
                    viewport={"width": w, "height": 900}, base_url=live_server.url, service_workers="block"
                )
                ctx.add_cookies(
                    [
                        {
                            "name": settings.SESSION_COOKIE_NAME,
                            "value": as_(user).cookies[settings.SESSION_COOKIE_NAME].value,
                            "url": live_server.url,
                        }
                    ]
                )
                pg = ctx.new_page()
                pg.goto(url)
                print(url, w, pg.evaluate("document.documentElement.scrollWidth"))
                pg.screenshot(path=f"/tmp/h2_page_{i}_{w}.png", full_page=True)
                ctx.close()
        b.close()
