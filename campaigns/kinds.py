"""The words of campaigns: what carries one, whose turn a step is, how far it is. 专项整治, DOMAIN H"""

from django.db.models import TextChoices


class CampaignKind(TextChoices):
    QUARTER = "quarter", "一季一攻坚"
    YEAR = "year", "年度任务"
    PARKING = "parking", "停车收费改革"
    RENOVATION = "renovation", "老旧小区改造"


class CampaignState(TextChoices):
    DRAFT = "draft", "草案"
    PROPOSED = "proposed", "等批准"
    APPROVED = "approved", "已批准"
    ENDED = "ended", "已结束"


OVER = "行动已经结束。"


class Whom(TextChoices):
    """Who can be told for a body: a body outside has no account here, so the office calls."""

    OFFICE = "office", "镇物业办"
    STATIONS = "stations", "村居物管站"
    FIRMS = "firms", "物业企业"
    OUTSIDE = "outside", "别的单位"


class StepState(TextChoices):
    """How far a community is with a step; without a row it has not begun."""

    DOING = "doing", "进行中"
    STUCK = "stuck", "难办"
    DONE = "done", "完成"
    FAILED = "failed", "不合格"


class Doer(TextChoices):
    """Who records a step."""

    FIRM = "firm", "物业企业"
    TEAM = "team", "检查组"
    STATION = "station", "物管站"
    OFFICE = "office", "镇物业办"


NOT_BEGUN = "没开始"
TONES = {  # of a step's state (UI.md 5)
    "": ("mute", "dot"),
    StepState.DOING: ("info", "half"),
    StepState.STUCK: ("bad", "warn"),
    StepState.DONE: ("good", "ok"),
    StepState.FAILED: ("bad", "back"),
}

SELF_CHECK, RECTIFY, INSPECT, ACCEPT, LOOK_BACK = "SELF_CHECK", "RECTIFY", "INSPECT", "ACCEPT", "LOOK_BACK"
VOTE, PRICE, CHARGING = "VOTE", "PRICE", "CHARGING"
OPINIONS, LIST = "OPINIONS", "LIST"
