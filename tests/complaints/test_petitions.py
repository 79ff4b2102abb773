"""A petition's notice, decision and one extension, on a clock apart from the complaint's. DOMAIN E.3"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Message
from complaints import judging, petitions, reminders
from complaints.models import Complaint, Petition, State
from lib.states import WrongState
from tests.complaints.conftest import FRIDAY, MONDAY, TUESDAY, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(complaint, station_clerk):
    return petitions.begin(complaint=complaint, by=station_clerk, now=TUESDAY)


def test_its_terms_are_calendar_days_from_registration(petition, complaint):
    assert (petition.notice_by, petition.decide_by) == (date(2026, 12, 8), date(2027, 1, 22))
    assert complaint.reply_by == date(2026, 11, 26)  # our own term runs on as it was
    assert (petition.next_by, petition.next_what) == (petition.notice_by, "书面告知是否受理")


def test_from_notice_to_decision(petition, complaint, station_clerk):
    say = {"complaint": complaint, "by": station_clerk}
    with pytest.raises(WrongState, match="先书面告知"):
        petitions.decide(letter="信决1号", now=FRIDAY, **say)
    with pytest.raises(ValidationError):
        petitions.give_notice(letter=" ", now=FRIDAY, **say)
    petitions.give_notice(letter="信告1号", now=FRIDAY, **say)
    with pytest.raises(WrongState):
        petitions.give_notice(letter="信告2号", now=FRIDAY, **say)
    petitions.decide(letter="信决1号", now=at("2027-01-20 09:00"), **say)
    row = Petition.objects.get()
    assert (row.notice_letter, row.decision_letter, row.next_by) == ("信告1号", "信决1号", None)


def test_longer_once_by_thirty_days_and_in_time(petition, complaint, station_clerk):
    say = {"complaint": complaint, "by": station_clerk}
    with pytest.raises(WrongState, match="已经过了期限"):
        petitions.extend(reason="复杂", now=at("2027-01-23 09:00"), **say)
    petitions.extend(reason="要请专家看", now=at("2027-01-22 17:00"), **say)
    assert Petition.objects.get().decide_by == date(2027, 2, 21)
    with pytest.raises(WrongState):
        petitions.extend(reason="再延", now=at("2027-02-01 09:00"), **say)


def test_once_and_by_staff_of_the_place(petition, complaint, station_clerk, firm, make_complaint):
    with pytest.raises(WrongState):
        petitions.begin(complaint=complaint, by=station_clerk, now=TUESDAY)
    with pytest.raises(PermissionDenied):
        petitions.begin(complaint=make_complaint(), by=firm, now=TUESDAY)
    with pytest.raises(WrongState, match="不是信访"):
        petitions.decide(complaint=make_complaint(), letter="1号", by=station_clerk, now=TUESDAY)


def test_the_case_stays_open_until_the_decision(answered, complainant, station_clerk):
    petitions.begin(complaint=answered, by=station_clerk, now=TUESDAY)
    judging.rate(complainant=complainant, score=5, now=FRIDAY)
    late = at("2027-03-01 00:10")
    assert judging.close_unrated(now=late) == 0
    assert Complaint.objects.get().state == State.RATED
    say = {"complaint": answered, "by": station_clerk, "now": FRIDAY}
    petitions.give_notice(letter="1号", **say)
    petitions.decide(letter="2号", **say)
    assert judging.close_unrated(now=late) == 1


def test_reminded_on_the_day_once(petition, station_clerk):
    for hour in ("09:00", "10:00"):
        reminders.remind(now=at(f"2026-12-08 {hour}"))
    told = Message.objects.filter(kind="complaint-petition", user=station_clerk, channel="inbox")
    assert told.count() == 1
    assert reminders.remind(now=MONDAY + timedelta(minutes=5)) == 0


def test_page_by_page(as_, station_clerk, complaint):
    client = as_(station_clerk)
    detail = reverse("complaints:detail", args=[complaint.pk])

    def act(doing, **typed):
        return client.post(reverse("complaints:act", args=[complaint.pk, doing]), typed)

    assert act("petition").status_code == 302
    assert "信访事项" in client.get(detail).content.decode()
    assert act("petition-notice").status_code == 422
    assert act("petition-notice", letter="信告1号").status_code == 302
    assert act("petition-longer", reason="复杂").status_code == 302
    assert act("petition-end", letter="信决1号").status_code == 302
    page = client.get(detail).content.decode()
    assert "信告1号" in page and "信决1号" in page
    assert "信访事项" not in client.get(reverse("complaints:desk")).content.decode()
