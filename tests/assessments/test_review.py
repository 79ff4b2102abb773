"""Assessor, checker, appeal, publication: each step by its person, in its time. DOMAIN D.1, D.4, D.5"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.models import Message
from assessments import appeals, reminders, review, revisions, scoring, spot_checks, tables
from assessments.models import Appeal, ScoreSheet, ScoreTable, SpotCheck
from lib.states import WrongState
from tests.assessments.conftest import CHECKED, DECIDED, DRAFTED, OCTOBER, PUBLISHED, at, day

pytestmark = pytest.mark.django_db


def told(kind) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("user__username", flat=True))


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# ---------------------------------------------------------------- the way of a sheet


def test_from_draft_to_publication(published, firm):
    assert (published.state, published.published_on, published.appeal_until) == (
        "published",
        day("2026-11-16"),
        day("2026-11-12"),
    )
    kinds = list(published.events.values_list("kind", flat=True))
    assert kinds == ["opened", "submitted", "checked", "published"]
    assert told("score-to-check") == {"zhao"}
    assert told("score-checked") == told("score-published") == {"lin"}


def test_nobody_submits_before_the_month_is_over(score, clerk):
    sheet = score(now=at("2026-10-30 10:00"))
    with pytest.raises(WrongState, match="才结束"):
        review.submit(sheet=sheet, by=clerk, now=at("2026-10-31 23:59"))


def test_all_is_decided_before_the_check(fact, score, clerk):
    fact()
    with pytest.raises(ValidationError, match="没定"):
        review.submit(sheet=score(), by=clerk, now=DRAFTED)


def test_settlement_is_the_towns_other_kinds_the_stations(
    neighbour_community, other_firm_row, score, contract, clerk, station_clerk
):
    sheet = score()
    other = ScoreSheet.objects.get(community=neighbour_community)
    assert other.table.code == "ST-2026-D"
    with pytest.raises(PermissionDenied):
        review.submit(sheet=sheet, by=station_clerk, now=DRAFTED)
    with pytest.raises(PermissionDenied):
        review.submit(sheet=other, by=clerk, now=DRAFTED)
    with pytest.raises(PermissionDenied):  # a station, but of another village
        review.submit(sheet=other, by=station_clerk, now=DRAFTED)


def test_the_checker_took_no_part(assessed, clerk, cadre, make_user, town_head):
    from accounts.models import RoleGrant
    from accounts.roles import Role

    RoleGrant.objects.create(user=cadre, role=Role.TOWN_HEAD, first_day=day("2020-01-01"), origin="setup")
    for who in (clerk, type(cadre).objects.get(pk=cadre.pk)):  # the assessor; the cadre who sent the notice
        with pytest.raises(PermissionDenied):
            review.approve(sheet=assessed, by=who, now=CHECKED)
    review.approve(sheet=assessed, by=town_head, now=CHECKED)


def test_a_station_of_one_is_checked_by_the_town(
    neighbour_community, other_firm_row, make_user, other_village, town_head
):
    from accounts.roles import Role
    from communities.models import StationPost

    alone = make_user("dubu", "独一人", Role.STATION_CLERK)
    StationPost.objects.create(village_committee=other_village, user=alone, kind="clerk", first_day=day("2020-01-01"))
    scoring.compute(month=OCTOBER, now=DRAFTED)
    sheet = ScoreSheet.objects.get(community=neighbour_community)
    review.submit(sheet=sheet, by=alone, now=DRAFTED)
    review.approve(sheet=sheet, by=town_head, now=CHECKED)
    assert fresh(sheet).state == "checked"


def test_sent_back_it_is_decided_anew(assessed, town_head, clerk):
    with pytest.raises(ValidationError, match="写清楚"):
        review.send_back(sheet=assessed, reason=" ", by=town_head, now=CHECKED)
    review.send_back(sheet=assessed, reason="10月12日那条当天就清了", by=town_head, now=CHECKED)
    assert (fresh(assessed).state, fresh(assessed).assessed_by) == ("draft", None)
    assert told("score-sent-back") == {clerk.username}
    with pytest.raises(WrongState):
        review.approve(sheet=assessed, by=town_head, now=CHECKED)


def test_publication_waits_for_the_window(checked, town_head):
    with pytest.raises(WrongState, match="申诉到"):
        review.publish(sheet=checked, by=town_head, now=at("2026-11-12 23:59"))
    review.publish(sheet=checked, by=town_head, now=at("2026-11-13 00:01"))


def test_the_assessor_never_publishes(checked, clerk):
    with pytest.raises(PermissionDenied):
        review.publish(sheet=checked, by=clerk, now=PUBLISHED)


def test_what_is_published_never_changes(published):
    for change in ({"score_deci": 1000}, {"state": "draft"}, {"why": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ScoreSheet.objects.filter(pk=published.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        published.charges.update(accepted_deci=0, decision="refused", reason="x")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM assessments_scoresheet")


def test_several_at_once_tell_which_could_not(checked, town_head, clerk):
    done, why = review.each([checked], review.publish, by=town_head, now=CHECKED)
    assert done == 0
    assert "申诉到" in why[0]


# ---------------------------------------------------------------- appeals


@pytest.fixture
def appeal(checked, firm, leader) -> Appeal:
    charge = checked.charges.get()
    return appeals.file(sheet=checked, text="当天就清走了", charges=[charge], by=firm, now=at("2026-11-12 23:59"))


def test_the_last_minute_of_the_window_is_in_time(appeal, checked, clerk, leader):
    assert appeal.due_on == day("2026-11-19")
    assert told("score-appealed") == {leader.username}  # the clerk assessed it
    assert ScoreSheet.objects.with_row_parts().get(pk=checked.pk).open_appeal


def test_a_minute_later_is_too_late(checked, firm):
    with pytest.raises(WrongState, match="已经过了"):
        appeals.file(sheet=checked, text="当天就清走了", by=firm, now=at("2026-11-13 00:00"))


def test_only_the_firm_appeals_and_once(appeal, checked, firm, other_firm):
    with pytest.raises(PermissionDenied):
        appeals.file(sheet=checked, text="不对", by=other_firm, now=CHECKED)
    with pytest.raises(WrongState, match="已经申诉过"):
        appeals.file(sheet=checked, text="不对", by=firm, now=CHECKED)


def test_a_contested_sheet_waits_and_the_rest_does_not(appeal, checked, town_head):
    with pytest.raises(WrongState, match="申诉还没决定"):
        review.publish(sheet=checked, by=town_head, now=PUBLISHED)
    assert not ScoreSheet.objects.to_publish(today=day("2026-11-16")).exists()


def test_upheld_makes_the_next_version(appeal, checked, leader, town_head):
    made = appeals.decide(
        appeal=appeal, upheld=True, answer="照片证明当天清走", by=leader, now=DECIDED + timedelta(days=3)
    )
    assert (made.version, made.score_deci, made.state, made.checked_by) == (2, 1000, "checked", leader)
    assert fresh(checked).state == "replaced"
    assert fresh(checked).score_deci == 990  # readable as it was
    review.publish(sheet=made, by=town_head, now=PUBLISHED)
    assert ScoreSheet.objects.in_force().get(contract=checked.contract).score_deci == 1000


def test_rejected_the_same_version_is_published(appeal, checked, leader, town_head):
    assert appeals.decide(appeal=appeal, upheld=False, answer="照片是第二天的", by=leader, now=PUBLISHED) is None
    review.publish(sheet=checked, by=town_head, now=PUBLISHED)
    assert fresh(checked).state == "published"


def test_in_part_by_points(appeal, checked, second_clerk):
    charge = checked.charges.get()
    made = appeals.decide(
        appeal=appeal, upheld=True, answer="一半", points={charge.pk: 5}, by=second_clerk, now=PUBLISHED
    )
    assert made.score_deci == 995


def test_nobody_who_took_part_decides(appeal, clerk, town_head, firm):
    for who in (clerk, town_head, firm):
        with pytest.raises(PermissionDenied):
            appeals.decide(appeal=appeal, upheld=False, answer="x", by=who, now=PUBLISHED)


def test_whoever_decided_a_charge_does_not_decide_the_appeal(
    inspected, fact, score, clerk, second_clerk, town_head, firm
):
    fact(replied="2026-10-13")
    sheet = score()
    review.accept_the_rest(sheet=sheet, by=second_clerk, now=DRAFTED)
    review.submit(sheet=sheet, by=clerk, now=DRAFTED)
    review.approve(sheet=sheet, by=town_head, now=CHECKED)
    row = appeals.file(sheet=sheet, text="当天就清走了", by=firm, now=CHECKED)
    with pytest.raises(PermissionDenied):
        appeals.decide(appeal=row, upheld=False, answer="x", by=second_clerk, now=PUBLISHED)
    with pytest.raises(DatabaseError, match="没经手"), transaction.atomic():
        Appeal.objects.filter(pk=row.pk).update(
            state="rejected", answer="x", decided_by=second_clerk, decided_at=PUBLISHED
        )


def test_what_was_sent_anew_is_read_anew(assessed, town_head):
    with pytest.raises(WrongState, match="刚才有人动过"):
        review.approve(sheet=assessed, by=town_head, now=CHECKED, seen=DRAFTED - timedelta(minutes=1))
    review.approve(sheet=assessed, by=town_head, now=CHECKED, seen=DRAFTED)


def test_a_published_month_is_put_right_beside(published, clerk, town_head):
    with pytest.raises(PermissionDenied):
        revisions.revise(sheet=published, why="漏了一条", by=town_head, now=PUBLISHED)
    with pytest.raises(ValidationError, match="为什么"):
        revisions.revise(sheet=published, why=" ", by=clerk, now=PUBLISHED)
    made = revisions.revise(sheet=published, why="漏了一条", by=clerk, now=PUBLISHED)
    assert (made.version, made.state, made.why) == (2, "draft", "漏了一条")
    with pytest.raises(WrongState, match="最新的一版"):
        revisions.revise(sheet=published, why="再来", by=clerk, now=PUBLISHED)
    assert ScoreSheet.objects.in_force().get() == published  # until the next one is published


def test_decided_once_with_a_reason_and_a_change(appeal, checked, leader):
    charge = checked.charges.get()
    for wrong in ({"answer": " "}, {"points": {charge.pk: 99}}, {"points": {}}):
        with pytest.raises(ValidationError):
            appeals.decide(
                **({"appeal": appeal, "upheld": True, "answer": "对", "by": leader, "now": PUBLISHED} | wrong)
            )
    appeals.decide(appeal=appeal, upheld=False, answer="不对", by=leader, now=PUBLISHED)
    with pytest.raises(WrongState):
        appeals.decide(appeal=appeal, upheld=True, answer="对", by=leader, now=PUBLISHED)


# ---------------------------------------------------------------- random checks, reminders, tables


def test_the_draw_can_be_drawn_again(assessed, on_the_spot, score, clerk, town_head):
    with pytest.raises(WrongState, match="过几天再抽"):
        spot_checks.draw(month=day("2026-09-01"), seed="7 3 9", by=town_head, now=CHECKED)
    review.send_back(sheet=assessed, reason="再看看", by=town_head, now=CHECKED)
    exempt = on_the_spot()
    sheet = score(now=CHECKED)
    review.submit(sheet=sheet, by=clerk, now=CHECKED)
    drawn = spot_checks.draw(month=day("2026-10-01"), seed="7 3 9", by=town_head, now=CHECKED)
    assert [(row.sheet, row.charge.evidence.finding, row.drawn_from) for row in drawn] == [(sheet, exempt, 1)]
    with pytest.raises(WrongState, match="抽过"):
        spot_checks.draw(month=day("2026-10-01"), seed="1", by=town_head, now=CHECKED)


def test_a_difference_stands_beside(assessed, second_clerk, clerk):
    check = SpotCheck.objects.create(
        sheet=assessed,
        community=assessed.community,
        month=day("2026-10-01"),
        seed="7",
        drawn_from=1,
        drawn_by=second_clerk,
        drawn_at=CHECKED,
    )
    with pytest.raises(ValidationError, match="没经手"):
        spot_checks.answer(check=check, same=True, note_="看过", by=clerk, now=CHECKED)
    with pytest.raises(ValidationError, match="得分"):
        spot_checks.answer(check=check, same=False, note_="还有两处", by=second_clerk, now=CHECKED)
    spot_checks.answer(check=check, same=False, note_="还有两处", score_deci=980, by=second_clerk, now=CHECKED)
    assert (fresh(check).result, fresh(check).score_deci) == ("different", 980)


def test_each_is_reminded_once(contract, score, clerk, town_head):
    score()
    for _ in range(2):
        reminders.remind(now=at("2026-11-03 10:00"))
    assert Message.objects.filter(kind="score-assess-due", channel="inbox").count() == 1


def test_a_table_that_is_used_is_only_superseded(score, administrator, town_head):
    sheet = score()
    table = fresh(sheet.table)
    with pytest.raises(WrongState, match="用过"):
        tables.enter(table=table, by=administrator, now=DRAFTED)
    made = tables.copy(table=table, first_day=day("2026-12-01"), by=administrator, now=DRAFTED)
    assert (made.scoreitems.count(), made.evidencerules.count()) == (
        table.scoreitems.count(),
        table.evidencerules.count(),
    )
    with pytest.raises(PermissionDenied):
        tables.check(table=made, by=administrator, now=DRAFTED)
    made.scoreitems.filter(code="ENV-1").update(cap_deci=50)
    with pytest.raises(ValidationError, match="不一样"):
        tables.check(table=made, by=town_head, now=DRAFTED)
    made.scoreitems.filter(code="ENV-1").update(cap_deci=60)
    tables.check(table=made, by=town_head, now=DRAFTED)
    assert tables.key_for("settlement", day("2026-12-01")) == made.pk
    assert tables.key_for("settlement", day("2026-11-30")) == table.pk
    with pytest.raises(DatabaseError), transaction.atomic():
        made.scoreitems.update(base_deci=1)


def test_the_tables_of_the_migration_add_up(db):
    for table in ScoreTable.objects.all():
        assert tables.problems(table) == []
    from inspections.models import CheckItem

    codes = set(CheckItem.objects.values_list("code", flat=True))
    assert [tables.unknown_sources(table, codes) for table in ScoreTable.objects.all()] == [[], []]
