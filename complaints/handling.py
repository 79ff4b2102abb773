"""What staff and firms do about a complaint, in one place for those who call it; each act stands with its subject."""

from .answers import answer, check_final, send_back_final
from .assigning import accept, arrive, assign, refuse, remark, start
from .reopening import reopen, withdraw
from .transfers import transfer

__all__ = [
    "accept",
    "answer",
    "arrive",
    "assign",
    "check_final",
    "refuse",
    "remark",
    "reopen",
    "send_back_final",
    "start",
    "transfer",
    "withdraw",
]
