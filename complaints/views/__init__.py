"""The pages of complaints: residents write, look up and judge; staff and firms handle."""

from .acts import act
from .desk import call_back, contact_read, desk, desk_export, detail, photo, photo_small
from .hotline import hotline_desk, hotline_export
from .incoming import photo_near, photo_sent, photo_upload, receive
from .lookup import link_send, lookup
from .mailbox import mailbox, mailbox_answer, mailbox_desk
from .mine import (
    mine,
    mine_add,
    mine_look,
    mine_photo,
    mine_photo_small,
    mine_rate,
    mine_slip,
    mine_withdraw,
    own,
)
from .numbers import analysis, community_numbers
from .phone_desk import phone_cases, phone_desk
from .requests import request_detail, request_list, request_new, request_paper
from .resident import new, new_here, report_box, report_box_here

__all__ = [
    "act",
    "analysis",
    "call_back",
    "community_numbers",
    "contact_read",
    "desk",
    "desk_export",
    "detail",
    "hotline_desk",
    "hotline_export",
    "link_send",
    "lookup",
    "mailbox",
    "mailbox_answer",
    "mailbox_desk",
    "mine",
    "mine_add",
    "mine_look",
    "mine_photo",
    "mine_photo_small",
    "mine_rate",
    "mine_slip",
    "mine_withdraw",
    "new",
    "new_here",
    "own",
    "phone_cases",
    "phone_desk",
    "photo",
    "photo_near",
    "photo_sent",
    "photo_small",
    "photo_upload",
    "receive",
    "report_box",
    "report_box_here",
    "request_detail",
    "request_list",
    "request_new",
    "request_paper",
]
