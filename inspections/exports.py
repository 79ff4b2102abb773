"""Lists of patrols and findings as workbooks."""

from collections.abc import Iterable
from datetime import date

from django.http import FileResponse

from lib import workbook
from lib.periods import Week
from lib.workbook import DAY, MOMENT, WHOLE, Column

from .boards import CommunityWeek
from .models import Finding, Notice, Patrol

A_CHUNK = 2000


def board(week: Week, rows: Iterable[CommunityWeek]) -> FileResponse:
    """The week board: one row a community, one column a day."""
    days = [Column(f"{day.month}月{day.day}日", 9, WHOLE) for day in week.days]
    columns = [Column("小区", 24), Column("村居", 16), Column("类别", 9), *days]
    columns += [Column(heading, 9, WHOLE) for heading in ("巡了几次", "要几次", "还差")]
    cells = (_board_cells(week, row) for row in rows)
    return workbook.response(f"巡查周表{week.monday}.xlsx", title=str(week), columns=columns, rows=cells)


def _board_cells(week: Week, row: CommunityWeek) -> list:
    place = row.community
    days = [row.days.get(day, 0) for day in week.days]
    return [place.name, place.village_committee.name, place.get_kind_display(), *days, row.done, row.asked, row.missing]


def patrols(rows) -> FileResponse:
    """Patrols as filtered, one row each."""
    columns = [
        Column("编号", 18),
        Column("小区", 24),
        Column("巡查时间", 17, MOMENT),
        Column("收到时间", 17, MOMENT),
        Column("巡查人", 10),
        Column("种类", 8),
        Column("问题", 8, WHOLE),
        Column("没办结", 8, WHOLE),
        Column("状态", 10),
        Column("说明", 40),
    ]
    found = rows.with_findings().select_related("community", "user").newest_first().iterator(A_CHUNK)
    cells = (_patrol_cells(patrol) for patrol in found)
    return workbook.response("巡查记录.xlsx", title="巡查记录", columns=columns, rows=cells)


def _patrol_cells(patrol: Patrol) -> list:
    moments = [patrol.occurred_at, patrol.submitted_at]
    counts = [patrol.finding_count, patrol.open_count]
    voided = patrol.state == Patrol.State.VOIDED
    state = "交晚了，不计数" if patrol.is_late and not voided else patrol.get_state_display()
    who = [patrol.user.name, patrol.get_kind_display()]
    return [patrol.number, patrol.community.name, *moments, *who, *counts, state, patrol.note]


def findings(rows) -> FileResponse:
    """Findings as filtered, one row each."""
    columns = [
        Column("发现日期", 12, DAY),
        Column("小区", 24),
        Column("类别", 10),
        Column("检查项", 26),
        Column("等级", 8),
        Column("在哪里", 16),
        Column("什么问题", 40),
        Column("怎么处理", 16),
        Column("物业企业", 20),
        Column("状态", 10),
        Column("办结日期", 12, DAY),
        Column("巡查编号", 18),
    ]
    cells = (_finding_cells(finding) for finding in rows.with_page_parts().iterator(A_CHUNK))
    return workbook.response("问题台账.xlsx", title="问题台账", columns=columns, rows=cells)


def _finding_cells(finding: Finding) -> list:
    return [
        finding.found_on,
        finding.community.name,
        finding.item.get_category_display(),
        finding.item.text,
        finding.get_severity_display(),
        finding.where,
        finding.text,
        finding.get_handling_display(),
        finding.firm.name if finding.firm else "",
        finding.get_state_display(),
        finding.closed_on,
        finding.patrol.number if finding.patrol else "",
    ]


def notices(rows, *, today: date) -> FileResponse:
    """The register of notices as filtered, one row each."""
    columns = [
        Column("文号", 20),
        Column("小区", 24),
        Column("发给", 24),
        Column("问题", 40),
        Column("等级", 8),
        Column("发出日期", 12, DAY),
        Column("轮次", 8, WHOLE),
        Column("最迟", 12, DAY),
        Column("逾期天数", 10, WHOLE),
        Column("状态", 10),
        Column("办结日期", 12, DAY),
        Column("用了几天", 10, WHOLE),
    ]
    found = rows.with_row_parts().newest_first().iterator(A_CHUNK)
    cells = (_notice_cells(notice, today) for notice in found)
    return workbook.response("抄告台账.xlsx", title="抄告台账", columns=columns, rows=cells)


def _notice_cells(notice: Notice, today: date) -> list:
    return [
        str(notice),
        notice.community.name,
        notice.addressee,
        notice.finding.text,
        notice.finding.get_severity_display(),
        notice.issued_on,
        notice.round_no,
        notice.due_on,
        notice.days_overdue(today) or None,
        notice.get_state_display(),
        notice.closed_on,
        notice.days_taken,
    ]
