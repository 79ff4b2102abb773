"""Acceptance by people not on the team; a failed one goes into the notice chain. Issue 10 §3"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from campaigns import acceptance, found, steps
from campaigns.models import PlaceStep, StepEvent
from inspections import notices, rechecks
from inspections.models import CheckItem, Finding, Notice
from tests.campaigns.conftest import CHECKING, at, day
from tests.campaigns.test_steps import finding, step, write
from tests.inspections.phone import fresh_photos

pytestmark = pytest.mark.django_db
ACCEPTING = at("2026-11-28 10:00")


@pytest.fixture
def checked(place, firm, clerk):
    """Self-checked and inspected; the teams have gone."""
    write(place, "SELF_CHECK", firm)
    write(place, "INSPECT", clerk)
    return place


def accept(place, by, *, passed=True, on="2026-11-28", **more):
    return acceptance.accept(place=place, passed=passed, day=day(on), by=by, now=ACCEPTING, **more)


def test_passed_and_the_look_back_is_planned(checked, town_head):
    assert accept(checked, town_head).state == "done"
    assert checked.place_steps.get(step__code="LOOK_BACK").planned_on == day("2026-12-26")


def test_nobody_of_the_team_accepts(checked, other_cadre, town_head, clerk):
    assert acceptance.may_accept(town_head, checked) and not acceptance.may_accept(other_cadre, checked)
    with pytest.raises(PermissionDenied, match="检查组以外"):
        accept(checked, other_cadre)
    with pytest.raises(IntegrityError, match="检查组以外"), transaction.atomic():
        more = {"state": "done", "done_on": day("2026-11-28"), "by": other_cadre, "at": ACCEPTING}
        PlaceStep.objects.create(place=checked, step=step(checked, "ACCEPT"), **more)


def test_the_firm_never_accepts(checked, firm):
    with pytest.raises(PermissionDenied):
        accept(checked, firm)


def test_open_findings_are_no_pass(checked, town_head, cadre):
    finding(checked, cadre)
    found.pull(now=CHECKING)
    with pytest.raises(ValidationError, match="还有 1 个问题没办结"):
        accept(checked, town_head)


def test_before_the_check_there_is_no_acceptance(place, town_head):
    with pytest.raises(ValidationError, match="要先完成：检查"):
        accept(place, town_head)


def test_failed_says_what(checked, town_head):
    with pytest.raises(ValidationError, match="写一句哪里不合格"):
        accept(checked, town_head, passed=False)
    with pytest.raises(ValidationError, match="点出哪些问题"):
        accept(checked, town_head, passed=False, text="还有堆物")


def test_a_reply_that_is_not_true_gets_the_next_round(checked, town_head, cadre, firm):
    row = finding(checked, cadre)
    found.pull(now=CHECKING)
    notice = notices.issue(finding=row, by=cadre, now=at("2026-11-23 09:00"))
    notices.receive(notice=notice, by=firm, now=at("2026-11-23 10:00"))
    plan = {"person": "林经理", "limit_on": day("2026-11-25"), "measure": "清走"}
    notices.plan(notice=notice, **plan, by=firm, now=at("2026-11-23 10:10"))
    notices.reply(notice=notice, text="清了", photos=fresh_photos(firm), by=firm, now=at("2026-11-24 10:00"))
    accept(checked, town_head, passed=False, text="纸箱还在", failed=[row])
    notice.refresh_from_db()
    assert (notice.state, notice.round_no) == (Notice.State.ISSUED, 2)
    rectify = checked.place_steps.get(step__code="RECTIFY")
    assert rectify.state == "doing" and "退回整改" in rectify.text
    assert StepEvent.objects.failed_acceptances().count() == 1


def test_something_new_gets_its_first_notice(checked, town_head):
    item = CheckItem.objects.get(code="HYG2", last_day=None)
    accept(checked, town_head, passed=False, text="垃圾桶满了", item=item)
    new = Finding.objects.get()
    assert (new.source, new.found_by) == ("team", town_head) and new.notices.get().state == "issued"
    assert checked.found.get().finding == new


def test_a_settled_one_that_is_there_again_is_found_anew(checked, town_head, cadre):
    row = finding(checked, cadre)
    found.pull(now=CHECKING)
    Finding.objects.filter(pk=row.pk).update(state="closed", closed_on=day("2026-11-25"))
    row.refresh_from_db()
    accept(checked, town_head, passed=False, text="又堆上了", failed=[row])
    new = Finding.objects.exclude(pk=row.pk).get()
    assert "又有" in new.text and new.notices.count() == 1


def put_right(row, community, by):
    """The firm signs and replies, the station looks again."""
    firm = User.objects.get(firm_posts__firm=row.firm)
    notice, later = row.notices.get(), at("2026-11-28 14:00")
    notices.receive(notice=notice, by=firm, now=later)
    notices.reply(notice=notice, text="清了", photos=fresh_photos(firm), by=firm, now=later)
    rechecks.recheck(notice=notice, passed=True, by=by, now=later)


def test_after_a_failure_it_passes_when_all_is_put_right(checked, town_head, clerk):
    item = CheckItem.objects.get(code="HYG2", last_day=None)
    accept(checked, town_head, passed=False, text="垃圾桶满了", item=item)
    with pytest.raises(ValidationError, match="没办结"):
        accept(checked, clerk)
    put_right(Finding.objects.get(), checked.community, clerk)
    assert accept(checked, clerk).state == "done"
    assert list(StepEvent.objects.filter(place_step__step__code="ACCEPT").values_list("state", flat=True)) == [
        "failed",
        "done",
    ]
    assert steps.may_record(clerk, checked, step(checked, "ACCEPT"))
