"""Around notices to renew: plans and instalments, batches, copies, refusals, reminders, lists, collected money."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts import notifications
from accounts.models import Message
from lib.periods import months_after
from lib.states import WrongState
from maintenance_fund import passing_on, receipts, renewal_course, renewal_papers, renewals
from maintenance_fund.models import Collection, Fund, PostingProposal, RenewalBatch, RenewalNotice, RenewalStep
from tests.lib.pdf_text import characters


def page(name, *args):
    return reverse(name, args=args)


@pytest.fixture
def plan(book, fund_clerk, now):
    say = {"decided_on": date(2026, 2, 1), "document": "业主大会决议〔2026〕2号", "instalments": 3, "months_apart": 1}
    return renewals.enter_plan(book=book, by=fund_clerk, now=now, **say)


@pytest.fixture
def batch(opened, book, fund_clerk, now):
    return renewals.issue(book=book, by=fund_clerk, now=now)


@pytest.fixture
def notice(batch):
    return batch.notices.get()


@pytest.fixture
def pay(units, bank, series, fund_clerk, seal, now, today):
    def make(fen, number):
        say = {"unit": units[1], "kind": "renewal", "amount_fen": fen, "bank_account": bank, "paid_on": today}
        return seal(receipts.record(**say, code="ZJ", number=number, by=fund_clerk, now=now))

    return make


# ---------------------------------------------------------------- plan and instalments


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_later(day, months, later):
    assert months_after(day, months) == later


def test_instalments_add_up_and_begin_with_the_last_day_of_the_notice(plan, notice, fund_clerk, now, today):
    assert renewal_course.schedule(notice) == []
    renewals.receive(notice=notice, on=today, delivery="hand", by=fund_clerk, now=now)
    parts = renewal_course.schedule(notice)
    assert [part.amount for part in parts] == [23_334, 23_334, 23_333] and parts[-1].by_then == 70_001
    assert parts[0].due == notice.due_on and parts[0].due < parts[1].due < parts[2].due


def test_behind_is_who_has_paid_less_than_the_parts_that_are_over(plan, notice, fund_clerk, now, today):
    renewals.receive(notice=notice, on=today, delivery="hand", by=fund_clerk, now=now)
    first, second, _ = renewal_course.schedule(notice)
    behind = renewal_course.is_behind
    assert not behind(notice, 0, today=first.due) and behind(notice, 0, today=first.due + timedelta(days=1))
    assert not behind(notice, 23_334, today=second.due) and behind(notice, 23_334, today=second.due + timedelta(days=1))


def test_a_committee_that_keeps_the_book_issues_by_its_plan(opened, book, plan, fund_clerk, now):
    book.keeper = Fund.Keeper.COMMITTEE
    notice = renewals.issue(book=book, by=fund_clerk, now=now).notices.get()
    assert notice.agency == "演示·松苑小区业主委员会" and notice.plan == plan


def test_a_plan_is_entered_on_its_page(as_fund_clerk, as_clerk, opened, community):
    url = page("maintenance_fund:renewal-plan", community.pk)
    sent = {"decided_on": "2026-02-01", "document": "决议", "target": 120, "instalments": 4, "months_apart": 0}
    assert as_clerk.get(url).status_code == 403
    wrong = as_fund_clerk.post(url, sent)
    assert wrong.status_code == 422 and "每期隔 1 到 12 个月" in wrong.content.decode()
    assert as_fund_clerk.post(url, sent | {"months_apart": 2}).status_code == 302
    assert renewals.plan_of(community.pk).target_bp == 12_000
    shown = as_clerk.get(page("maintenance_fund:renewals", community.pk)).content.decode()
    assert "分 4 期" in shown and "共要续交 900.01 元" in shown


# ---------------------------------------------------------------- batches


def test_the_worker_makes_the_papers_once(batch, now, plan):
    assert (renewal_papers.make_waiting(now=now), renewal_papers.make_waiting(now=now)) == (1, 0)
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.finished) == ("ready", 1, True)


def test_a_batch_whose_worker_died_is_taken_up(batch, now):
    RenewalBatch.objects.update(state="working", claimed_at=now)
    assert renewal_papers.make_waiting(now=now + timedelta(minutes=4)) == 0
    assert renewal_papers.make_waiting(now=now + timedelta(minutes=6)) == 1


def test_a_batch_that_takes_long_is_left_to_its_worker(batch, now, monkeypatch):
    begun = now - timedelta(minutes=20)
    made = lambda path, file: seen.append(renewal_papers.to_make(now).count())  # noqa: E731
    seen = []
    monkeypatch.setattr(renewal_papers, "parts_of", lambda batch: 2)
    monkeypatch.setattr(renewal_papers.default_storage, "save", made)
    renewal_papers.make_waiting(now=begun)
    assert seen == [1, 0]


def test_the_paper_says_what_it_must(plan, batch, now):
    said = characters(renewal_papers.paper(RenewalNotice.objects.select_related("unit", "plan", "community")))
    for words in ("演示·县维修资金管理中心", "不停水、不停电", "分期", "依法表决决定", "抄送"):
        assert set(words) <= said


def test_a_batch_is_printed_and_copied_on_its_page(as_fund_clerk, as_clerk, batch, now):
    url = page("maintenance_fund:renewal-batch", batch.pk)
    paper = page("maintenance_fund:renewal-batch-paper", batch.pk, 0)
    assert "做完 0 份" in as_clerk.get(url).content.decode() and as_clerk.get(paper).status_code == 404
    renewal_papers.make_waiting(now=now)
    assert "第 1 本" in as_clerk.get(url).content.decode() and as_clerk.get(paper).content[:5] == b"%PDF-"
    assert as_clerk.get(page("maintenance_fund:renewal-batch-paper", batch.pk, 1)).status_code == 404
    copy = page("maintenance_fund:renewal-batch-copy", batch.pk)
    assert as_clerk.get(copy).status_code == 403
    early = as_fund_clerk.post(copy, {"to": "village", "on": "2020-01-01"})
    assert early.status_code == 422 and "今天之间" in early.content.decode()
    for to in ("committee", "village"):
        assert as_fund_clerk.post(copy, {"to": to, "on": batch.issued_on}).status_code == 302
    again = as_fund_clerk.post(copy, {"to": "village", "on": batch.issued_on})
    assert again.status_code == 422 and "已经登记过" in again.content.decode()


# ---------------------------------------------------------------- one notice


def test_a_notice_is_followed_and_taken_back_on_its_page(as_fund_clerk, as_clerk, notice, today):
    url = notice.get_absolute_url()
    assert url == page("maintenance_fund:renewal", notice.pk) and "登记收到" in as_fund_clerk.get(url).content.decode()
    step = page("maintenance_fund:renewal-step", notice.pk)
    assert as_clerk.get(step).status_code == 403
    assert "要写内容" in as_fund_clerk.post(step, {"kind": "note", "on": today}).content.decode()
    assert as_fund_clerk.post(step, {"kind": "refused", "on": today, "note": "说没钱"}).status_code == 302
    assert as_fund_clerk.post(step, {"kind": "dunned", "on": today}).status_code == 302
    shown = as_fund_clerk.get(url).content.decode()
    assert "拒绝续交" in shown and "说没钱" in shown and "书面催告" in shown
    back = page("maintenance_fund:renewal-withdraw", notice.pk)
    assert as_clerk.get(back).status_code == 403 and as_fund_clerk.post(back, {"reason": ""}).status_code == 422
    assert as_fund_clerk.post(back, {"reason": "首期写错"}).status_code == 302
    assert "首期写错" in as_fund_clerk.get(url).content.decode()
    assert "已经了结" in as_fund_clerk.post(step, {"kind": "refused", "on": today}).content.decode()
    assert RenewalStep.objects.count() == 2


def test_a_part_that_came_in_shows(as_clerk, notice, pay, community):
    pay(70_000, 1)
    assert "交了一部分" in as_clerk.get(page("maintenance_fund:renewals", community.pk)).content.decode()
    assert "700.00" in as_clerk.get(notice.get_absolute_url()).content.decode()


def test_sums_of_many_notices_are_one_statement(notice, pay, django_assert_num_queries):
    pay(10, 1)
    rows = list(RenewalNotice.objects.all())
    with django_assert_num_queries(1):
        assert renewals.paid(rows) == {notice.pk: 10}


# ---------------------------------------------------------------- reminders and the calendar


def test_owners_are_reminded_on_their_days_once(notice, as_resident, resident, units, fund_clerk, now, today, pay):
    from communities.models import Ownership

    Ownership.objects.filter(unit=units[0]).update(unit=units[1])
    renewals.receive(notice=notice, on=today, delivery="hand", by=fund_clerk, now=now)
    when = lambda days: now + (notice.due_on - today) + timedelta(days=days)  # noqa: E731
    assert [renewal_course.remind(now=when(days)) for days in (-31, -30, -30, -7, 0, 1, 1)] == [0, 1, 0, 1, 0, 1, 0]
    (message,) = notifications.read_texts(list(Message.objects.filter(user=resident, kind=renewal_course.KIND)[:1]))
    assert "不停水" in message.text.body
    Message.objects.filter(kind=renewal_course.KIND).delete()
    assert [renewal_course.remind(now=when(days)) for days in (-20, -20, 30, 30)] == [1, 0, 1, 0]  # late, and once
    pay(70_001, 1)
    assert renewal_course.remind(now=when(-7)) == 0


def test_a_calendar_that_came_later_moves_open_days_but_never_earlier(notice, fund_clerk, now):
    days = {
        "term_start": date(2026, 11, 1),
        "term_days": 90,
        "term_counting": "rolled",
        "received_on": date(2026, 11, 1),
    }
    RenewalNotice.objects.update(**days, delivery="hand", due_on=date(2027, 1, 29), due_provisional=True)
    assert renewal_course.follow_calendar() == 1
    notice.refresh_from_db()
    assert notice.due_on >= date(2027, 1, 30)
    RenewalNotice.objects.update(due_on=date(2027, 3, 1))
    renewal_course.follow_calendar()
    notice.refresh_from_db()
    assert notice.due_on == date(2027, 3, 1)


# ---------------------------------------------------------------- who has paid


def test_the_list_has_codes_and_no_amounts_and_is_that_communitys(
    as_clerk, as_resident, as_cadre, stranger, notice, pay, community, neighbour_community, fund_clerk, now
):
    from maintenance_fund import ledger

    url = page("maintenance_fund:renewal-list", community.pk)
    shown = as_resident.get(url).content.decode()
    assert "还没交的 1 户" in shown and "03-1-0102" in shown and "700.01" not in shown
    pay(70_001, 1)
    renewals.settle(now=now)
    assert "已经交的 1 户" in as_clerk.get(url).content.decode()
    ledger.open_book(community=neighbour_community, agency="x", first_month=now.date(), by=fund_clerk, now=now)
    assert as_resident.get(page("maintenance_fund:renewal-list", neighbour_community.pk)).status_code == 404
    assert as_cadre.get(url).status_code == 404 and stranger.get(url).status_code == 302


# ---------------------------------------------------------------- collected by others


@pytest.fixture
def collection(units, book, fund_clerk, now):
    say = {"collector": "firm", "name": "演示物业", "amount_fen": 70_001, "received_on": date(2026, 11, 2)}
    return passing_on.take(unit=units[1], **say, by=fund_clerk, now=now)


def test_collected_money_is_passed_on_within_three_working_days(collection):
    assert collection.due_on == date(2026, 11, 5)
    rows = Collection.objects
    assert not rows.overdue(today=date(2026, 11, 5)).exists() and rows.overdue(today=date(2026, 11, 6)).exists()


def test_it_is_booked_when_it_arrives_and_open_again_when_reversed(
    as_fund_clerk, opened, collection, bank, series, seal, balance, units, fund_clerk, now
):
    from maintenance_fund import ledger

    url, key = page("maintenance_fund:collection-arrived", collection.pk), uuid4()
    sent = {"bank_account": bank.pk, "paid_on": "2026-11-04", "code": "ZJ", "number": 1, "key": key}
    assert as_fund_clerk.post(url, sent | {"code": "XX"}).status_code == 422
    for _ in range(2):
        assert as_fund_clerk.post(url, sent).status_code == 302
    voucher = seal(PostingProposal.objects.open().get())
    assert balance("3001", units[1]) == 100_000 and not Collection.objects.not_passed_on().exists()
    seal(ledger.reverse(transaction=voucher, reason="x", by=fund_clerk, now=now))
    assert Collection.objects.not_passed_on().exists()


def test_collections_on_their_pages(as_fund_clerk, as_clerk, opened, community, collection):
    url = page("maintenance_fund:collections", community.pk)
    assert "过期没转" in as_clerk.get(url).content.decode() and "到账了" in as_fund_clerk.get(url).content.decode()
    new = page("maintenance_fund:collection-new", community.pk)
    sent = {"collector": "village", "name": "东村", "unit": "03-1-0101", "amount_fen": "5", "received_on": "2026-11-02"}
    assert as_clerk.get(new).status_code == 403
    assert as_fund_clerk.post(new, sent | {"unit": "9"}).status_code == 422
    assert "不能晚于今天" in as_fund_clerk.post(new, sent | {"received_on": "2099-01-01"}).content.decode()
    assert as_fund_clerk.post(new, sent).status_code == 302
    strike = page("maintenance_fund:collection-strike", collection.pk)
    assert as_fund_clerk.post(strike, {"reason": "记重了"}).status_code == 302
    assert "记重了" in as_clerk.get(url).content.decode()
    with pytest.raises(WrongState):
        passing_on.strike(collection=collection, reason="x", by=Collection.objects.first().entered_by)
