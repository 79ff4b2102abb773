"""Pages of the repair fund, one file a subject."""

from .bank import bank, bank_export, bank_line, bank_match, bank_new
from .books import book_new, books, deposit_new, households, ledger, ledger_export, opening, series
from .first_deposits import (
    assessed_area,
    assessed_reimbursed,
    assessment,
    assessment_new,
    assessment_pay,
    assessment_withdraw,
    assessments,
    cost_check,
    costs,
    liability_new,
    tenders,
)
from .homes import household, household_export, household_paper, own, public
from .months import interest_new, month_check, month_close, months_list
from .notices import renewal_paper, renewal_received, renewals, renewals_issue, renewals_papers
from .papers import receipt_handed_in, receipt_void, receipts
from .vouchers import proposal, proposal_approve, proposal_seal, proposal_withdraw, voucher, voucher_reverse

__all__ = [
    "assessed_area",
    "assessed_reimbursed",
    "assessment",
    "assessment_new",
    "assessment_pay",
    "assessment_withdraw",
    "assessments",
    "bank",
    "bank_export",
    "bank_line",
    "bank_match",
    "bank_new",
    "book_new",
    "books",
    "cost_check",
    "costs",
    "deposit_new",
    "household",
    "household_export",
    "household_paper",
    "households",
    "interest_new",
    "ledger",
    "ledger_export",
    "liability_new",
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
    "receipt_handed_in",
    "receipt_void",
    "receipts",
    "renewal_paper",
    "renewal_received",
    "renewals",
    "renewals_issue",
    "renewals_papers",
    "series",
    "tenders",
    "voucher",
    "voucher_reverse",
]
