"""Accept, assign, answer, hand over, begin anew: who may, from which state, by which term. DOMAIN E.2–E.5, D.7"""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Message
from complaints import decisions, handling, merging, transfers
from complaints.kinds import Level
from complaints.models import Complaint, State, UpheldComplaint
from lib.periods import DAY
from lib.states import WrongState
from tests.complaints.conftest import FRIDAY, MONDAY, TUESDAY, WEDNESDAY, at

pytestmark = pytest.mark.django_db


def fresh(complaint) -> Complaint:
    return Complaint.objects.get(pk=complaint.pk)


def test_accepted_once(complaint, station_clerk, clerk):
    handling.accept(complaint=complaint, by=station_clerk, now=MONDAY)
    with pytest.raises(WrongState):
        handling.accept(complaint=fresh(complaint), by=clerk, now=MONDAY)
    assert complaint.events.filter(kind="accepted").count() == 1


@pytest.mark.parametrize("who", ["other_station_head", "firm", "cadre", "leader", "resident"])
def test_only_clerks_of_the_place_accept(complaint, who, request):
    with pytest.raises(PermissionDenied):
        handling.accept(complaint=complaint, by=request.getfixturevalue(who), now=MONDAY)
    assert fresh(complaint).state == State.REGISTERED


def test_refused_says_why_and_where_to_go(complaint, station_clerk):
    with pytest.raises(ValidationError) as wrong:
        handling.refuse(complaint=complaint, reason="", go_to="", by=station_clerk, now=MONDAY)
    assert set(wrong.value.message_dict) == {"reason", "go_to"}
    handling.refuse(complaint=complaint, reason="劳动纠纷。", go_to="县劳动监察 12333", by=station_clerk, now=MONDAY)
    over = fresh(complaint)
    assert (over.state, over.closed_on) == (State.NOT_ACCEPTED, date(2026, 11, 23))
    assert over.anonymise_on == date(2029, 11, 22)
    assert Message.objects.filter(kind="complaint-refused", channel="sms").count() == 1


def test_the_firm_is_asked_and_answers(answered, firm):
    now = fresh(answered)
    assert (now.state, now.replied_on, now.close_on) == (State.REPLIED, date(2026, 11, 24), date(2026, 12, 8))
    assert now.answers.get().level == Level.FIRM
    assert Message.objects.filter(kind="complaint-answered", channel="sms").count() == 1


def test_the_second_of_two_answers_is_told(answered, station_clerk):
    with pytest.raises(WrongState):
        handling.answer(complaint=fresh(answered), text="另一个答复", by=station_clerk, now=TUESDAY)
    assert answered.answers.count() == 1


def test_an_answer_to_an_earlier_round_is_refused(with_firm, firm):
    Complaint.objects.update(reopened=1)
    with pytest.raises(WrongState):
        handling.answer(complaint=with_firm, text="答复", by=firm, now=TUESDAY)
    with pytest.raises(WrongState):
        handling.answer(complaint=fresh(with_firm), seen=0, text="答复", by=firm, now=TUESDAY)


def test_another_firm_or_a_level_below_does_not_answer(with_firm, other_firm, firm, station_clerk, clerk):
    with pytest.raises(PermissionDenied):
        handling.answer(complaint=with_firm, text="答复", by=other_firm, now=TUESDAY)
    handling.assign(complaint=with_firm, level=Level.TOWN, by=clerk, now=MONDAY)
    for by in (firm, station_clerk):
        with pytest.raises(PermissionDenied):
            handling.answer(complaint=fresh(with_firm), text="答复", by=by, now=TUESDAY)


def test_an_empty_answer_is_refused(with_firm, firm):
    with pytest.raises(ValidationError, match="写上怎么办的"):
        handling.answer(complaint=with_firm, text=" ", by=firm, now=TUESDAY)


# ---------------------------------------------------------------- terms


def test_a_raise_restarts_the_term_once(with_firm, clerk):
    handling.assign(complaint=with_firm, level=Level.STATION, by=clerk, now=WEDNESDAY)
    raised = fresh(with_firm)
    assert (raised.term_start, raised.due_on) == (date(2026, 11, 25), date(2026, 12, 2))
    handling.assign(complaint=raised, level=Level.TOWN, by=clerk, now=FRIDAY)
    again = fresh(with_firm)
    assert (again.term_start, again.due_on) == (date(2026, 11, 25), date(2026, 12, 9))


def test_the_same_level_keeps_the_term(with_firm, clerk, firm):
    handling.assign(complaint=with_firm, level=Level.FIRM, handler=firm, by=clerk, now=WEDNESDAY)
    assert fresh(with_firm).due_on == date(2026, 11, 26)


def test_no_firm_no_level_of_the_firm(make_complaint, neighbour_community, clerk):
    complaint = make_complaint(community=neighbour_community)
    handling.accept(complaint=complaint, by=clerk, now=MONDAY)
    with pytest.raises(ValidationError, match="没有物业企业"):
        handling.assign(complaint=complaint, level=Level.FIRM, by=clerk, now=MONDAY)


@pytest.mark.parametrize(("day", "late"), [(26, False), (27, True)])
def test_overdue_begins_after_the_last_day(with_firm, day, late):
    today = date(2026, 11, day)
    assert fresh(with_firm).is_overdue(today) is late
    assert Complaint.objects.overdue(today).exists() is late


# ---------------------------------------------------------------- once more


def send_back(complaint, clerk, now):
    handling.reopen(complaint=fresh(complaint), reason="还是满的", by=clerk, now=now)


def test_reopened_it_goes_one_level_higher_with_a_new_clock(answered, clerk):
    send_back(answered, clerk, FRIDAY)
    again = fresh(answered)
    assert (again.state, again.level, again.reopened) == (State.REOPENED, Level.STATION, 1)
    assert (again.term_start, again.due_on, again.close_on) == (date(2026, 11, 27), date(2026, 12, 4), None)


def test_after_the_second_time_the_town_answers_finally(answered, clerk, station_clerk, town_head):
    send_back(answered, clerk, FRIDAY)
    handling.answer(complaint=fresh(answered), text="加了一班清运", by=station_clerk, now=FRIDAY)
    send_back(answered, clerk, FRIDAY)
    handling.answer(complaint=fresh(answered), text="和物业约谈了", by=clerk, now=FRIDAY)
    send_back(answered, clerk, FRIDAY)
    last = fresh(answered)
    assert (last.level, last.reopened, last.is_final) == (Level.TOWN, 2, True)
    with pytest.raises(ValidationError):
        handling.assign(complaint=last, level=Level.FIRM, by=clerk, now=FRIDAY)
    draft = handling.answer(complaint=last, text="最终答复", by=clerk, now=FRIDAY)
    assert fresh(answered).state == State.REOPENED
    with pytest.raises(WrongState):
        handling.answer(complaint=fresh(answered), text="第二份", by=clerk, now=FRIDAY)
    with pytest.raises(PermissionDenied):
        handling.check_final(answer=draft, by=clerk, now=FRIDAY)
    handling.check_final(answer=draft, by=town_head, now=FRIDAY)
    assert fresh(answered).state == State.CLOSED
    with pytest.raises(WrongState):
        send_back(answered, clerk, FRIDAY)


def test_a_final_answer_sent_back_is_written_anew(answered, clerk, town_head):
    Complaint.objects.update(is_final=True, state="reopened", level="town", replied_on=None, close_on=None, reopened=2)
    draft = handling.answer(complaint=fresh(answered), text="草稿", by=clerk, now=FRIDAY)
    with pytest.raises(ValidationError):
        handling.send_back_final(answer=draft, reason=" ", by=town_head, now=FRIDAY)
    handling.send_back_final(answer=draft, reason="写明依据", by=town_head, now=FRIDAY)
    with pytest.raises(WrongState):
        handling.check_final(answer=draft, by=town_head, now=FRIDAY)
    assert handling.answer(complaint=fresh(answered), text="依据……", by=clerk, now=FRIDAY).is_final


@pytest.mark.parametrize(("moment", "works"), [("2026-12-08 23:59", True), ("2026-12-09 00:00", False)])
def test_reopened_within_ten_working_days(answered, clerk, moment, works):
    if works:
        send_back(answered, clerk, at(moment))
        return
    with pytest.raises(WrongState, match="日子过了"):
        send_back(answered, clerk, at(moment))


def test_only_an_answer_is_sent_back(with_firm, clerk, complainant):
    with pytest.raises(WrongState):
        send_back(with_firm, clerk, TUESDAY)
    with pytest.raises(PermissionDenied):
        handling.reopen(complaint=with_firm, reason="没办好", now=TUESDAY)


# ---------------------------------------------------------------- a department, a withdrawal, a note, who was to blame


def test_handed_over_by_letter_chased_and_answered(with_firm, clerk):
    with pytest.raises(ValidationError):
        handling.transfer(complaint=with_firm, department="", document_number="", by=clerk, now=TUESDAY)
    row = handling.transfer(
        complaint=with_firm, department="县综合执法局", document_number="荆物移〔2026〕3号", by=clerk, now=TUESDAY
    )
    assert row.chase_on == date(2026, 12, 8)
    assert fresh(with_firm).state == State.TRANSFERRED
    transfers.chase(transfer=row, by=clerk, now=at("2026-12-08 09:00"))
    row.refresh_from_db()
    assert (row.chased, row.chase_on) == (1, date(2026, 12, 22))
    say = {"answer": "已拆除", "letter": "县执〔2026〕88号", "by": clerk, "now": at("2026-12-10 09:00")}
    transfers.answered(transfer=row, **say)
    assert fresh(with_firm).state == State.HANDLING
    with pytest.raises(WrongState):
        transfers.answered(transfer=row, **say)


def test_withdrawn_with_a_reason(complaint, clerk):
    handling.withdraw(complaint=complaint, reason="物业当场清了", now=MONDAY)
    assert fresh(complaint).state == State.WITHDRAWN
    with pytest.raises(WrongState):
        handling.withdraw(complaint=fresh(complaint), reason="再撤", by=clerk, now=MONDAY)


def test_an_internal_note_is_not_told(complaint, clerk):
    from complaints import events

    handling.remark(complaint=complaint, text="住户情绪激动", by=clerk, now=MONDAY)
    assert "住户情绪激动" not in [event.text for event in events.told(complaint)]


def test_on_the_spot_is_noted_once(with_firm, firm):
    handling.arrive(complaint=with_firm, by=firm, now=MONDAY)
    with pytest.raises(WrongState):
        handling.arrive(complaint=fresh(with_firm), by=firm, now=TUESDAY)
    assert fresh(with_firm).on_site_at == MONDAY


def test_the_station_decides_once_who_was_to_blame(answered, station_clerk, firm, clerk):
    for by in (firm, clerk):
        with pytest.raises(PermissionDenied):
            decisions.uphold(complaint=answered, is_upheld=True, reason="两天没清", by=by, now=TUESDAY)
    decisions.uphold(complaint=answered, is_upheld=True, reason="两天没清", by=station_clerk, now=TUESDAY)
    with pytest.raises(WrongState):
        decisions.uphold(complaint=answered, is_upheld=False, reason="改主意", by=station_clerk, now=TUESDAY)
    fact = UpheldComplaint.objects.get()
    assert (fact.firm, fact.category, fact.day) == (answered.firm, "hygiene", date(2026, 11, 23))


def test_a_mediation_says_on_what_they_agreed(make_complaint, station_clerk):
    quarrel = make_complaint(text="楼上半夜太吵")
    sitting = {
        "level": "station",
        "held_on": date(2026, 11, 25),
        "parties": "楼上住户、楼下住户",
        "proposals": "铺地毯",
        "by": station_clerk,
        "now": WEDNESDAY,
    }
    with pytest.raises(ValidationError, match="协议内容"):
        decisions.mediate(complaint=quarrel, outcome="agreed", **sitting)
    decisions.mediate(complaint=quarrel, outcome="not_agreed", **sitting)
    decisions.mediate(complaint=quarrel, outcome="agreed", agreement="晚十点后不拖家具", **sitting)
    assert quarrel.mediations.count() == 2


def test_everybody_is_told_of_a_merge_those_of_the_main_case_once(complaint, make_complaint, station_clerk):
    for n in range(3):
        other = make_complaint(phone=f"1390000777{n}")
        merging.merge(main=complaint, others=other, by=station_clerk, now=TUESDAY + n * DAY)
    told = Message.objects.filter(kind="complaint-merged", channel="sms")
    assert sorted(told.values_list("address__value", flat=True)) == sorted(
        ["13800001234", "13900007770", "13900007771", "13900007772"]
    )
