"""Who works for a firm on the spot, with certificates; how the superior platform wants firms and staff listed. R10"""

from datetime import date

from django.db import models
from django.db.models import F, Q

from lib.dated import Dated, in_order, no_overlap

from ..querysets import CertificateQuerySet, ExportColumnQuerySet, FirmStaffQuerySet
from .firms import Firm
from .history import followed
from .owners import Person
from .places import Community

OF_ONE_PERSON = ["name", "job", "where", "badge", "first_day", "certificates", "valid_until"]


@followed
class FirmStaff(Dated):
    """Somebody works for a firm: what they do, where, and whether they wear uniform and badge. No account is needed."""

    class Job(models.TextChoices):
        MANAGER = "manager", "项目负责人"
        ORDER = "order", "秩序维护"
        CLEANING = "cleaning", "保洁"
        REPAIR = "repair", "维修"
        GREENING = "greening", "绿化"
        SERVICE = "service", "客服"
        FIRE = "fire", "消防值守"
        OTHER = "other", "其他"

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="staff", verbose_name="物业企业")
    person = models.ForeignKey(Person, models.PROTECT, related_name="employments", verbose_name="姓名")
    job = models.CharField("岗位", max_length=8, choices=Job)
    community = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, related_name="firm_staff", verbose_name="驻哪个小区"
    )
    badge = models.CharField("工号牌", max_length=20, blank=True)
    has_uniform = models.BooleanField("有统一工装", default=False)

    objects = FirmStaffQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "企业从业人员", "企业从业人员"
        ordering = ["firm", "job", "pk"]
        constraints = [
            in_order("firm_staff_days"),
            no_overlap("firm_staff_once", "firm", "person", message="这个人这段日子已经登记在这家企业。"),
            models.CheckConstraint(
                condition=~Q(job="manager") | Q(community__isnull=False),
                name="firm_staff_manager_where",
                violation_error_message="项目负责人要写负责哪个小区。",
            ),
            no_overlap(
                "firm_staff_one_manager",
                "firm",
                "community",
                condition=Q(job="manager"),
                message="这个小区这段日子已经有项目负责人，先给原来的写上最后一天。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_job_display()} {self.person}"


@followed
class Certificate(models.Model):
    """A certificate of somebody who works for a firm, and until when it is valid. 从业证书"""

    staff = models.ForeignKey(FirmStaff, models.PROTECT, related_name="certificates", verbose_name="从业人员")
    name = models.CharField("证书", max_length=60)
    number = models.CharField("证书编号", max_length=40, blank=True)
    issued_on = models.DateField("发证日期", null=True, blank=True)
    valid_until = models.DateField("有效期到", null=True, blank=True, help_text="长期有效就空着。")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "从业证书", "从业证书"
        ordering = ["staff", "valid_until", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "name", "number"],
                name="certificate_once",
                violation_error_message="这本证书已经登记过。",
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(valid_until=None) | Q(valid_until__gte=F("issued_on")),
                name="certificate_days",
                violation_error_message="有效期不能早于发证日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_over(self, today: date) -> bool:
        return self.valid_until is not None and self.valid_until < today


@followed
class ExportColumn(models.Model):
    """One column of the superior platform's table, in its order and under its heading, and what of ours goes there.

    Without a field the column stays empty, for what the platform asks and the town does not keep.
    """

    class Sheet(models.TextChoices):
        FIRM = "firm", "企业信用信息"
        STAFF = "staff", "从业人员信用信息"

    class Field(models.TextChoices):
        FIRM_NAME = "firm_name", "企业名称"
        USCC = "uscc", "统一社会信用代码"
        ADDRESS = "address", "办公地址"
        PHONE = "phone", "服务电话"
        DUTY_PHONE = "duty_phone", "24小时电话"
        COMMUNITIES = "communities", "服务的小区"
        COMMUNITY_COUNT = "community_count", "服务小区数"
        STAFF_COUNT = "staff_count", "从业人员数"
        CERTIFIED_COUNT = "certified_count", "持证人数"
        NAME = "name", "姓名"
        JOB = "job", "岗位"
        WHERE = "where", "驻哪个小区"
        BADGE = "badge", "工号牌"
        FIRST_DAY = "first_day", "到岗日期"
        CERTIFICATES = "certificates", "证书和编号"
        VALID_UNTIL = "valid_until", "证书最早到期"

    sheet = models.CharField("哪张表", max_length=5, choices=Sheet)
    position = models.PositiveSmallIntegerField("第几列")
    heading = models.CharField("上级的表头", max_length=40)
    field = models.CharField("填什么", max_length=15, choices=Field, blank=True, help_text="空着就留空列。")

    objects = ExportColumnQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "上级平台的表头", "上级平台的表头"
        ordering = ["sheet", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "position"],
                name="export_column_place",
                violation_error_message="这张表的这一列已经有了。",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(sheet="staff") | ~Q(field__in=OF_ONE_PERSON),
                name="export_column_of_sheet",
                violation_error_message="企业的表里填不了某个人的内容。",
            ),
        ]

    def __str__(self) -> str:
        return self.heading
