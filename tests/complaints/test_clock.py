"""Extended once before due, stopped for three reasons, put right by the calendar. DOMAIN E.3, 0.1"""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from complaints import clock, handling
from complaints.models import Complaint
from lib.states import WrongState
from tests.complaints.conftest import FRIDAY, MONDAY, TUESDAY, WEDNESDAY, at

pytestmark = pytest.mark.django_db


def fresh(complaint) -> Complaint:
    return Complaint.objects.get(pk=complaint.pk)


def test_extended_once_and_told(with_firm, station_clerk):
    clock.extend(complaint=with_firm, days=3, reason="要买新桶", by=station_clerk, now=TUESDAY)
    assert fresh(with_firm).reply_by == date(2026, 12, 1)
    with pytest.raises(WrongState, match="延长过一次"):
        clock.extend(complaint=fresh(with_firm), days=1, reason="再要一天", by=station_clerk, now=TUESDAY)


@pytest.mark.parametrize(("days", "reason"), [(4, "要买新桶"), (0, "要买新桶"), (1, " ")])
def test_not_longer_than_the_term_itself_and_not_without_a_reason(with_firm, station_clerk, days, reason):
    with pytest.raises(ValidationError):
        clock.extend(complaint=with_firm, days=days, reason=reason, by=station_clerk, now=TUESDAY)


def test_not_after_it_was_due_and_not_by_the_firm(with_firm, station_clerk, firm):
    with pytest.raises(WrongState, match="过了期限"):
        clock.extend(complaint=fresh(with_firm), days=1, reason="忘了", by=station_clerk, now=FRIDAY)
    with pytest.raises(PermissionDenied):
        clock.extend(complaint=with_firm, days=1, reason="忘了", by=firm, now=TUESDAY)


def test_a_pause_takes_its_working_days_out(with_firm, station_clerk):
    clock.pause(complaint=with_firm, kind="weather", reason="下大雨", by=station_clerk, now=TUESDAY)
    with pytest.raises(WrongState):
        clock.pause(complaint=with_firm, kind="weather", reason="还在下", by=station_clerk, now=TUESDAY)
    assert not Complaint.objects.overdue(date(2026, 11, 30)).exists()
    assert not fresh(with_firm).is_overdue(date(2026, 11, 30))
    clock.resume(complaint=fresh(with_firm), by=station_clerk, now=at("2026-11-30 09:00"))  # Wed, Thu, Fri, Mon
    assert fresh(with_firm).reply_by == date(2026, 12, 2)
    with pytest.raises(WrongState):
        clock.resume(complaint=fresh(with_firm), by=station_clerk, now=at("2026-11-30 09:00"))


def test_waiting_for_the_complainant_ends_by_itself(with_firm, station_clerk):
    clock.pause(complaint=with_firm, kind="complainant", reason="哪个门？", by=station_clerk, now=MONDAY)
    assert clock.end_long_waits(now=FRIDAY) == 0
    assert clock.end_long_waits(now=at("2026-11-30 00:05")) == 1
    assert clock.end_long_waits(now=at("2026-12-30 00:05")) == 0
    assert fresh(with_firm).reply_by == date(2026, 12, 3)
    with pytest.raises(WrongState, match="用完了"):
        clock.pause(complaint=fresh(with_firm), kind="complainant", reason="哪？", by=station_clerk, now=FRIDAY)


@pytest.mark.parametrize(("kind", "reason"), [("tired", "累了"), ("weather", "")])
def test_no_other_reason_stops_the_clock(with_firm, station_clerk, kind, reason):
    with pytest.raises(ValidationError):
        clock.pause(complaint=with_firm, kind=kind, reason=reason, by=station_clerk, now=TUESDAY)


def test_an_answer_ends_a_pause(with_firm, station_clerk, firm):
    clock.pause(complaint=with_firm, kind="weather", reason="下大雨", by=station_clerk, now=TUESDAY)
    handling.answer(complaint=fresh(with_firm), text="雨停清了", by=firm, now=WEDNESDAY)
    assert with_firm.pauses.get().last_day == date(2026, 11, 25)


def test_a_calendar_loaded_later_moves_nothing_earlier(make_complaint):
    late = make_complaint(now=at("2026-12-31 09:00"))
    assert late.due_provisional
    Complaint.objects.update(due_on=date(2027, 1, 10))
    clock.recompute()
    assert fresh(late).due_on == date(2027, 1, 10)
