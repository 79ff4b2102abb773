"""The fund's desks in a real browser: the bank's file and its lines, first deposits, receipts."""

from datetime import date

import pytest
from django.urls import reverse

from accounts import code_sheets
from maintenance_fund import disclosure, first_deposits, investments, passing_on, receipts, renewal_papers, renewals
from maintenance_fund.models import BankLine, PostingProposal, RenewalNotice
from tests.browser import eyes
from tests.maintenance_fund import conftest as fund
from tests.maintenance_fund.test_bank import FILE

fund_clerk, fund_checker, units, book, bank = fund.fund_clerk, fund.fund_checker, fund.units, fund.book, fund.bank
seal, opened, series = fund.seal, fund.opened, fund.series  # people, places and a book of its tests


def page_of(name, *args):
    return reverse(f"maintenance_fund:{name}", args=args)


@pytest.fixture
def statement(tmp_path):
    path = tmp_path / "对账单.csv"
    path.write_bytes(FILE.encode("gb18030"))
    return path


def test_a_line_of_the_bank_becomes_a_renewal(
    signed_in, town, opened, community, statement, series, fund_clerk, fund_checker
):
    page = signed_in(fund_clerk)
    page.goto(page_of("bank-new", community.pk))
    eyes.look(page, "fund-bank-new")
    page.set_input_files("#id_file", statement)
    page.click("main button:has-text('读文件，导入')")
    page.wait_for_selector("text=导入了 3 笔")
    eyes.look(page, "fund-bank")
    page.goto(BankLine.objects.get(reference="A1").get_absolute_url())
    page.click("main a:has-text('03-1-0102')")
    page.click("label:has-text('续交')")
    page.fill("#id_code", "ZJ")
    page.fill("#id_number", "1")
    eyes.look(page, "fund-bank-line")
    page.click("main button:has-text('记到这一户')")
    page.wait_for_selector("text=等另一个人复核")
    page = signed_in(fund_checker)
    page.goto(PostingProposal.objects.open().get().get_absolute_url())
    page.click("text=复核通过，入账")
    page.wait_for_selector("text=入账了，凭证号")
    assert BankLine.objects.matched().count() == 1


def test_a_building_is_assessed_and_its_receipts_are_found(
    signed_in, town, opened, building, units, series, bank, community, fund_clerk, fund_checker, seal, now
):
    say = {"first_day": date(2025, 1, 1), "fen_per_m2": 200_000, "basis": "演示〔2025〕1号", "by": fund_clerk}
    first_deposits.check_cost(cost=first_deposits.enter_cost(**say, now=now), by=fund_checker)
    type(building).objects.update(floors=6)
    page = signed_in(fund_clerk)
    for name in ("costs", "tenders"):
        page.goto(page_of(name))
        eyes.look(page, f"fund-{name}")
    page.goto(page_of("assessment-new", community.pk))
    page.select_option("#id_building", str(building.pk))
    page.fill("#id_developer", "演示建设公司")
    page.fill("#id_assessed_on", "2026-03-02")
    eyes.look(page, "fund-assessment-new")
    page.click("main button:has-text('算一算')")
    page.wait_for_selector("text=还没交齐")
    eyes.look(page, "fund-assessment")
    page.click("main a:has-text('记交存')")
    for field, value in {"paid_on": "2026-03-02", "code": "ZJ", "first_number": "1"}.items():
        page.fill(f"#id_{field}", value)
    page.click("main button:has-text('提交复核')")
    page.wait_for_selector("text=4 户")
    seal(PostingProposal.objects.open().get())
    page.goto(page_of("assessments", community.pk))
    eyes.look(page, "fund-assessments")
    page.goto(page_of("receipts", series.pk))
    eyes.look(page, "fund-receipts")
    assert receipts.overview()[0]["issued"] == 4


def test_renewing_from_the_batch_to_the_list(
    signed_in, town, opened, book, bank, units, community, fund_clerk, resident, now, today
):
    from communities.models import Ownership, Person

    say = {"decided_on": date(2026, 2, 1), "document": "演示决议2号", "instalments": 3, "months_apart": 2}
    renewals.enter_plan(book=book, by=fund_clerk, now=now, **say)
    page = signed_in(fund_clerk)
    page.goto(page_of("renewals", community.pk))
    page.click("main button:has-text('发续交通知书')")
    page.wait_for_selector("text=正在排版")
    renewal_papers.make_waiting(now=now)
    page.reload()
    page.wait_for_selector("text=第 1 本")
    eyes.look(page, "fund-batch")
    notice = RenewalNotice.objects.get()
    renewals.receive(notice=notice, on=today, delivery="hand", by=fund_clerk, now=now)
    page.goto(page_of("renewal-step", notice.pk))
    page.click("label:has-text('拒绝续交')")
    page.fill("#id_note", "说下个月再交")
    page.click("main button:has-text('登记')")
    page.wait_for_selector("text=说下个月再交")
    eyes.look(page, "fund-renewal")
    take = {"collector": "firm", "name": "演示物业", "amount_fen": 5000, "received_on": date(2026, 11, 2)}
    passing_on.take(unit=units[1], **take, by=fund_clerk, now=now)
    for name in ("collections", "renewals", "renewal-list"):
        page.goto(page_of(name, community.pk))
        eyes.look(page, f"fund-{name}-desk")
    person = Person.objects.create(name="王桂兰", user=resident)
    Ownership.objects.create(unit=units[1], person=person, first_day=date(2020, 1, 1))
    page = signed_in(resident)
    page.goto(page_of("objection-new", units[1].pk))
    page.fill("#id_text", "三月的分摊我看不懂")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("text=前答复")
    eyes.look(page, "fund-household-objection")


def test_deposits_objections_and_the_second_step(
    signed_in, page, town, opened, book, bank, units, community, fund_clerk, resident, seal, now, administrator
):
    say = {"kind": "deposit", "name": "90001234", "principal_fen": 100_000, "rate_bp": 275, "decision": "演示批复1号"}
    say |= {"bought_on": date(2026, 3, 2), "matures_on": date(2026, 9, 2), "bank_account": bank}
    seal(investments.buy(book=book, **say, by=fund_clerk, now=now))
    disclosure.object_to(unit=units[0], text="三月的分摊我看不懂", by=resident, now=now)
    page = signed_in(fund_clerk)
    for name, *args in [("investments", community.pk), ("objections",), ("income-new", community.pk)]:
        page.goto(page_of(name, *args))
        eyes.look(page, f"fund-{name}")
    page = signed_in(administrator)
    page.goto(reverse("accounts:code-sheet-list"))
    eyes.look(page, "fund-code-list")
    page.goto(reverse("accounts:code-sheet-new", args=[fund_clerk.pk]))
    page.click("main button:has-text('发一张')")
    page.wait_for_selector("text=只显示这一次")
    eyes.look(page, "fund-code-sheet")
    codes = code_sheets.issue(user=fund_clerk, by=administrator, now=now)
    page.context.clear_cookies()
    page.goto(reverse("accounts:sign-in"))
    page.fill("#id_username", fund_clerk.username)
    page.fill("#id_password", "yigewanmeidemima")
    page.click("main button:has-text('登录')")
    page.wait_for_selector("text=再输一个验证码")
    eyes.look(page, "fund-second-step")
    page.fill("#code", codes[0])
    page.click("main button:has-text('登录')")
    page.wait_for_url("**/office/**")
