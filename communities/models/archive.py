"""迎检: in which order a superior wants a community's archive, and what goes under each heading."""

from django.db import models
from django.db.models import Q

from ..querysets import ArchiveHeadingQuerySet
from .history import followed


@followed
class ArchiveHeading(models.Model):
    """One heading of the archive. Its rows are gathered from what the rooms hold; nothing is typed for it."""

    class Source(models.TextChoices):
        COMMUNITY = "community", "小区基本情况"
        CONTRACTS = "contracts", "物业合同"
        COMMITTEE = "committee", "业委会和备案"
        ELECTIONS = "elections", "业委会成立和换届"
        MINUTES = "minutes", "会议记录"
        RULES = "rules", "议事和工作规则"
        SUPERVISION = "supervision", "物业服务监督检查"
        SEAL = "seal", "用章登记"
        TRAINING = "training", "培训"
        ACTIVITY = "activity", "自治活动"
        ARCHIVE = "archive", "档案"
        EXITS = "exits", "移交清单"
        STAFF = "staff", "物业人员和证书"
        EQUIPMENT = "equipment", "设施设备检验"
        PATROLS = "patrols", "巡查记录"
        FINDINGS = "findings", "问题和整改"

    position = models.PositiveSmallIntegerField("第几项")
    title = models.CharField("上级的标题", max_length=60)
    source = models.CharField("放什么", max_length=11, choices=Source)
    is_required = models.BooleanField("没有算缺项", default=True)

    objects = ArchiveHeadingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "迎检目录", "迎检目录"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["position"],
                name="archive_heading_place",
                violation_error_message="这一项已经有了，换一个号。",
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="archive_heading_title", violation_error_message="写上标题。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
