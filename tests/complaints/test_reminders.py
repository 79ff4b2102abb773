"""Nothing passes its term unseen: each is told once, to those whom it concerns. Issue 7 §4, DOMAIN E.3"""

import pytest

from accounts.models import Message
from complaints import handling, reminders
from complaints.models import Complaint
from tests.complaints.conftest import at

pytestmark = pytest.mark.django_db


def test_due_today_and_overdue_are_told_once(with_firm, firm, station_clerk, clerk):
    def told(kind):
        return {message.user for message in Message.objects.filter(kind=kind, channel="inbox")}

    assert reminders.remind(now=at("2026-11-26 09:00")) == 1
    assert reminders.remind(now=at("2026-11-26 15:00")) == 0
    assert told("complaint-due") == {firm}
    assert reminders.remind(now=at("2026-11-27 06:00")) == 0
    assert reminders.remind(now=at("2026-11-27 09:00")) == 3
    assert reminders.remind(now=at("2026-12-07 09:00")) == 0
    assert told("complaint-overdue") == {firm, station_clerk, clerk}


def test_what_nobody_accepted_in_time_is_told_once(complaint, station_clerk, clerk):
    reminders.remind(now=at("2026-11-24 17:00"))
    assert not Message.objects.filter(kind="complaint-late-accept").exists()
    for moment in ("2026-11-25 09:00", "2026-11-25 10:00", "2026-11-26 09:00"):
        reminders.remind(now=at(moment))
    told = Message.objects.filter(kind="complaint-late-accept", channel="inbox")
    assert sorted(told.values_list("user", flat=True)) == sorted([station_clerk.pk, clerk.pk])


def test_where_nobody_was_in_time_is_told_at_night_too(make_complaint, station_clerk, firm):
    row = make_complaint(text="有人困在电梯里", now=at("2026-11-28 23:00"))
    assert reminders.remind_on_site(now=at("2026-11-28 23:29")) == 0
    assert reminders.remind_on_site(now=at("2026-11-28 23:31")) >= 2
    assert reminders.remind_on_site(now=at("2026-11-28 23:40")) == 0
    assert {firm.pk, station_clerk.pk} <= set(
        Message.objects.filter(kind="complaint-nobody-there").values_list("user", flat=True)
    )
    handling.accept(complaint=row, by=station_clerk, now=at("2026-11-28 23:45"))
    handling.arrive(complaint=row, by=firm, now=at("2026-11-28 23:50"))
    assert not Complaint.objects.late_on_site(at("2026-11-29 12:00")).exists()
