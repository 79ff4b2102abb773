"""The repair fund in a real browser: from the opening list to a household that has renewed."""

from datetime import date

import pytest
from django.urls import reverse

from maintenance_fund.models import PostingProposal, RenewalNotice, Transaction
from tests.browser import eyes
from tests.maintenance_fund import conftest as fund
from tests.maintenance_fund.test_books import HEADER, workbook

fund_clerk, fund_checker, units = fund.fund_clerk, fund.fund_checker, fund.units  # people and places of its tests


def page_of(name, *args):
    return reverse(f"maintenance_fund:{name}", args=args)


@pytest.fixture
def list_of(tmp_path, units):
    """The agency's list as a file: one household is a fen below the line."""
    lefts = ["300.00", "299.99", "800.00", "650.10"]
    rows = [[unit.code, "1,000.00", "2016-06-12", left] for unit, left in zip(units, lefts, strict=True)]
    path = tmp_path / "分户清单.xlsx"
    path.write_bytes(workbook(HEADER, *rows).read())
    return path


def test_from_the_opening_to_a_renewed_household(
    signed_in, town, community, units, list_of, fund_clerk, fund_checker, resident
):
    page = signed_in(fund_clerk)
    page.goto(page_of("books"))
    page.click("summary:has-text('选一个建账')")
    page.click(f"text=给{community}建账")
    page.fill("#id_agency", "演示·荆溪县物业维修资金管理中心")
    page.fill("#id_first_month", "2026-01-01")
    page.fill("#id_bank", "演示·农商银行")
    page.fill("#id_number", "6200001234")
    eyes.look(page, "fund-book-new")
    page.click("main button:has-text('建账')")
    page.wait_for_selector("text=接着录期初余额")
    page.set_input_files("#id_file", list_of)
    page.fill("#id_bank_total", "2,050.09")
    page.fill("#id_as_of", "2026-01-01")
    eyes.look(page, "fund-opening")
    page.click("main button:has-text('读清单')")
    page.wait_for_selector("text=等另一个人复核")
    _check(signed_in(fund_checker), "fund-proposal")
    _renew(signed_in(fund_clerk), community, units[1])
    _check(signed_in(fund_checker), None)
    _read(signed_in(resident), resident, units[1], page_of("public", community.code))
    page = signed_in(fund_clerk)
    page.goto(page_of("ledger", community.pk))
    eyes.look(page, "fund-ledger")
    page.goto(page_of("households", community.pk))
    eyes.look(page, "fund-households")
    assert Transaction.objects.count() == 2


def _check(page, shot):
    page.goto(PostingProposal.objects.open().get().get_absolute_url())
    if shot:
        eyes.look(page, shot)
    page.click("text=复核通过，入账")
    page.wait_for_selector("text=入账了，凭证号")
    if shot:
        eyes.look(page, "fund-voucher")


def _renew(page, community, unit):
    """Notices go out, the money comes in with its receipt."""
    page.goto(page_of("renewals", community.pk))
    page.click("text=给这 1 户发续交通知书")
    page.wait_for_selector("text=发了 1 份续交通知书")
    eyes.look(page, "fund-renewals")
    page.goto(page_of("series"))
    for field, value in {"code": "ZJ", "first_no": "1", "last_no": "50", "received_on": "2026-01-05"}.items():
        page.fill(f"#id_{field}", value)
    page.click("main button:has-text('登记')")
    page.wait_for_selector("text=登记好了")
    eyes.look(page, "fund-series")
    page.goto(page_of("deposit-new", community.pk))
    page.click("label:has-text('续交')")
    for field, value in {"unit": unit.code, "amount": "700.01", "code": "ZJ", "number": "1"}.items():
        page.fill(f"#id_{field}", value)
    eyes.look(page, "fund-deposit")
    page.click("main button:has-text('提交复核')")
    page.wait_for_selector("text=等另一个人复核")


def _read(page, resident, unit, public):
    """The owner sees each line; everybody sees the totals."""
    from communities.models import Ownership, Person

    person = Person.objects.create(name="王桂兰", user=resident)
    Ownership.objects.create(unit=unit, person=person, first_day=date(2020, 1, 1))
    page.goto(page_of("own"))
    page.wait_for_selector("text=我家维修资金")
    page.wait_for_selector("text=1,000.00")
    eyes.look(page, "fund-household")
    page.goto(public)
    eyes.look(page, "fund-public")
    assert RenewalNotice.objects.open().get().unit == unit
