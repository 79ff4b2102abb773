"""A contract ends in the middle of a notice and leaves it to the next firm. Issue 6, issue 5 §7"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import Message
from communities.models import Contract, FirmPost
from inspections import extensions, notice_paper, notices, rechecks, takeovers
from inspections.models import Notice, Takeover
from lib.states import WrongState
from tests.inspections.phone import NOW, beijing, finding, fresh_photos

pytestmark = pytest.mark.django_db
MONDAY = beijing("2026-11-23 10:00")
TODAY = MONDAY.date()
SUNDAY, SATURDAY = TODAY - timedelta(1), TODAY - timedelta(2)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def next_firm(other_firm):
    """The manager of the firm that serves the community from Monday on."""
    return other_firm


@pytest.fixture
def change(community, firm_row, next_firm, other_firm_row, thursday):
    """``change()``: the contract ends on Sunday and leaves what is open to the next firm; it is Monday."""

    def make(open_items="next", first_day=TODAY):
        Contract.objects.filter(community=community).update(last_day=SUNDAY, open_items=open_items)
        Contract.objects.create(community=community, firm=other_firm_row, kind="owners", first_day=first_day)
        thursday.move_to(MONDAY)
        return takeovers.follow_contracts(now=MONDAY)

    return make


def test_the_next_firm_answers_and_the_term_runs_on(received, change, firm, next_firm, cadre, other_firm_row):
    due = received.due_on
    assert change() == 1 and takeovers.follow_contracts(now=MONDAY) == 0
    notice = fresh(received)
    assert (notice.addressee, notice.sent_to, notice.due_on) == (other_firm_row.name, "演示·安居物业", due)
    assert Notice.objects.addressed_to(next_firm).get() == notice and not Notice.objects.addressed_to(firm).exists()
    with pytest.raises(PermissionDenied):
        notices.reply(notice=notice, text="清了", photos=fresh_photos(firm), by=firm, now=MONDAY)
    notices.reply(notice=notice, text="清了", photos=fresh_photos(next_firm), by=next_firm, now=MONDAY)
    rechecks.recheck(notice=notice, passed=True, by=cadre, now=MONDAY)
    assert fresh(notice).state == "closed" and fresh(notice).number == received.number


def test_the_next_firm_signs_what_nobody_signed(cadre, community, firm, send, change, next_firm, thursday):
    friday = beijing("2026-11-20 10:00")
    thursday.move_to(friday)
    notice = send(cadre, community, finding(), now=friday).findings.get().notices.get()
    change()
    with pytest.raises(PermissionDenied):
        notices.receive(notice=fresh(notice), by=firm, now=MONDAY)
    notices.receive(notice=fresh(notice), by=next_firm, now=MONDAY)
    assert fresh(notice).round.received_by == next_firm


def test_it_is_told_once(received, change, cadre):
    change()
    told = Message.objects.filter(kind="notice-taken-over").values_list("user__username", flat=True)
    assert sorted(told) == sorted({"lin", "xu", "chen"})
    assert received.events.filter(kind="taken_over").get().by is None


def test_it_may_ask_for_more_time(received, change, next_firm, firm):
    change()
    with pytest.raises(PermissionDenied):
        extensions.ask(notice=fresh(received), days=3, reason="刚接手", by=firm, now=MONDAY)
    assert extensions.ask(notice=fresh(received), days=3, reason="刚接手", by=next_firm, now=MONDAY)


@pytest.mark.parametrize(("more", "why"), [({"open_items": "stays"}, "stays"), ({"first_day": "later"}, "nobody yet")])
def test_it_stays_where_the_contract_says_so_or_nobody_follows(received, change, firm, next_firm, more, why):
    more = {"first_day": TODAY + timedelta(1)} if "first_day" in more else more
    assert change(**more) == 0
    assert not Notice.objects.visible_to(next_firm).exists()
    notices.reply(notice=fresh(received), text="清了", photos=fresh_photos(firm), by=firm, now=MONDAY)


def test_the_same_firm_goes_on_under_a_new_contract(received, community, firm_row, thursday):
    Contract.objects.filter(community=community).update(last_day=SUNDAY, open_items="next")
    Contract.objects.create(community=community, firm=firm_row, kind="owners", first_day=TODAY)
    assert takeovers.follow_contracts(now=MONDAY) == 0


def test_what_is_settled_does_not_move(closed_notice, change, next_firm):
    assert change() == 0
    assert not Notice.objects.visible_to(next_firm).exists()


def test_from_firm_to_firm(received, change, community, firm, next_firm, make_user, thursday):
    """Each firm in between keeps what was its own time."""
    from accounts.roles import Role
    from communities.models import Firm

    change()
    third_row = Firm.objects.create(name="演示·第三物业", uscc="91330000MA27XYZ32P")
    third = make_user("san", "三经理", Role.FIRM_MANAGER)
    FirmPost.objects.create(firm=third_row, user=third, kind="manager", first_day=SATURDAY)
    later = MONDAY + timedelta(days=2)
    Contract.objects.filter(community=community, last_day=None).update(last_day=later.date(), open_items="next")
    Contract.objects.create(community=community, firm=third_row, kind="owners", first_day=later.date() + timedelta(1))
    thursday.move_to(later + timedelta(days=1))
    assert takeovers.follow_contracts(now=later + timedelta(days=1)) == 1
    notice = fresh(received)
    for user in (firm, next_firm, third):
        assert Notice.objects.visible_to(user).get() == notice
    assert takeovers.left_at(notice, firm) == MONDAY
    assert takeovers.left_at(notice, next_firm) == later + timedelta(days=1)
    assert takeovers.left_at(notice, third) is None
    assert list(Notice.objects.answered_by([third_row])) == [notice]


def test_the_firm_before_reads_its_own_time(received, change, as_, firm, next_firm, cadre):
    change()
    later = MONDAY + timedelta(hours=1)
    notices.call(notice=received, who="徐经理", said="在路上", by=cadre, now=later)
    notices.reply(notice=fresh(received), text="新企业清走了", photos=fresh_photos(next_firm), by=next_firm, now=later)
    page = as_(firm).get(received.get_absolute_url()).content.decode()
    assert "已由演示·和顺物业接着整改" in page and "在路上" not in page and "新企业清走了" not in page
    assert reverse("inspections:notice-reply", args=[received.pk]) not in page
    for user in (next_firm, cadre):
        page = as_(user).get(received.get_absolute_url()).content.decode()
        assert "新企业清走了" in page and "当时发给" in page


def test_the_firm_before_reads_nothing_of_the_next_ones_plan_and_signature(
    cadre, station_head, community, firm, send, change, next_firm, as_, thursday
):
    """All on the day of the takeover: the next firm signs, plans, replies, fails, and has a second round."""
    thursday.move_to(friday := beijing("2026-11-20 10:00"))
    notice = send(cadre, community, finding("FIR2"), now=friday).findings.get().notices.get()
    change()
    later = MONDAY + timedelta(hours=1)
    notices.receive(notice=fresh(notice), by=next_firm, now=later)
    plan = {"person": "新企业的钱某", "limit_on": TODAY + timedelta(1), "measure": "新企业的措施"}
    notices.plan(notice=fresh(notice), **plan, by=next_firm, now=later)
    extensions.ask(notice=fresh(notice), days=1, reason="新企业要时间", by=next_firm, now=later)
    notices.reply(notice=fresh(notice), text="清了", photos=fresh_photos(next_firm), by=next_firm, now=later)
    rechecks.recheck(notice=fresh(notice), passed=False, note="还在", by=station_head, now=later)
    page = as_(firm).get(notice.get_absolute_url()).content.decode()
    for words in ("新企业", next_firm.name, "第 2 轮", "前；不合格", "还在"):
        assert words not in page, words
    assert "没签收" in page and "新企业的钱某" in as_(next_firm).get(notice.get_absolute_url()).content.decode()
    paper = notice_paper.content(fresh(notice), until=MONDAY)
    assert (paper["receipt"], paper["plan"], paper["reply"], paper["recheck"]) == ("", "", "", "")
    assert "第 1 轮" in paper["severity"]


def test_the_paper_names_both(received, change, next_firm, firm, as_firm):
    change()
    notice = fresh(received)
    assert notice_paper.content(notice)["to"] == "演示·安居物业"
    assert notice_paper.content(notice)["successor"] == "演示·和顺物业"
    later = MONDAY + timedelta(hours=1)
    notices.reply(notice=notice, text="清走了", photos=fresh_photos(next_firm), by=next_firm, now=later)
    assert "清走了" in notice_paper.content(fresh(notice))["reply"]
    assert notice_paper.content(fresh(notice), until=takeovers.left_at(notice, firm))["reply"] == ""
    assert as_firm.get(reverse("inspections:notice-print", args=[notice.pk])).content.startswith(b"%PDF")


def test_a_finding_of_before_goes_to_the_firm_that_has_taken_over(a_finding, notice, change, cadre, other_firm_row):
    notices.withdraw(notice=notice, reason="重发", by=cadre, now=NOW)
    change()
    again = notices.issue(finding=a_finding, by=cadre, now=MONDAY)
    assert again.firm == other_firm_row and again.successor is None


def test_it_is_not_handed_on_twice(received, change, station_head):
    change()
    with pytest.raises(WrongState, match="不用改发"):
        notices.hand_on(notice=fresh(received), by=station_head, now=MONDAY)


def test_a_takeover_is_for_ever(received, change):
    change()
    with pytest.raises(DatabaseError), transaction.atomic():
        Takeover.objects.update(at=NOW)
