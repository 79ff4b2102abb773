"""Rated by link or telephone, closed when everybody has said it, or by itself. DOMAIN E.2, E.5"""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from complaints import contacts, handling, judging, merging, registration
from complaints.entries import Who
from complaints.models import Complaint, Contact, State
from lib.states import WrongState
from tests.complaints.conftest import FRIDAY, MONDAY, TUESDAY, at

pytestmark = pytest.mark.django_db


def fresh(complaint) -> Complaint:
    return Complaint.objects.get(pk=complaint.pk)


def test_satisfied_it_is_over(answered, complainant):
    judging.rate(complainant=complainant, score=5, now=FRIDAY)
    assert fresh(answered).state == State.CLOSED
    with pytest.raises(WrongState):
        judging.rate(complainant=complainant, score=1, reason="反悔", now=FRIDAY)


def test_dissatisfied_it_begins_anew(answered, complainant):
    with pytest.raises(ValidationError, match="哪里不满意"):
        judging.rate(complainant=complainant, score=2, now=FRIDAY)
    judging.rate(complainant=complainant, score=2, reason="第二天又满了", now=FRIDAY)
    assert (fresh(answered).state, fresh(answered).level) == (State.REOPENED, "station")


def test_everybody_is_asked(answered, complainant):
    other = Complaint.objects.get()
    Complaint.objects.update(closed_on=None)
    joined = registration.join(complaint=other, who=Who(phone="13900005678"), client_id=uuid4(), by=None, now=TUESDAY)
    judging.rate(complainant=complainant, score=4, now=FRIDAY)
    assert fresh(answered).state == State.RATED
    judging.rate(complainant=joined, score=3, now=FRIDAY)
    assert fresh(answered).state == State.CLOSED


def test_once_a_round(answered, complainant):
    registration.join(complaint=answered, who=Who(phone="13900005678"), client_id=uuid4(), by=None, now=TUESDAY)
    judging.rate(complainant=complainant, score=4, now=FRIDAY)
    with pytest.raises(WrongState, match="评价过了"):
        judging.rate(complainant=complainant, score=5, now=FRIDAY)


@pytest.mark.parametrize("score", [0, 6, -1])
def test_five_steps(answered, complainant, score):
    with pytest.raises(ValidationError):
        judging.rate(complainant=complainant, score=score, now=FRIDAY)


def test_called_back_by_somebody_else(answered, complainant, station_clerk, clerk, firm):
    with pytest.raises(PermissionDenied):
        judging.rate(complainant=complainant, score=5, called_by=firm, now=FRIDAY)
    Complaint.objects.update(handler=station_clerk)
    with pytest.raises(PermissionDenied, match="别人来做"):
        judging.rate(complainant=complainant, score=5, called_by=station_clerk, now=FRIDAY)
    assert Complaint.objects.to_call_back().exists()
    judging.rate(complainant=complainant, score=5, called_by=clerk, now=FRIDAY)
    assert not Complaint.objects.to_call_back().exists()
    assert answered.events.filter(kind="called", by=clerk).exists()


def test_unrated_it_closes_after_its_days_once(answered):
    assert judging.close_unrated(now=at("2026-12-08 23:59")) == 0
    assert judging.close_unrated(now=at("2026-12-09 00:10")) == 1
    assert judging.close_unrated(now=at("2026-12-09 00:10")) == 0
    assert fresh(answered).closed_on == date(2026, 12, 9)
    assert not answered.complainants.get().ratings.exists()


# ---------------------------------------------------------------- merged


def test_merged_cases_are_told_and_asked(make_complaint, with_firm, firm, station_clerk):
    other = make_complaint(text="垃圾没人收", phone="13900005678")
    merging.merge(main=with_firm, others=[other], by=station_clerk, now=MONDAY)
    assert (fresh(other).state, fresh(other).merged_into) == (State.MERGED, with_firm)
    handling.answer(complaint=fresh(with_firm), text="清了", by=firm, now=TUESDAY)
    theirs = fresh(other).complainants.get()
    judging.rate(complainant=theirs, score=1, reason="没清我们这边", now=FRIDAY)
    assert fresh(with_firm).state == State.REOPENED
    assert Complaint.objects.counted().count() == 1


def test_what_is_not_alike_is_not_merged(make_complaint, complaint, station_clerk, other_station_head):
    day_31 = make_complaint(now=at("2026-12-24 09:00"))
    for other in (make_complaint(text="电梯坏了"), day_31, complaint):
        with pytest.raises(ValidationError):
            merging.merge(main=complaint, others=other, by=station_clerk, now=MONDAY)
    merging.merge(main=complaint, others=make_complaint(now=at("2026-12-23 09:00")), by=station_clerk, now=MONDAY)
    with pytest.raises(PermissionDenied):
        merging.merge(main=complaint, others=day_31, by=other_station_head, now=MONDAY)


def test_a_merge_is_undone(make_complaint, complaint, station_clerk):
    other = make_complaint()
    merging.merge(main=complaint, others=other, by=station_clerk, now=MONDAY)
    with pytest.raises(WrongState):
        merging.merge(main=complaint, others=fresh(other), by=station_clerk, now=MONDAY)
    merging.undo(complaint=fresh(other), by=station_clerk, now=MONDAY)
    assert (fresh(other).state, fresh(other).merged_into) == (State.ACCEPTED, None)


def test_one_complaint_of_two_things_becomes_two(complaint, station_clerk):
    new = merging.split(complaint=complaint, text="路灯不亮", category="facility", by=station_clerk, now=TUESDAY)
    assert new.number == "TS20261124-0001"
    assert fresh(new).split_from == complaint
    assert new.complainants.get().contact.phone == complaint.complainants.get().contact.phone


# ---------------------------------------------------------------- whose data


def test_read_in_full_with_a_reason_on_record(complaint, complainant, station_clerk, firm, leader, cadre):
    for by in (firm, leader, cadre):
        with pytest.raises(PermissionDenied):
            contacts.read(complainant=complainant, why="回电话", by=by, now=MONDAY)
    with pytest.raises(ValidationError):
        contacts.read(complainant=complainant, why=" ", by=station_clerk, now=MONDAY)
    contacts.read(complainant=complainant, why="回电话", by=station_clerk, now=MONDAY)
    assert complainant.contact.readings.get().by == station_clerk


def test_the_firm_reads_those_who_agreed(with_firm, complainant, firm):
    assert contacts.shown_to(firm, with_firm) == []
    complainant.firm_may_call = True
    complainant.save()
    assert contacts.shown_to(firm, with_firm) == [complainant]


def test_erased_after_the_term_once_and_the_record_stays_whole(answered, complainant):
    judging.rate(complainant=complainant, score=5, now=FRIDAY)
    assert contacts.anonymise(now=at("2029-11-25 03:30")) == 0
    assert contacts.anonymise(now=at("2029-11-26 03:30")) == 1
    assert contacts.anonymise(now=at("2029-11-26 03:30")) == 0
    gone = Contact.objects.get()
    assert (gone.name, gone.phone, gone.masked) == ("", None, "已隐去")
    assert fresh(answered).text
    from accounts.models import Address

    assert not Address.objects.exists()


def test_a_number_that_somebody_else_holds_stays(answered, complainant, resident):
    resident.mobile = complainant.contact.phone
    resident.save()
    judging.rate(complainant=complainant, score=5, now=FRIDAY)
    contacts.anonymise(now=at("2029-12-26 03:30"))
    resident.refresh_from_db()
    assert resident.mobile.value == "13800001234"
