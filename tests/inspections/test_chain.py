"""The chain by the names that others call: plain objects, keywords, nothing prepared but people and a contract."""

import inspect
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from inspections import notices, rechecks
from inspections.entries import Refused
from inspections.models import CheckItem, Finding, Notice
from lib.states import WrongState
from tests.inspections.phone import NOW, UNDATED, day, sent_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding(community, cadre, firm):
    """A finding that no patrol wrote."""
    kept = {"severity": "general", "text": "路面不洁", "handling": "notice", "found_on": day("2026-11-19")}
    return Finding.objects.create(community=community, item=CheckItem.objects.get(code="HYG1"), found_by=cadre, **kept)


@pytest.fixture
def photo(firm):
    """A photo as an object, not its number."""
    return sent_photo(firm, data=UNDATED)


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (notices.issue, ["finding", "by", "now"]),
        (notices.receive, ["notice", "by", "now"]),
        (notices.reply, ["notice", "text", "photos", "by", "now"]),
        (notices.withdraw, ["notice", "reason", "by", "now"]),
        (rechecks.recheck, ["notice", "passed", "note", "photos", "by", "now", "client_id"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_keywords_only_by_these_names(call, names):
    parameters = inspect.signature(call).parameters
    assert list(parameters) == names
    assert {one.kind for one in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}


def test_issue_receive_reply_recheck(finding, cadre, firm, photo):
    notice = notices.issue(finding=finding, by=cadre, now=NOW)
    assert isinstance(notice, Notice) and notice.firm == finding.community.contracts.get().firm
    notices.receive(notice=notice, by=firm, now=NOW)
    notices.reply(notice=notice, text="扫干净了", photos=[photo], by=firm, now=NOW)
    rechecks.recheck(notice=notice, passed=True, note="", photos=[], by=cadre, now=NOW)
    notice.refresh_from_db()
    finding.refresh_from_db()
    assert (notice.state, finding.state) == (Notice.State.CLOSED, Finding.State.CLOSED)


def test_failed_and_once_more(finding, cadre, firm, photo):
    notice = notices.issue(finding=finding, by=cadre, now=NOW)
    notices.receive(notice=notice, by=firm, now=NOW)
    notices.reply(notice=notice, text="扫了", photos=[photo], by=firm, now=NOW)
    seen = sent_photo(cadre, data=UNDATED)
    rechecks.recheck(notice=notice, passed=False, note="还脏", photos=[seen], by=cadre, now=NOW)
    notice.refresh_from_db()
    assert (notice.state, notice.round_no, notice.round.due_on) == ("issued", 2, notice.due_on)
    assert {one.kind for one in notice.rounds.first().photos.all()} == {"reply", "recheck"}


def test_issue_and_withdraw(finding, cadre, firm, photo):
    notice = notices.issue(finding=finding, by=cadre, now=NOW)
    notices.withdraw(notice=notice, reason="看错了", by=cadre, now=NOW)
    with pytest.raises(WrongState):
        notices.receive(notice=notice, by=firm, now=NOW)
    with pytest.raises(WrongState):
        notices.reply(notice=notice, text="扫了", photos=[photo], by=firm, now=NOW)
    with pytest.raises(WrongState):
        rechecks.recheck(notice=notice, passed=True, note="", photos=[], by=cadre, now=NOW)


def test_who_may_not(finding, cadre, firm, other_firm, photo):
    with pytest.raises(PermissionDenied):
        notices.issue(finding=finding, by=firm, now=NOW)
    notice = notices.issue(finding=finding, by=cadre, now=NOW)
    with pytest.raises(PermissionDenied):
        notices.receive(notice=notice, by=other_firm, now=NOW)
    notices.receive(notice=notice, by=firm, now=NOW)
    for photos in ([], ()):
        with pytest.raises(Refused):
            notices.reply(notice=notice, text="扫了", photos=photos, by=firm, now=NOW)
    notices.reply(notice=notice, text="扫了", photos=[photo], by=firm, now=NOW)
    with pytest.raises(PermissionDenied):
        rechecks.recheck(notice=notice, passed=True, note="", photos=[], by=firm, now=NOW)


def test_the_words_of_the_table(finding, cadre, firm, photo):
    notice = notices.issue(finding=finding, by=cadre, now=NOW)
    late = notice.due_on + timedelta(1)
    assert list(Notice.objects.open()) == [notice] == list(Notice.objects.overdue(today=late))
    assert not Notice.objects.overdue(today=notice.due_on) and not Notice.objects.recheck_late(today=late)
    notices.receive(notice=notice, by=firm, now=NOW)
    notices.reply(notice=notice, text="扫了", photos=[photo], by=firm, now=NOW)
    after = notice.recheck_by + timedelta(1)
    assert not Notice.objects.overdue(today=late) and list(Notice.objects.recheck_late(today=after)) == [notice]
    assert not Notice.objects.recheck_late(today=notice.recheck_by)
    rechecks.recheck(notice=notice, passed=True, note="", photos=[], by=cadre, now=NOW)
    assert not Notice.objects.open() and not Notice.objects.recheck_late(today=after)


def test_the_addresses(finding, cadre, firm, as_cadre, as_firm):
    notice = notices.issue(finding=finding, by=cadre, now=NOW)
    assert as_cadre.get(reverse("inspections:notice-detail", args=[notice.pk])).status_code == 200
    assert as_cadre.get(reverse("inspections:register")).status_code == 200
    assert as_firm.get(reverse("inspections:notice-receive", args=[notice.pk])).status_code == 200
    assert as_firm.get(reverse("inspections:notice-reply", args=[notice.pk])).status_code == 200
