"""October 2026, scored in November: a settlement community with its firm, and facts made in few words."""

from datetime import date, datetime

import pytest
import time_machine

from assessments import review, scoring
from assessments.models import ScoreSheet
from communities.models import Contract
from inspections import notices, photos, rechecks
from inspections.models import CheckItem, Finding, Notice, NoticeRound
from lib.periods import BEIJING, Month
from tests.inspections.phone import fresh_photos

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def at(text: str) -> datetime:
    """``at("2026-11-02 09:00")``: a moment in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def day(text: str) -> date:
    return date.fromisoformat(text)


DRAFTED, CHECKED, DECIDED, PUBLISHED = (at(f"2026-11-{n} 10:00") for n in ("03", "05", "10", "16"))


@pytest.fixture(autouse=True)
def november(request):
    """Ordinary tests live on the morning on which October is drafted."""
    if "transactional_db" in request.fixturenames:
        yield None
        return
    with time_machine.travel(DRAFTED, tick=False) as clock:
        yield clock


@pytest.fixture
def now():
    return DRAFTED


@pytest.fixture
def contract(firm_row, community) -> Contract:
    return Contract.objects.get(firm=firm_row, community=community)


@pytest.fixture
def fact(cadre, community, firm, firm_row, town_head):
    """``fact("PIL1", "serious", on="2026-10-12")``: a finding with its notice, through the notices' own acts.

    ``due``, ``replied`` and ``failed`` are days; more columns go to the finding.
    """

    def make(
        item="PIL1", severity="serious", *, on="2026-10-12", due=None, replied=None, failed=None, **columns
    ) -> Notice:
        given = {
            "community": community,
            "firm": firm_row,
            "found_by": cadre,
            "text": "楼道堆着纸箱",
            "handling": "notice",
        }
        row = CheckItem.objects.get(code=item)
        finding = Finding.objects.create(item=row, severity=severity, found_on=day(on), **(given | columns))
        notice = notices.issue(finding=finding, by=cadre, now=at(f"{on} 09:00"))
        if due:
            NoticeRound.objects.filter(notice=notice).update(due_on=day(due))
        if replied:
            reply(notice, firm, at(f"{replied} 11:00"))
        if failed:
            rechecks.recheck(notice=notice, passed=False, note="还有纸箱", by=town_head, now=at(f"{failed} 15:00"))
        return notice

    return make


def reply(notice: Notice, firm, now: datetime) -> None:
    """The firm signs, plans where it must, and says that it is done."""
    notice.refresh_from_db()
    if notice.state == "issued":
        notices.receive(notice=notice, by=firm, now=now)
    notice.refresh_from_db()
    if notice.lacks_plan:
        notices.plan(notice=notice, person="林志明", limit_on=notice.due_on, measure="搬走", by=firm, now=now)
    notices.reply(notice=notice, text="清走了", photos=fresh_photos(firm), by=firm, now=now)


@pytest.fixture
def on_the_spot(cadre, community, firm_row):
    """``on_the_spot("HYG1", "general")``: found and put right at once."""

    def make(item="HYG1", severity="general", *, on="2026-10-12", **columns) -> Finding:
        row = CheckItem.objects.get(code=item)
        given = {"community": community, "firm": firm_row, "found_by": cadre, "text": "路面有垃圾"}
        given |= {"handling": "on_the_spot", "state": "closed", "closed_on": day(on)}
        finding = Finding.objects.create(item=row, severity=severity, found_on=day(on), **(given | columns))
        photos.bind_to_finding(finding, photos=(), after=fresh_photos(cadre), by=cadre, field="after")
        return finding

    return make


@pytest.fixture
def score(contract):
    """``score()``: October computed, and the sheet of the community."""

    def make(month=OCTOBER, now=DRAFTED) -> ScoreSheet:
        scoring.compute(month=month, now=now)
        return ScoreSheet.objects.current().get(contract=contract, first_day=month.first_day, period_kind="month")

    return make


@pytest.fixture
def inspected(visit_often):
    """The cadre was there three times each week of October."""
    return visit_often()


@pytest.fixture
def visit_often(cadre, community):
    from inspections import weeks
    from inspections.models import Patrol
    from lib.periods import DAY, week_of

    def make() -> None:
        for week in scoring.weeks_of(OCTOBER):
            for n in range(3):
                when = at(f"{week.monday + n * DAY} 09:00")
                Patrol.objects.create(
                    number=f"巡{when:%Y%m%d}-9001",
                    user=cadre,
                    community=community,
                    occurred_at=when,
                    occurred_on=when.date(),
                    submitted_at=when,
                    submitted_on=when.date(),
                    submit_by=weeks.terms_of(week_of(when.date())).submit_by.date,
                )

    return make


@pytest.fixture
def assessed(inspected, fact, score, clerk) -> ScoreSheet:
    """One serious finding of October, accepted in full and sent to be checked."""
    fact(replied="2026-10-13")
    sheet = score()
    review.accept_the_rest(sheet=sheet, by=clerk, now=DRAFTED)
    sheet.refresh_from_db()
    review.submit(sheet=sheet, by=clerk, now=DRAFTED)
    return sheet


@pytest.fixture
def checked(assessed, town_head, firm) -> ScoreSheet:
    review.approve(sheet=assessed, by=town_head, now=CHECKED)
    return assessed


@pytest.fixture
def published(checked, town_head) -> ScoreSheet:
    review.publish(sheet=checked, by=town_head, now=PUBLISHED)
    return checked


@pytest.fixture
def second_clerk(make_user):
    from accounts.roles import Role

    return make_user("sunjb", "孙经办", Role.TOWN_CLERK)
