"""Worked cases of scores and deposits. DOMAIN D"""

from collections import defaultdict
from datetime import date
from typing import Any

from assessments import deposits, points, tables
from assessments.models import ScoreTable
from assessments.points import Lost
from communities.models import Community
from config.vectors import area
from rulebook import rules

DAY = date(2026, 11, 1)  # these cases name no day
BY_SEVERITY = ("ISSUED", "OVERDUE", "RECHECK_FAILED")


@area("score.proposal")
def _proposal(given: dict[str, Any]) -> dict[str, int]:
    severity, event = given.pop("severity").lower(), given.pop("event").removeprefix("FINDING_")
    on_spot, own, dissuaded = (given.pop(key, False) for key in ("on_spot", "self_reported", "dissuaded"))
    issued = event == "ISSUED"
    exempt = dissuaded or (issued and (own or (on_spot and severity == "general")))
    factor = rules.on(DAY, f"score.factor.{severity}") if event in BY_SEVERITY else 1
    size = given.pop("size_bp", rules.on(DAY, "score.size_bp"))
    price = points.proposal(base_deci=given.pop("base_deci"), factor=factor, size_bp=size, exempt=exempt)
    return {"proposed_deci": price}


@area("score.total")
def _total(given: dict[str, Any]) -> dict[str, Any]:
    table = ScoreTable.objects.get(pk=tables.key_for(Community.Kind.SETTLEMENT, DAY))
    caps = {item.code: item.cap_deci for item in table.scoreitems.all()} | given.pop("caps", {})
    lost: dict[str, int] = defaultdict(int)
    for _, code, deci in given.pop("deductions"):
        lost[code] += deci
    issued_bp, left = rules.on(DAY, "score.issued_cap_bp"), {}
    for part in table.scoreareas.prefetch_related("items"):
        codes = [item.code for item in part.items.all()]
        losses = [points.item_loss(Lost(0, lost[code]), cap_deci=caps[code], issued_bp=issued_bp) for code in codes]
        left[part.code] = part.max_deci - points.area_loss(losses, most=part.max_deci)
    veto = rules.on(DAY, "score.veto_cap_deci") if given.pop("veto") else None
    return {"areas": left, "score_deci": points.total(left.values(), veto_cap_deci=veto)}


@area("score.deposit")
def _deposit(given: dict[str, Any]) -> dict[str, Any]:
    amounts = {key: given.pop(key) for key in ("score_deci", "opening_fen", "balance_fen")}
    return deposits.move(**amounts, on=DAY)._asdict()
