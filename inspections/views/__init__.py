"""Pages of patrols: short functions that find the row, read the form and make one call."""

from .boards import missed_reason, week, week_board, week_board_export, week_card, week_link
from .findings import finding_detail, finding_list, finding_list_export, finding_lower
from .patrols import (
    patrol_detail,
    patrol_doubt,
    patrol_list,
    patrol_list_export,
    patrol_paper,
    patrol_remark,
    patrol_version,
    patrol_void,
)
from .phone import patrol_kit, patrol_offline, patrol_receive, queue
from .photos import photo, photo_small, photo_upload
from .routes import route
from .sending import patrol_correct, patrol_done, patrol_new

__all__ = [
    "finding_detail",
    "finding_list",
    "finding_list_export",
    "finding_lower",
    "missed_reason",
    "patrol_correct",
    "patrol_detail",
    "patrol_done",
    "patrol_doubt",
    "patrol_kit",
    "patrol_list",
    "patrol_list_export",
    "patrol_new",
    "patrol_offline",
    "patrol_paper",
    "patrol_receive",
    "patrol_remark",
    "patrol_version",
    "patrol_void",
    "photo",
    "photo_small",
    "photo_upload",
    "queue",
    "route",
    "week",
    "week_board",
    "week_board_export",
    "week_card",
    "week_link",
]
