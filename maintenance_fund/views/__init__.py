"""Pages of the repair fund, one file a subject."""

from .bank import bank, bank_export, bank_line, bank_match, bank_new
from .books import book_new, books, deposit_new, households, ledger, ledger_export, opening, series
from .homes import household, household_export, household_paper, own, public
from .months import interest_new, month_check, month_close, months_list
from .notices import renewal_paper, renewal_received, renewals, renewals_issue, renewals_papers
from .vouchers import proposal, proposal_approve, proposal_seal, proposal_withdraw, voucher, voucher_reverse

__all__ = [
    "bank",
    "bank_export",
    "bank_line",
    "bank_match",
    "bank_new",
    "book_new",
    "books",
    "deposit_new",
    "household",
    "household_export",
    "household_paper",
    "households",
    "interest_new",
    "ledger",
    "ledger_export",
    "month_check",
    "month_close",
    "months_list",
    "opening",
    "own",
    "proposal",
    "proposal_approve",
    "proposal_seal",
    "proposal_withdraw",
    "public",
    "renewal_paper",
    "renewal_received",
    "renewals",
    "renewals_issue",
    "renewals_papers",
    "series",
    "voucher",
    "voucher_reverse",
]
