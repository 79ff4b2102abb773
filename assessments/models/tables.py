"""Score sheets as dated tables: areas, items, what counts where, bands, sizes. 考核表, DOMAIN D.2–D.4"""

import pghistory
from django.db import models
from django.db.models import F, Q

from lib.dated import Dated, in_order, no_overlap
from rulebook.models import TwoPeople, two_people

from ..querysets import OfTableQuerySet, ScoreTableQuerySet

COUNTS = Q(origin="migration") | Q(checked_at__isnull=False)


@pghistory.track()
class ScoreTable(TwoPeople, Dated):
    """A table by which communities are scored. 考核表

    Rules say which code holds for which communities (``score.table.…``); of a code, the checked row of the day. It may
    be changed, and is then checked anew, until the first sheet uses it; from then on a later one takes its place.
    """

    code = models.CharField("编号", max_length=12)
    name = models.CharField("名称", max_length=40)
    gate_band = models.CharField(
        "有重大问题逾期时最高档", max_length=1, default="D", help_text="当月有重大问题逾期、或两次复查不合格时用。"
    )
    source = models.CharField("依据", max_length=120, blank=True)

    objects = ScoreTableQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "考核表", "考核表"
        ordering = ["code", "-first_day"]
        constraints = [
            in_order("score_table_days"),
            no_overlap(
                "score_table_once", "code", condition=COUNTS, message="这个编号这段日子已经有一张，换个编号或日子。"
            ),
            *two_people("score_table"),
            models.CheckConstraint(
                condition=Q(code__regex="^[A-Z]{2}-[0-9]{4}-[A-Z]$"),
                name="score_table_code_shape",
                violation_error_message="编号写成 ST-2026-S 这样。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class OfTable(models.Model):
    """A row of a table; closed with it by a trigger when the first sheet has used it."""

    table = models.ForeignKey(ScoreTable, models.CASCADE, related_name="%(class)ss", verbose_name="考核表")

    objects = OfTableQuerySet.as_manager()

    class Meta:
        abstract = True


class ScoreArea(OfTable):
    """One of the six areas 考核方面."""

    code = models.CharField("编号", max_length=12)
    name = models.CharField("方面", max_length=20)
    max_deci = models.PositiveSmallIntegerField("满分（0.1 分）")
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name, verbose_name_plural = "考核方面", "考核方面"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("table", "code", name="score_area_once"),
            models.UniqueConstraint(fields=["table", "id"], name="score_area_of_table"),  # for composite keys
            models.CheckConstraint(condition=Q(max_deci__gt=0), name="score_area_some_points"),
        ]

    def __str__(self) -> str:
        return self.name


class ScoreItem(OfTable):
    """An item 考核项: what one event costs, and what all of them together may cost."""

    area = models.ForeignKey(ScoreArea, models.CASCADE, related_name="items", verbose_name="方面")
    code = models.CharField("编号", max_length=8)
    name = models.CharField("考核项", max_length=60)
    base_deci = models.PositiveSmallIntegerField("每件扣（0.1 分）")
    cap_deci = models.PositiveSmallIntegerField("最多扣（0.1 分）")
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name, verbose_name_plural = "考核项", "考核项"
        ordering = ["area__position", "position"]
        constraints = [
            models.UniqueConstraint("table", "code", name="score_item_once"),
            models.UniqueConstraint(fields=["table", "id"], name="score_item_of_table"),
            models.CheckConstraint(
                condition=Q(base_deci__gt=0, base_deci__lte=F("cap_deci")),
                name="score_item_base_within_cap",
                violation_error_message="每件扣的分大于 0，不超过最多扣的分。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class EvidenceRule(OfTable):
    """Which item a check item, or a kind of evidence, is charged to. 依据对应, DOMAIN D.3"""

    source = models.CharField("检查项编号或依据种类", max_length=10)
    item = models.ForeignKey(ScoreItem, models.CASCADE, related_name="rules", verbose_name="考核项")

    class Meta:
        verbose_name, verbose_name_plural = "依据对应", "依据对应"
        ordering = ["source"]
        constraints = [models.UniqueConstraint("table", "source", name="evidence_rule_once")]

    def __str__(self) -> str:
        return f"{self.source} → {self.item.code}"


class Band(OfTable):
    """From how many points on a band reaches, and what it moves of a month's base. 档次, DOMAIN D.6"""

    letter = models.CharField("档次", max_length=1)
    from_deci = models.PositiveSmallIntegerField("从几分起（0.1 分）")
    bp = models.SmallIntegerField("月基数的万分之几", help_text="正数奖励，负数扣除。")
    summons = models.BooleanField("约谈", default=False)

    class Meta:
        verbose_name, verbose_name_plural = "档次", "档次"
        ordering = ["-from_deci"]
        constraints = [
            models.UniqueConstraint("table", "letter", name="band_once"),
            models.UniqueConstraint("table", "from_deci", name="band_from_once"),
            models.CheckConstraint(condition=Q(bp__gte=-10000, bp__lte=10000), name="band_within_the_base"),
        ]

    def __str__(self) -> str:
        return self.letter


class SizeRow(OfTable):
    """From so many households on, proposals are scaled. Without rows the rule ``score.size_bp`` holds for all."""

    households_from = models.PositiveIntegerField("从多少户起")
    bp = models.PositiveSmallIntegerField("扣分按万分之几")

    class Meta:
        verbose_name, verbose_name_plural = "按户数调整", "按户数调整"
        ordering = ["households_from"]
        constraints = [
            models.UniqueConstraint("table", "households_from", name="size_row_once"),
            models.CheckConstraint(condition=Q(bp__gt=0, bp__lte=20000), name="size_row_in_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.households_from} 户起 {self.bp}"
