"""Complaints as a workbook: what is known of the matter, nothing of the people."""

from django.db.models import Count
from django.http import FileResponse

from accounts.models import User
from communities import takings
from lib import workbook

from .models import Complaint

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
    parts = rows.annotate(people=Count("complainants", distinct=True))
    shown = parts.select_related("community", "building", "firm")
    cells = (_cells(row) for row in shown.iterator(chunk_size=500))
    return workbook.response("投诉.xlsx", title="投诉", columns=COLUMNS, rows=cells)


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
