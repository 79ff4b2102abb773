"""A complaint becomes a finding in words written anew, shares it, and ends with it. Issue 7 §4"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from complaints import findings, handling
from complaints.models import Complaint, State
from inspections.models import CheckItem, Finding, Patrol, PatrolAnswer
from lib.states import WrongState
from tests.complaints.conftest import FRIDAY, MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    return CheckItem.objects.get(code="HYG2")


@pytest.fixture
def found(with_firm, item, station_clerk):
    return findings.become(complaint=with_firm, item=item, text="北门桶满溢", by=station_clerk, now=TUESDAY)


def test_it_becomes_a_finding_of_its_community_and_firm(found, with_firm, firm_row):
    assert (found.source, found.firm, found.severity) == (Finding.Source.COMPLAINT, firm_row, "general")
    assert Complaint.objects.get().finding == found
    assert "北门桶满溢" not in with_firm.text


def test_words_are_written_anew(with_firm, item, station_clerk, firm):
    for text in ("", with_firm.text, with_firm.text[:8]):
        with pytest.raises(ValidationError):
            findings.become(complaint=with_firm, item=item, text=text, by=station_clerk, now=TUESDAY)
    with pytest.raises(PermissionDenied):
        findings.become(complaint=with_firm, item=item, text="桶满溢", by=firm, now=TUESDAY)


def test_once(found, with_firm, item, station_clerk):
    with pytest.raises(WrongState):
        findings.become(complaint=with_firm, item=item, text="又一个", by=station_clerk, now=TUESDAY)
    assert Finding.objects.count() == 1


def test_others_share_it_and_all_end_with_it(found, make_complaint, station_clerk):
    other = make_complaint()
    handling.accept(complaint=other, by=station_clerk, now=TUESDAY)
    findings.attach(complaint=other, finding=found, by=station_clerk, now=TUESDAY)
    assert findings.settle_from_findings(now=FRIDAY) == 0
    Finding.objects.update(state="closed", closed_on=FRIDAY.date())
    assert findings.settle_from_findings(now=FRIDAY) == 2
    assert findings.settle_from_findings(now=FRIDAY) == 0
    assert {row.state for row in Complaint.objects.all()} == {State.REPLIED}
    assert Complaint.objects.first().answers.get().text == findings.FIXED


def test_not_to_one_elsewhere_or_closed(found, make_complaint, neighbour_community, clerk):
    other = make_complaint(community=neighbour_community)
    handling.accept(complaint=other, by=clerk, now=TUESDAY)
    with pytest.raises(ValidationError):
        findings.attach(complaint=other, finding=found, by=clerk, now=TUESDAY)
    found.state = "closed"
    third = make_complaint()
    with pytest.raises(WrongState):
        findings.attach(complaint=third, finding=found, by=clerk, now=TUESDAY)


def test_soon_after_a_patrol_that_said_fine(complaint, cadre, station_clerk, clerk, other_cadre):
    when = MONDAY - timedelta(hours=47)
    day = when.date()
    stamp = {"occurred_at": when, "occurred_on": day, "submitted_at": when, "submitted_on": day, "submit_by": day}
    patrol = Patrol.objects.create(number="XC1", community=complaint.community, user=cadre, **stamp)
    PatrolAnswer.objects.create(patrol=patrol, category="hyg", result="ok")
    assert list(findings.said_fine(complaint, cadre)) == [patrol]
    assert list(findings.said_fine(complaint, station_clerk)) == [patrol]
    for other in (clerk, other_cadre):
        assert list(findings.said_fine(complaint, other)) == []
    PatrolAnswer.objects.update(result="finding")
    assert list(findings.said_fine(complaint, cadre)) == []
