"""From a score, or a fen of deposit, down to the fact it came from: a tree that page, PDF and JSON share. D.4, D.6

Recomputed in plain Python from charges and table, so that it also proves what SQL has added up.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from lib.money import yuan
from rulebook import rules
from rulebook.models import Rule

from . import points
from .kinds import EvidenceKind
from .models import Booking, Charge, ScoreSheet
from .points import Lost, written

RULES = (  # by which a sheet is computed, as they stand on its first day
    *("score.factor.general", "score.factor.serious", "score.factor.major", "score.size_bp"),
    *("score.issued_cap_bp", "score.overdue_repeat_wd", "score.veto_cap_deci", "score.inspected_ratio"),
)


@dataclass
class Leaf:
    """One charge, with the fact and where it can be read."""

    charge: Charge
    day: date
    title: str
    source: str
    url: str

    @property
    def rule(self) -> str:
        """0.5 × 2; 0.5 × 2 × 90 %"""
        charge = self.charge
        size = f" × {charge.size_bp / 100:g} %" if charge.size_bp != points.FULL_BP else ""
        return f"{written(charge.base_deci)} × {charge.factor}{size}"


@dataclass
class Branch:
    """An item with what was charged to it, and what of it counts."""

    item: Any
    leaves: list[Leaf] = field(default_factory=list)
    issued: int = 0
    other: int = 0
    lost: int = 0

    @property
    def sum_deci(self) -> int:
        return self.issued + self.other


@dataclass
class Limb:
    """An area with its items."""

    area: Any
    branches: list[Branch] = field(default_factory=list)
    lost: int = 0

    @property
    def left(self) -> int:
        return self.area.max_deci - self.lost


@dataclass
class Tree:
    """A sheet explained."""

    sheet: ScoreSheet
    limbs: list[Limb]
    score_deci: int
    band: str
    proposed_deci: int
    accepted_deci: int
    exempt: int
    issued_bp: int
    rules: list[Rule]

    @property
    def agrees(self) -> bool:
        """What is recomputed here is what the sheet says."""
        return (self.score_deci, self.band) == (self.sheet.score_deci, self.sheet.band)


def tree(sheet: ScoreSheet) -> Tree:
    """The whole sheet from its charges; four queries whatever their number."""
    charges = list(sheet.charges.with_page_parts().in_order())
    areas = list(sheet.table.scoreareas.all())
    issued_bp = rules.on(sheet.first_day, "score.issued_cap_bp")
    per_area: dict[int, dict[int, Branch]] = defaultdict(dict)
    for charge in charges:
        branch = per_area[charge.item.area_id].setdefault(charge.item_id, Branch(charge.item))
        branch.leaves.append(leaf(charge))
        if charge.kind == EvidenceKind.FINDING_ISSUED:
            branch.issued += charge.counted_deci
        else:
            branch.other += charge.counted_deci
    limbs = [_limb(area, list(per_area[area.pk].values()), issued_bp) for area in areas]
    veto = rules.on(sheet.first_day, "score.veto_cap_deci") if sheet.veto_reason else None
    score = points.total([limb.left for limb in limbs], veto_cap_deci=veto)
    return Tree(
        sheet=sheet,
        limbs=limbs,
        score_deci=score,
        band=_band(sheet, score),
        proposed_deci=sum(charge.proposed_deci for charge in charges),
        accepted_deci=sum(charge.counted_deci for charge in charges),
        exempt=sum(bool(charge.exempt) for charge in charges),
        issued_bp=issued_bp,
        rules=[rules.in_force(sheet.first_day, key) for key in RULES],
    )


def _limb(area, branches: list[Branch], issued_bp: int) -> Limb:
    for branch in branches:
        lost = Lost(branch.issued, branch.other)
        branch.lost = points.item_loss(lost, cap_deci=branch.item.cap_deci, issued_bp=issued_bp)
    return Limb(area, branches, points.area_loss((branch.lost for branch in branches), most=area.max_deci))


def _band(sheet: ScoreSheet, score: int) -> str:
    if not sheet.is_inspected:
        return ""
    steps = [points.Step(row.letter, row.from_deci) for row in sheet.table.bands.all()]
    gate = sheet.table.gate_band if sheet.major_overdue or sheet.major_failed else None
    return points.band(score, steps, not_above=gate)


def lost_by_item(sheet: ScoreSheet) -> dict[str, int]:
    """Item code → points lost on another sheet, to stand beside this one."""
    return {branch.item.code: branch.lost for limb in tree(sheet).limbs for branch in limb.branches}


def leaf(charge: Charge) -> Leaf:
    """The fact behind a charge. Of a complaint only category, building and day: never number or words. RELIABILITY"""
    evidence = charge.evidence
    title, source, url = _fact(evidence)
    return Leaf(charge, evidence.day, title, source, url)


def _fact(evidence) -> tuple[str, str, str]:
    if complaint := evidence.complaint or (evidence.upheld and evidence.upheld.complaint):
        place = f"，{complaint.building}" if complaint.building_id else ""
        return f"{complaint.get_category_display()}{place}", evidence.get_kind_display(), ""
    if evidence.failure_id:
        place = evidence.failure.place_step.place
        return f"{place.campaign}：{evidence.failure.text}", "验收不合格", place.get_absolute_url()
    if evidence.manual_id:
        shown = next(iter(evidence.manual.photos.all()), None)
        url = reverse("assessments:photo", args=[shown.client_id]) if shown else ""
        return evidence.manual.text, evidence.manual.document or "现场照片", url
    notice = evidence.notice or (evidence.round and evidence.round.notice)
    finding = notice.finding if notice else evidence.finding
    words = f"{finding.item}{f'，{finding.where}' if finding.where else ''}"
    if notice:
        again = f"，第 {evidence.round.no} 轮" if evidence.round_id and evidence.round.no > 1 else ""
        return (
            f"{words}，{evidence.get_kind_display()}{again}",
            str(notice),
            reverse("inspections:notice-detail", args=[notice.pk]),
        )
    return words, "看问题的经过", reverse("inspections:finding-detail", args=[finding.pk])


def as_json(tree_: Tree, booking: Booking | None) -> dict:
    """The tree for a machine: points in 0.1, money in fen."""
    sheet = tree_.sheet
    return {
        "community": str(sheet.community),
        "firm": str(sheet.firm),
        "period": {"kind": sheet.period_kind, "first_day": sheet.first_day, "last_day": sheet.last_day},
        "version": sheet.version,
        "table": {"code": sheet.table.code, "first_day": sheet.table.first_day},
        "score_deci": sheet.score_deci,
        "band": sheet.band,
        "recomputed": {"score_deci": tree_.score_deci, "band": tree_.band, "agrees": tree_.agrees},
        "gates": {"major_overdue": sheet.major_overdue, "major_failed": sheet.major_failed, "veto": sheet.veto_reason},
        "rules": [_rule_json(rule) for rule in tree_.rules],
        "areas": [_area_json(limb) for limb in tree_.limbs],
        "deposit": booking and _booking_json(booking),
    }


def _rule_json(rule: Rule) -> dict:
    """The text of a rule and its version: since when it holds, by what."""
    said = {"key": rule.key, "label": rule.label, "value": rule.value, "words": rule.words}
    return said | {"first_day": rule.first_day, "basis": rule.basis, "article": rule.article}


def _area_json(limb: Limb) -> dict:
    items = [
        {
            "code": branch.item.code,
            "cap_deci": branch.item.cap_deci,
            "lost_deci": branch.lost,
            "charges": [_leaf_json(leaf_) for leaf_ in branch.leaves],
        }
        for branch in limb.branches
    ]
    return {"code": limb.area.code, "max_deci": limb.area.max_deci, "left_deci": limb.left, "items": items}


def _leaf_json(leaf_: Leaf) -> dict:
    charge = leaf_.charge
    return {
        "kind": charge.kind,
        "day": leaf_.day,
        "fact": leaf_.title,
        "source": leaf_.source,
        "rule": leaf_.rule,
        "item": charge.item.name,
        "evidence": charge.evidence_id,
        "exempt": charge.exempt,
        "proposed_deci": charge.proposed_deci,
        "counted_deci": charge.counted_deci,
        "decision": charge.decision,
        "reason": charge.reason,
    }


def _booking_json(booking: Booking) -> dict:
    return {
        "band": booking.band,
        "monthly_base_fen": booking.monthly_base_fen,
        "wanted_fen": booking.wanted_fen,
        "reward_fen": booking.reward_fen,
        "moved_fen": booking.moved and booking.moved.amount_fen,
        "unpaid_fen": booking.moved and booking.moved.unpaid_fen,
        "booked_on": booking.on,
    }


def money_words(booking: Booking) -> list[tuple[str, str]]:
    """How a fen of deposit came about, a line a step."""
    deposit = booking.deposit
    return [
        ("年物业费", f"{yuan(deposit.annual_fee_fen)} 元"),
        ("开户额", f"{yuan(deposit.opening_fen)} 元"),
        ("月基数，开户额 ÷ 12，舍到分", f"{yuan(booking.monthly_base_fen)} 元"),
        (f"{booking.band or '—'} 档", f"应扣 {yuan(booking.wanted_fen)} 元"),
        *([("入账", f"{booking.moved.text}，{yuan(booking.moved.amount_fen)} 元")] if booking.moved else []),
        *([("没扣成", f"{yuan(booking.moved.unpaid_fen)} 元")] if booking.moved and booking.moved.unpaid_fen else []),
        *([("奖励", f"{yuan(booking.reward_fen)} 元，{booking.budget.party}出")] if booking.reward_fen else []),
    ]
