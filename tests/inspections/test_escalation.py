"""What a date brings about: each thing once, whoever runs the sweep how often and how late. DOMAIN B.6, B.8"""

import pytest

from accounts.models import Message
from inspections import escalation, notices, rechecks
from inspections.models import Notice, NoticeEvent, NoticeRound
from tests.inspections.phone import NOW, beijing, day, finding, fresh_photos
from tests.rulebook.conftest import a_year, table  # noqa: F401  a year of the calendar, entered

pytestmark = pytest.mark.django_db
OVERDUE, LONG = beijing("2026-11-28 09:00"), beijing("2026-12-05 09:00")


@pytest.fixture(autouse=True)
def everybody(station_head, station_clerk, clerk, town_head):
    """Those who can be told."""


def told(kind) -> list[str]:
    return sorted(Message.objects.filter(kind=kind, channel="inbox").values_list("user__username", flat=True))


def sweep(now):
    escalation.sweep(now=now)


def test_the_first_overdue_day_tells_firm_cadre_and_station(notice):
    sweep(beijing("2026-11-27 23:59"))
    assert told("notice-overdue") == []
    for _ in range(3):
        sweep(OVERDUE)
    assert told("notice-overdue") == ["chen", "lin", "qian", "wangzhan"]
    assert notice.events.filter(kind="overdue").count() == 1
    due = set(Message.objects.filter(kind="notice-overdue").values_list("due", flat=True))
    assert due == {beijing("2026-11-30 08:30")}  # the 28th is a Saturday


def test_more_than_five_working_days_tell_the_office(notice):
    sweep(beijing("2026-12-04 23:59"))  # the fifth working day after the 27th
    assert told("notice-escalated") == []
    sweep(LONG)
    sweep(LONG)
    assert told("notice-escalated") == ["limin", "zhao"]


def test_a_beat_that_was_away_for_days_makes_up_for_it(notice):
    sweep(LONG)
    kinds = list(notice.events.values_list("kind", flat=True))
    assert kinds == ["issued", "deemed", "overdue", "escalated"]
    assert len(told("notice-overdue")) == 4


def test_the_next_round_is_told_anew(received, firm, cadre):
    late = beijing("2026-11-27 10:00")
    sweep(late)
    notices.reply(notice=received, text="清了", photos=fresh_photos(firm), by=firm, now=late)
    rechecks.recheck(notice=received, passed=False, note="没清", by=cadre, now=late)
    sweep(beijing("2026-12-04 09:00"))
    rounds = Message.objects.filter(kind="notice-overdue", user=firm, channel="inbox").values_list("round", flat=True)
    assert sorted(rounds) == [1, 2]


def test_what_was_replied_is_never_overdue(replied):
    sweep(LONG)
    assert told("notice-overdue") == [] and not replied.events.filter(kind="overdue").exists()


def test_a_late_recheck_is_the_cadres(replied):
    sweep(beijing("2026-11-24 23:59"))
    assert told("notice-recheck-late") == []
    sweep(beijing("2026-11-25 09:00"))
    sweep(beijing("2026-11-26 09:00"))
    assert told("notice-recheck-late") == ["chen", "wangzhan"]


def test_a_major_one_is_told_to_the_office_at_once(major):
    assert told("notice-big") == ["limin", "zhao"]


def test_the_second_failed_recheck_makes_it_a_big_problem(received, firm, cadre):
    for n, kinds in ((1, 0), (2, 1), (3, 2)):
        now = beijing(f"2026-11-2{n + 2} 10:00")
        if n > 1:
            notices.receive(notice=received, by=firm, now=now)
        notices.reply(notice=received, text="清了", photos=fresh_photos(firm), by=firm, now=now)
        rechecks.recheck(notice=received, passed=False, note="没清", by=cadre, now=now)
        assert received.events.filter(kind="escalated").count() == kinds
    assert told("notice-big") == ["limin"] * 2 + ["zhao"] * 2
    assert received.events.filter(kind="escalated").first().text == "复查 2 次不合格，大问题。"


def test_how_often_is_a_rule(received, firm, cadre, a_rule):
    a_rule("escalate.failed_rechecks", 1, day("2026-11-01"))
    notices.reply(notice=received, text="清了", photos=fresh_photos(firm), by=firm, now=NOW)
    rechecks.recheck(notice=received, passed=False, note="没清", by=cadre, now=NOW)
    assert told("notice-big") == ["limin", "zhao"]


def test_a_missing_plan_and_a_missing_interim_measure(major):
    sweep(beijing("2026-11-20 09:59"))
    assert told("notice-interim-missing") == []
    sweep(beijing("2026-11-20 10:01"))
    sweep(beijing("2026-11-21 10:01"))
    assert told("notice-interim-missing") == ["chen", "lin", "wangzhan"]
    sweep(beijing("2026-11-24 23:00"))
    assert told("notice-plan-missing") == []
    sweep(beijing("2026-11-25 09:00"))
    assert told("notice-plan-missing") == ["chen", "lin"]


def test_many_are_claimed_in_batches(cadre, community, firm_row, send, monkeypatch):
    monkeypatch.setattr(escalation, "A_BATCH", 2)
    send(cadre, community, *[finding("HYG1", f"第 {n} 处", field=f"hyg-{n}") for n in range(5)])
    sweep(LONG)
    assert NoticeEvent.objects.filter(kind="deemed").count() == 5
    assert NoticeRound.objects.filter(escalation=2).count() == 5


def test_a_worker_killed_in_the_middle_loses_nothing(notice, monkeypatch):
    monkeypatch.setattr(escalation, "_tell_overdue", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        escalation.overdue(now=OVERDUE)
    assert notice.round.escalation == 0 and not notice.events.filter(kind="overdue").exists()
    monkeypatch.undo()
    sweep(OVERDUE)
    assert len(told("notice-overdue")) == 4


def test_a_calendar_that_comes_later_moves_terms_later_never_earlier(cadre, community, firm, send, a_year):  # noqa: F811
    last = beijing("2026-12-31 10:00")
    notice = send(cadre, community, finding(), now=last).findings.get().notices.get()
    assert (notice.due_on, notice.due_provisional) == (day("2027-01-11"), True)
    a_year(2027, "2027-01-08 休 元旦")
    assert escalation.follow_calendar(now=last) == 1
    notice = Notice.objects.get(pk=notice.pk)
    assert (notice.due_on, notice.due_provisional) == (day("2027-01-12"), False)
    assert escalation.follow_calendar(now=last) == 0


def test_what_is_beyond_a_firm_is_told_to_the_office_the_same_day(cadre, community, firm, send, as_, clerk):
    row = send(cadre, community, finding("BLD1", "搭了棚", field="build-0", handling="transfer")).findings.get()
    assert told("transfer-drafted") == ["limin", "zhao"]
    page = as_(clerk).get("/account/inbox/").content.decode()
    assert "有问题要移交部门" in page and row.transfers.get().department.name in page
