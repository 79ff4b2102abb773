"""The repair fund 维修资金: other people's money, in a double-entry ledger that the database keeps."""

from .bank import BankLine, BankMatch, BankStatement
from .chart import Account, BankAccount, Fund, Month, Project
from .households import MonthClosing, OpeningDeposit, RenewalNotice
from .postings import Debtor, Flow, Kind, Line, PostingProposal, ProposalLine, Transaction
from .receipts import Receipt, ReceiptSeries
from .standing import Balance, DayHead, PublishedHead, Total

__all__ = [
    "Account",
    "Balance",
    "BankAccount",
    "BankLine",
    "BankMatch",
    "BankStatement",
    "DayHead",
    "Debtor",
    "Flow",
    "Fund",
    "Kind",
    "Line",
    "Month",
    "MonthClosing",
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
