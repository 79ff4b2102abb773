from datetime import timedelta

import pytest
from django.urls import reverse

from rulebook import calendars, rules
from rulebook.models import CalendarLoad, Jurisdiction, Rule

LIST = reverse("admin:rulebook_rule_changelist")
LOADS = reverse("admin:rulebook_calendarload_changelist")


@pytest.fixture
def proposal(administrator, now, today):
    where = Jurisdiction.objects.get(code="town")
    row = {"key": "recheck.workdays", "jurisdiction": where, "first_day": today + timedelta(days=1), "value": 5}
    return rules.enter(**row, basis="x", by=administrator, now=now)


@pytest.fixture
def load(administrator, now, table):
    lines = calendars.parse(table(2061), year=2061)
    return calendars.enter(year=2061, lines=lines, source="演示通知", by=administrator, now=now)


def act(client, listing, action, row):
    return client.post(listing, {"action": action, "_selected_action": [row.pk]}, follow=True).content.decode()


@pytest.mark.parametrize(("listing", "sought"), [(LIST, {"topic": "巡查", "q": "recheck"}), (LOADS, {"q": "2061"})])
def test_office_and_stations_find_the_rules(as_clerk, as_station_head, listing, sought, proposal, load):
    for person in (as_clerk, as_station_head):
        assert person.get(listing).status_code == 200
        assert person.get(listing, {"state": "waiting", **sought}).status_code == 200


def test_nothing_is_changed_or_deleted_there(as_, administrator, proposal):
    change = reverse("admin:rulebook_rule_change", args=[proposal.pk])
    person = as_(administrator)
    assert person.get(change).status_code == 200
    assert person.post(change, {"basis": "别的"}).status_code == 403
    assert person.post(reverse("admin:rulebook_rule_delete", args=[proposal.pk]), {"post": "yes"}).status_code == 403


def test_adding_leads_to_the_portals_form(as_, administrator):
    assert as_(administrator).get(reverse("admin:rulebook_rule_add")).headers["Location"] == reverse(
        "rulebook:rule-new"
    )
    add = as_(administrator).get(reverse("admin:rulebook_calendarload_add"))
    assert add.headers["Location"] == reverse("rulebook:calendar-load")


def test_the_town_head_checks_and_sends_back(as_town_head, proposal, load):
    assert "复核通过了 1 条" in act(as_town_head, LIST, "check_selected", proposal)
    assert not Rule.objects.waiting().exists()
    assert "已经有人复核" in act(as_town_head, LIST, "check_selected", proposal)
    assert "退回了 1 条" in act(as_town_head, LOADS, "withdraw_selected", load)
    assert not CalendarLoad.objects.waiting().exists()


def test_the_author_has_no_such_action(as_, administrator, proposal):
    act(as_(administrator), LIST, "check_selected", proposal)
    proposal.refresh_from_db()
    assert proposal.is_waiting


def test_the_table_is_shown_as_it_was_pasted(as_clerk, load):
    page = as_clerk.get(reverse("admin:rulebook_calendarload_change", args=[load.pk])).content.decode()
    assert "2061-10-03 休 国庆节" in page
