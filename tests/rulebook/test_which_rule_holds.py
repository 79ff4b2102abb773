"""Which rule holds on a day, and what the database does not let anybody do with it."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection
from django.db.transaction import atomic

from lib.states import WrongState
from rulebook import keys, kinds, rules
from rulebook.keys import UnknownRule
from rulebook.models import Jurisdiction, Rule
from rulebook.rules import NoRule, TooEarly

KEY = "patrol.weekly_quota"
NOV_23 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DEC_1 = date(2026, 12, 1)


@pytest.fixture
def here(db):
    return Jurisdiction.objects.get(code="town")


@pytest.fixture
def proposal(here, administrator):
    return rules.enter(
        key=KEY, jurisdiction=here, first_day=DEC_1, value=4, basis="会议纪要", by=administrator, now=NOV_23
    )


# ---------------------------------------------------------------- asking


def test_the_plans_numbers_are_there_since_2004(db):
    assert rules.on(date(2004, 1, 1), KEY) == 3
    assert rules.on(date(2026, 11, 23), "fund.renewal_ratio") == (3, 10)
    assert rules.on(date(2026, 11, 23), "patrol.quota_scope") == "PER_COMMUNITY"


def test_before_its_first_day_there_is_no_rule(db):
    with pytest.raises(NoRule, match="每周巡查次数"):
        rules.on(date(2003, 12, 31), KEY)


def test_an_unknown_key_is_refused(db):
    with pytest.raises(UnknownRule, match=r"没有“patrol\.nothing”"):
        rules.on(DEC_1, "patrol.nothing")
    assert issubclass(UnknownRule, KeyError)


def test_an_optional_key_may_be_empty(db):
    assert rules.on(DEC_1, "settlement.permit_cutoff") is None


def test_a_rule_holds_until_the_next_of_its_key(a_rule):
    a_rule(KEY, 2, DEC_1)
    a_rule(KEY, 4, date(2027, 1, 1))
    days = [date(2026, 11, 30), DEC_1, date(2026, 12, 31), date(2027, 1, 1), date(2040, 1, 1)]
    assert [rules.on(day, KEY) for day in days] == [3, 2, 2, 4, 4]


def test_the_nearest_jurisdiction_speaks_first(a_rule, settings):
    a_rule("vote.notice_days", 20, DEC_1, "province")
    assert rules.on(DEC_1, "vote.notice_days") == 20
    a_rule("vote.notice_days", 30, DEC_1, "town")
    assert rules.on(DEC_1, "vote.notice_days") == 30
    settings.JURISDICTIONS = ["nation"]
    assert rules.on(DEC_1, "vote.notice_days") == 15


def test_an_ending_lets_the_wider_jurisdiction_speak_again(a_rule):
    a_rule("vote.notice_days", 30, DEC_1)
    a_rule("vote.notice_days", None, date(2027, 1, 1))
    assert [rules.on(day, "vote.notice_days") for day in (DEC_1, date(2027, 1, 1))] == [30, 15]


def test_an_ending_after_which_nobody_speaks_is_refused(here, administrator):
    with pytest.raises(ValidationError, match="没有别的范围"):
        rules.enter(key=KEY, jurisdiction=here, first_day=DEC_1, value=None, basis="x", by=administrator, now=NOV_23)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (KEY, "3"),
        (KEY, True),
        (KEY, -1),
        (KEY, 10**9),
        ("patrol.submit_grace_workdays", 0),
        ("patrol.quota_scope", "PER_TOWN"),
        ("complaint.repair_same_day", ["gas"]),
        ("finding.root_cause", [3, 10**9]),
        ("fund.audit_from_fen", 10**13),
        ("fund.disclosure_due", "02-29"),
    ],
)
def test_a_value_that_the_code_could_not_count_with_is_refused(here, administrator, key, value):
    row = {"key": key, "jurisdiction": here, "first_day": DEC_1, "value": value}
    with pytest.raises(ValidationError):
        rules.enter(**row, basis="x", by=administrator, now=NOV_23)


def test_a_row_of_a_jurisdiction_that_is_not_ours_is_not_asked(a_rule, settings):
    settings.JURISDICTIONS = ["town", "nation"]
    with pytest.raises(NoRule):
        rules.on(DEC_1, "fund.renewal_days")


def test_an_unchecked_rule_does_not_count(proposal):
    rules.forget()
    assert rules.on(DEC_1, KEY) == 3


def test_the_row_tells_where_it_comes_from(db):
    row = rules.in_force(DEC_1, KEY)
    assert (row.words, row.label) == ("3 次", "每周巡查次数")
    assert "方案一" in row.basis
    assert "每周不少于三次" in row.article


def test_a_hundred_questions_are_one_query(db, django_assert_num_queries):
    rules.forget()
    with django_assert_num_queries(2):  # the rows, and how many there are
        for _ in range(100):
            rules.on(DEC_1, KEY)


def test_every_declared_key_has_a_row_of_its_kind(db):
    rows = {row.key: row for row in Rule.objects.filter(origin="migration")}
    assert set(rows) == set(keys.declared)
    for key in keys.declared.values():
        row = rows[key.name]
        assert (row.kind, row.unit, row.first_day) == (key.kind, key.unit, date(2004, 1, 1))
        assert row.basis
        if row.value is not None:
            assert kinds.load(row.kind, row.value) == row.reading
            assert key.parse(key.typed(row.value)) == row.value
        else:
            assert key.optional


# ---------------------------------------------------------------- entering and checking


def test_one_enters_and_another_checks(proposal, town_head):
    rules.check(rule=proposal, by=town_head, now=NOV_23)
    rules.forget()
    proposal.refresh_from_db()
    assert (proposal.checked_by, proposal.checked_at) == (town_head, NOV_23)
    assert rules.on(DEC_1, KEY) == 4


def test_only_an_administrator_enters(here, town_head, clerk):
    for person in (town_head, clerk):
        with pytest.raises(PermissionDenied):
            rules.enter(key=KEY, jurisdiction=here, first_day=DEC_1, value=4, basis="x", by=person, now=NOV_23)


def test_only_the_town_head_checks(proposal, clerk, second_administrator):
    for person in (clerk, second_administrator):
        with pytest.raises(PermissionDenied):
            rules.check(rule=proposal, by=person, now=NOV_23)


def test_who_is_both_cannot_check_the_own_rule(here, make_user):
    from accounts.roles import Role

    both = make_user("both", "一人两岗", Role.ADMINISTRATOR, Role.TOWN_HEAD)
    row = rules.enter(key=KEY, jurisdiction=here, first_day=DEC_1, value=4, basis="x", by=both, now=NOV_23)
    with pytest.raises(WrongState, match="另一个人"):
        rules.check(rule=row, by=both, now=NOV_23)


def test_a_second_check_changes_nothing(proposal, town_head):
    rules.check(rule=proposal, by=town_head, now=NOV_23)
    with pytest.raises(WrongState, match="已经有人复核"):
        rules.check(rule=proposal, by=town_head, now=NOV_23)


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 22), date(2004, 1, 1)])
def test_a_rule_never_begins_before_tomorrow(here, administrator, day):
    with pytest.raises(TooEarly, match="明天"):
        rules.enter(key=KEY, jurisdiction=here, first_day=day, value=4, basis="x", by=administrator, now=NOV_23)


def test_beijing_decides_which_day_tomorrow_is(here, administrator):
    late = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # the 24th in Beijing
    with pytest.raises(TooEarly):
        rules.enter(
            key=KEY, jurisdiction=here, first_day=date(2026, 11, 24), value=4, basis="x", by=administrator, now=late
        )


def test_a_check_that_comes_too_late_is_refused(proposal, town_head):
    with pytest.raises(TooEarly):
        rules.check(rule=proposal, by=town_head, now=datetime(2026, 12, 1, 1, tzinfo=UTC))
    assert proposal.is_waiting


def test_two_rows_of_one_day_are_explained(proposal, here, administrator):
    with pytest.raises(ValidationError, match="已经有一行"):
        rules.enter(key=KEY, jurisdiction=here, first_day=DEC_1, value=5, basis="x", by=administrator, now=NOV_23)


def test_a_proposal_is_taken_back_by_its_author_or_sent_back_by_the_checker(proposal, here, administrator, town_head):
    rules.withdraw(rule=proposal, by=town_head)
    assert not Rule.objects.waiting().exists()
    again = rules.enter(key=KEY, jurisdiction=here, first_day=DEC_1, value=5, basis="x", by=administrator, now=NOV_23)
    rules.withdraw(rule=again, by=administrator)
    with pytest.raises(WrongState):
        rules.withdraw(rule=again, by=administrator)


def test_a_checked_rule_is_not_taken_back(proposal, administrator, town_head, clerk):
    rules.check(rule=proposal, by=town_head, now=NOV_23)
    with pytest.raises(WrongState):
        rules.withdraw(rule=proposal, by=administrator)
    with pytest.raises(PermissionDenied):
        rules.withdraw(rule=proposal, by=clerk)


# ---------------------------------------------------------------- what the database refuses


def the_constraint(caught) -> str:
    return caught.value.__cause__.diag.constraint_name


def test_trigger_keep_checked_update(proposal, town_head):
    rules.check(rule=proposal, by=town_head, now=NOV_23)
    with pytest.raises(DatabaseError, match="不能改也不能删") as caught, atomic():
        Rule.objects.filter(pk=proposal.pk).update(value=5)
    assert the_constraint(caught) == "rulebook_keep_checked"


def test_trigger_keep_checked_delete(db):
    with pytest.raises(DatabaseError, match="不能改也不能删"), atomic():
        Rule.objects.filter(key=KEY).delete()


def test_trigger_keep_checked_rule_of_a_migration(db):
    with pytest.raises(DatabaseError, match="不能改也不能删"), atomic():
        Rule.objects.filter(key=KEY).update(value=5)


def test_trigger_migration_by_owner(here, proposal):
    with pytest.raises(IntegrityError, match="系统升级") as caught, atomic():
        Rule.objects.create(
            key=KEY, jurisdiction=here, first_day=date(2026, 12, 24), kind="integer", value=9, origin="migration"
        )
    assert the_constraint(caught) == "rulebook_migration_by_owner"
    with pytest.raises(IntegrityError, match="系统升级"), atomic():
        Rule.objects.filter(pk=proposal.pk).update(origin="migration", entered_by=None, entered_at=None)


def test_constraint_rule_two_people(proposal, administrator):
    with pytest.raises(IntegrityError) as caught, atomic():
        Rule.objects.filter(pk=proposal.pk).update(checked_by=administrator, checked_at=NOV_23)
    assert the_constraint(caught) == "rule_two_people"


def test_constraint_rule_checked_by_somebody(proposal, town_head):
    for half in ({"checked_at": NOV_23}, {"checked_by": town_head}):
        with pytest.raises(IntegrityError) as caught, atomic():
            Rule.objects.filter(pk=proposal.pk).update(**half)
        assert the_constraint(caught) == "rule_checked_by_somebody"


def test_constraint_rule_by_somebody(here):
    with pytest.raises(IntegrityError) as caught, atomic():
        Rule.objects.create(key=KEY, jurisdiction=here, first_day=DEC_1, kind="integer", value=9)
    assert the_constraint(caught) == "rule_by_somebody"


def test_constraint_rule_begins_after_its_check(proposal, town_head):
    with pytest.raises(IntegrityError) as caught, atomic():
        Rule.objects.filter(pk=proposal.pk).update(
            checked_by=town_head, checked_at=datetime(2026, 11, 30, 16, tzinfo=UTC)
        )
    assert the_constraint(caught) == "rule_begins_after_its_check"
    last_moment = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    assert Rule.objects.filter(pk=proposal.pk).update(checked_by=town_head, checked_at=last_moment)


def test_constraint_rule_once_a_day(proposal, here, administrator):
    with pytest.raises(IntegrityError) as caught, atomic():
        Rule.objects.create(
            key=KEY, jurisdiction=here, first_day=DEC_1, kind="integer", entered_by=administrator, entered_at=NOV_23
        )
    assert the_constraint(caught) == "rule_once_a_day"


def test_the_application_may_not_empty_the_table(db):
    with pytest.raises(DatabaseError), atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE rulebook_rule CASCADE")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "table", ["rulebook_rule", "rulebook_calendarload", "rulebook_calendarday", "rulebook_ruleevent"]
)
def test_trigger_keep_table(owner, table):
    with pytest.raises(DatabaseError, match="不能改也不能删"):
        owner.execute(f"TRUNCATE {table} CASCADE")


def test_what_was_entered_and_taken_back_is_remembered(proposal, administrator):
    from django.apps import apps

    rules.withdraw(rule=proposal, by=administrator)
    events = apps.get_model("rulebook", "RuleEvent").objects.filter(pgh_obj_id=proposal.pk).order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "delete"]
