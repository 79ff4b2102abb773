"""How a finding ended, and 修好了吗 from people without an account: what rooms to the right ask for."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from inspections import findings, notices, objections, outcomes, rechecks, root_causes, transfers
from inspections.models import Department, Finding, RootCause
from inspections.outcomes import How
from lib.states import WrongState
from tests.inspections.phone import NOW, beijing, finding, sent_photos

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def end_of(row) -> outcomes.End:
    assert Finding.objects.ended().filter(pk=row.pk).exists()
    return outcomes.of(fresh(row))


def test_open_ones_have_no_end(notice):
    assert outcomes.of(notice.finding) is None
    assert not Finding.objects.ended().exists()


def test_a_recheck_that_passed(closed_notice, cadre):
    end = end_of(closed_notice.finding)
    assert (end.how, end.on, end.by) == (How.FIXED, closed_notice.closed_on, cadre)


def test_an_objection_that_was_upheld(received, firm, clerk):
    row = objections.raise_objection(notice=received, text="不是我们小区", by=firm, now=NOW)
    objections.decide(objection=row, upheld=True, answer="核实过", by=clerk, now=NOW)
    end = end_of(received.finding)
    assert (end.how, end.by, end.words) == (How.WITHDRAWN, clerk, "异议成立：核实过")


@pytest.mark.parametrize("answered", [True, False])
def test_a_department_or_the_office_for_it(received, clerk, answered):
    transfer = transfers.draft(finding=received.finding, by=clerk, now=NOW)
    sent = {"department": Department.objects.first(), "document_no": "荆物〔2026〕7号"}
    transfers.send(transfer=transfer, expected_on=(NOW + timedelta(20)).date(), by=clerk, now=NOW, **sent)
    assert outcomes.of(fresh(received.finding)) is None
    if answered:
        transfers.settle(transfer=transfer, answer="已处理", by=clerk, now=NOW)
    else:
        transfers.drop(transfer=transfer, reason="另案办理", by=clerk, now=NOW)
    assert end_of(received.finding).how == How.HANDED_ON


def test_a_task_about_the_cause(a_finding, station_head):
    notices.withdraw(notice=a_finding.notices.get(), reason="改成治本单", by=a_finding.found_by, now=NOW)
    root_causes.propose(finding=a_finding, now=NOW)
    row = RootCause.objects.get()
    task = {"task": "装铁门", "person": "王站长", "due_on": NOW.date()}
    root_causes.accept(row=row, by=station_head, now=NOW, **task)
    root_causes.finish(row=row, result="装好了", by=station_head, now=NOW)
    assert end_of(a_finding).how == How.CAUSE


def test_on_the_spot(cadre, community, send):
    row = send(cadre, community, finding(handling="on_the_spot", after=sent_photos(cadre, 1))).findings.get()
    assert end_of(row).how == How.ON_THE_SPOT


def test_a_wrong_entry(a_finding, notice, cadre):
    notices.withdraw(notice=notice, reason="写错了", by=cadre, now=NOW)
    findings.withdraw(finding=a_finding, reason="写错了", by=cadre, now=NOW)
    assert (end_of(a_finding).how, end_of(a_finding).words) == (How.WITHDRAWN, "写错了")


def test_the_day_is_beijings(a_finding, notice, cadre):
    early = beijing("2026-11-20 00:30")
    notices.withdraw(notice=notice, reason="写错了", by=cadre, now=NOW)
    findings.withdraw(finding=a_finding, reason="写错了", by=cadre, now=early)
    assert end_of(a_finding).on == date(2026, 11, 20)


# ---------------------------------------------------------------- 修好了吗


def test_who_may_be_asked_whether_it_is_fixed(received, replied):
    assert list(Finding.objects.said_to_be_fixed()) == [replied.finding]


def test_what_a_resident_says_stands_beside_the_recheck(replied, as_cadre, as_firm):
    outcomes.hear(finding=replied.finding, fixed=True, now=NOW)
    assert outcomes.hear(finding=replied.finding, fixed=False, now=NOW) == replied
    assert fresh(replied).state == "replied"  # it decides nothing
    page = as_cadre.get(reverse("inspections:recheck"), {"n": replied.pk}).content.decode()
    assert "反映的居民看过：没好" in page and "反映的居民看过：修好了" in page
    line = replied.events.last()
    assert (line.by, line.text, line.denies) == (None, "", True)
    assert "反映的居民看过：没好" in as_firm.get(replied.get_absolute_url()).content.decode()


def test_it_is_heard_only_while_a_recheck_waits(received, replied, cadre):
    rechecks.recheck(notice=replied, passed=True, by=cadre, now=NOW)
    with pytest.raises(WrongState, match="不等复查"):
        outcomes.hear(finding=replied.finding, fixed=False, now=NOW)


def test_before_a_reply_there_is_nothing_to_look_at(received):
    with pytest.raises(WrongState, match="不等复查"):
        outcomes.hear(finding=received.finding, fixed=False, now=NOW)
    assert not Finding.objects.said_to_be_fixed().exists()
