"""The repair fund 维修资金: other people's money, in a double-entry ledger that the database keeps."""

from .around import Investment, Objection, YearStatement
from .bank import BankLine, BankMatch, BankStatement
from .chart import Account, BankAccount, Fund, Month, Project
from .first_deposits import AreaCorrection, AssessedUnit, Assessment, BankTender, ConstructionCost, Liability
from .households import MonthClosing, OpeningDeposit, RenewalNotice
from .postings import Debtor, Flow, Kind, Line, PostingProposal, ProposalLine, Transaction
from .receipts import Receipt, ReceiptSeries
from .renewing import Collection, RenewalBatch, RenewalPlan, RenewalStep
from .standing import Balance, DayHead, PublishedHead, Total

__all__ = [
    "Account",
    "AreaCorrection",
    "AssessedUnit",
    "Assessment",
    "Balance",
    "BankAccount",
    "BankLine",
    "BankMatch",
    "BankStatement",
    "BankTender",
    "Collection",
    "ConstructionCost",
    "DayHead",
    "Debtor",
    "Flow",
    "Fund",
    "Investment",
    "Kind",
    "Liability",
    "Line",
    "Month",
    "MonthClosing",
    "Objection",
    "OpeningDeposit",
    "PostingProposal",
    "Project",
    "ProposalLine",
    "PublishedHead",
    "Receipt",
    "ReceiptSeries",
    "RenewalBatch",
    "RenewalNotice",
    "RenewalPlan",
    "RenewalStep",
    "Total",
    "Transaction",
    "YearStatement",
]
