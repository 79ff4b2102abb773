"""A month's facts become evidence, charges and a score; again at will with the same result. DOMAIN D.3–D.5"""

from datetime import timedelta

import pytest

from assessments import explain, on_site, recompute, review, scoring
from assessments.kinds import Decision
from assessments.models import Charge, Evidence, ScoreItem, ScoreSheet
from assessments.review import Verdict
from communities.models import Community, Contract, Firm, PatrolDuty
from complaints.models import Complaint, UpheldComplaint
from inspections import notices, objections, rechecks
from inspections.models import Finding, Notice, NoticeRound
from lib.periods import Month
from tests.assessments.conftest import CHECKED, DRAFTED, OCTOBER, PUBLISHED, at, day, reply

pytestmark = pytest.mark.django_db


def charges(sheet) -> list[tuple]:
    rows = sheet.charges.order_by("evidence__day", "item__code", "kind")
    return list(rows.values_list("kind", "item__code", "proposed_deci", "exempt"))


def points(sheet) -> tuple[int, str]:
    sheet.refresh_from_db()
    return sheet.score_deci, sheet.band


def take_back(notice, firm, clerk) -> None:
    """The firm objects, and the town's office upholds it."""
    row = objections.raise_objection(notice=notice, text="不是我们的", by=firm, now=at("2026-10-14 10:00"))
    objections.decide(objection=row, upheld=True, answer="查实了", by=clerk, now=DRAFTED)


# ---------------------------------------------------------------- what is charged


def test_a_month_without_facts_is_full(inspected, score):
    sheet = score()
    assert (sheet.score_deci, sheet.band, sheet.table.code, sheet.service_days) == (1000, "A", "ST-2026-S", 31)
    assert [event.kind for event in sheet.events.all()] == ["opened"]


def test_a_finding_costs_base_times_severity(fact, score):
    fact("PIL1", "serious")
    fact("FIR8", "major", due="2026-12-01")
    fact("HYG1", "general", due="2026-12-01", replied="2026-10-13")
    sheet = score()
    assert sorted(charges(sheet))[:1] == [("issued", "ENV-1", 5, "")]
    assert set(charges(sheet)) >= {("issued", "ENV-3", 10, ""), ("issued", "SAF-1", 30, "")}


def test_what_costs_nothing(fact, on_the_spot, score, firm, clerk):
    on_the_spot()
    fact("PIL1", "serious", due="2026-12-01", dissuaded=True)
    own = fact(
        "HYG2", "general", due="2026-10-30", replied="2026-10-14", source="self_report", finish_on=day("2026-10-15")
    )
    withdrawn = fact("HYG5", "general", due="2026-12-01")
    score()
    take_back(withdrawn, firm, clerk)
    sheet = score()
    assert {exempt for _, _, points_, exempt in charges(sheet) if not points_} == {
        "on_spot",
        "dissuaded",
        "self",
        "withdrawn",
    }
    assert sheet.score_deci == 1000
    assert own.finding.source == "self_report"


def test_serious_on_the_spot_is_charged(on_the_spot, score):
    on_the_spot("PIL1", "serious")
    assert charges(score()) == [("issued", "ENV-3", 10, "")]


def test_a_self_report_not_kept_is_charged(fact, score):
    fact("HYG2", "general", due="2026-10-30", replied="2026-10-20", source="self_report", finish_on=day("2026-10-15"))
    assert charges(score()) == [("issued", "GAR-1", 10, "")]


def test_overdue_on_the_first_day_and_every_five_working_days(fact, score):
    fact("HYG1", "general", on="2026-10-12", due="2026-10-15")
    sheet = score()
    overdue = Evidence.objects.filter(kind="overdue").order_by("day").values_list("day", "repeat")
    assert list(overdue) == [(day("2026-10-16"), 0), (day("2026-10-23"), 1), (day("2026-10-30"), 2)]
    assert sheet.score_deci == 1000 - 5 - 3 * 5


def test_overdue_ends_with_the_reply(fact, score):
    fact("HYG1", "general", on="2026-10-12", due="2026-10-15", replied="2026-10-22")
    score()
    assert list(Evidence.objects.filter(kind="overdue").values_list("day", flat=True)) == [day("2026-10-16")]


def test_a_reply_on_the_due_day_is_in_time(fact, score):
    fact("HYG1", "general", on="2026-10-12", due="2026-10-15", replied="2026-10-15")
    score()
    assert not Evidence.objects.filter(kind="overdue").exists()


def test_an_overdue_round_goes_on_in_the_next_month(fact, score):
    fact("HYG1", "general", on="2026-10-26", due="2026-10-29")
    score()
    score(Month(2026, 11), at("2026-11-09 10:00"))
    found = Evidence.objects.filter(kind="overdue").order_by("day").values_list("day", "repeat", "period_first")
    assert list(found) == [
        (day("2026-10-30"), 0, day("2026-10-01")),
        (day("2026-11-06"), 1, day("2026-11-01")),
    ]


def test_a_failed_recheck_costs_by_severity(fact, score):
    fact("PIL1", "serious", due="2026-10-19", replied="2026-10-15", failed="2026-10-16")
    assert charges(score())[:2] == [("issued", "ENV-3", 10, ""), ("failed", "ENV-3", 10, "")]


def test_no_plan_and_no_interim_measure(fact, score):
    notice = fact("FIR8", "major", due="2026-12-01")
    Notice.objects.filter(pk=notice.pk).update(plan_by=day("2026-10-15"))
    found = {(kind, item, deci) for kind, item, deci, _ in charges(score())}
    assert found == {("issued", "SAF-1", 30), ("no_plan", "SAF-4", 30), ("no_interim", "SAF-4", 30)}


def test_a_complaint_that_was_upheld_and_one_that_was_late(community, firm_row, station_clerk, score):
    given = {"community": community, "firm": firm_row, "text": "垃圾没人收", "category": "hygiene", "level": "firm"}
    given |= {
        "registered_on": day("2026-10-12"),
        "registered_at": at("2026-10-12 09:00"),
        "accept_by": day("2026-10-13"),
    }
    late = Complaint.objects.create(number="TS20261012-0001", state="handling", due_on=day("2026-10-15"), **given)
    UpheldComplaint.objects.create(
        complaint=late, is_upheld=True, community=community, firm=firm_row, category="hygiene",
        day=day("2026-10-12"), reason="现场看过", by=station_clerk, at=at("2026-10-14 09:00"),
    )  # fmt: skip
    assert charges(score()) == [("upheld", "ORD-3", 10, ""), ("late", "ORD-3", 10, "")]


def test_what_no_table_names_costs_nothing(fact, score):
    fact("FIR10", "major", due="2026-12-01")
    sheet = score()
    assert {kind for kind, *_ in charges(sheet)} == {"no_interim", "no_plan"}


# ---------------------------------------------------------------- caps and gates


def test_being_found_uses_six_tenths_of_a_cap(fact, score):
    for n in range(12):
        fact("HYG1", "general", on=f"2026-10-{n + 8:02}", due="2026-12-01")
    sheet = score()
    assert sheet.score_deci == 1000 - 36  # 12 × 0.5 = 6.0, of which 60 % of 6.0 count


def test_sql_and_python_agree(fact, on_the_spot, score, inspected):
    for n, item in enumerate(["HYG1", "PIL1", "FIR8", "VEH4", "HYG2", "PUB1"] * 3):
        fact(item, ["general", "serious", "major"][n % 3], on=f"2026-10-{n + 8:02}", due=f"2026-10-{n + 12:02}")
    on_the_spot()
    sheet = score()
    found = explain.tree(sheet)
    assert (found.score_deci, found.band) == (sheet.score_deci, sheet.band)
    assert found.agrees
    assert list(recompute.differences()) == []


def test_a_major_overdue_keeps_the_band_down(fact, score, inspected):
    fact("FIR8", "major", on="2026-10-09", due="2026-10-29")
    sheet = score()
    assert sheet.major_overdue and sheet.major_late
    assert sheet.band == "D"
    assert sheet.score_deci >= 900


def test_a_major_failed_twice_keeps_the_band_down(fact, score, inspected, firm, town_head):
    notice = fact("FIR8", "major", on="2026-10-09", replied="2026-10-12", failed="2026-10-13")
    sheet = score()
    assert not sheet.major_failed
    reply(notice, firm, at("2026-10-15 09:00"))
    rechecks.recheck(notice=notice, passed=False, note="还停着车", by=town_head, now=at("2026-10-16 09:00"))
    sheet = score()
    assert sheet.major_failed
    assert sheet.band == "D"


def test_too_few_patrols_mean_no_band(score, cadre):
    sheet = score()
    assert (sheet.is_inspected, sheet.band) == (False, "")
    assert sheet.patrols_asked == 4 * 3  # four weeks end in October


def test_scored_on_the_spot_the_band_is_back(score, cadre, clerk):
    sheet = score()
    on_site.visit(sheet=sheet, on=day("2026-11-02"), by=clerk, now=DRAFTED)
    assert points(sheet) == (1000, "A")
    assert score().band == "A"


def test_a_veto_caps_the_month(inspected, score, clerk):
    sheet = score()
    review.set_veto(
        sheet=sheet, reason="电动车火灾，企业有责任", document="消防救援大队〔2026〕12号", by=clerk, now=DRAFTED
    )
    assert points(sheet) == (599, "G")


# ---------------------------------------------------------------- which sheets there are


def test_again_changes_nothing(fact, on_the_spot, score, inspected):
    fact()
    on_the_spot()
    score()
    before = list(Charge.objects.values()), list(ScoreSheet.objects.values()), Evidence.objects.count()
    done = scoring.compute(month=day("2026-10-17"), now=DRAFTED)
    assert (done.opened, done.evidence, done.charges, done.revised) == (0, 0, 0, 0)
    assert before == (list(Charge.objects.values()), list(ScoreSheet.objects.values()), Evidence.objects.count())


def test_two_firms_in_one_month_are_scored_each(contract, community, fact, score, db):
    contract.last_day = day("2026-10-16")
    contract.save()
    other = Firm.objects.create(name="演示·新来物业", uscc="91330000MA27XYZ22A")
    Contract.objects.create(community=community, firm=other, kind="owners", first_day=day("2026-10-17"))
    fact("HYG1", "general", on="2026-10-12", due="2026-12-01")
    fact("HYG1", "general", on="2026-10-20", due="2026-12-01", firm=other)
    sheet = score()
    second = ScoreSheet.objects.get(firm=other)
    assert (sheet.service_days, second.service_days) == (16, 15)
    assert (sheet.charges.count(), second.charges.count()) == (1, 1)


def test_under_fifteen_days_nobody_is_scored(contract, score):
    contract.first_day = day("2026-10-18")
    contract.save()
    scoring.compute(month=OCTOBER, now=DRAFTED)
    assert not ScoreSheet.objects.exists()


def test_a_contract_that_ended_early_puts_its_draft_away(contract, score):
    sheet = score()
    contract.last_day = day("2026-10-10")
    contract.save()
    scoring.compute(month=OCTOBER, now=DRAFTED)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.service_days) == ("replaced", 10)


def test_days_put_right_again_open_the_next_version(contract, score):
    first = score()
    contract.last_day = day("2026-10-10")
    contract.save()
    scoring.compute(month=OCTOBER, now=DRAFTED)
    contract.last_day = day("2027-12-31")
    contract.save()
    sheet = score()
    assert (sheet.version, sheet.state, sheet.why) == (2, "draft", "合同日期更正")
    first.refresh_from_db()
    assert first.state == "replaced"


def test_a_notice_handed_on_was_right_while_it_stood(contract, community, fact, score, clerk):
    notice = fact("HYG1", "general", on="2026-10-12", due="2026-10-15")
    contract.last_day = day("2026-10-20")
    contract.save()
    other = Firm.objects.create(name="演示·新来物业", uscc="91330000MA27XYZ22A")
    Contract.objects.create(community=community, firm=other, kind="owners", first_day=day("2026-10-21"))
    notice.refresh_from_db()
    notices.hand_on(notice=notice, by=clerk, now=at("2026-10-22 09:00"))
    sheet = score()
    assert charges(sheet) == [("issued", "ENV-1", 5, ""), ("overdue", "ENV-1", 5, "")]
    assert not Evidence.objects.exclude(contract=contract).filter(kind="issued").exists()


def test_an_extension_granted_later_undoes_what_was_overdue(fact, score):
    notice = fact("HYG1", "general", on="2026-10-12", due="2026-10-15", replied="2026-10-19")
    assert points(score())[0] == 1000 - 5 - 5
    NoticeRound.objects.filter(notice=notice).update(due_on=day("2026-10-19"))
    sheet = score()
    assert ("overdue", "ENV-1", 0, "undone") in charges(sheet)
    assert points(sheet)[0] == 995


def test_a_reply_within_a_day_needs_no_interim_measure(fact, score):
    fact("FIR8", "major", on="2026-10-12", due="2026-10-20", replied="2026-10-12")
    score()
    assert not Evidence.objects.filter(kind="no_interim").exists()


def test_each_night_a_year_is_looked_through_and_only_patrolled_months_are_opened(contract, fact, published):
    fact("HYG1", "general", on="2026-10-20", due="2026-12-01")
    assert scoring.compute_recent(now=PUBLISHED) == scoring.MONTHS_BACK
    sheets = ScoreSheet.objects.current().values_list("first_day", "version")
    assert list(sheets) == [(day("2026-10-01"), 2)]  # nobody has patrolled in November yet


def test_open_items_go_to_the_next_firm_where_the_contract_says_so(contract, community, fact, score):
    contract.last_day, contract.open_items = day("2026-10-15"), "next"
    contract.save()
    other = Firm.objects.create(name="演示·新来物业", uscc="91330000MA27XYZ22A")
    Contract.objects.create(community=community, firm=other, kind="owners", first_day=day("2026-10-16"))
    fact("HYG1", "general", on="2026-10-12", due="2026-10-19")
    score()
    held = {row.kind: row.contract.firm for row in Evidence.objects.select_related("contract__firm").filter(repeat=0)}
    assert (held["issued"].name, held["overdue"].name) == ("演示·安居物业", "演示·新来物业")


def test_a_community_that_changes_its_kind_keeps_the_table_of_the_sheet(community, score):
    sheet = score()
    Community.objects.filter(pk=community.pk).update(kind="developed")
    assert score().table_id == sheet.table_id


def test_nobody_to_patrol_is_the_offices_own_gap(contract, community, score):
    PatrolDuty.objects.filter(community=community).delete()
    sheet = score()
    assert (sheet.patrols_asked, sheet.is_inspected) == (0, True)


# ---------------------------------------------------------------- what comes late


def test_late_events_make_the_next_version(published, fact, score, clerk, town_head):
    fact("HYG1", "general", on="2026-10-20", due="2026-12-01")
    sheet = score(now=PUBLISHED)
    assert (sheet.version, sheet.state, sheet.why) == (2, "draft", "公布后有新的事实，或者原来的事实更正了")
    assert points(published) == (990, "A")
    assert sheet.score_deci == 985
    assert sheet.charges.exclude(decision="").count() == 1  # what was decided stays decided


def test_a_fact_put_right_after_publication_makes_the_next_version(published, score, firm, clerk):
    take_back(Notice.objects.get(), firm, clerk)
    sheet = score(now=PUBLISHED)
    assert (sheet.version, sheet.score_deci) == (2, 1000)


def test_a_checked_sheet_waits_with_what_came_late(checked, fact, score):
    fact("HYG1", "general", on="2026-10-20", due="2026-12-01")
    assert score(now=CHECKED) == checked
    assert points(checked) == (990, "A")


def test_a_decision_falls_when_its_proposal_changes(inspected, fact, score, clerk):
    notice = fact(replied="2026-10-13")
    sheet = score()
    review.accept_the_rest(sheet=sheet, by=clerk, now=DRAFTED)
    Finding.objects.filter(pk=notice.finding_id).update(severity="general")
    charge = score().charges.get()
    assert (charge.proposed_deci, charge.decision, charge.accepted_deci) == (5, "", None)


def test_queries_do_not_grow(fact, score, django_assert_max_num_queries):
    score()
    fact()
    with django_assert_max_num_queries(17):  # 15, and the savepoint of the test's own transaction
        scoring.compute(month=OCTOBER, now=DRAFTED)
    for n in range(9):
        fact("HYG1", "general", on=f"2026-10-{n + 12}")
    with django_assert_max_num_queries(17):
        scoring.compute(month=OCTOBER, now=DRAFTED)


# ---------------------------------------------------------------- decisions


def test_less_or_nothing_needs_a_reason_and_never_more(inspected, fact, score, clerk):
    from django.core.exceptions import ValidationError

    fact(replied="2026-10-13")
    sheet = score()
    charge = sheet.charges.get()
    for verdict in (
        Verdict(Decision.REDUCED, 5),
        Verdict(Decision.REDUCED, 10, "多"),
        Verdict(Decision.REFUSED),
        Verdict(""),
    ):
        with pytest.raises(ValidationError):
            review.decide(sheet=sheet, verdicts={charge.pk: verdict}, by=clerk, now=DRAFTED)
    review.decide(
        sheet=sheet, verdicts={charge.pk: Verdict(Decision.REDUCED, 5, "当天清了一半")}, by=clerk, now=DRAFTED
    )
    assert points(sheet) == (995, "A")


def test_manual_facts_need_proof_and_cost_the_base(inspected, score, clerk):
    from django.core.exceptions import ValidationError

    sheet = score()
    item = ScoreItem.objects.get(table=sheet.table, code="FAC-4")
    given = {
        "sheet": sheet,
        "item": item,
        "text": "没有电梯巡检记录",
        "day": day("2026-10-20"),
        "by": clerk,
        "now": DRAFTED,
    }
    with pytest.raises(ValidationError, match="照片"):
        on_site.add(**given)
    fact = on_site.add(**given, document="现场检查记录表 10-20")
    assert fact.evidence.charges.get().proposed_deci == 5
    assert points(sheet) == (995, "A")
    again = on_site.add(**given, document="x", client_id=fact.client_id)
    assert again == fact
    other = ScoreItem.objects.exclude(table=sheet.table).first()
    with pytest.raises(ValidationError, match="考核表"):
        on_site.add(**(given | {"item": other}), document="x")
    with pytest.raises(ValidationError, match="日期"):
        on_site.add(**(given | {"day": sheet.first_day - timedelta(days=1)}), document="x")
