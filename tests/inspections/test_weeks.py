"""What is asked of a cadre in a week, what counts, who met it. DOMAIN B.1–B.3"""

from datetime import date

import pytest

from communities.models import CadreLeave, Community, PatrolDuty
from inspections import weeks
from inspections.models import Patrol
from lib.periods import Week
from tests.inspections.phone import beijing, day

THIS = Week(day("2026-11-16"))
SPRING_FESTIVAL = Week(day("2026-02-16"))
NATIONAL_DAY = Week(day("2026-09-28"))  # Thu 1 to Wed 7 October off
OVER_NEW_YEAR = Week(day("2026-12-28"))


def share_of(user, week=THIS, community=None):
    shares = weeks.cadre_week(week, user).shares
    return next(s for s in shares if community is None or s.community == community)


def met(user, week=THIS):
    mine = weeks.cadre_week(week, user)
    return mine.quota, mine.counted, mine.missing


# ---------------------------------------------------------------- what counts


def test_three_days_meet_the_week(cadre, community, visit):
    for when in ("2026-11-16 09:00", "2026-11-18 15:00", "2026-11-21 10:00"):
        visit(cadre, community, when)
    assert met(cadre) == (3, 3, 0)
    assert weeks.cadre_week(THIS, cadre).is_met


@pytest.mark.parametrize(
    ("when", "counted"),
    [
        ("2026-11-15 23:59:59", 0),
        ("2026-11-16 00:00", 1),
        ("2026-11-22 23:59:59", 1),
        ("2026-11-23 00:00", 0),
    ],
)
def test_a_week_runs_from_monday_to_sunday_midnight_in_beijing(cadre, community, visit, when, counted):
    visit(cadre, community, when)
    assert weeks.cadre_week(THIS, cadre).counted == counted


def test_one_a_day_counts(cadre, community, visit):
    for hour in (9, 11, 15):
        visit(cadre, community, f"2026-11-17 {hour:02}:00")
    assert met(cadre) == (3, 1, 2)


def test_one_timely_patrol_of_a_day_is_enough(cadre, community, visit):
    visit(cadre, community, "2026-11-17 09:00", sent="2026-11-30 09:00")
    visit(cadre, community, "2026-11-17 15:00", kind=Patrol.Kind.EXTRA)
    assert weeks.cadre_week(THIS, cadre).counted == 1


@pytest.mark.parametrize(("sent", "counted"), [("2026-11-23 23:59:59", 1), ("2026-11-24 00:00", 0)])
def test_it_may_be_sent_in_until_the_end_of_the_first_working_day(cadre, community, visit, sent, counted):
    patrol = visit(cadre, community, "2026-11-22 15:00", sent=sent)
    assert weeks.cadre_week(THIS, cadre).counted == counted
    assert patrol.is_late is not bool(counted)


def test_the_term_waits_for_a_holiday_to_end(cadre, community, visit):
    """The first working day after the week of 28 September is Thursday 8 October."""
    patrol = visit(cadre, community, "2026-09-30 15:00", sent="2026-10-08 23:59")
    assert patrol.submit_by == date(2026, 10, 8)
    assert weeks.cadre_week(NATIONAL_DAY, cadre).counted == 1


def test_voided_and_unannounced_patrols_count_for_nothing(cadre, community, visit):
    visit(cadre, community, "2026-11-16 09:00", state="voided", void_reason="写错了小区")
    visit(cadre, community, "2026-11-17 09:00", kind=Patrol.Kind.COVERT)
    assert weeks.cadre_week(THIS, cadre).counted == 0


def test_weekends_and_days_of_leave_and_before_the_link_count(cadre, community, visit):
    CadreLeave.objects.create(user=cadre, first_day=day("2026-11-16"), last_day=day("2026-11-16"))
    PatrolDuty.objects.filter(user=cadre).update(first_day=day("2026-11-18"))
    for when in ("2026-11-16 09:00", "2026-11-17 09:00", "2026-11-22 09:00"):
        visit(cadre, community, when)
    assert weeks.cadre_week(THIS, cadre).counted == 3


def test_another_persons_patrol_counts_for_them_alone(cadre, other_cadre, community, visit):
    visit(other_cadre, community, "2026-11-16 09:00")
    assert weeks.cadre_week(THIS, cadre).counted == 0


# ---------------------------------------------------------------- what is asked


def test_a_week_without_a_working_day_asks_nothing(cadre):
    mine = weeks.cadre_week(SPRING_FESTIVAL, cadre)
    assert (mine.quota, mine.is_met) == (0, True)
    assert mine.terms.submit_by.date == date(2026, 2, 24)


def test_a_week_of_few_working_days_asks_fewer(cadre):
    """28 to 30 September and no more: three. In the week after, 8 to 10 October, Saturday is worked."""
    assert weeks.cadre_week(NATIONAL_DAY, cadre).quota == 3
    assert weeks.cadre_week(Week(day("2026-10-05")), cadre).quota == 3
    PatrolDuty.objects.filter(user=cadre).update(first_day=day("2026-10-09"))
    share = share_of(cadre, Week(day("2026-10-05")))
    assert (share.quota, share.working_days, share.is_reduced) == (2, 2, True)


@pytest.mark.parametrize(
    ("first", "last", "quota"),
    [
        ("2026-11-20", None, 1),
        ("2026-11-21", None, 0),  # Saturday: nothing is asked any more
        ("2026-11-16", "2026-11-17", 2),
        ("2026-11-09", "2026-11-16", 1),
    ],
)
def test_a_link_that_begins_or_ends_in_the_week_asks_for_its_days(cadre, first, last, quota):
    PatrolDuty.objects.filter(user=cadre).update(first_day=day(first), last_day=last and day(last))
    assert weeks.cadre_week(THIS, cadre).quota == quota


@pytest.mark.parametrize(
    ("first", "last", "quota"), [("16", "18", 2), ("16", "20", 0), ("21", "22", 3), ("18", "18", 3)]
)
def test_days_of_leave_are_not_asked_for(cadre, first, last, quota):
    CadreLeave.objects.create(user=cadre, first_day=day(f"2026-11-{first}"), last_day=day(f"2026-11-{last}"))
    assert weeks.cadre_week(THIS, cadre).quota == quota


def test_overlapping_leave_and_link_are_counted_once(cadre):
    PatrolDuty.objects.filter(user=cadre).update(last_day=day("2026-11-18"))
    CadreLeave.objects.create(user=cadre, first_day=day("2026-11-18"), last_day=day("2026-12-01"))
    assert weeks.cadre_week(THIS, cadre).quota == 2


def test_a_substitute_takes_over_the_days_covered(cadre, other_cadre, community, visit):
    PatrolDuty.objects.create(
        user=other_cadre,
        community=community,
        kind="substitute",
        first_day=day("2026-11-16"),
        last_day=day("2026-11-19"),
    )
    visit(other_cadre, community, "2026-11-17 09:00")
    theirs = share_of(other_cadre, community=community)
    assert share_of(cadre).quota == 1  # Friday is left
    assert (theirs.quota, theirs.counted, theirs.is_substitute) == (3, 1, True)


def test_a_substitute_for_the_whole_week_leaves_nothing_to_the_linked_one(cadre, other_cadre, community):
    duty = {"kind": "substitute", "first_day": day("2026-11-16"), "last_day": day("2026-11-30")}
    PatrolDuty.objects.create(user=other_cadre, community=community, **duty)
    assert share_of(cadre).quota == 0


def test_a_team_is_asked_nothing_and_takes_nothing_over(cadre, other_cadre, community):
    PatrolDuty.objects.create(user=other_cadre, community=community, kind="team", first_day=day("2026-11-16"))
    assert share_of(cadre).quota == 3
    assert community not in [share.community for share in weeks.cadre_week(THIS, other_cadre).shares]


def test_without_a_duty_there_is_no_week(make_user):
    assert weeks.cadre_week(THIS, make_user("nobody", "没有小区")).shares == []


# ---------------------------------------------------------------- per community, per cadre


@pytest.fixture
def two_communities(cadre, village):
    other = Community.objects.create(name="演示·桂花园", village_committee=village, kind="other")
    PatrolDuty.objects.create(user=cadre, community=other, first_day=day("2020-01-01"))
    return other


def test_per_community_asks_each(cadre, community, two_communities, visit):
    for when in ("16", "17", "18", "19"):
        visit(cadre, community, f"2026-11-{when} 09:00")
    assert met(cadre) == (6, 4, 3)  # the fourth in one does not make up for the other
    assert weeks.cadre_week(THIS, cadre).missing_words(THIS.monday) == "演示·桂花园还差 3 次"


@pytest.fixture
def per_cadre(a_rule):
    a_rule("patrol.quota_scope", "PER_CADRE", day("2026-11-16"))


def test_per_cadre_asks_three_in_all_and_one_in_each(cadre, community, two_communities, per_cadre, visit):
    assert met(cadre) == (3, 0, 3)
    for when in ("16", "17", "18"):
        visit(cadre, community, f"2026-11-{when} 09:00")
    assert met(cadre) == (3, 3, 1)
    assert (
        weeks.cadre_week(THIS, cadre).missing_words(THIS.monday) == "几个小区合起来还差 1 次，其中演示·桂花园还没去过"
    )
    visit(cadre, two_communities, "2026-11-18 10:00")
    assert met(cadre) == (3, 4, 0)


def test_per_cadre_one_in_each_is_not_three(cadre, community, two_communities, per_cadre, visit):
    visit(cadre, community, "2026-11-16 09:00")
    visit(cadre, two_communities, "2026-11-16 10:00")
    assert met(cadre) == (3, 2, 1)
    assert weeks.cadre_week(THIS, cadre).missing_words(THIS.monday) == "几个小区合起来还差 1 次"


def test_per_cadre_never_asks_fewer_than_one_in_each(cadre, village, per_cadre):
    for name in ("甲", "乙", "丙", "丁"):
        place = Community.objects.create(name=name, village_committee=village, kind="other")
        PatrolDuty.objects.create(user=cadre, community=place, first_day=day("2020-01-01"))
    assert met(cadre) == (5, 0, 5)


def test_a_rule_that_changes_within_the_week_judges_from_the_next_monday(cadre, a_rule):
    a_rule("patrol.weekly_quota", 2, day("2026-11-18"))
    assert weeks.cadre_week(THIS, cadre).quota == 3
    assert weeks.cadre_week(THIS.next, cadre).quota == 2


def test_the_grace_is_a_rule_of_the_weeks_monday(cadre, community, a_rule, visit):
    a_rule("patrol.submit_grace_workdays", 3, day("2026-11-16"))
    assert weeks.terms_of(THIS).submit_by.date == date(2026, 11, 25)
    assert weeks.terms_of(THIS.previous).submit_by.date == date(2026, 11, 16)


# ---------------------------------------------------------------- over the end of a calendar


def test_a_term_in_a_year_not_loaded_is_provisional(cadre):
    terms = weeks.terms_of(OVER_NEW_YEAR)
    assert (terms.submit_by.date, terms.submit_by.provisional) == (date(2027, 1, 4), True)
    assert not weeks.terms_of(THIS).submit_by.provisional


def test_a_term_told_is_moved_later_by_a_later_calendar_and_never_earlier(cadre, community, visit):
    early = visit(cadre, community, "2026-11-17 09:00", sent="2026-11-23 10:00")
    late = visit(cadre, community, "2026-11-18 09:00", sent="2026-11-24 10:00")
    Patrol.objects.filter(pk=early.pk).update(submit_by=day("2026-11-20"))  # as an older calendar had it
    Patrol.objects.filter(pk=late.pk).update(submit_by=day("2026-11-27"))
    assert weeks.extend_terms(now=beijing("2026-11-25 00:05")) == 1
    assert weeks.extend_terms(now=beijing("2026-11-25 00:05")) == 0
    days = Patrol.objects.order_by("pk").values_list("submit_by", flat=True)
    assert list(days) == [date(2026, 11, 23), date(2026, 11, 27)]


def test_voided_patrols_keep_the_term_they_had(cadre, community, visit):
    visit(cadre, community, "2026-11-17 09:00", state="voided", void_reason="写错了")
    assert weeks.extend_terms(now=beijing("2026-11-25 00:05")) == 0


# ---------------------------------------------------------------- queries


def test_all_cadres_take_three_queries(cadre, other_cadre, django_assert_num_queries):
    weeks.terms_of(THIS)
    with django_assert_num_queries(3):
        found = weeks.cadre_weeks(THIS)
    assert {mine.user for mine in found} == {cadre, other_cadre}
