"""The repair fund 维修资金: other people's money, in a double-entry ledger that the database keeps."""

from .chart import Account, BankAccount, Fund, Month, Project
<<<<<<< HEAD
from .households import MonthClosing, OpeningDeposit, RenewalNotice
=======
from .households import OpeningDeposit, RenewalNotice
>>>>>>> d2a6ac5 (Books, vouchers, household accounts, renewal notices and the public page, with a demo)
from .postings import Debtor, Flow, Kind, Line, PostingProposal, ProposalLine, Transaction
from .receipts import Receipt, ReceiptSeries
from .standing import Balance, DayHead, PublishedHead, Total

__all__ = [
    "Account",
    "Balance",
    "BankAccount",
    "DayHead",
    "Debtor",
    "Flow",
    "Fund",
    "Kind",
    "Line",
    "Month",
<<<<<<< HEAD
    "MonthClosing",
=======
>>>>>>> d2a6ac5 (Books, vouchers, household accounts, renewal notices and the public page, with a demo)
    "OpeningDeposit",
    "PostingProposal",
    "Project",
    "ProposalLine",
    "PublishedHead",
    "Receipt",
    "ReceiptSeries",
    "RenewalNotice",
    "Total",
    "Transaction",
]
