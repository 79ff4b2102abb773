"""Thursday 19 November 2026, ten o'clock in Beijing, and patrols made in few words."""

import pytest
import time_machine

from inspections import findings, notices, patrols, rechecks, weeks
from inspections.models import Finding, Notice, Patrol, PatrolAnswer
from lib.periods import beijing_date, week_of
from tests.inspections.phone import FINE, NOW, beijing, end, entry, finding, fresh_photos


@pytest.fixture(autouse=True)
def thursday(request):
    """Ordinary tests live on one morning; those with real workers or threads live now."""
    if "transactional_db" in request.fixturenames:
        yield None
        return
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def visit(db):
    """``visit(cadre, community, "2026-11-16 09:00")``: a row as sent in at once, or when ``sent`` says."""
    made = iter(range(1, 100_000))

    def make(user, community, occurred, *, sent=None, **columns) -> Patrol:
        then = beijing(occurred)
        came = beijing(sent) if sent else then
        day = beijing_date(then)
        patrol = Patrol.objects.create(
            number=f"巡{day:%Y%m%d}-9{next(made):03}",
            user=user,
            community=community,
            occurred_at=then,
            occurred_on=day,
            submitted_at=came,
            submitted_on=beijing_date(came),
            submit_by=weeks.terms_of(week_of(day)).submit_by.date,
            **columns,
        )
        PatrolAnswer.objects.bulk_create(PatrolAnswer(patrol=patrol, category=c, result=r) for c, r in FINE.items())
        return patrol

    return make


@pytest.fixture
def send(db):
    """``send(cadre, community, finding(…))``: through the front door of the subject."""

    def make(user, community, *found, now=NOW, **more) -> Patrol:
        more.setdefault("occurred", now)
        return patrols.submit(entry=entry(community, *found, **more), by=user, now=now)

    return make


@pytest.fixture
def patrol(cadre, community, firm_row, send) -> Patrol:
    """The cadre's patrol of this morning, with one finding: cartons in the stairwell."""
    return send(cadre, community, finding("PIL1"))


@pytest.fixture
def a_finding(patrol) -> Finding:
    return patrol.findings.get()


@pytest.fixture
def covert(clerk, community, firm_row, send) -> Patrol:
    """The office's unannounced patrol of this morning."""
    return send(clerk, community, finding("HYG1", "垃圾桶满了，暗访看到的"), kind="covert", note="暗访的说明")


@pytest.fixture
def closed(a_finding, cadre) -> Finding:
    """The finding, put right on the next day."""
    end(Finding.objects.filter(pk=a_finding.pk), state="closed", closed_on=a_finding.found_on)
    a_finding.refresh_from_db()
    return a_finding


@pytest.fixture
def withdrawn(a_finding, cadre) -> Finding:
    notices.withdraw(notice=a_finding.notices.get(), reason="写错了", by=cadre, now=NOW)
    findings.withdraw(finding=a_finding, reason="写错了", by=cadre, now=NOW)
    a_finding.refresh_from_db()
    return a_finding


# ---------------------------------------------------------------- notices


@pytest.fixture
def notice(firm, a_finding) -> Notice:
    """What went to the firm this morning: a serious one, not signed yet."""
    return a_finding.notices.get()


def with_plan(notice, firm) -> Notice:
    """Responsible person, limit and measure as the firm fills them in."""
    row = {"person": "林志明", "limit_on": notice.due_on, "measure": "联系业主搬走"}
    notices.plan(notice=notice, by=firm, now=NOW, **row)
    return notice


@pytest.fixture
def received(notice, firm) -> Notice:
    """Signed by the firm, with its plan."""
    notices.receive(notice=notice, by=firm, now=NOW)
    return with_plan(notice, firm)


@pytest.fixture
def replied(received, firm) -> Notice:
    """Put right, with one photo."""
    notices.reply(notice=received, text="纸箱清走了", photos=fresh_photos(firm), by=firm, now=NOW)
    return received


@pytest.fixture
def closed_notice(replied, cadre) -> Notice:
    rechecks.recheck(notice=replied, passed=True, by=cadre, now=NOW)
    return replied


@pytest.fixture
def major(cadre, community, firm, send) -> Notice:
    """A blocked fire lane."""
    return send(cadre, community, finding("FIR8", "消防通道停着车")).findings.get().notices.get()


@pytest.fixture
def replied_major(major, firm) -> Notice:
    notices.receive(notice=major, by=firm, now=NOW)
    with_plan(major, firm)
    notices.reply(notice=major, text="车拖走了", photos=fresh_photos(firm), by=firm, now=NOW)
    return major
