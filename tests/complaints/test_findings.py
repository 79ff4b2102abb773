"""A complaint becomes a finding in words written anew, shares it, and ends with it. Issue 7 §4"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Message
from complaints import findings, handling, judging, links
from complaints.models import Complaint, State
from inspections import notices, objections, rechecks
from inspections.models import CheckItem, Finding, Notice, Patrol, PatrolAnswer
from lib.states import WrongState
from tests.complaints.conftest import FRIDAY, MONDAY, TUESDAY, WEDNESDAY
from tests.inspections.phone import fresh_photos

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


def test_others_share_it_and_all_end_with_it(found, make_complaint, station_clerk, firm, cadre):
    other = make_complaint()
    handling.accept(complaint=other, by=station_clerk, now=TUESDAY)
    findings.attach(complaint=other, finding=found, by=station_clerk, now=TUESDAY)
    assert findings.settle_from_findings(now=FRIDAY) == 0
    put_right(found.notices.get(), firm)
    rechecks.recheck(notice=found.notices.get(), passed=True, by=cadre, now=FRIDAY)
    assert findings.settle_from_findings(now=FRIDAY) == 2
    assert findings.settle_from_findings(now=FRIDAY) == 0
    assert {row.state for row in Complaint.objects.all()} == {State.REPLIED}
    assert Complaint.objects.first().answers.get().text == "您反映的问题整改好了，经复查合格。"


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


# ---------------------------------------------------------------- ten share one notice, and its end


@pytest.fixture
def ten(with_firm, make_complaint, station_clerk):
    others = [make_complaint(text=f"垃圾桶又满了 {n}", phone=f"1380000220{n}") for n in range(9)]
    for row in others:
        handling.accept(complaint=row, by=station_clerk, now=TUESDAY)
    return [with_firm, *others]


@pytest.fixture
def shared(ten, item, station_clerk):
    first, *others = ten
    say = {"item": item, "text": "北门桶满溢", "by": station_clerk, "now": TUESDAY}
    finding = findings.become(complaint=first, others=others, **say)
    return finding.notices.get()


def test_ten_share_one_notice(shared, ten, firm_row):
    assert (shared.firm, Notice.objects.count(), Complaint.objects.filter(finding=shared.finding).count()) == (
        firm_row,
        1,
        10,
    )


def put_right(notice, firm):
    notices.receive(notice=notice, by=firm, now=TUESDAY)
    notices.reply(notice=notice, text="清了", photos=fresh_photos(firm), by=firm, now=WEDNESDAY)


def test_all_ten_are_answered_when_the_recheck_passes(shared, ten, cadre, firm):
    put_right(shared, firm)
    rechecks.recheck(notice=shared, passed=True, by=cadre, now=FRIDAY)
    assert findings.settle_from_findings(now=FRIDAY) == 10
    texts = {row.answers.get().text for row in Complaint.objects.all()}
    assert texts == {"您反映的问题整改好了，经复查合格。"}


def test_a_finding_that_is_withdrawn_gives_the_complaints_back(shared, ten, firm, clerk):
    notices.receive(notice=shared, by=firm, now=TUESDAY)
    objection = objections.raise_objection(notice=shared, text="不是我们小区", by=firm, now=TUESDAY)
    objections.decide(objection=objection, upheld=True, answer="核实过", by=clerk, now=WEDNESDAY)
    assert findings.settle_from_findings(now=FRIDAY) == 10
    assert findings.settle_from_findings(now=FRIDAY) == 0
    row = Complaint.objects.get(pk=ten[0].pk)
    assert (row.finding, row.state) == (None, State.ASSIGNED)
    assert row.events.filter(kind="unfound").exists()


# ---------------------------------------------------------------- 修好了吗


@pytest.fixture
def replied(shared, firm):
    put_right(shared, firm)
    return shared


def test_everybody_is_asked_once_a_round(replied):
    for _ in range(2):
        findings.ask_whether_fixed()
    assert Message.objects.filter(kind="complaint-look", channel="sms").count() == 10


def test_not_fixed_stands_beside_the_recheck_at_once(replied, with_firm, stranger):
    who = with_firm.complainants.get()
    mine = reverse("complaints:mine", args=[links.token(who)])
    look = reverse("complaints:mine-look", args=[links.token(who)])
    assert look in stranger.get(mine).content.decode()
    assert stranger.post(look, {"fixed": "no"}).status_code == 302
    assert replied.events.last().kind == "heard_not"
    assert with_firm.events.filter(kind="looked", text="没好").exists()
    assert look not in stranger.get(mine).content.decode()
    stranger.post(look, {"fixed": "yes"})  # once a round
    assert who.looks.count() == 1
    assert stranger.get(look).status_code == 405
    assert stranger.post(look, {"fixed": "perhaps"}).status_code == 302


def test_not_fixed_in_the_judgement_stands_beside_the_recheck_too(replied, with_firm, firm):
    """The firm answered the complaint itself before somebody looked at its notice again."""
    handling.answer(complaint=with_firm, text="清了", by=firm, now=WEDNESDAY)
    who = with_firm.complainants.get()
    judging.rate(complainant=who, score=1, is_fixed=False, reason="还是满的", now=FRIDAY)
    assert replied.events.last().kind == "heard_not"
    assert (who.looks.get().fixed, Complaint.objects.get(pk=with_firm.pk).state) == (False, State.REOPENED)


def test_nothing_waits_before_the_reply(shared, with_firm):
    assert findings.waits_for_look(with_firm.complainants.get()) is None
    with pytest.raises(WrongState):
        findings.look(complainant=with_firm.complainants.get(), fixed=True, now=WEDNESDAY)


def test_the_page_takes_others_along(as_, station_clerk, ten, item):
    client = as_(station_clerk)
    url = reverse("complaints:act", args=[ten[0].pk, "to-finding"])
    assert "还有哪几件是同一个问题" in client.get(url).content.decode()
    sent = {"item": item.pk, "text": "北门桶满溢", "others": [row.pk for row in ten[1:]]}
    assert client.post(url, sent).status_code == 302
    assert Complaint.objects.filter(finding=None).count() == 0
