"""Pages of scores and deposits: what each person finds there, and what the buttons do. UI.md, issue 8"""

import json
import uuid

import pytest
from django.urls import reverse

from assessments import appeals, bookings, credit, deposits, on_site, review
from assessments.models import (
    Appeal,
    AwardBudget,
    Deposit,
    DepositBankLine,
    DepositEntry,
    ManualFact,
    ScoreItem,
    ScoreSheet,
    SpotCheck,
    StarRating,
    Talk,
)
from tests.assessments.conftest import CHECKED, DRAFTED, PUBLISHED, at, day
from tests.assessments.test_deposits import AGREED, STATEMENT
from tests.inspections.phone import UNDATED, upload

pytestmark = pytest.mark.django_db


def url(name, *args, query="") -> str:
    return reverse(name, args=args) + query


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def deposit(contract, clerk, town_head) -> Deposit:
    row = deposits.agree(contract=contract, **AGREED, by=clerk, now=DRAFTED)
    entry = deposits.propose(deposit=row, kind="open", amount_fen=600_000, on=day("2026-11-02"), by=clerk, now=DRAFTED)
    deposits.book(entry=entry, by=town_head, now=DRAFTED)
    row.refresh_from_db()
    return row


# ---------------------------------------------------------------- the month


def test_the_board_shows_the_month_and_who_is_left_out(assessed, as_clerk, neighbour_community):
    page = text(as_clerk.get(url("assessments:board")))
    assert "2026年10月考核" in page
    assert "演示·松苑小区" in page and "99.0" in page
    assert "演示·滨湖花园</a>：没有物业企业，不考核" in page


def test_the_board_is_filtered_and_exported(assessed, as_clerk):
    assert "演示·松苑小区</a></th>" in text(as_clerk.get(url("assessments:board", query="?state=to_check&q=松苑")))
    assert "没有这样的考核" in text(as_clerk.get(url("assessments:board", query="?state=published")))
    for odd in ("?month=2026-13", "?month=x", "?page=0", "?band=Z", "?q=%00"):
        assert as_clerk.get(url("assessments:board", query=odd)).status_code in (200, 400)
    assert as_clerk.get(url("assessments:board-export")).headers["Content-Type"].endswith("sheet")


def test_the_board_asks_the_same_whatever_the_number(
    assessed, as_clerk, django_assert_max_num_queries, village, firm_row
):
    from assessments import scoring
    from tests import many
    from tests.assessments.conftest import OCTOBER

    as_clerk.get(url("assessments:board"))
    with django_assert_max_num_queries(60) as few:
        as_clerk.get(url("assessments:board"))
    many.communities(village, 8, firm=firm_row)
    scoring.compute(month=OCTOBER, now=DRAFTED)
    with django_assert_max_num_queries(len(few)):
        as_clerk.get(url("assessments:board"))


# ---------------------------------------------------------------- one sheet


def test_the_sheet_says_why_and_whose_turn(assessed, as_town_head):
    page = text(as_town_head.get(url("assessments:sheet", assessed.pk)))
    assert "等您复核" in page
    assert "乱堆放、楼道堆物" in page and "ENV-3" in page
    assert (
        reverse("inspections:notice-detail", args=[assessed.charges.get().evidence.finding.notices.get().pk])
        not in page
    )
    assert reverse("inspections:finding-detail", args=[assessed.charges.get().evidence.finding_id]) in page


def test_the_firm_sees_it_after_the_check(assessed, as_firm, town_head, firm):
    assert as_firm.get(url("assessments:sheet", assessed.pk)).status_code == 404
    review.approve(sheet=assessed, by=town_head, now=CHECKED)
    assert "提出申诉" in text(as_firm.get(url("assessments:sheet", assessed.pk)))


def test_explained_as_page_pdf_and_json(published, as_clerk, django_assert_max_num_queries):
    as_clerk.get(url("assessments:explain", published.pk))
    with django_assert_max_num_queries(14):
        page = as_clerk.get(url("assessments:explain", published.pk))
    assert "重算过，一致" in text(page)
    found = json.loads(as_clerk.get(url("assessments:explain", published.pk, query="?as=json")).content)
    assert (found["score_deci"], found["recomputed"]["agrees"]) == (990, True)
    assert found["areas"][0]["items"][0]["charges"][0]["rule"] == "0.5 × 2"
    serious = next(rule for rule in found["rules"] if rule["key"] == "score.factor.serious")
    assert (serious["value"], serious["first_day"]) == (2, "2004-01-01") and serious["basis"]
    assert "用到的规则" in text(page) and serious["label"] in text(page)
    assert as_clerk.get(url("assessments:explain", published.pk, query="?as=pdf")).content.startswith(b"%PDF")


def test_evidence_from_complaints_shows_neither_number_nor_words(
    community, firm_row, station_clerk, score, as_clerk, inspected
):
    from complaints.models import Complaint, UpheldComplaint

    given = {"community": community, "firm": firm_row, "text": "张三家漏水", "category": "water", "level": "firm"}
    given |= {
        "registered_on": day("2026-10-12"),
        "registered_at": at("2026-10-12 09:00"),
        "accept_by": day("2026-10-13"),
    }
    case = Complaint.objects.create(number="TS20261012-0007", state="handling", due_on=day("2026-11-15"), **given)
    facts = {"community": community, "firm": firm_row, "category": "water", "day": day("2026-10-12"), "reason": "查过"}
    UpheldComplaint.objects.create(complaint=case, is_upheld=True, by=station_clerk, at=DRAFTED, **facts)
    sheet = score()
    for page in (text(as_clerk.get(url(f"assessments:{name}", sheet.pk))) for name in ("sheet", "explain", "assess")):
        assert "停水、漏水" in page
        assert "TS20261012-0007" not in page and "张三" not in page


def test_the_assessor_decides_each(inspected, fact, score, as_clerk):
    fact(replied="2026-10-13")
    fact("HYG1", "general", due="2026-12-01")
    sheet = score()
    first, second = sheet.charges.order_by("-proposed_deci")
    page = text(as_clerk.get(url("assessments:assess", sheet.pk)))
    assert "还有 2 条没定" in page and "checked" not in page
    wrong = as_clerk.post(
        url("assessments:assess", sheet.pk), {f"d{first.pk}": "reduced", f"p{first.pk}": "9", f"r{first.pk}": "x"}
    )
    assert wrong.status_code == 422 and "不能比建议扣得多" in text(wrong)
    why = as_clerk.post(url("assessments:assess", sheet.pk), {f"d{first.pk}": "refused"})
    assert why.status_code == 422 and "写一句为什么" in text(why)
    fine = {f"d{first.pk}": "reduced", f"p{first.pk}": "０.5", f"r{first.pk}": "清了一半", "rest": "1"}
    assert as_clerk.post(url("assessments:assess", sheet.pk), fine).status_code == 302
    second.refresh_from_db()
    assert second.decision == "accepted"
    assert as_clerk.post(url("assessments:sheet-submit", sheet.pk)).status_code == 302
    assert ScoreSheet.objects.get().state == "to_check"


def test_what_is_undecided_is_told(inspected, fact, score, as_clerk):
    fact()
    page = as_clerk.post(url("assessments:sheet-submit", score().pk), follow=True)
    assert "没定" in text(page)


def test_veto_and_visit(score, as_clerk, cadre):
    sheet = score()
    assert as_clerk.post(url("assessments:sheet-veto", sheet.pk), {"reason": "火灾", "document": ""}).status_code == 422
    assert (
        as_clerk.post(
            url("assessments:sheet-veto", sheet.pk), {"reason": "火灾", "document": "消〔2026〕1号"}
        ).status_code
        == 302
    )
    assert as_clerk.post(url("assessments:sheet-visit", sheet.pk), {"on": "2027-01-01"}).status_code == 422
    assert as_clerk.post(url("assessments:sheet-visit", sheet.pk), {"on": "2026-11-02"}).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.score_deci, sheet.band) == (599, "G")


def test_approve_goes_on_and_send_back_says_why(assessed, as_town_head):
    assert as_town_head.post(url("assessments:sheet-send-back", assessed.pk), {"reason": ""}).status_code == 422
    assert as_town_head.post(url("assessments:sheet-approve", assessed.pk)).status_code == 302
    assessed.refresh_from_db()
    assert assessed.state == "checked"


def test_publish(checked, as_town_head):
    page = as_town_head.post(url("assessments:sheet-publish", checked.pk), follow=True)
    assert page.status_code in (200, 409)
    checked.refresh_from_db()
    assert checked.state == "checked"  # the window of appeal is open on this morning


# ---------------------------------------------------------------- on the spot


def photo_sent(client) -> str:
    key = str(uuid.uuid4())
    sent = client.post(url("assessments:photo-upload"), {"client_id": key, "file": upload(UNDATED)})
    assert sent.json() == {"id": key}
    return key


def test_on_the_spot_with_signal(inspected, score, as_clerk):
    sheet = score()
    item = ScoreItem.objects.get(table=sheet.table, code="FAC-4")
    given = {"client_id": str(uuid.uuid4()), "item": item.pk, "text": "没有巡检记录", "day": "2026-10-20"}
    assert "照片" in text(as_clerk.post(url("assessments:on-site-new", sheet.pk), given))
    key = photo_sent(as_clerk)
    assert as_clerk.post(url("assessments:on-site-new", sheet.pk), given | {"photos": key}).status_code == 302
    assert "没有巡检记录" in text(as_clerk.get(url("assessments:on-site-new", sheet.pk)))
    assert as_clerk.get(url("assessments:photo", key)).status_code in (200, 404)  # the worker makes the picture


def test_on_the_spot_from_the_phones_queue(inspected, score, as_clerk, as_other_cadre):
    sheet = score()
    item = ScoreItem.objects.get(table=sheet.table, code="FAC-4")
    key, photo = str(uuid.uuid4()), photo_sent(as_clerk)
    given = {
        "c": sheet.pk,
        "client_id": key,
        "item": item.pk,
        "text": "没有巡检记录",
        "day": "2026-10-20",
        "photos": photo,
    }
    gone = given | {"manifest": json.dumps({str(uuid.uuid4()): ""})}
    assert as_clerk.post(url("assessments:on-site-send"), gone).status_code == 409
    for _ in range(2):
        answer = as_clerk.post(url("assessments:on-site-send"), given | {"manifest": json.dumps({photo: ""})})
        assert answer.json()["number"] == str(sheet)
    assert ManualFact.objects.count() == 1
    assert as_clerk.post(url("assessments:on-site-send"), {"c": "x", "manifest": "["}).status_code == 422
    assert as_clerk.post(url("assessments:on-site-send"), given | {"c": 10**9}).status_code == 403


def test_decisions_from_the_phones_queue(inspected, fact, score, as_clerk, as_town_head):
    fact(replied="2026-10-13")
    sheet = score()
    charge = sheet.charges.get()
    given = {"c": sheet.pk, "client_id": str(uuid.uuid4()), "manifest": "{}", f"d{charge.pk}": "accepted"}
    for _ in range(2):
        assert as_clerk.post(url("assessments:assess-send"), given).json()["number"] == str(sheet)
    wrong = as_clerk.post(url("assessments:assess-send"), given | {f"d{charge.pk}": "refused"})
    assert (wrong.status_code, "写一句为什么" in wrong.json()["error"]) == (422, True)
    assert as_town_head.post(url("assessments:assess-send"), given).status_code == 403
    assert as_clerk.post(url("assessments:assess-send"), {"c": "x"}).status_code == 403


# ---------------------------------------------------------------- the firm


def test_points_at_stake(fact, score, as_firm, inspected):
    fact()
    score()
    page = text(as_firm.get(url("assessments:firm")))
    assert "正在记的分" in page and "乱堆放、楼道堆物" in page


def test_the_firm_appeals_and_the_leader_decides(checked, as_firm, as_, leader):
    charge = checked.charges.get()
    assert as_firm.post(url("assessments:appeal-new", checked.pk), {"text": ""}).status_code == 422
    key = photo_sent(as_firm)
    sent = as_firm.post(
        url("assessments:appeal-new", checked.pk), {"text": "当天清了", "charges": [charge.pk], "photos": key}
    )
    assert sent.status_code == 302
    appeal = Appeal.objects.get()
    assert appeal.photos.count() == 1
    desk = as_(leader)
    assert "等您决定" in text(desk.get(url("assessments:appeal-list")))
    assert desk.post(url("assessments:appeal", appeal.pk), {"upheld": "yes", "answer": ""}).status_code == 422
    assert desk.post(url("assessments:appeal", appeal.pk), {"upheld": "yes", "answer": "照片证明"}).status_code == 302
    page = text(as_firm.get(url("assessments:appeal", appeal.pk)))
    assert "成立，已更正" in page and "100.0 分" in page
    assert as_firm.post(url("assessments:appeal", appeal.pk), {"upheld": "no", "answer": "x"}).status_code == 403


# ---------------------------------------------------------------- everybody


def test_residents_read_the_score_and_why(published, stranger, community):
    page = text(stranger.get(url("assessments:public", community.code)))
    assert "99.0" in page and "乱堆放、楼道堆物" in page and "1 件，扣 1.0 分" in page
    assert "近一年" in page
    assert "纸箱" not in page  # no free words
    assert stranger.get(url("assessments:public", "ZZZZZZ")).status_code == 404


def test_put_right_by_another_version(published, as_clerk, as_town_head):
    page = url("assessments:sheet-revise", published.pk)
    assert as_town_head.get(page).status_code == 403
    assert page in text(as_clerk.get(published.get_absolute_url()))
    assert as_clerk.post(page, {"reason": " "}).status_code == 422
    answer = as_clerk.post(page, {"reason": "漏了一条"})
    made = ScoreSheet.objects.get(version=2)
    assert answer.url == made.get_absolute_url()
    assert page not in text(as_clerk.get(published.get_absolute_url()))


def test_before_anything_is_published(stranger, community):
    assert "还没有公布的考核" in text(stranger.get(url("assessments:public", community.code)))


def test_both_versions_are_public(published, score, clerk, town_head, fact, stranger, community):
    fact("HYG1", "general", on="2026-10-20", due="2026-12-01")
    sheet = score(now=PUBLISHED)
    review.accept_the_rest(sheet=sheet, by=clerk, now=PUBLISHED)
    review.submit(sheet=sheet, by=clerk, now=PUBLISHED)
    review.approve(sheet=sheet, by=town_head, now=PUBLISHED)
    review.publish(sheet=sheet, by=town_head, now=at("2026-11-24 10:00"))
    page = text(stranger.get(url("assessments:public", community.code)))
    assert "98.5" in page and "99.0 分" in page and "已更正" in page


def test_the_bulletin_leaves_nobody_out(published, neighbour_community, other_firm_row, score, as_clerk, contract):
    score()
    page = text(as_clerk.get(url("assessments:bulletin", published.month)))
    assert "关于2026年10月安置类小区物业服务考核情况的通报</title>" in page.replace(" - 荆溪镇物业办", "")
    assert "全镇安置类小区1个，公布得分1个，平均99.0分：A档1个" in page
    other = text(as_clerk.get(url("assessments:bulletin", published.month, query="?kind=developed")))
    assert "演示·滨湖花园" in other and "还没公布" in other
    assert as_clerk.get(url("assessments:bulletin-export", published.month)).status_code == 200
    assert as_clerk.get(url("assessments:bulletin", published.month, query="?kind=x")).status_code == 404


def test_half_year(as_clerk, contract):
    assert as_clerk.post(url("assessments:half-year-new"), {"year": 2026, "half": "3"}).status_code == 422
    assert as_clerk.post(url("assessments:half-year-new"), {"year": 2026, "half": "7"}).status_code == 302
    sheet = ScoreSheet.objects.get()
    assert (sheet.period_words, sheet.charges.count()) == ("2026年下半年检查", 0)
    item = sheet.table.scoreitems.first()
    on_site.add(
        sheet=sheet,
        item=item,
        text="有积水",
        day=day("2026-10-20"),
        document="检查表",
        by=sheet.events.get().by,
        now=DRAFTED,
    )
    sheet.refresh_from_db()
    assert sheet.score_deci == 1000 - item.base_deci
    assert "半年检查" in text(as_clerk.get(url("assessments:board")))


# ---------------------------------------------------------------- deposits


def test_deposits_listed_and_exported(deposit, as_clerk, as_firm):
    for client in (as_clerk, as_firm):
        assert "6,000.00" in text(client.get(url("assessments:deposit-list")))
        assert client.get(url("assessments:deposit-export")).status_code == 200
        assert client.get(url("assessments:deposit-paper", deposit.pk)).content.startswith(b"%PDF")
    for only in ("short", "unopened", "unpaid", "over", "x"):
        assert as_clerk.get(url("assessments:deposit-list", query=f"?only={only}")).status_code == 200
    assert "尾号 1234" in text(as_firm.get(url("assessments:deposit", deposit.pk)))


def test_a_deposit_is_agreed_opened_and_booked(contract, as_clerk, as_town_head):
    typed = {"contract": contract.pk, "clause": "第十八条", "holder": "业委会", "bank": "农商银行", "account": "6200"}
    typed |= {"beneficiary": "本小区公共收益", "price": "0.50", "area": "20000.00"}
    assert as_clerk.post(url("assessments:deposit-new"), typed | {"area": "0"}).status_code == 422
    assert as_clerk.post(url("assessments:deposit-new"), typed).status_code == 302
    row = Deposit.objects.get()
    assert row.opening_fen == 600_000
    entry = {"key": str(uuid.uuid4()), "kind": "open", "amount": "6,000.00", "on": "2026-11-02"}
    assert as_clerk.post(url("assessments:entry-new", row.pk), entry | {"amount": "x"}).status_code == 422
    assert as_clerk.post(url("assessments:entry-new", row.pk), entry).status_code == 302
    waiting = DepositEntry.objects.get()
    assert as_clerk.post(url("assessments:entry-book", waiting.pk)).status_code == 403
    assert as_town_head.post(url("assessments:entry-book", waiting.pk)).status_code == 302
    row.refresh_from_db()
    assert row.balance_fen == 600_000


def test_what_was_agreed_is_put_right_with_a_reason(contract, clerk, as_clerk, as_firm, town_head):
    row = deposits.agree(contract=contract, **AGREED, by=clerk, now=DRAFTED)
    page = url("assessments:deposit-amend", row.pk)
    assert page in text(as_clerk.get(row.get_absolute_url()))
    assert 'value="20000.00"' in text(as_clerk.get(page))
    typed = {name: AGREED[name] for name in ("clause", "holder", "bank", "account", "beneficiary")}
    typed |= {"price": "0.50", "area": "10000", "opening": ""}
    assert as_clerk.post(page, typed).status_code == 422  # no reason
    assert as_clerk.post(page, typed | {"why": "面积看错了"}).status_code == 302
    row.refresh_from_db()
    assert row.opening_fen == 300_000
    assert "面积看错了" in text(as_clerk.get(row.get_absolute_url()))
    assert "面积看错了" not in text(as_firm.get(row.get_absolute_url()))
    entry = deposits.propose(deposit=row, kind="open", amount_fen=300_000, on=day("2026-11-02"), by=clerk, now=DRAFTED)
    deposits.book(entry=entry, by=town_head, now=DRAFTED)
    assert as_clerk.post(page, typed | {"area": "1", "account": "7100", "why": "换了账户"}).status_code == 302
    row.refresh_from_db()
    assert (row.account, row.area_centi) == ("7100", 1_000_000)


def test_an_entry_is_sent_back(deposit, as_clerk, as_town_head, clerk):
    entry = deposits.propose(
        deposit=deposit, kind="replenish", amount_fen=100, on=day("2026-11-02"), by=clerk, now=DRAFTED
    )
    assert as_town_head.post(url("assessments:entry-refuse", entry.pk), {"why": ""}).status_code == 422
    assert as_town_head.post(url("assessments:entry-refuse", entry.pk), {"why": "没到账"}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "refused"


def test_the_banks_file_is_read_and_matched(deposit, as_clerk):
    from django.core.files.uploadedfile import SimpleUploadedFile

    def sent(data: bytes):
        file = SimpleUploadedFile("11月.csv", data, "text/csv")
        return as_clerk.post(url("assessments:bank-lines"), {"account": deposit.account, "file": file})

    assert sent(b"nothing").status_code == 422
    assert sent(STATEMENT.encode("gb18030")).status_code == 302
    page = text(as_clerk.get(url("assessments:bank-lines")))
    assert "6,000.00" in page and "记到演示·松苑小区" in page
    line = DepositBankLine.objects.get(amount_fen=600_000)
    form = text(as_clerk.get(url("assessments:entry-new", deposit.pk, query=f"?line={line.pk}")))
    assert 'value="6,000.00"' in form


def test_a_budget_is_noted(as_clerk, community):
    typed = {
        "community": community.pk,
        "party": "村居",
        "amount": "10000",
        "document": "纪要",
        "first_day": "2026-01-01",
    }
    assert as_clerk.post(url("assessments:budget-new"), typed).status_code == 302
    assert AwardBudget.objects.get().amount_fen == 10**6
    assert as_clerk.post(url("assessments:budget-new"), typed).status_code == 422  # these days are taken


# ---------------------------------------------------------------- what follows


def test_standing_of_firms(published, as_clerk):
    page = text(as_clerk.get(url("assessments:standing", query="?year=2026&quarter=4")))
    assert "演示·安居物业" in page and "99.0" in page
    for odd in ("?year=x", "?year=99999", "?quarter=9"):
        assert as_clerk.get(url("assessments:standing", query=odd)).status_code == 200


@pytest.fixture
def lowest(inspected, score, clerk, town_head) -> ScoreSheet:
    sheet = score()
    review.set_veto(sheet=sheet, reason="火灾", document="消〔2026〕1号", by=clerk, now=DRAFTED)
    review.submit(sheet=sheet, by=clerk, now=DRAFTED)
    review.approve(sheet=sheet, by=town_head, now=CHECKED)
    review.publish(sheet=sheet, by=town_head, now=PUBLISHED)
    credit.propose(now=PUBLISHED)
    return sheet


def test_a_talk_is_held(lowest, as_clerk, as_firm):
    talk = Talk.objects.get()
    assert "演示·安居物业" in text(as_clerk.get(url("assessments:talk-list")))
    assert (
        as_clerk.post(
            url("assessments:talk", talk.pk), {"held_on": "2027-01-01", "who": "林", "record": "x"}
        ).status_code
        == 422
    )
    assert (
        as_clerk.post(
            url("assessments:talk", talk.pk), {"held_on": "2026-11-02", "who": "林志明", "record": "整改"}
        ).status_code
        == 302
    )
    assert "林志明" in text(as_firm.get(url("assessments:talk-list")))


def test_the_credit_file_by_two(lowest, as_clerk, as_town_head, as_firm):
    event = lowest.credit_events.get(kind="veto")
    assert "一票否决" in text(as_clerk.get(url("assessments:credit-list")))
    assert as_clerk.post(url("assessments:credit-event", event.pk), {"step": "examine", "text": ""}).status_code == 422
    as_clerk.post(url("assessments:credit-event", event.pk), {"step": "examine", "text": "属实"})
    as_town_head.post(url("assessments:credit-event", event.pk), {"step": "confirm"})
    as_clerk.post(
        url("assessments:credit-event", event.pk), {"step": "report", "on": "2026-11-03", "document": "镇〔2026〕3号"}
    )
    event.refresh_from_db()
    assert (event.state, event.document) == ("confirmed", "镇〔2026〕3号")
    assert "记入" in text(as_firm.get(url("assessments:credit-list")))


def test_random_checks(assessed, on_the_spot, score, as_town_head, clerk, town_head, as_, second_clerk):
    review.send_back(sheet=assessed, reason="再看看", by=town_head, now=CHECKED)
    on_the_spot()
    review.submit(sheet=score(now=CHECKED), by=clerk, now=CHECKED)
    assert "还没有抽查" in text(as_town_head.get(url("assessments:spot-check-list")))
    assert as_town_head.post(url("assessments:spot-draw"), {"month": "2026-10", "seed": "7 3 9"}).status_code == 302
    check = SpotCheck.objects.get()
    desk = as_(second_clerk)
    assert desk.post(url("assessments:spot-check", check.pk), {"same": "yes", "note": ""}).status_code == 422
    assert desk.post(url("assessments:spot-check", check.pk), {"same": "yes", "note": "当场清了"}).status_code == 302
    assert "一致" in text(desk.get(url("assessments:spot-check-list")))


def test_stars_by_two_in_a_public_register(published, as_clerk, as_town_head, stranger, firm_row):
    from assessments import stars

    hand = {f"c{row.pk}": row.most for row in stars.criteria(2026) if row.source == "hand"}
    assert (
        as_clerk.post(url("assessments:star-new", query="?year=2026"), {"firm": firm_row.pk, "year": 2026}).status_code
        == 422
    )
    assert (
        as_clerk.post(
            url("assessments:star-new", query="?year=2026"), {"firm": firm_row.pk, "year": 2026, **hand}
        ).status_code
        == 302
    )
    row = StarRating.objects.get()
    assert (row.total, row.stars) == (99, 5)
    assert "演示·安居物业" not in text(stranger.get(url("assessments:star-list", query="?year=2026")))
    assert as_clerk.post(url("assessments:star-confirm", row.pk)).status_code == 403
    assert as_town_head.post(url("assessments:star-confirm", row.pk)).status_code == 302
    assert "5 星" in text(stranger.get(url("assessments:star-list", query="?year=2026")))


# ---------------------------------------------------------------- the admin


def admin(name, *args, query="") -> str:
    return reverse(f"admin:assessments_scoresheet_{name}", args=args) + query


def test_the_month_in_the_admin(assessed, as_town_head, django_assert_max_num_queries, neighbour_community):
    month = admin("changelist", query="?first_day=2026-10-01")
    assert "2026年10月" in text(as_town_head.get(admin("changelist")))
    with django_assert_max_num_queries(12):  # four of them are the person's and the frame's
        page = text(as_town_head.get(month))
    assert "演示·松苑小区" in page and "99.0" in page
    assert "不考核的小区" in page
    for turn in ("assess", "check", "publish", "appealed", "uninspected"):
        assert as_town_head.get(admin("changelist", query=f"?turn={turn}")).status_code == 200
    assert as_town_head.get(admin("changelist", query="?first_day=x")).status_code == 200
    assert "等您复核" in text(as_town_head.get(admin("change", assessed.pk)))


def test_many_pass_after_a_summary(assessed, as_town_head):
    chosen = {"action": "approve_selected", "_selected_action": [assessed.pk]}
    assert "平均 99.0 分" in text(as_town_head.post(admin("changelist"), chosen))
    assessed.refresh_from_db()
    assert assessed.state == "to_check"
    page = as_town_head.post(admin("changelist"), chosen | {"confirmed": "1"}, follow=True)
    assert "1 份办好了" in text(page)
    again = as_town_head.post(admin("changelist"), chosen | {"confirmed": "1"}, follow=True)
    assert "先看新的" in text(again)


def test_many_are_sent_back_with_a_reason(assessed, as_town_head):
    chosen = {"action": "send_back_selected", "_selected_action": [assessed.pk], "confirmed": "1"}
    assert as_town_head.post(admin("changelist"), chosen | {"reason": ""}).status_code == 422
    assert as_town_head.post(admin("changelist"), chosen | {"reason": "重看"}).status_code == 302
    assessed.refresh_from_db()
    assert assessed.state == "draft"


def test_tables_in_the_admin(as_, administrator, score, contract, town_head):
    score()
    desk = as_(administrator)
    page = reverse("admin:assessments_scoretable_changelist")
    table = ScoreSheet.objects.get().table
    assert "ST-2026-S" in text(desk.get(page))
    done = desk.post(page, {"action": "copy_selected", "_selected_action": [table.pk]}, follow=True)
    assert "1 张办好了" in text(done)
    made = type(table).objects.get(code=table.code, first_day=day("2026-12-01"))
    assert desk.get(reverse("admin:assessments_scoretable_change", args=[made.pk])).status_code == 200
    checked = as_(town_head).post(page, {"action": "check_selected", "_selected_action": [made.pk]}, follow=True)
    assert "1 张办好了" in text(checked)


def test_the_command_checks_all_history(published, capsys):
    from django.core.management import call_command

    bookings.book_published(now=PUBLISHED)
    call_command("recompute_scores", "--check")
    assert "全部一致" in capsys.readouterr().out


def test_an_appeal_decided_is_shown_beside(checked, firm, leader, as_clerk):
    appeal = appeals.file(sheet=checked, text="不对", charges=[checked.charges.get()], by=firm, now=CHECKED)
    appeals.decide(appeal=appeal, upheld=False, answer="维持", by=leader, now=CHECKED)
    assert "企业申诉：不成立" in text(as_clerk.get(url("assessments:sheet", checked.pk)))
