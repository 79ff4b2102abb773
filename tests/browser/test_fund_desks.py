"""The fund's desks in a real browser: the bank's file and its lines, first deposits, receipts."""

from datetime import date

import pytest
from django.urls import reverse

from maintenance_fund import first_deposits, receipts
from maintenance_fund.models import BankLine, PostingProposal
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
