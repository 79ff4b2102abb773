"""Sending in a patrol: what it must say, whose it may be, what it becomes. DOMAIN B.2, B.4, B.5"""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import RoleGrant
from accounts.roles import Role
from communities.models import Contract, PatrolDuty
from inspections import patrols
from inspections.entries import Refused
from inspections.models import Category, DayNumber, Finding, FindingEvent, Patrol, PatrolPhoto
from tests.inspections.phone import NOW, beijing, day, entry, finding, sent_photo, sent_photos


def refused(by, entry_, now=NOW) -> dict[str, str]:
    """The sentences; nothing was written."""
    with pytest.raises(Refused) as error:
        patrols.submit(entry=entry_, by=by, now=now)
    assert not Patrol.objects.exists()
    return error.value.problems


# ---------------------------------------------------------------- what it becomes


def test_a_patrol_without_findings(cadre, community, send):
    patrol = send(cadre, community, places="1幢到3幢", note="都看过了")
    assert patrol.number == "巡20261119-0001"
    assert (patrol.kind, patrol.state, patrol.version) == ("daily", "submitted", 1)
    assert (patrol.occurred_on, patrol.submitted_on, patrol.submit_by) == (
        date(2026, 11, 19),
        date(2026, 11, 19),
        date(2026, 11, 23),
    )
    results = dict(patrol.answers.values_list("category", "result"))
    assert results == dict.fromkeys(["hyg", "pile", "veh", "fire", "build"], "ok") | {
        "fac": "not_seen",
        "pub": "not_seen",
    }
    assert not Finding.objects.exists()


def test_a_finding_goes_to_the_firm_of_its_day(cadre, community, building, firm_row, send):
    patrol = send(cadre, community, finding("PIL1", building=building, severity="major", severity_reason="堵死了"))
    row = patrol.findings.get()
    assert (row.community, row.found_by, row.source) == (community, cadre, "patrol")
    assert (row.firm, row.found_on, row.state, row.closed_on) == (firm_row, date(2026, 11, 19), "open", None)
    assert row.is_raised and row.where == "3幢"
    assert list(row.events.values_list("kind", "by")) == [(FindingEvent.Kind.FOUND, cadre.pk)]


def test_the_contract_of_the_day_decides_not_todays(cadre, community, firm_row, other_firm_row, send):
    Contract.objects.filter(firm=firm_row).update(last_day=day("2026-11-17"))
    Contract.objects.create(community=community, firm=other_firm_row, kind="owners", first_day=day("2026-11-18"))
    assert send(cadre, community, finding(), occurred="2026-11-17 12:00").findings.get().firm == firm_row
    assert send(cadre, community, finding(), occurred="2026-11-18 12:00").findings.get().firm == other_firm_row


def test_without_a_firm_the_finding_has_none(cadre, community, send):
    assert send(cadre, community, finding()).findings.get().firm is None


def test_put_right_on_the_spot_is_closed_with_its_photo(cadre, community, send):
    before, after = sent_photos(cadre, 1), sent_photos(cadre, 2)
    row = send(cadre, community, finding(handling="on_the_spot", photos=before, after=after)).findings.get()
    assert (row.state, row.closed_on) == ("closed", row.found_on)
    shown = list(row.photos.shown().values_list("client_id", "kind", "position"))
    assert sorted(shown, key=lambda one: one[2]) == [
        (before[0], "problem", 0),
        (after[0], "after", 1),
        (after[1], "after", 2),
    ]


def test_a_clock_that_is_a_little_fast_is_set_right(cadre, community, send):
    patrol = send(cadre, community, occurred="2026-11-19 10:09")
    assert patrol.occurred_at == NOW


def test_a_second_visit_of_the_day_is_kept_as_extra(cadre, community, send):
    first, second = send(cadre, community, occurred="2026-11-19 08:00"), send(cadre, community)
    assert [first.kind, second.kind] == [Patrol.Kind.DAILY, Patrol.Kind.EXTRA]
    assert send(cadre, community, occurred="2026-11-18 08:00").kind == Patrol.Kind.DAILY


def test_after_a_voided_or_late_one_the_next_is_the_first(cadre, community, send, visit):
    visit(cadre, community, "2026-11-19 08:00", state="voided", void_reason="写错了")
    assert send(cadre, community).kind == Patrol.Kind.DAILY
    visit(cadre, community, "2026-11-06 08:00", sent="2026-11-12 08:00")
    assert send(cadre, community, occurred="2026-11-06 12:00").kind == Patrol.Kind.DAILY


def test_numbers_follow_each_other_within_a_beijing_day(cadre, community, send):
    numbers = [send(cadre, community).number, send(cadre, community).number]
    next_day = beijing("2026-11-20 00:00")
    numbers.append(send(cadre, community, now=next_day).number)
    assert numbers == ["巡20261119-0001", "巡20261119-0002", "巡20261120-0001"]
    assert dict(DayNumber.objects.values_list("day", "last")) == {date(2026, 11, 19): 2, date(2026, 11, 20): 1}


def test_what_is_refused_uses_no_number(cadre, community, send):
    refused(cadre, entry(community, finding(photos=[uuid.uuid4()])))
    assert send(cadre, community).number.endswith("-0001")


def test_late_is_kept_and_does_not_count(cadre, community, send):
    patrol = send(cadre, community, occurred="2026-11-12 12:00")
    assert patrol.is_late and patrol.submit_by == date(2026, 11, 16)


# ---------------------------------------------------------------- whose it may be


def test_a_stranger_to_the_community_is_refused(other_cadre, community):
    with pytest.raises(PermissionDenied, match="不归您联系"):
        patrols.submit(entry=entry(community), by=other_cadre, now=NOW)


@pytest.mark.parametrize("role", [Role.STATION_HEAD, Role.LEADER, Role.TOWN_CLERK, Role.FIRM_MANAGER])
def test_a_daily_patrol_is_a_cadres(make_user, community, role):
    with pytest.raises(PermissionDenied):
        patrols.submit(entry=entry(community), by=make_user("someone", "某人", role), now=NOW)


def test_an_unannounced_one_is_the_offices(cadre, clerk, community, send):
    assert send(clerk, community, kind="covert").kind == Patrol.Kind.COVERT
    with pytest.raises(PermissionDenied):
        patrols.submit(entry=entry(community, kind="covert"), by=cadre, now=NOW)


def test_what_was_seen_before_a_link_ended_may_still_be_sent(cadre, community, send):
    PatrolDuty.objects.filter(user=cadre).update(last_day=day("2026-11-18"))
    assert send(cadre, community, occurred="2026-11-18 12:00").occurred_on == date(2026, 11, 18)
    with pytest.raises(PermissionDenied):
        send(cadre, community, occurred="2026-11-19 09:00")


def test_a_firms_contract_is_no_link(make_user, community, firm_row):
    from communities.models import FirmPost

    both = make_user("both", "两头跑", Role.CADRE, Role.FIRM_STAFF)
    FirmPost.objects.create(firm=firm_row, user=both, kind="staff", first_day=day("2020-01-01"))
    with pytest.raises(PermissionDenied):
        patrols.submit(entry=entry(community), by=both, now=NOW)


def test_a_role_that_ended_yesterday_is_gone(cadre, community):
    RoleGrant.objects.filter(user=cadre).update(last_day=day("2026-11-18"))
    with pytest.raises(PermissionDenied):
        patrols.submit(entry=entry(community), by=cadre, now=NOW)


# ---------------------------------------------------------------- what it must say


@pytest.mark.parametrize("category", ["hyg", "pile", "veh", "fire", "build"])
def test_each_of_the_five_is_asked(cadre, community, category):
    problems = refused(cadre, entry(community, answers={category: ""}))
    assert list(problems) == [category]
    assert Category(category).label in problems[category] and "还没选" in problems[category]


def test_all_not_seen_is_no_patrol(cadre, community):
    problems = refused(cadre, entry(community, answers=dict.fromkeys(Category.values, "not_seen")))
    assert "至少看一项" in problems["answers"]


def test_one_seen_is_a_patrol(cadre, community, send):
    assert send(cadre, community, answers=dict.fromkeys(Category.values, "not_seen") | {"pub": "ok"}).pk


def test_an_answer_of_findings_needs_one_and_the_other_way_round(cadre, community):
    assert "请写一句" in refused(cadre, entry(community, answers={"veh": "finding"}))["veh"]
    assert "请选“有问题”" in refused(cadre, entry(community, finding("PIL1"), answers={"pile": "ok"}))["pile"]


def test_a_time_to_come_is_refused(cadre, community):
    assert "日期和时间" in refused(cadre, entry(community, occurred="2026-11-19 10:11"))["occurred_on"]


CASES = {
    "without words": ({"text": "  "}, "text", "写一句是什么问题"),
    "raised without reason": ({"severity": "major"}, "severity_reason", "写一句为什么"),
    "lowered": ({"severity": "general"}, "severity", "要降低请物管站站长来办"),
    "on the spot without a photo after it": ({"handling": "on_the_spot"}, "after", "处理后的照片"),
    "dissuaded without a photo": ({"dissuaded": True}, "photos", "要有照片"),
    "ten photos": ({"photos": [uuid.uuid4() for _ in range(10)]}, "photos", "最多 9 张"),
    "six and four photos": (
        {"photos": [uuid.uuid4() for _ in range(6)], "after": [uuid.uuid4() for _ in range(4)]},
        "photos",
        "最多 9 张",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_finding(cadre, community, case):
    columns, field, words = CASES[case]
    problems = refused(cadre, entry(community, finding("PIL1", **columns)))
    assert list(problems) == [f"pile-0-{field}"]
    assert problems[f"pile-0-{field}"].startswith("第 1 个问题：") and words in problems[f"pile-0-{field}"]


def test_every_fault_is_named_at_once(cadre, community):
    both = finding("PIL1", text="", severity="major"), finding("FIR1", text="", field="fire-0")
    problems = refused(cadre, entry(community, *both, answers={"hyg": ""}))
    assert set(problems) == {"hyg", "pile-0-text", "pile-0-severity_reason", "fire-0-text"}


def test_ten_photos_of_the_record_are_too_many(cadre, community):
    assert "最多 9 张" in refused(cadre, entry(community, photos=[uuid.uuid4() for _ in range(10)]))["photos"]


def test_nine_photos_are_not(cadre, community, send):
    nine = sent_photos(cadre, 9)
    assert send(cadre, community, photos=nine).photos.shown().count() == 9


# ---------------------------------------------------------------- photos


def test_a_photo_that_has_not_come_yet(cadre, community):
    problems = refused(cadre, entry(community, finding(photos=[uuid.uuid4()])))
    assert problems == {"pile-0-photos": "有照片还没传完，等它传好，或者删掉它再提交。"}


def test_anothers_photo_is_none_of_ones_own(cadre, other_cadre, community):
    theirs = sent_photo(other_cadre)
    assert "还没传完" in refused(cadre, entry(community, photos=[theirs.client_id]))["photos"]
    theirs.refresh_from_db()
    assert theirs.is_loose


def test_a_photo_is_bound_once(cadre, community, send):
    first = sent_photos(cadre, 1)
    send(cadre, community, finding(photos=first))
    with pytest.raises(Refused, match="还没传完"):
        send(cadre, community, finding(photos=first))
    with pytest.raises(Refused, match="还没传完"):
        send(cadre, community, photos=first)


def test_one_photo_for_two_findings_of_a_record(cadre, community):
    one = sent_photos(cadre, 1)
    problems = refused(cadre, entry(community, finding(photos=one), finding("PIL2", photos=one, field="pile-1")))
    assert list(problems) == ["pile-1-photos"]


def test_a_photo_that_could_not_be_used_says_why(cadre, community):
    bad = sent_photo(cadre)
    PatrolPhoto.objects.filter(pk=bad.pk).update(state="refused", refusal="照片打不开，请重新选一次。")
    problems = refused(cadre, entry(community, finding(after=[bad.client_id], handling="on_the_spot")))
    assert problems == {"pile-0-after": "照片打不开，请重新选一次。"}


# ---------------------------------------------------------------- twice


def test_sent_twice_it_is_one_record(cadre, community, send):
    number = uuid.uuid4()
    first, second = send(cadre, community, client_id=number), send(cadre, community, client_id=number)
    assert first == second and Patrol.objects.count() == 1


def test_sent_twice_even_when_the_community_has_changed_hands(cadre, community, send):
    number = uuid.uuid4()
    first = send(cadre, community, client_id=number)
    PatrolDuty.objects.filter(user=cadre).update(last_day=day("2026-11-18"))
    assert send(cadre, community, client_id=number) == first


def test_anothers_number_is_refused(cadre, other_cadre, community, neighbour_community, send):
    number = uuid.uuid4()
    send(cadre, community, client_id=number)
    with pytest.raises(PermissionDenied, match="另一个账号"):
        send(other_cadre, neighbour_community, client_id=number)


def test_a_findings_number_that_is_taken_is_a_sentence(cadre, other_cadre, community, neighbour_community, send):
    taken = finding()
    send(cadre, community, taken)
    with pytest.raises(Refused, match="编号和别的记录重了"):
        send(other_cadre, neighbour_community, taken)
    assert not Patrol.objects.filter(user=other_cadre).exists()


def test_the_same_number_for_two_findings_of_a_record_is_a_sentence(cadre, community):
    number = uuid.uuid4()
    twins = finding(client_id=number), finding("PIL2", client_id=number, field="pile-1")
    assert "编号和别的记录重了" in refused(cadre, entry(community, *twins))["findings"]
