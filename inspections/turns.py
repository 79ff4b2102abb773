"""Whose turn it is with a notice: who, what, until when. It stands on top of each page of a notice. UI.md 2, 5"""

from datetime import date
from typing import NamedTuple

from lib.periods import DAY
from rulebook.workdays import working_days

from . import notice_people as people
from .models import Finding, Notice, Transfer

State = Notice.State


class Turn(NamedTuple):
    """The bar: tone, symbol, what is awaited of whom, the day, and how long that still is."""

    tone: str
    mark: str
    text: str
    day: date | None = None
    when: str = ""


def of_notice(notice: Notice, *, today: date) -> Turn:
    """Whose turn it is with a notice."""
    if notice.is_unreplied:
        return _firm(notice, today)
    if notice.state == State.REPLIED:
        return _rechecker(notice, today)
    if notice.state == State.CLOSED:
        return Turn("good", "okc", "已办结（销号）", notice.closed_on)
    if notice.state == State.TRANSFERRED:
        return _department(notice, today)
    return Turn("mute", "dot", "已撤销，不用办", when=notice.withdrawn_reason)


def of_the_firm_before(notice: Notice) -> Turn:
    """For a firm whose contract has ended: it need do nothing more."""
    return Turn("mute", "dot", f"合同到期，已由{notice.addressee}接着整改，不用再办")


def _firm(notice: Notice, today: date) -> Turn:
    who = notice.addressee
    if notice.is_overdue(today):
        return Turn("bad", "warn", f"等{who}回复，已逾期 {notice.days_overdue(today)} 天", notice.due_on, "到期")
    if notice.state == State.ISSUED and today <= notice.round.deemed_on:
        return Turn("info", "dot", f"等{who}签收", notice.round.deemed_on, "过了不签，算已签收")
    what = "填责任人、期限、措施，整改后回复" if notice.lacks_plan else "整改后回复"
    return Turn("info", "half", f"等{who}{what}", notice.due_on, f"前，{left(today, notice.due_on)}{_maybe(notice)}")


def _maybe(notice: Notice) -> str:
    return "（暂定，那一年的放假安排还没公布）" if notice.due_provisional else ""


def _rechecker(notice: Notice, today: date) -> Turn:
    who = rechecker(notice, today=today)
    if notice.is_recheck_late(today):
        return Turn("warn", "eye", f"等{who}复查，晚了；不算物业逾期", notice.recheck_by, "到期")
    return Turn("warn", "eye", f"等{who}复查", notice.recheck_by, f"前，{left(today, notice.recheck_by)}")


def rechecker(notice: Notice, *, today: date) -> str:
    """Who is expected to look again: the cadre by name; for a major one of the cadre's own, the station's head."""
    names = dict(people.User.objects.filter(pk__in=people.cadres(notice, today=today)).values_list("pk", "name"))
    if notice.is_major:
        names.pop(notice.issued_by_id, None)
    return f"包区干部 {'、'.join(names.values())} " if names else "物管站站长"


def _department(notice: Notice, today: date) -> Turn:
    transfer = notice.transfers.filter(state=Transfer.State.SENT).select_related("department").first()
    if transfer is None:
        return Turn("info", "up", "等部门答复")
    tone = "bad" if today > transfer.expected_on else "info"
    return Turn(tone, "up", f"等{transfer.department}答复", transfer.expected_on, left(today, transfer.expected_on))


def left(today: date, day: date) -> str:
    """还剩 2 个工作日"""
    if day < today:
        return "已经过了"
    number = len(working_days(today + DAY, day)) if day > today else 0
    return f"还剩 {number} 个工作日" if number else "就是今天" if day == today else "下一个工作日前"


def of_finding(finding: Finding, *, today: date) -> Turn:
    """Whose turn it is with a finding that no notice speaks for yet."""
    if finding.state == Finding.State.CLOSED:
        return Turn("good", "okc", "已办结", finding.closed_on)
    if finding.state == Finding.State.WITHDRAWN:
        return Turn("mute", "dot", "已撤销", when=finding.withdrawn_reason)
    notice = finding.notices.standing().with_page_parts().first()
    if notice:
        turn = of_notice(notice, today=today)
        answers = notice.is_unreplied and not notice.is_overdue(today)
        return turn._replace(text=f"{notice.addressee}整改") if answers else turn
    if finding.handling == Finding.Handling.TRANSFER:
        return Turn("warn", "clock", "等镇物业办移交", finding.found_on, "发现")
    if finding.root_cause_id:
        return Turn("warn", "clock", f"治本单{finding.root_cause.get_state_display()}", finding.found_on, "发现")
    return Turn("warn", "clock", "还没抄告，等发出", finding.found_on, "发现")
