"""Complaints as a workbook: what is known of the matter, nothing of the people."""

from django.http import FileResponse

from accounts.models import User
from communities import takings
from lib import workbook

from .models import Complainant, Complaint

COLUMNS = [
    workbook.Column("编号", 18),
    workbook.Column("登记日期", 12, workbook.DAY),
    workbook.Column("来源", 10),
    workbook.Column("小区", 24),
    workbook.Column("在哪里", 20),
    workbook.Column("类别", 18),
    workbook.Column("什么事", 60),
    workbook.Column("缓急", 20),
    workbook.Column("状态", 10),
    workbook.Column("由谁答复", 12),
    workbook.Column("物业企业", 24),
    workbook.Column("涉及人数", 10, workbook.WHOLE),
    workbook.Column("最迟答复", 12, workbook.DAY),
    workbook.Column("答复日期", 12, workbook.DAY),
    workbook.Column("办结日期", 12, workbook.DAY),
    workbook.Column("12345 工单号", 20),
]


def complaints(rows, *, by: User, words: str) -> FileResponse:
    """The rows of a list; that they were taken is noted."""
    takings.note(by, "投诉", rows.count(), f"筛选：{words or '没有'}", Complaint)
    shown = rows.with_people().select_related("community", "building", "firm")
    cells = (_cells(row) for row in shown.iterator(chunk_size=500))
    return workbook.response("投诉.xlsx", title="投诉", columns=COLUMNS, rows=cells)


OWN_COLUMNS = [
    workbook.Column("编号", 18),
    workbook.Column("登记日期", 12, workbook.DAY),
    workbook.Column("小区", 24),
    workbook.Column("怎么称呼", 14),
    workbook.Column("电话", 16),
    workbook.Column("住哪里", 20),
    workbook.Column("替谁反映", 20),
    workbook.Column("写的内容", 60),
    workbook.Column("照片（张）", 10, workbook.WHOLE),
    workbook.Column("答复", 60),
    workbook.Column("评价", 30),
    workbook.Column("状态", 10),
]


def own_data(held, *, by: User) -> FileResponse:
    """All that is held under a number, in full, for the person whose number it is."""
    takings.note(by, "本人资料", len(held), "本人资料申请", Complaint)
    return workbook.response("本人资料.xlsx", title="本人资料", columns=OWN_COLUMNS, rows=map(_own, held))


def _own(row: Complainant) -> list:
    case, contact = row.complaint, row.contact
    wrote = "" if row.joined else case.text
    on_behalf = "，".join(filter(None, [contact.for_whom, contact.relation]))
    return [
        case.number,
        case.registered_on,
        case.community.name,
        contact.name,
        contact.phone.value if contact.phone else "",
        contact.room,
        on_behalf,
        wrote,
        0 if row.joined else len(case.photos.all()),
        case.main.answer_text,
        "；".join(f"{rating.get_score_display()} {rating.reason}".strip() for rating in row.ratings.all()),
        case.get_state_display(),
    ]


ORDER_COLUMNS = [
    workbook.Column("工单号", 22),
    workbook.Column("12345 期限", 12, workbook.DAY),
    workbook.Column("小区", 24),
    workbook.Column("答复", 80),
    workbook.Column("答复日期", 12, workbook.DAY),
    workbook.Column("附件（张）", 10, workbook.WHOLE),
    workbook.Column("我们的编号", 18),
]


def orders(rows, *, by: User) -> FileResponse:
    """Answered orders of the hotline, to be filled back there; that they were taken is noted."""
    takings.note(by, "12345 答复", rows.count(), "待回填", Complaint)
    cells = (_order(row) for row in rows)
    return workbook.response("12345答复.xlsx", title="12345 答复", columns=ORDER_COLUMNS, rows=cells)


def _order(row: Complaint) -> list:
    said, photos = row.answer_text, len(row.after_photos)
    return [row.platform_number, row.platform_due, row.community.name, said, row.replied_on, photos, row.number]


def _cells(row: Complaint) -> list:
    return [
        row.number,
        row.registered_on,
        row.get_source_display(),
        row.community.name,
        row.where,
        row.get_category_display(),
        row.text,
        row.get_urgency_display(),
        row.get_state_display(),
        row.get_level_display(),
        row.firm.name if row.firm else "",
        row.people,
        row.reply_by,
        row.replied_on,
        row.closed_on,
        row.platform_number,
    ]
