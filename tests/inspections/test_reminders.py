"""Whom patrols make be told, when, once however often the tasks run. Issue 3 §5"""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import notifications
from accounts.models import Address, Message, RoleGrant, User
from accounts.roles import Role
from communities.models import CadreLeave, Community, PatrolDuty
from inspections import reminders
from lib.periods import Week
from tests.inspections.phone import MONDAY, beijing, day

THURSDAY, FRIDAY = beijing("2026-11-19 16:00"), beijing("2026-11-20 09:00")


def due_of(kind=reminders.REMINDER) -> list:
    return sorted(Message.objects.filter(kind=kind, channel="inbox").values_list("user__username", "round", "due"))


def text_of(user, now, thursday) -> notifications.Text:
    """What the person reads at that moment."""
    thursday.move_to(now)
    (message,) = notifications.read_texts(list(Message.objects.inbox(user, now=now)[:1]))
    return message.text


# ---------------------------------------------------------------- hours


@pytest.mark.parametrize(
    ("monday", "moments"),
    [
        ("2026-11-16", ["2026-11-19 16:00", "2026-11-20 09:00"]),
        ("2026-09-28", ["2026-09-30 09:00", "2026-09-30 16:00"]),  # Thursday and Friday off
        ("2026-02-16", []),  # Spring Festival: the whole week off
        ("2026-10-05", ["2026-10-08 16:00", "2026-10-09 09:00"]),
    ],
)
def test_the_hours_move_to_the_working_day_before(db, monday, moments):
    assert reminders.reminder_hours(Week(day(monday))) == [beijing(moment) for moment in moments]


def test_the_hours_are_a_rule(a_rule):
    a_rule("patrol.remind_hours", [[3, "10:30"]], MONDAY)
    assert reminders.reminder_hours(Week(MONDAY)) == [beijing("2026-11-18 10:30")]
    assert len(reminders.reminder_hours(Week(day("2026-11-09")))) == 2


# ---------------------------------------------------------------- reminding


@pytest.mark.parametrize(
    ("now", "rounds"),
    [
        ("2026-11-19 15:59:59", []),
        ("2026-11-19 16:00", [0]),
        ("2026-11-19 17:29", [0]),
        ("2026-11-19 17:30", []),  # working hours are over
        ("2026-11-20 08:29", []),
        ("2026-11-20 08:30", [0]),  # made up
        ("2026-11-20 09:00", [1]),  # the latest only
        ("2026-11-20 17:00", [1]),
        ("2026-11-21 10:00", []),  # Saturday
        ("2026-11-22 10:00", []),
        ("2026-11-23 10:00", []),  # that week is over, and the next has not come so far
    ],
)
def test_when_it_reminds(cadre, now, rounds):
    reminders.remind(now=beijing(now))
    assert [round for _, round, _ in due_of()] == rounds


def test_each_once_however_often(cadre):
    for minutes in (0, 15, 30, 45):
        reminders.remind(now=THURSDAY + timedelta(minutes=minutes))
    assert due_of() == [("chen", 0, THURSDAY)]
    for minutes in (0, 0, 15):
        reminders.remind(now=FRIDAY + timedelta(minutes=minutes))
    assert due_of() == [("chen", 0, THURSDAY), ("chen", 1, FRIDAY)]


def test_only_those_whose_week_will_fall_short(cadre, other_cadre, community, visit):
    for date in ("16", "17", "18"):
        visit(cadre, community, f"2026-11-{date} 09:00")
    assert reminders.remind(now=THURSDAY) == 1
    assert [username for username, *_ in due_of()] == [other_cadre.username]


def test_nobody_on_leave_substituted_or_away_for_good(cadre, other_cadre, community):
    CadreLeave.objects.create(user=cadre, first_day=MONDAY, last_day=day("2026-11-22"))
    User.objects.filter(pk=other_cadre.pk).update(is_active=False)
    assert reminders.remind(now=THURSDAY) == 0


def test_the_substitute_is_reminded(cadre, other_cadre, community, neighbour_community):
    PatrolDuty.objects.filter(user=other_cadre).update(last_day=day("2026-11-01"))
    PatrolDuty.objects.create(user=other_cadre, community=community, kind="substitute", first_day=MONDAY)
    reminders.remind(now=THURSDAY)
    assert [username for username, *_ in due_of()] == [other_cadre.username]


def test_in_a_week_off_nobody_is_reminded(cadre):
    assert reminders.remind(now=beijing("2026-02-19 16:00")) == 0


def test_a_confirmed_address_gets_an_e_mail_too(cadre):
    address = Address.objects.create(kind="email", value="chen@example.com", confirmed_at=beijing("2026-01-01 00:00"))
    User.objects.filter(pk=cadre.pk).update(email=address)
    reminders.remind(now=THURSDAY)
    assert set(Message.objects.values_list("channel", flat=True)) == {"inbox", "email"}


def test_six_queries_at_most_however_many(cadre, community, village, make_user, django_assert_max_num_queries):
    for number in range(40):
        user = make_user(f"c{number}", f"干部{number}", Role.CADRE)
        place = Community.objects.create(name=f"小区{number}", village_committee=village, kind="other")
        PatrolDuty.objects.create(user=user, community=place, first_day=MONDAY)
    with django_assert_max_num_queries(6):
        assert reminders.remind(now=THURSDAY) == 41


# ---------------------------------------------------------------- what it says


def test_it_says_where_and_how_many(cadre, community, visit, thursday):
    visit(cadre, community, "2026-11-16 09:00")
    reminders.remind(now=THURSDAY)
    text = text_of(cadre, FRIDAY, thursday)
    assert text.body.startswith("演示·松苑小区还差 2 次。") and text.url == reverse("inspections:week")


def test_done_in_the_meantime_it_says_so(cadre, community, visit, thursday):
    reminders.remind(now=THURSDAY)
    for date in ("16", "17", "18"):
        visit(cadre, community, f"2026-11-{date} 09:00")
    assert text_of(cadre, FRIDAY, thursday).subject == "本周的巡查够了"


def test_per_cadre_it_does_not_say_enough_while_the_total_is_short(cadre, community, visit, a_rule, thursday):
    a_rule("patrol.quota_scope", "PER_CADRE", MONDAY)
    visit(cadre, community, "2026-11-16 09:00")
    reminders.remind(now=THURSDAY)
    text = text_of(cadre, FRIDAY, thursday)
    assert text.subject == "本周还有小区没巡够" and "合起来还差 2 次" in text.body


def test_read_weeks_later_it_reproaches_nobody(cadre, thursday):
    reminders.remind(now=THURSDAY)
    text = text_of(cadre, beijing("2026-12-10 09:00"), thursday)
    assert "还差" not in text.body and "11月16日" in text.body


# ---------------------------------------------------------------- Monday's summary

SUMMARY = beijing("2026-11-23 08:30")


@pytest.fixture
def readers(town, station_clerk, other_station_head):
    """Those who are told: both stations, the office's head and clerk."""
    return {"wangzhan", "qian", "hezhan", "limin", "zhao"}


def told() -> set[str]:
    return {username for username, *_ in due_of(reminders.SUMMARY)}


@pytest.mark.parametrize(
    ("now", "yes"),
    [
        ("2026-11-23 08:29", False),
        ("2026-11-23 08:30", True),
        ("2026-11-23 17:30", False),
        ("2026-11-25 10:00", True),  # made up
        ("2026-11-28 10:00", False),  # Saturday
    ],
)
def test_when_it_sums_up(readers, now, yes):
    reminders.summarise(now=beijing(now))
    assert told() == (readers if yes else set())
    assert all(due == SUMMARY for *_, due in due_of(reminders.SUMMARY))


def test_the_summary_once_however_often(readers):
    counts = [reminders.summarise(now=SUMMARY + timedelta(minutes=minutes)) for minutes in (0, 0, 15, 60 * 24)]
    assert counts == [len(readers), 0, 0, 0]


def test_cadres_leaders_firms_and_administrators_are_not_told(readers, administrator):
    reminders.summarise(now=SUMMARY)
    assert not told() & {"chen", "wangxh", "wu", "lin", "guanli"}


def test_a_head_without_a_station_is_not_told(readers, make_user):
    make_user("neu", "没有站", Role.STATION_HEAD)
    reminders.summarise(now=SUMMARY)
    assert "neu" not in told()


def test_a_role_that_ended_is_not_told(readers, clerk):
    RoleGrant.objects.filter(user=clerk).update(last_day=day("2026-11-22"))
    reminders.summarise(now=SUMMARY)
    assert "limin" not in told()


def test_after_a_holiday_it_is_told_on_the_first_working_day(readers):
    """The week of 28 September ends in the holidays; Thursday 8 October is worked."""
    assert reminders.summarise(now=beijing("2026-10-05 10:00")) == 0
    assert reminders.summarise(now=beijing("2026-10-08 08:30")) == len(readers)
    assert set(Message.objects.filter(kind=reminders.SUMMARY).values_list("about_key", flat=True)) == {"2026-09-28"}


def test_a_week_off_is_not_summed_up_but_the_one_before_it(readers):
    """The week of Spring Festival is off: on Tuesday 24 February the week of the 9th is told."""
    assert reminders.summarise(now=beijing("2026-02-18 10:00")) == 0
    assert reminders.summarise(now=beijing("2026-02-24 08:30")) == len(readers)
    assert reminders.summarise(now=beijing("2026-02-25 08:30")) == 0
    assert set(Message.objects.filter(kind=reminders.SUMMARY).values_list("about_key", flat=True)) == {"2026-02-09"}


def test_the_summary_says_which_communities_and_no_names(readers, clerk, cadre, community, visit, thursday):
    visit(cadre, community, "2026-11-16 09:00")
    reminders.summarise(now=SUMMARY)
    text = text_of(clerk, SUMMARY, thursday)
    assert "2 个小区，2 个没巡够：演示·滨湖花园（差 3 次）、演示·松苑小区（差 2 次）" in text.body
    assert "还能交" in text.body and "陈国平" not in text.body
    assert text.url == f"{reverse('inspections:week-board')}?week=2026-11-16"


def test_a_station_reads_of_its_own_communities(readers, station_head, thursday):
    reminders.summarise(now=SUMMARY)
    body = text_of(station_head, SUMMARY, thursday).body
    assert "松苑小区" in body and "滨湖花园" not in body


def test_read_after_the_term_it_does_not_say_that_one_may_still_send(readers, clerk, thursday):
    reminders.summarise(now=SUMMARY)
    assert "还能交" not in text_of(clerk, beijing("2026-11-24 09:00"), thursday).body


def test_read_weeks_later_it_only_leads_there(readers, clerk, thursday):
    reminders.summarise(now=SUMMARY)
    assert text_of(clerk, beijing("2026-12-10 09:00"), thursday).body == "点开看那一周各小区的情况。"


def test_all_met_is_good_news(readers, clerk, cadre, other_cadre, community, neighbour_community, visit, thursday):
    for date in ("16", "17", "18"):
        visit(cadre, community, f"2026-11-{date} 09:00")
        visit(other_cadre, neighbour_community, f"2026-11-{date} 09:00")
    reminders.summarise(now=SUMMARY)
    assert text_of(clerk, SUMMARY, thursday).body == "2 个小区都巡够了。"


def test_a_station_without_communities_reads_no_praise(readers, station_head, community, other_village, thursday):
    Community.objects.filter(pk=community.pk).update(village_committee=other_village)
    reminders.summarise(now=SUMMARY)
    assert text_of(station_head, SUMMARY, thursday).body == "没有小区归您这里管。"
