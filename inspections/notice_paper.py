"""The notice 抄告单 on one sheet of paper, with photos of the problem. UI.md 5, paper"""

from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage

from lib.paper import pdf

from . import takeovers
from .models import Notice, NoticeRound, PatrolPhoto
from .notice_terms import objection_words

TEMPLATE = "inspections/notice.typ"
MOST_PICTURES = 3


def paper(notice: Notice, *, until: datetime | None = None) -> bytes:
    """The sheet as a PDF: problem, term, photos, receipt, plan, reply and recheck of the present round.

    With ``until``, as it stood then, for a firm from which the notice has gone on.
    """
    return pdf(TEMPLATE, content(notice, until=until))


def content(notice: Notice, *, until: datetime | None = None) -> dict:
    """Everything that the sheet says, as plain words."""
    turn, finding = _round_of(notice, until), notice.finding
    objection, answer = objection_words(turn.issued_on)
    return {
        "objection": objection,
        "answer": answer,
        "title": f"{notice}",
        "number": str(notice),
        "to": notice.sent_to,
        "successor": notice.addressee if notice.successor_id else "",
        "is_firm": notice.firm_id is not None,
        "found_on": _day(finding.found_on),
        "community": notice.community.name,
        "category": finding.item.get_category_display(),
        "item": f"{finding.item.text}（{finding.item.code}）",
        "severity": f"{finding.get_severity_display()}，第 {turn.no} 轮",
        "place": f"{notice.community.name}{finding.where}",
        "text": finding.text,
        "days": turn.term_days,
        "due": _day(turn.due_on) + ("（暂定）" if turn.due_provisional else ""),
        "deemed": _day(turn.deemed_on),
        "pictures": [_picture(photo) for photo in _shown(finding)],
        "receipt": _receipt(turn),
        "plan": _plan(notice),
        "needs_plan": notice.needs_plan,
        "reply": f"{_day(turn.replied_on)}：{turn.reply_text}" if turn.replied_on else "",
        "recheck": _recheck(turn),
        "station": f"{settings.SITE['organisation']}",
        "village": f"{notice.community.village_committee.name}物管站",
        "phone": settings.SITE.get("phone", ""),
        "issued_on": _day(turn.issued_on),
        "state": notice.get_state_display() if not notice.is_open else "",
    }


def _round_of(notice: Notice, until: datetime | None) -> NoticeRound:
    """The present round, or that of a moment."""
    return takeovers.as_it_stood(notice, until)[-1] if until else notice.round


def _shown(finding) -> list[PatrolPhoto]:
    ready = [photo for photo in finding.photos.shown().ready() if default_storage.exists(photo.thumbnail)]
    return ready[:MOST_PICTURES]


def _day(day) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _receipt(turn) -> str:
    if turn.is_deemed:
        return f"{_day(turn.deemed_on)} 视为签收"
    return f"签收人：{turn.signer}　{_day(turn.received_on)}" if turn.received_on else ""


def _plan(notice: Notice) -> str:
    if not notice.plan_at:
        return ""
    return f"责任人：{notice.plan_person}　期限：{_day(notice.plan_limit_on)}　措施：{notice.plan_measure}"


def _recheck(turn: NoticeRound) -> str:
    seen = turn.recheck if turn.outcome in (NoticeRound.Outcome.PASSED, NoticeRound.Outcome.FAILED) else None
    return f"{seen}　复查人：{seen.by.name}　{_day(turn.notice.closed_on) if seen.passed else ''}" if seen else ""


def _picture(photo: PatrolPhoto) -> list[int]:
    """The thumbnail as numbers, which JSON can hold: small enough for a sheet, and no path of this machine."""
    with default_storage.open(photo.thumbnail) as file:
        return list(file.read())
