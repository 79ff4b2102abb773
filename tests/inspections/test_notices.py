"""A notice from its issue to 销号: who answers, which term, which photos, who comes second. DOMAIN B.6, B.7"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Message
from communities.models import Contract, FirmPost, ServiceState
from communities.responsibility import Responsible
from inspections import escalation, extensions, notices, objections, patrols, rechecks, transfers
from inspections.entries import Refused
from inspections.models import Finding, Notice, NoticeEvent, Transfer
from lib.states import WrongState
from tests.inspections.phone import NOW, beijing, day, entry, finding, fresh_photos, sent_photo, sent_photos

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = beijing("2026-11-20 10:00"), beijing("2026-11-23 10:00")


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def kinds(notice) -> list[str]:
    return list(notice.events.values_list("kind", flat=True))


def told(kind) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("user__username", flat=True))


# ---------------------------------------------------------------- issuing


def test_a_patrol_sends_its_notices(notice, cadre, firm_row):
    assert (notice.number, notice.state, notice.firm) == ("抄告〔2026〕0001", "issued", firm_row)
    assert (notice.issued_by, notice.issued_on, notice.due_on) == (cadre, day("2026-11-19"), day("2026-11-27"))
    assert kinds(notice) == ["issued"]
    assert told("notice-issued") == {"lin"}


def test_numbers_go_on_and_begin_anew_each_year(cadre, community, send, firm_row):
    one = send(cadre, community, finding("HYG1"), finding("PIL2", "堆着沙子"))
    assert list(one.findings.order_by("pk").values_list("notices__number", flat=True)) == [
        "抄告〔2026〕0001",
        "抄告〔2026〕0002",
    ]
    row = Finding.objects.create(
        community=community,
        item=one.findings.first().item,
        severity="general",
        text="路面不洁",
        handling="notice",
        found_by=cadre,
        found_on=day("2027-01-04"),
    )
    assert notices.issue(finding=row, by=cadre, now=beijing("2027-01-04 10:00")).number == "抄告〔2027〕0001"


def test_what_was_put_right_on_the_spot_needs_no_notice(cadre, community, send):
    patrol = send(cadre, community, finding(handling="on_the_spot", after=sent_photos(cadre, 1)))
    assert not patrol.findings.get().notices.exists()


def test_a_finding_is_sent_once_to_a_body(notice, cadre):
    with pytest.raises(WrongState, match="已经抄告过"):
        notices.issue(finding=notice.finding, by=cadre, now=NOW)


def test_a_settled_finding_is_not_sent(closed_notice, cadre):
    with pytest.raises(WrongState, match="办结或撤销"):
        notices.issue(finding=fresh(closed_notice.finding), by=cadre, now=NOW)


def test_a_stranger_sends_nothing(a_finding, other_cadre, firm):
    for who in (other_cadre, firm):
        with pytest.raises(PermissionDenied):
            notices.issue(finding=a_finding, by=who, now=NOW)


def test_a_self_governing_group_gets_its_own(cadre, community, station_clerk, send):
    ServiceState.objects.create(
        community=community, kind="self_governed", body="松苑自治小组", first_day=day("2020-01-01")
    )
    notice = send(cadre, community, finding()).findings.get().notices.get()
    assert (notice.firm, notice.village, notice.body) == (None, None, "松苑自治小组")
    assert told("notice-issued") == {"qian"}
    notices.receive(notice=notice, by=station_clerk, now=NOW)
    notices.plan(notice=notice, person="组长", limit_on=notice.due_on, measure="搬", by=station_clerk, now=NOW)
    notices.reply(notice=notice, text="搬了", photos=fresh_photos(station_clerk), by=station_clerk, now=NOW)
    with pytest.raises(PermissionDenied):  # not whoever replied
        rechecks.recheck(notice=notice, passed=True, by=station_clerk, now=NOW)


def test_without_anybody_the_village_committee_gets_it(cadre, community, village, send):
    notice = send(cadre, community, finding()).findings.get().notices.get()
    assert (notice.village, notice.addressee) == (village, "城东社区")


def test_what_an_unannounced_patrol_found_waits_for_the_office(covert, clerk, firm):
    row = covert.findings.get()
    assert not row.notices.exists()
    notice = notices.issue(finding=row, by=clerk, now=NOW)
    assert Notice.objects.visible_to(firm).get() == notice


@pytest.mark.parametrize(("code", "due"), [("HYG1", "2026-11-25"), ("PIL1", "2026-11-27"), ("FIR8", "2026-12-11")])
def test_the_term_follows_the_severity(cadre, community, firm, send, code, due):
    notice = send(cadre, community, finding(code, "x")).findings.get().notices.get()
    assert notice.due_on == day(due)
    notices.receive(notice=notice, by=firm, now=NOW)
    assert notice.due_on < day(due)


def test_the_next_year_is_not_loaded(cadre, community, firm_row, send):
    last = beijing("2026-12-31 10:00")
    notice = send(cadre, community, finding(), now=last).findings.get().notices.get()
    assert notice.due_provisional and notice.due_on == day("2027-01-11")


# ---------------------------------------------------------------- signing


def test_signing_fixes_the_term(notice, firm):
    notices.receive(notice=notice, by=firm, now=NOW)
    notice = fresh(notice)
    assert (notice.state, notice.due_on, notice.plan_by) == ("received", day("2026-11-26"), day("2026-11-23"))
    assert notice.round.received_by == firm and told("notice-received") == {"chen"}


def test_a_late_signature_gains_nothing(notice, firm):
    notices.receive(notice=notice, by=firm, now=MONDAY)
    assert fresh(notice).due_on == day("2026-11-27")


def test_signing_twice_changes_nothing(received, firm):
    with pytest.raises(WrongState, match="已经签收"):
        notices.receive(notice=received, by=firm, now=NOW)
    assert kinds(received).count("received") == 1


def test_only_the_firm_it_names_signs(notice, other_firm, cadre, station_clerk, clerk):
    for who in (other_firm, cadre, station_clerk, clerk):
        with pytest.raises(PermissionDenied):
            notices.receive(notice=notice, by=who, now=NOW)


def test_silence_counts_as_received_after_a_working_day(notice):
    assert escalation.deem(now=FRIDAY) == 0
    assert escalation.deem(now=beijing("2026-11-21 00:00")) == 1
    notice = fresh(notice)
    assert (notice.state, notice.due_on) == ("received", day("2026-11-27"))
    assert (notice.round.is_deemed, notice.round.received_on) == (True, day("2026-11-20"))
    assert kinds(notice)[-1] == "deemed" and escalation.deem(now=MONDAY) == 0


# ---------------------------------------------------------------- on paper


@pytest.fixture
def paper(cadre, community, firm_row, send):
    """A notice to a firm without an account."""
    return send(cadre, community, finding("HYG1", "路面脏")).findings.get().notices.get()


def test_a_firm_without_an_account_signs_on_paper(paper, cadre):
    shown = sent_photos(cadre, 1)
    notices.receive_on_paper(notice=paper, signer="老林", photos=shown, by=cadre, now=NOW)
    turn = fresh(paper).round
    assert (turn.signer, turn.photos.get().kind, turn.received_on) == ("老林", "paper", day("2026-11-19"))
    notices.reply(notice=paper, text="扫了", photos=fresh_photos(cadre), by=cadre, now=NOW)
    assert fresh(paper).state == "replied"


def test_paper_needs_a_photo_and_a_name(paper, cadre):
    with pytest.raises(Refused) as refused:
        notices.receive_on_paper(notice=paper, signer=" ", photos=[], by=cadre, now=NOW)
    assert set(refused.value.problems) == {"signer", "photos"}
    assert fresh(paper).state == "issued"


def test_a_major_one_on_paper_needs_a_call(cadre, community, firm_row, send):
    notice = send(cadre, community, finding("FIR8", "通道堵了")).findings.get().notices.get()
    more = {"notice": notice, "signer": "老林", "photos": sent_photos(cadre, 1), "by": cadre, "now": NOW}
    with pytest.raises(Refused, match="打一个电话"):
        notices.receive_on_paper(**more)
    notices.receive_on_paper(**more, call="林志明接，马上来")
    assert kinds(notice) == ["issued", "received", "called"]


def test_a_firm_with_an_account_signs_itself(notice, cadre):
    with pytest.raises(PermissionDenied, match="自己签收"):
        notices.receive_on_paper(notice=notice, signer="林", photos=sent_photos(cadre, 1), by=cadre, now=NOW)


# ---------------------------------------------------------------- replying


def test_a_reply_waits_for_the_recheck(replied, cadre):
    notice = fresh(replied)
    assert (notice.state, notice.recheck_by) == ("replied", day("2026-11-24"))
    assert notice.round.is_on_time and notice.round.photos.get().kind == "reply"
    assert told("notice-fixed") == {"chen"}  # who reported it and looks after the community is asked once


def test_a_reply_says_what_is_missing(notice, firm):
    notices.receive(notice=notice, by=firm, now=NOW)
    with pytest.raises(Refused) as refused:
        notices.reply(notice=notice, text=" ", photos=[], by=firm, now=NOW)
    assert set(refused.value.problems) == {"text", "photos", "plan"}
    assert fresh(notice).state == "received"


def test_a_photo_older_than_the_notice_is_refused(received, firm):
    old = sent_photo(firm, data=fresh_data(), taken_on=day("2026-11-18")).client_id
    with pytest.raises(Refused, match="在抄告之前"):
        notices.reply(notice=received, text="清了", photos=[old], by=firm, now=NOW)
    hidden = sent_photos(firm, 1)  # its own file says the day before
    with pytest.raises(Refused, match="在抄告之前"):
        notices.reply(notice=received, text="清了", photos=hidden, by=firm, now=NOW)
    assert fresh(received).state == "received"
    of_today = sent_photo(firm, data=fresh_data(), taken_on=day("2026-11-19"))
    notices.reply(notice=received, text="清了", photos=[of_today], by=firm, now=NOW)
    assert fresh(received).state == "replied"


def fresh_data():
    from tests.inspections.phone import UNDATED

    return UNDATED


def test_photos_of_others_are_none(received, firm, cadre):
    with pytest.raises(Refused, match="没传完"):
        notices.reply(notice=received, text="清了", photos=fresh_photos(cadre), by=firm, now=NOW)


def test_before_the_signature_there_is_no_reply(notice, firm):
    notices.plan(notice=notice, person="林", limit_on=notice.due_on, measure="搬", by=firm, now=NOW)
    with pytest.raises(WrongState, match="先签收"):
        notices.reply(notice=notice, text="清了", photos=fresh_photos(firm), by=firm, now=NOW)


def test_what_nobody_signed_can_be_replied_though_no_sweep_ran(notice, firm):
    notices.plan(notice=notice, person="林", limit_on=notice.due_on, measure="搬", by=firm, now=MONDAY)
    notices.reply(notice=notice, text="清了", photos=fresh_photos(firm), by=firm, now=MONDAY)
    assert fresh(notice).state == "replied" and "deemed" in kinds(notice)


def test_a_withdrawn_notice_is_not_replied(notice, firm, cadre):
    stale = Notice.objects.get(pk=notice.pk)
    notices.withdraw(notice=notice, reason="写错了", by=cadre, now=NOW)
    with pytest.raises(WrongState, match="已经撤销"):
        notices.reply(notice=stale, text="清了", photos=fresh_photos(firm), by=firm, now=NOW)


def test_on_time_is_the_day_of_the_reply(received, firm, cadre):
    last = beijing("2026-11-26 23:59")
    notices.reply(notice=received, text="清了", photos=fresh_photos(firm), by=firm, now=last)
    rechecks.recheck(notice=received, passed=True, by=cadre, now=beijing("2026-12-20 10:00"))
    assert received.rounds.get().is_on_time


# ---------------------------------------------------------------- the plan


def test_the_plan_has_three_parts_and_its_days(notice, firm):
    with pytest.raises(Refused) as refused:
        notices.plan(notice=notice, person="", limit_on=notice.due_on, measure="", by=firm, now=NOW)
    assert set(refused.value.problems) == {"person", "measure"}
    with pytest.raises(Refused, match="期限写"):
        notices.plan(notice=notice, person="林", limit_on=notice.due_on + timedelta(1), measure="搬", by=firm, now=NOW)
    due = notice.due_on
    notices.plan(notice=notice, person="林", limit_on=day("2026-11-20"), measure="搬走。", by=firm, now=NOW)
    assert (fresh(notice).plan_measure, fresh(notice).due_on) == ("搬走。", due)  # a shorter limit moves nothing


def test_a_major_one_needs_an_interim_measure_within_a_day(major, firm):
    assert major.interim_due == NOW + timedelta(hours=24)
    notices.interim(notice=major, text="拉了警戒线", by=firm, now=NOW)
    assert fresh(major).interim_text == "拉了警戒线"
    with pytest.raises(WrongState):
        notices.interim(notice=major, text="再写", by=firm, now=NOW)


# ---------------------------------------------------------------- withdrawing


def test_the_issuer_withdraws_before_the_signature(notice, cadre):
    notices.withdraw(notice=notice, reason="看错了楼", by=cadre, now=FRIDAY)
    notice = fresh(notice)
    assert (notice.state, notice.withdrawn_reason, notice.rounds.get().outcome) == ("withdrawn", "看错了楼", "ended")
    assert notice.finding.state == "open" and told("notice-withdrawn") == {"lin"}
    assert notices.issue(finding=notice.finding, by=cadre, now=FRIDAY).number == "抄告〔2026〕0002"


def test_not_after_the_signature_nor_the_deemed_one(notice, firm, cadre):
    with pytest.raises(WrongState, match="已经算签收"):
        notices.withdraw(notice=notice, reason="写错了", by=cadre, now=MONDAY)
    notices.receive(notice=notice, by=firm, now=NOW)
    with pytest.raises(WrongState, match="已经签收"):
        notices.withdraw(notice=notice, reason="写错了", by=cadre, now=NOW)


def test_nobody_else_withdraws_and_not_without_a_reason(notice, clerk, station_head, cadre):
    for who in (clerk, station_head):
        with pytest.raises(PermissionDenied):
            notices.withdraw(notice=notice, reason="写错了", by=who, now=NOW)
    with pytest.raises(Refused):
        notices.withdraw(notice=notice, reason=" ", by=cadre, now=NOW)


# ---------------------------------------------------------------- looking again


def test_passed_settles_notice_and_finding(closed_notice):
    notice = fresh(closed_notice)
    assert (notice.state, notice.closed_on) == ("closed", day("2026-11-19"))
    assert (notice.finding.state, notice.finding.closed_on) == ("closed", day("2026-11-19"))
    assert kinds(notice) == ["issued", "received", "planned", "replied", "passed"]


def test_failed_opens_the_next_round(replied, cadre, firm):
    rechecks.recheck(notice=replied, passed=False, note="还有一半", by=cadre, now=FRIDAY)
    notice = fresh(replied)
    assert (notice.state, notice.round_no, notice.due_on) == ("issued", 2, day("2026-11-26"))
    assert (notice.late_since, notice.recheck_by, notice.finding.state) == (None, None, "open")
    notices.receive(notice=notice, by=firm, now=FRIDAY)
    assert fresh(notice).due_on == day("2026-11-25")
    assert [turn.outcome for turn in notice.rounds.all()] == ["failed", ""]


def test_days_overdue_go_on_from_the_first_late_round(received, cadre, firm):
    late = beijing("2026-11-30 10:00")
    notices.reply(notice=received, text="清了", photos=fresh_photos(firm), by=firm, now=late)
    rechecks.recheck(notice=received, passed=False, note="没清", by=cadre, now=late)
    notice = fresh(received)
    assert not notice.is_overdue(day("2026-12-01"))  # only when the new term has passed
    assert notice.due_on == day("2026-12-04") and notice.is_overdue(day("2026-12-05"))
    assert notice.days_overdue(day("2026-12-05")) == 9  # counted from 26 November


def test_the_firm_never_looks_itself(replied, firm, other_cadre, station_clerk, leader):
    for who in (firm, other_cadre, station_clerk, leader):
        with pytest.raises(PermissionDenied):
            rechecks.recheck(notice=replied, passed=True, by=who, now=NOW)


def test_a_major_one_not_by_its_issuer(replied_major, cadre, station_head):
    with pytest.raises(PermissionDenied, match="不能只由"):
        rechecks.recheck(notice=replied_major, passed=True, by=cadre, now=NOW)
    rechecks.recheck(notice=replied_major, passed=True, by=station_head, now=NOW)
    assert fresh(replied_major).state == "closed"


@pytest.mark.parametrize(("passed", "note"), [(None, "好了"), (False, " "), ("", "")])
def test_neither_nor_is_refused(replied, cadre, passed, note):
    with pytest.raises(Refused):
        rechecks.recheck(notice=replied, passed=passed, note=note, by=cadre, now=NOW)
    assert fresh(replied).state == "replied"


def test_the_second_one_is_told(replied, cadre, station_head):
    stale = Notice.objects.get(pk=replied.pk)
    rechecks.recheck(notice=replied, passed=True, by=cadre, now=NOW)
    with pytest.raises(WrongState, match="已经有人复查"):
        rechecks.recheck(notice=stale, passed=False, note="没好", by=station_head, now=NOW)


def test_nothing_to_look_at_yet(received, cadre):
    with pytest.raises(WrongState, match="还没有整改回复"):
        rechecks.recheck(notice=received, passed=True, by=cadre, now=NOW)


def test_whoever_reported_it_says_whether_it_is_fixed(replied, cadre, clerk):
    with pytest.raises(PermissionDenied):
        rechecks.say_whether_fixed(notice=replied, fixed=True, text="", by=clerk, now=NOW)
    with pytest.raises(Refused):
        rechecks.say_whether_fixed(notice=replied, fixed=False, text="", by=cadre, now=NOW)
    rechecks.say_whether_fixed(notice=replied, fixed=False, text="自行车还在", by=cadre, now=NOW)
    assert fresh(replied).state == "replied" and kinds(replied)[-1] == "said_not"


# ---------------------------------------------------------------- extension


def test_one_extension_asked_before_it_is_due(received, firm, station_head):
    row = extensions.ask(notice=received, days=5, reason="等业主回来", by=firm, now=NOW)
    with pytest.raises(WrongState, match="只能申请一次"):
        extensions.ask(notice=received, days=1, reason="再等", by=firm, now=NOW)
    extensions.decide(extension=row, granted=True, by=station_head, now=NOW)
    assert fresh(received).due_on == day("2026-12-03")
    with pytest.raises(WrongState, match="已经决定"):
        extensions.decide(extension=row, granted=False, answer="不行", by=station_head, now=NOW)


def test_not_more_days_than_the_term_had_and_not_afterwards(received, firm):
    with pytest.raises(Refused, match="最多延 5"):
        extensions.ask(notice=received, days=6, reason="等", by=firm, now=NOW)
    with pytest.raises(WrongState, match="到期前"):
        extensions.ask(notice=received, days=1, reason="等", by=firm, now=beijing("2026-11-27 00:00"))


def test_who_grants(received, major, firm, station_head, clerk, cadre, other_station_head):
    row = extensions.ask(notice=received, days=5, reason="等", by=firm, now=NOW)
    for who in (cadre, clerk, other_station_head, firm):
        with pytest.raises(PermissionDenied):
            extensions.decide(extension=row, granted=True, by=who, now=NOW)
    great = extensions.ask(notice=major, days=15, reason="等", by=firm, now=NOW)
    with pytest.raises(PermissionDenied, match="镇物业办"):
        extensions.decide(extension=great, granted=True, by=station_head, now=NOW)
    with pytest.raises(Refused):
        extensions.decide(extension=great, granted=False, by=clerk, now=NOW)
    extensions.decide(extension=great, granted=False, answer="不能等", by=clerk, now=NOW)
    assert fresh(major).due_on == day("2026-12-11")


# ---------------------------------------------------------------- objection


def test_an_objection_upheld_takes_notice_and_finding_back(received, firm, clerk):
    row = objections.raise_objection(notice=received, text="不是我们小区", by=firm, now=NOW)
    assert row.due_on == day("2026-11-24") and told("notice-objected") == {"limin"}
    objections.decide(objection=row, upheld=True, answer="核实过", by=clerk, now=NOW)
    notice = fresh(received)
    assert (notice.state, notice.finding.state) == ("withdrawn", "withdrawn")
    assert kinds(notice)[-1] == "upheld"


def test_upheld_it_leaves_a_finding_that_another_body_has(received, firm, clerk, cadre, village):
    other = notices.send(finding=received.finding, body=Responsible(village.name, village=village), by=cadre, now=NOW)
    row = objections.raise_objection(notice=received, text="不是我们", by=firm, now=NOW)
    objections.decide(objection=row, upheld=True, answer="核实过", by=clerk, now=NOW)
    assert (fresh(received).state, fresh(other).state, fresh(received.finding).state) == ("withdrawn", "issued", "open")


def test_the_term_runs_on_meanwhile(received, firm, clerk):
    row = objections.raise_objection(notice=received, text="不对", by=firm, now=NOW)
    objections.decide(objection=row, upheld=False, answer="照片看得清", by=clerk, now=NOW)
    assert (fresh(received).state, fresh(received).due_on) == ("received", day("2026-11-26"))
    with pytest.raises(WrongState, match="不能提"):
        objections.raise_objection(notice=fresh(received), text="再提", by=firm, now=NOW)


def test_two_working_days_to_object(received, firm):
    assert objections.is_possible(received, firm, now=beijing("2026-11-23 23:59"))
    with pytest.raises(WrongState):
        objections.raise_objection(notice=received, text="不对", by=firm, now=beijing("2026-11-24 00:00"))


def test_never_decided_by_the_issuer(a_finding, cadre, covert, clerk, town_head, firm):
    notice = notices.issue(finding=covert.findings.get(), by=clerk, now=NOW)
    notices.receive(notice=notice, by=firm, now=NOW)
    row = objections.raise_objection(notice=notice, text="不对", by=firm, now=NOW)
    for who in (clerk, town_head, cadre, firm):
        with pytest.raises(PermissionDenied):
            objections.decide(objection=row, upheld=True, answer="是", by=who, now=NOW)


# ---------------------------------------------------------------- correcting and voiding the patrol


def typed(patrol, *found):
    return entry(patrol.community, *found, client_id=patrol.client_id)


def test_a_correction_takes_the_notice_back(patrol, notice, cadre):
    patrols.correct(patrol=patrol, entry=typed(patrol), reason="看错了", by=cadre, now=NOW)
    assert fresh(notice).state == "withdrawn"


def test_what_was_signed_cannot_be_corrected_away(patrol, notice, cadre, firm):
    notices.receive(notice=notice, by=firm, now=NOW)
    with pytest.raises(Refused, match="已经签收"):
        patrols.correct(patrol=patrol, entry=typed(patrol), reason="看错了", by=cadre, now=NOW)
    same = finding("PIL1", "别的写法", client_id=notice.finding.client_id)
    with pytest.raises(Refused, match="已经签收"):
        patrols.correct(patrol=patrol, entry=typed(patrol, same), reason="看错了", by=cadre, now=NOW)
    with pytest.raises(WrongState, match="已经签收"):
        patrols.void(patrol=patrol, reason="看错了", by=cadre, now=NOW)
    assert fresh(patrol).state == "submitted" and fresh(notice).state == "received"


def test_a_further_finding_gets_its_notice(patrol, notice, cadre):
    same = finding("PIL1", notice.finding.text, client_id=notice.finding.client_id)
    more = finding("HYG1", "路面脏", field="hyg-0")
    patrols.correct(patrol=patrol, entry=typed(patrol, same, more), reason="漏了", by=cadre, now=NOW)
    assert Notice.objects.count() == 2 and fresh(notice).state == "issued"


# ---------------------------------------------------------------- another firm meanwhile


def test_the_contract_changed_in_the_middle(received, community, firm_row, other_firm_row, station_clerk, firm):
    with pytest.raises(WrongState, match="还是这一家"):
        notices.hand_on(notice=received, by=station_clerk, now=NOW)
    Contract.objects.filter(community=community).update(last_day=day("2026-11-20"))
    Contract.objects.create(community=community, firm=other_firm_row, kind="owners", first_day=day("2026-11-21"))
    assert Notice.objects.visible_to(firm).get() == received  # still theirs, as the day's contract says
    after = notices.hand_on(notice=received, by=station_clerk, now=MONDAY)
    assert (after.firm, after.finding, after.round_no) == (other_firm_row, received.finding, 1)
    assert fresh(received).state == "withdrawn" and "改发" in fresh(received).withdrawn_reason


def test_somebody_who_left_the_firm_signs_no_more(notice, firm):
    FirmPost.objects.filter(user=firm).update(last_day=day("2026-11-18"))
    with pytest.raises(PermissionDenied):
        notices.receive(notice=notice, by=firm, now=NOW)


# ---------------------------------------------------------------- departments


def test_a_transfer_is_drafted_to_whom_it_belongs(cadre, community, firm_row, send):
    row = send(cadre, community, finding("BLD1", "在建违建", handling="transfer")).findings.get()
    assert row.transfers.get().department.name == "综合行政执法队"
    assert transfers.draft_waiting(now=NOW) == 0 and not row.notices.exists()


@pytest.mark.parametrize(
    ("code", "name"),
    [("BLD3", "住房和城乡建设局"), ("FIR11", "供电公司"), ("FIR2", "消防救援大队"), ("PUB1", "镇直部门")],
)
def test_the_longest_code_decides(code, name):
    from tests.inspections.phone import item

    assert transfers.department_of(item(code), today=day("2026-11-19")).name == name


def test_a_transferred_notice_ends_with_the_departments_answer(received, clerk, cadre):
    row = transfers.draft(finding=received.finding, by=clerk, now=NOW)
    with pytest.raises(PermissionDenied):
        transfers.send(
            transfer=row, department=row.department, document_no="1", expected_on=MONDAY.date(), by=cadre, now=NOW
        )
    transfers.send(
        transfer=row,
        department=row.department,
        document_no="荆函〔2026〕7号",
        expected_on=day("2026-12-03"),
        by=clerk,
        now=NOW,
    )
    assert fresh(received).state == "transferred" and not Notice.objects.open().exists()
    transfers.settle(transfer=row, answer="已拆除", by=clerk, now=NOW)
    assert fresh(received).state == "closed" and fresh(received.finding).state == "closed"
    assert fresh(row).state == Transfer.State.ANSWERED
    with pytest.raises(WrongState):
        transfers.settle(transfer=row, answer="再答", by=clerk, now=NOW)


def test_a_draft_that_is_not_sent_leaves_the_finding_open(received, clerk):
    row = transfers.draft(finding=received.finding, by=clerk, now=NOW)
    with pytest.raises(WrongState):
        transfers.draft(finding=received.finding, by=clerk, now=NOW)
    transfers.drop(transfer=row, reason="物业能办", by=clerk, now=NOW)
    assert fresh(received).state == "received" and fresh(received.finding).state == "open"


# ---------------------------------------------------------------- words about many


def test_open_overdue_and_late_rechecks(notice, firm, cadre):
    last, after = day("2026-11-27"), day("2026-11-28")
    assert not Notice.objects.overdue(today=last).exists()
    assert Notice.objects.overdue(today=after).get() == notice and notice.is_overdue(after)
    notices.plan(notice=notice, person="林", limit_on=notice.due_on, measure="搬", by=firm, now=NOW)
    late = beijing("2026-11-30 10:00")
    notices.reply(notice=notice, text="清了", photos=fresh_photos(firm), by=firm, now=late)
    assert not Notice.objects.overdue(today=day("2027-01-01")).exists()
    assert not Notice.objects.recheck_late(today=day("2026-12-03")).exists()
    assert Notice.objects.recheck_late(today=day("2026-12-04")).get() == notice
    assert Notice.objects.open().get() == notice
    rechecks.recheck(notice=notice, passed=True, by=cadre, now=late)
    assert not Notice.objects.open().exists()


def test_who_sees_a_notice(request, notice, station_head, clerk, leader, other_firm, other_cadre, firm, cadre):
    seen = {
        name
        for name in ("cadre", "station_head", "clerk", "leader", "firm", "other_firm", "other_cadre")
        if Notice.objects.visible_to(request.getfixturevalue(name)).exists()
    }
    assert seen == {"cadre", "station_head", "clerk", "leader", "firm"}


def test_a_call_is_one_line(notice, cadre, firm):
    notices.call(notice=notice, who="林志明", said="明天来搬", by=cadre, now=NOW)
    assert notice.events.get(kind=NoticeEvent.Kind.CALLED).text == "林志明接：明天来搬"
    with pytest.raises(PermissionDenied):
        notices.call(notice=notice, who="我", said="好", by=firm, now=NOW)
    with pytest.raises(Refused):
        notices.call(notice=notice, who="", said="", by=cadre, now=NOW)
