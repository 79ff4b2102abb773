"""Fees that came in and supervised accounts, month by month, totals alone. R15, R16"""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from communities import monthly
from communities.models import Contract, FeeMonth, SupervisedAccount, SupervisedMonth
from lib.periods import month_of
from tests import queries

from .test_constraints import in_order, refused_by, twice

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST, PUBLIC = reverse("communities:fee-list"), reverse("communities:supervised")


@pytest.fixture
def this_month(today):
    return month_of(today)


@pytest.fixture
def fees(community, firm, this_month, now):
    return monthly.report_fees(
        community=community, month=this_month, due_fen=1_000_000, received_fen=953_999, by=firm, now=now
    )


@pytest.fixture
def account(community, firm_row, station_head, days_ago, now):
    return monthly.open_account(
        community=community, bank="演示银行", tail="0018", first_day=days_ago(200), by=station_head, now=now
    )


def report(account, firm, month, now, **fen) -> SupervisedMonth:
    return monthly.report_account(account=account, month=month, by=firm, now=now, **fen)


# ---------------------------------------------------------------- fees


RATES = [(3, 2, "66.6%"), (1000, 999, "99.9%"), (5, 5, "100.0%"), (0, 0, "—")]


@pytest.mark.parametrize(("due", "received", "words"), RATES)
def test_the_rate_is_rounded_down(due, received, words):
    assert monthly.rate_text(FeeMonth(due_fen=due, received_fen=received)) == words


def test_nothing_reported_is_a_dash():
    assert monthly.rate_text(None) == "—"


def test_reported_again_it_is_corrected(fees, community, firm, this_month, now):
    again = monthly.report_fees(
        community=community, month=this_month, due_fen=1_000_000, received_fen=1_000_000, by=firm, now=now
    )
    assert again.pk == fees.pk and FeeMonth.objects.get().received_fen == 1_000_000


def test_only_the_firm_of_the_month(community, firm, other_firm, station_head, this_month, today, now):
    say = {"community": community, "due_fen": 1, "received_fen": 1, "now": now}
    for by in (other_firm, station_head):
        with pytest.raises(PermissionDenied):
            monthly.report_fees(month=this_month, by=by, **say)
    Contract.objects.filter(community=community).update(last_day=this_month.first_day)
    assert monthly.report_fees(month=this_month, by=firm, **say)
    Contract.objects.filter(community=community).update(last_day=this_month.first_day - DAY)
    with pytest.raises(PermissionDenied):
        monthly.report_fees(month=this_month, by=firm, **say)


def test_not_ahead_and_not_more_than_due(community, firm, this_month, now):
    say = {"community": community, "due_fen": 1, "by": firm, "now": now}
    with pytest.raises(ValidationError, match="还没到"):
        monthly.report_fees(month=this_month.next, received_fen=1, **say)
    with pytest.raises(ValidationError, match="不能多于应收"):
        monthly.report_fees(month=this_month, received_fen=2, **say)


def test_nobody_is_named():
    columns = {field.name for field in FeeMonth._meta.get_fields()}
    assert not columns & {"person", "user", "payer", "owner"}


def test_a_month_another_firm_reported(fees, community, other_firm, other_firm_row, this_month, now):
    Contract.objects.filter(community=community).update(last_day=this_month.first_day)
    next_day = this_month.first_day + DAY
    Contract.objects.create(community=community, firm=other_firm_row, kind="owners", first_day=next_day)
    with pytest.raises(ValidationError, match="已经报过"):
        monthly.report_fees(community=community, month=this_month, due_fen=1, received_fen=1, by=other_firm, now=now)


# ---------------------------------------------------------------- supervised accounts


def test_a_month_opens_with_what_the_last_closed_with(account, firm, this_month, now):
    first = report(account, firm, this_month.previous, now, opening_fen=1000, income_fen=500, expense_fen=200)
    second = report(account, firm, this_month, now, opening_fen=99, income_fen=1, expense_fen=0)
    assert (first.closing_fen, second.opening_fen, second.closing_fen) == (1300, 1300, 1301)


def test_a_month_before_the_last_is_not_moved(account, firm, this_month, now):
    report(account, firm, this_month.previous, now, opening_fen=1000, income_fen=500, expense_fen=200)
    report(account, firm, this_month, now, income_fen=1, expense_fen=0)
    with pytest.raises(ValidationError, match="后面的月份"):
        report(account, firm, this_month.previous, now, opening_fen=1000, income_fen=501, expense_fen=200)
    same = {"opening_fen": 1000, "income_fen": 500, "expense_fen": 200}
    assert report(account, firm, this_month.previous, now, what="电费", **same).what == "电费"
    with pytest.raises(ValidationError, match="后面的月份"):
        report(account, firm, this_month.previous.previous, now, income_fen=1, expense_fen=0)


def test_not_below_zero(account, firm, this_month, now):
    with pytest.raises(ValidationError, match="不够支出"):
        report(account, firm, this_month, now, income_fen=1, expense_fen=2)


def test_constraints(account, fees, community, firm, firm_row, this_month, now):
    by = {"reported_by": firm, "reported_at": now}
    month = this_month.previous.first_day
    row = {"community": community, "firm": firm_row, "due_fen": 1, "received_fen": 1, **by}
    refused_by("fee_month_once", FeeMonth(month=this_month.first_day, **row))
    refused_by("fee_month_first_day", FeeMonth(month=month + DAY, **row))
    refused_by("fee_month_amounts", FeeMonth(month=month, **{**row, "received_fen": 2}))
    of = {"community": community, "bank": "演示银行", "tail": "0018"}
    refused_by("supervised_account_days", in_order(SupervisedAccount, **of))
    SupervisedAccount.objects.all().delete()
    refused_by("supervised_account_one", *twice(SupervisedAccount, **of))
    refused_by("supervised_account_tail", SupervisedAccount(first_day=month, **{**of, "tail": "18"}))


def test_constraints_of_months(account, firm, this_month, now):
    row = {"account": account, "reported_by": firm, "reported_at": now, "opening_fen": 5, "expense_fen": 0}
    one = {**row, "income_fen": 1, "closing_fen": 6}
    month = this_month.first_day
    refused_by("supervised_month_once", SupervisedMonth(month=month, **one), SupervisedMonth(month=month, **one))
    refused_by("supervised_month_first_day", SupervisedMonth(month=month + DAY, **one))
    refused_by("supervised_month_adds_up", SupervisedMonth(month=month, **{**one, "closing_fen": 7}))
    earlier = SupervisedMonth(month=this_month.previous.first_day, **one)
    refused_by("supervised_month_follows", earlier, SupervisedMonth(month=month, **one))


# ---------------------------------------------------------------- pages


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def text(answer) -> str:
    return answer.content.decode()


def test_the_list_and_one_community(fees, community, neighbour_community, as_station_head):
    page = text(as_station_head.get(LIST))
    assert "95.3%" in page and neighbour_community.name not in page
    page = text(as_station_head.get(at("communities:fee-detail", community.pk)))
    assert "10,000.00" in page and "9,539.99" in page
    assert as_station_head.get(LIST, {"q": "\0", "page": "x", "village": "x"}).status_code == 200


def test_a_firm_reports_on_the_page(community, as_firm, this_month):
    where = at("communities:fee-new", community.pk)
    data = {"month": str(this_month), "due_fen": "１０，０００元", "received_fen": "9 539.99"}
    wrong = as_firm.post(where, {**data, "received_fen": "许多"})
    assert wrong.status_code == 422 and "许多" in text(wrong) and "金额写成数字" in text(wrong)
    assert as_firm.post(where, {**data, "month": "2020-13"}).status_code == 422
    assert as_firm.post(where, {**data, "received_fen": "-1"}).status_code == 422
    assert as_firm.post(where, data).status_code == 302
    assert FeeMonth.objects.get().received_fen == 953_999


def test_a_supervised_account_on_its_pages(community, firm_row, as_firm, as_station_head, this_month, today, stranger):
    where = at("communities:account-new", community.pk)
    assert as_station_head.post(where, {"bank": "演示银行", "tail": "18", "first_day": today}).status_code == 422
    assert as_station_head.post(where, {"bank": "演示银行", "tail": "0018", "first_day": today}).status_code == 302
    account = SupervisedAccount.objects.get()
    where = at("communities:account-month-new", account.pk)
    data = {"month": str(this_month), "opening_fen": "10", "income_fen": "5.50", "expense_fen": "3", "what": "电梯维保"}
    assert as_firm.post(where, {**data, "expense_fen": "99"}).status_code == 422
    assert as_firm.post(where, data).status_code == 302
    page = text(stranger.get(PUBLIC))
    assert "12.50" in page and "电梯维保" in page and "尾号 0018" in page and "林志明" not in page


def test_who_sees_fees(fees, community, as_, other_firm, other_cadre, cadre, leader, resident, stranger):
    where = at("communities:fee-detail", community.pk)
    for user, status in ((cadre, 200), (leader, 200), (other_cadre, 404), (other_firm, 404), (resident, 403)):
        assert as_(user).get(where).status_code == status, user
    assert stranger.get(where).status_code == 302 and stranger.post(PUBLIC).status_code == 405


def test_the_export(fees, as_clerk):
    book = b"".join(as_clerk.get(at("communities:fee-list-export")))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "演示·松苑小区" and rows[1][3:6] == [10000.0, 9539.99, "95.3%"]


def test_the_list_takes_the_same_queries(fees, village, firm, firm_row, as_clerk, now):
    from communities.models import Community

    few = queries.of(as_clerk, LIST)
    for number in range(6):
        place = Community.objects.create(name=f"演示·{number}", village_committee=village, kind="other")
        FeeMonth.objects.create(
            community=place, firm=firm_row, month=date(2026, 11, 1), due_fen=2, received_fen=1, reported_by=firm,
            reported_at=now,
        )  # fmt: skip
    assert queries.of(as_clerk, LIST) == few
