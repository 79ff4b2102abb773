"""A household's account as its owner, the office and strangers see it; the public page."""

from datetime import date

import pytest
from django.urls import reverse

from maintenance_fund import heads, households


def page(name, *args):
    return reverse(name, args=args)


@pytest.fixture
def spent(opened, propose, seal, out):
    """The first household paid 50.00 for the roof in April, after it changed hands."""
    return seal(propose(out(5_000), kind="use", memo="3幢屋面防水，按面积分摊", dated_on=date(2026, 4, 2)))


def test_the_account_adds_up_to_the_fen(spent, units):
    account = households.statement(units[0])
    assert account.balance == 25_000
    assert [(row.label, row.moved, row.balance) for row in account.rows] == [
        ("期初余额", 30_000, 30_000),
        ("维修支出", -5_000, 25_000),
    ]
    assert account.first_deposit == 100_000
    assert sum(fen for _, fen in account.sums) == account.balance
    assert (account.percent, account.bar) == ("25.00", 25)


def test_the_owner_sees_lines_since_they_own_and_what_stood_before(as_resident, spent, units):
    shown = as_resident.get(page("maintenance_fund:household", units[0].pk)).content.decode()
    assert "250.00" in shown and "3幢屋面防水，按面积分摊" in shown
    assert "请续交 750.00 元" in shown and "您成为业主以前的余额" in shown
    assert "<b>期初余额</b>" not in shown


def test_the_neighbour_is_a_stranger(as_resident, spent, units):
    for name in ("household", "household-paper", "household-export"):
        assert as_resident.get(page(f"maintenance_fund:{name}", units[1].pk)).status_code == 404


def test_the_office_sees_every_line_and_its_voucher(as_clerk, spent, units):
    shown = as_clerk.get(page("maintenance_fund:household", units[0].pk)).content.decode()
    assert "期初余额" in shown and page("maintenance_fund:voucher", spent.pk) in shown


@pytest.mark.parametrize("who", ["cadre", "firm", "station_head", "leader"])
def test_others_see_no_household(who, request, as_, spent, units):
    client = as_(request.getfixturevalue(who))
    assert client.get(page("maintenance_fund:household", units[0].pk)).status_code == 404


def test_a_household_without_lines(as_clerk, book, units):
    shown = as_clerk.get(page("maintenance_fund:household", units[0].pk)).content.decode()
    assert "还没有记录" in shown and "没有登记首期交存" in shown


def test_own_leads_to_the_one_household(as_resident, as_cadre, book, units):
    answer = as_resident.get(page("maintenance_fund:own"))
    assert answer["Location"] == page("maintenance_fund:household", units[0].pk)
    assert "没找到您的户" in as_cadre.get(page("maintenance_fund:own")).content.decode()


def test_on_paper_and_as_a_workbook(as_resident, spent, units):
    paper = as_resident.get(page("maintenance_fund:household-paper", units[0].pk))
    assert paper.content[:5] == b"%PDF-"
    sheet = as_resident.get(page("maintenance_fund:household-export", units[0].pk))
    assert b"".join(sheet.streaming_content)[:2] == b"PK"


def test_everybody_sees_totals_and_no_household(stranger, spent, community, units, django_assert_max_num_queries):
    heads.publish()
    url = page("maintenance_fund:public", community.code)
    with django_assert_max_num_queries(25):
        shown = stranger.get(url).content.decode()
    assert "1,354.99" in shown and "3幢屋面防水" in shown and heads.latest().words in shown
    assert not any(unit.code in shown for unit in units)
    assert stranger.get(url.lower()).status_code == 200
    assert stranger.get(page("maintenance_fund:public", "ZZZZZZ")).status_code == 404


def test_an_owner_since_the_buyer_of_two_stretches_reads_from_the_first_without_a_break(as_resident, resident, units):
    from communities.models import Ownership

    mine = Ownership.objects.get(person__user=resident)
    today = date(2026, 11, 1)
    assert households.since_for(resident, units[0], today=today) == mine.first_day


def test_every_line_opens_for_its_household_alone(as_resident, as_clerk, opened, units, propose, seal, out):
    work = seal(propose(out(10_000), kind="use", memo="3幢屋面防水，按面积分摊"))
    line = reverse("maintenance_fund:household-line", args=[units[0].pk, work.pk])
    assert line in as_resident.get(reverse("maintenance_fund:household", args=[units[0].pk])).content.decode()
    shown = as_resident.get(line).content.decode()
    assert "3幢屋面防水" in shown and "−100.00" in shown and "看凭证全部分录" not in shown
    assert "看凭证全部分录" in as_clerk.get(line).content.decode()
    before = reverse("maintenance_fund:household-line", args=[units[0].pk, opened.pk])  # before they owned it
    other = reverse("maintenance_fund:household-line", args=[units[1].pk, opened.pk])
    assert [as_resident.get(url).status_code for url in (before, other)] == [404, 404]
    assert as_clerk.get(other).status_code == 200
