"""The words of scoring: what counts as evidence, why something is not charged, how a sheet stands. DOMAIN D"""

from django.db.models import TextChoices


class EvidenceKind(TextChoices):
    """What a lost point can come from. DOMAIN D.3; disclosures add theirs when they come."""

    FINDING_ISSUED = "issued", "发现问题"
    FINDING_OVERDUE = "overdue", "整改逾期"
    RECHECK_FAILED = "failed", "复查不合格"
    COMPLAINT_RESPONSIBLE = "upheld", "有责投诉"
    COMPLAINT_LATE = "late", "投诉逾期没答复"
    HAZARD_PLAN_MISSING = "no_plan", "没定责任人、期限、措施"
    INTERIM_MISSED = "no_interim", "没采取临时安全措施"
    CAMPAIGN_FAILED = "campaign", "专项行动验收不合格"
    MANUAL = "manual", "现场扣分"


BY_SEVERITY = (EvidenceKind.FINDING_ISSUED, EvidenceKind.FINDING_OVERDUE, EvidenceKind.RECHECK_FAILED)
KEYS = {  # the one key that a row of each kind has
    EvidenceKind.FINDING_ISSUED: "finding",
    EvidenceKind.FINDING_OVERDUE: "round",
    EvidenceKind.RECHECK_FAILED: "round",
    EvidenceKind.COMPLAINT_RESPONSIBLE: "upheld",
    EvidenceKind.COMPLAINT_LATE: "complaint",
    EvidenceKind.HAZARD_PLAN_MISSING: "notice",
    EvidenceKind.INTERIM_MISSED: "notice",
    EvidenceKind.CAMPAIGN_FAILED: "failure",
    EvidenceKind.MANUAL: "manual",
}


class Exempt(TextChoices):
    """Why a fact costs nothing. They are counted, and the town samples them. DOMAIN D.3"""

    ON_THE_SPOT = "on_spot", "一般问题，当场整改"
    SELF_REPORTED = "self", "物业自查自报，按期整改"
    DISSUADED = "dissuaded", "业主造成，物业已劝阻、已报告"
    WITHDRAWN = "withdrawn", "抄告已撤销"
    UNDONE = "undone", "事后更正，没有逾期"


class Decision(TextChoices):
    """What the assessor makes of a proposal. Nothing exceeds it. DOMAIN D.4"""

    ACCEPTED = "accepted", "照扣"
    REDUCED = "reduced", "减少"
    REFUSED = "refused", "不认定"


class PeriodKind(TextChoices):
    MONTH = "month", "月考核"
    HALF_YEAR = "half", "半年检查"


class SheetState(TextChoices):
    DRAFT = "draft", "在评"
    TO_CHECK = "to_check", "待复核"
    CHECKED = "checked", "已复核"
    PUBLISHED = "published", "已公布"
    REPLACED = "replaced", "已改用新的一版"


class LineKind(TextChoices):
    """What moves a deposit. DOMAIN D.6"""

    OPEN = "open", "开户"
    DEDUCT = "deduct", "扣除"
    REPLENISH = "replenish", "补足"
    ADJUST = "adjust", "更正"
    RETURN = "return", "退还"


TONES = {  # of a sheet's state (UI.md 5)
    SheetState.DRAFT: ("mute", "half"),
    SheetState.TO_CHECK: ("warn", "eye"),
    SheetState.CHECKED: ("good", "ok"),
    SheetState.PUBLISHED: ("good", "ok"),
    SheetState.REPLACED: ("mute", "back"),
}
