"""Around notices to renew: the assembly's plan, batches on paper, what happened to each, money collected. F.10"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from communities.models import Community, Unit
from rulebook.deadlines import Term

from ..querysets import CollectionQuerySet, OfOfficeQuerySet
from .postings import PostingProposal


class RenewalPlan(models.Model):
    """What the owners' assembly decided about renewing 续筹方案; the newest of a community holds."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="renewal_plans", verbose_name="小区")
    decided_on = models.DateField("哪天决定的")
    document = models.CharField("决议文件", max_length=120)
    target_bp = models.IntegerField("续交到首期的比例（基点）", default=10_000)
    days = models.PositiveSmallIntegerField("收到通知后几天内交", null=True)
    instalments = models.PositiveSmallIntegerField("分几期", default=1)
    months_apart = models.PositiveSmallIntegerField("隔几个月一期", default=0)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记于")

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "续筹方案", "续筹方案"
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(target_bp__gt=0, target_bp__lte=100_000), name="renewal_plan_target"),
            models.CheckConstraint(
                condition=Q(instalments=1, months_apart=0)
                | Q(instalments__gte=2, instalments__lte=60, months_apart__gte=1, months_apart__lte=12),
                name="renewal_plan_instalments",
                violation_error_message="分期的写 2 到 60 期、每期隔 1 到 12 个月；不分期的写 1 期、隔 0 个月。",
            ),
        ]

    def __str__(self) -> str:
        return self.document


class RenewalBatch(models.Model):
    """Notices that were issued at once, made as PDF by the worker, with copies to committee and village committee."""

    class State(models.TextChoices):
        WAITING = "waiting", "等着做"
        WORKING = "working", "正在做"
        READY = "ready", "做好了"

    community = models.ForeignKey(Community, models.PROTECT, related_name="renewal_batches", verbose_name="小区")
    issued_on = models.DateField("发出日期")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发出人")
    count = models.PositiveIntegerField("多少份")
    done = models.PositiveIntegerField("做好多少份", default=0)
    state = models.CharField("状态", max_length=7, choices=State, default=State.WAITING)
    claimed_at = models.DateTimeField("开始做的时间", null=True)
    stored = models.CharField("存放的名字", max_length=40, editable=False)
    committee_on = models.DateField("抄送业委会的日期", null=True)
    village_on = models.DateField("抄送村居的日期", null=True)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "一批续交通知书", "一批续交通知书"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(done__lte=models.F("count")), name="renewal_batch_done")]

    def __str__(self) -> str:
        return f"{self.issued_on} 发出的 {self.count} 份"

    def get_absolute_url(self) -> str:
        return reverse("maintenance_fund:renewal-batch", args=[self.pk])

    # what includes/progress.html shows of a long job

    label = "续交通知书"

    @property
    def total(self) -> int:
        return self.count

    @property
    def finished(self) -> bool:
        return self.state == self.State.READY


class RenewalStep(models.Model):
    """What happened to one notice after it went out: refused, urged in writing. Append-only."""

    class Kind(models.TextChoices):
        REFUSED = "refused", "拒绝续交"
        DUNNED = "dunned", "书面催告"
        NOTE = "note", "备注"

    notice = models.ForeignKey("RenewalNotice", models.PROTECT, related_name="steps", verbose_name="通知书")
    kind = models.CharField("什么事", max_length=7, choices=Kind)
    on = models.DateField("哪天")
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记于")

    class Meta:
        verbose_name, verbose_name_plural = "续交经过", "续交经过"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="note") | ~Q(note=""),
                name="renewal_step_note",
                violation_error_message="备注要写内容。",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Collection(Term):
    """Money to renew that a firm, committee or village committee took and must pass on 代收. F.10"""

    class Collector(models.TextChoices):
        FIRM = "firm", "物业企业"
        COMMITTEE = "committee", "业主委员会"
        VILLAGE = "village", "村居"

    community = models.ForeignKey(Community, models.PROTECT, related_name="fund_collections", verbose_name="小区")
    unit = models.ForeignKey(Unit, models.PROTECT, db_constraint=False, related_name="+", verbose_name="户")
    collector = models.CharField("谁代收的", max_length=9, choices=Collector)
    name = models.CharField("代收单位", max_length=60)
    amount_fen = models.BigIntegerField("金额（分）")
    received_on = models.DateField("收到日期")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记于")
    proposal = models.OneToOneField(
        PostingProposal, models.PROTECT, null=True, related_name="+", verbose_name="转入专户的凭证"
    )
    struck_because = models.CharField("划掉的原因", max_length=200, blank=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "代收", "代收"
        ordering = ["-received_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="collection_positive")]

    def __str__(self) -> str:
        return f"{self.unit} {self.name}代收"
