"""The pages of complaints: residents write, look up and judge; staff and firms handle."""

from .acts import act
from .desk import call_back, contact_read, desk, desk_export, detail, photo, photo_small
from .mailbox import mailbox, mailbox_answer, mailbox_desk
from .mine import (
    mine,
    mine_add,
    mine_photo,
    mine_photo_small,
    mine_rate,
    mine_slip,
    mine_withdraw,
)
from .numbers import analysis, community_numbers
from .phone_desk import phone_cases, phone_desk
from .requests import request_detail, request_list, request_new
from .resident import link_send, lookup, new, new_here, photo_sent, photo_upload, receive

__all__ = [
    "act",
    "analysis",
    "call_back",
    "community_numbers",
    "contact_read",
    "desk",
    "desk_export",
    "detail",
    "link_send",
    "lookup",
    "mailbox",
    "mailbox_answer",
    "mailbox_desk",
    "mine",
    "mine_add",
    "mine_photo",
    "mine_photo_small",
    "mine_rate",
    "mine_slip",
    "mine_withdraw",
    "new",
    "new_here",
    "phone_cases",
    "phone_desk",
    "photo",
    "photo_sent",
    "photo_small",
    "photo_upload",
    "receive",
    "request_detail",
    "request_list",
    "request_new",
]
