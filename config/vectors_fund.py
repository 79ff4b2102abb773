"""Worked cases of the maintenance fund. DOMAIN F"""

from datetime import date
from typing import Any

from config.vectors import area
from maintenance_fund import costs, deposits, interest, reconciling, renewal_rules
from maintenance_fund.deposits import FundClass


@area("fund.first_deposit")
def _first_deposit(given: dict[str, Any]) -> dict[str, Any]:
    """A rate that is given wins over a stored class, that over the floors."""
    day, said = _day(given, "assessed_on"), {}
    floors, kept, rate = given.pop("floors", None), given.pop("fund_class", None), given.pop("rate_bp", None)
    if rate is None:
        kind = FundClass[kept] if kept else deposits.fund_class(floors, day=day)
        rate = deposits.rate_bp(kind, day=day)
        said = {"class": kind.name, "rate_bp": rate}
    fen = deposits.first_deposit(area_centi=given.pop("area_centi"), cost_fen=given.pop("cost_fen_per_m2"), rate=rate)
    return {**said, "amount_fen": fen}


@area("fund.developer_advance")
def _developer_advance(given: dict[str, Any]) -> dict[str, Any]:
    advance = deposits.developer_advance(
        areas=given.pop("unit_areas_centi"), total_area=given.pop("total_area_centi"), **_priced(given)
    )
    return {
        "unit_amounts_fen": advance.units,
        "residual_area_centi": advance.residual_area,
        "residual_fen": advance.residual,
        "developer_pays_fen": advance.total,
    }


@area("fund.settlement")
def _settlement(given: dict[str, Any]) -> dict[str, Any]:
    areas = {key: given.pop(key) for key in ("area_centi", "legal_area_centi")}
    permit, cutoff = given.pop("permit_date"), given.pop("cutoff")
    days = {"permit": permit and date.fromisoformat(permit), "cutoff": cutoff and date.fromisoformat(cutoff)}
    paid = deposits.settlement(**areas, **days, **_priced(given))
    return {"total_fen": paid.total, "developer_fen": paid.developer, "owner_fen": paid.owner}


def _priced(given: dict[str, Any]) -> dict[str, Any]:
    return {"cost_fen": given.pop("cost_fen_per_m2"), "rate": given.pop("rate_bp")}


def _day(given: dict[str, Any], name: str) -> date:
    return date.fromisoformat(given.pop(name, "2026-01-01"))


@area("fund.allocation_debtors")
def _allocation_debtors(given: dict[str, Any]) -> list[dict[str, Any]]:
    bearers = [costs.Bearer(u["code"], u["area"], u["sold"], u["balance"]) for u in given.pop("units")]
    return [
        {
            "unit": share.code,
            "share": share.share,
            "from_account": share.from_account,
            "receivable": share.receivable,
            "debtor": share.debtor,
        }
        for share in costs.with_debtors(given.pop("cost_fen"), bearers)
    ]


@area("fund.renewal_30")
def _renewal_30(given: dict[str, Any]) -> dict[str, Any]:
    fen = {"balance": given.pop("balance_fen"), "first_deposit": given.pop("first_deposit_fen")}
    need = renewal_rules.need(**fen, day=_day(given, "day"))
    said = {"reason": need.reason} if need.is_needed is None else {"top_up_fen": need.top_up}
    return {"renewal_needed": need.is_needed, **said}


@area("fund.renewal_90")
def _renewal_90(given: dict[str, Any]) -> dict[str, Any]:
    term = renewal_rules.deadline(date.fromisoformat(given.pop("received")))
    return {
        "nominal_due": term.nominal.isoformat(),
        "due": term.due.date.isoformat(),
        "overdue_from": term.overdue_from.isoformat(),
        "provisional": term.due.provisional,
    }


@area("fund.interest")
def _interest(given: dict[str, Any]) -> dict[str, Any]:
    weights = interest.products(given.pop("history_days_balance"))
    shares, left = interest.shares(given.pop("interest_fen"), weights)
    return {"products": weights, "alloc": shares, "left_in_3101": left}


@area("fund.reconcile")
def _reconcile(given: dict[str, Any]) -> dict[str, Any]:
    found = reconciling.reconcile(book=given.pop("book_fen"), bank=given.pop("bank_fen"), items=given.pop("items"))
    return {
        "adjusted_book": found.adjusted_book,
        "adjusted_bank": found.adjusted_bank,
        "difference": found.difference,
        "closable": found.is_closable,
    }


@area("fund.receipt_gaps")
def _receipt_gaps(given: dict[str, Any]) -> dict[str, Any]:
    return {"gaps": reconciling.receipt_gaps(given.pop("series_first"), given.pop("used"))}
