"""Complaints, the people behind them, and all that is done about them."""

from .cases import Complaint, ComplaintDay, State
from .mailbox import MailboxLetter
from .people import Complainant, Contact, ContactReading, Look, Rating
from .petitions import Petition
from .photos import MOST_PHOTOS, ComplaintPhoto
from .requests import DataRequest
from .story import (
    Answer,
    ComplaintEvent,
    ComplaintPause,
    ComplaintTransfer,
    Mediation,
    ReplyTemplate,
    UpheldComplaint,
)

__all__ = [
    "MOST_PHOTOS",
    "Answer",
    "Complainant",
    "Complaint",
    "ComplaintDay",
    "ComplaintEvent",
    "ComplaintPause",
    "ComplaintPhoto",
    "ComplaintTransfer",
    "Contact",
    "ContactReading",
    "DataRequest",
    "Look",
    "MailboxLetter",
    "Mediation",
    "Petition",
    "Rating",
    "ReplyTemplate",
    "State",
    "UpheldComplaint",
]
