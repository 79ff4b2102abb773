"""What happens to a notice: the lines of its time line, and the next firm that takes it over."""

from django.db import models

from accounts.models import User
from communities.models import Firm

from .notices import Notice


class NoticeEvent(models.Model):
    """What happened to a notice, in words of the time line; append-only. Nobody did what a date brought about."""

    class Kind(models.TextChoices):
        ISSUED = "issued", "发出抄告"
        RECEIVED = "received", "签收"
        DEEMED = "deemed", "没有签收，视为签收"
        PLANNED = "planned", "填了责任人、期限、措施"
        INTERIM = "interim", "采取临时安全措施"
        CALLED = "called", "打电话催"
        REPLIED = "replied", "回复：已整改"
        SAID_FIXED = "said_fixed", "上报人看过：修好了"
        SAID_NOT = "said_not", "上报人看过：没好"
        HEARD_FIXED = "heard_fixed", "反映的居民看过：修好了"
        HEARD_NOT = "heard_not", "反映的居民看过：没好"
        PASSED = "passed", "复查合格，销号"
        FAILED = "failed", "复查不合格，再次抄告"
        OVERDUE = "overdue", "逾期"
        ESCALATED = "escalated", "报镇物业办"
        EXTENSION_ASKED = "ext_asked", "申请延期"
        EXTENSION_GRANTED = "ext_granted", "同意延期"
        EXTENSION_REFUSED = "ext_refused", "没有同意延期"
        OBJECTED = "objected", "提出异议"
        OBJECTION_UPHELD = "upheld", "异议成立"
        OBJECTION_REJECTED = "rejected", "异议不成立"
        WITHDRAWN = "withdrawn", "撤销"
        TRANSFERRED = "transferred", "移交部门"
        ANSWERED = "answered", "部门回复，办结"
        TAKEN_OVER = "taken_over", "合同到期，接手的企业接着整改"

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="events", verbose_name="抄告单")
    round_no = models.PositiveSmallIntegerField("第几轮")
    kind = models.CharField("什么事", max_length=11, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")
    text = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "抄告的经过", "抄告的经过"
        ordering = ["at", "pk"]

    @property
    def denies(self) -> bool:
        """Somebody has looked and says 没好."""
        return self.kind in (self.Kind.SAID_NOT, self.Kind.HEARD_NOT)


class Takeover(models.Model):
    """The contract has ended and leaves what is open to the next firm, which answers from now on; append-only. 接手"""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="takeovers", verbose_name="抄告单")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="takeovers", verbose_name="接手的企业")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "抄告的接手", "抄告的接手"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.notice} {self.firm}"
