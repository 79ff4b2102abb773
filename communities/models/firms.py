"""Property firms, their contracts, their people."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError

from accounts.models import User
from lib.dated import Dated, in_order, no_overlap

from ..querysets import ContractQuerySet, FirmQuerySet, OfFirmQuerySet
from .history import followed
from .places import Community, Sorted


def check_uscc(value: str) -> None:
    """The 18 characters of a 统一社会信用代码 with their check character."""
    try:
        uscc.validate(value)
    except StdnumError:
        raise ValidationError("统一社会信用代码是 18 位，照营业执照再核对一遍，常见的错是 0 和 O、1 和 I。") from None


@followed
class Firm(Sorted):
    """A property-management firm. 物业服务企业"""

    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True, validators=[check_uscc])
    phone = models.CharField("服务电话", max_length=20, blank=True)
    duty_phone = models.CharField("24小时电话", max_length=20, blank=True)
    address = models.CharField("办公地址", max_length=120, blank=True)
    is_public_benefit = models.BooleanField("公益性（社区牵头）", default=False)
    association_since = models.DateField("物业协会会员，从", null=True, blank=True)
    ended_on = models.DateField("注销日期", null=True, blank=True)

    objects = FirmQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "物业企业", "物业企业"
        ordering = ["pinyin", "pk"]

    def get_absolute_url(self) -> str:
        return reverse("communities:firm-detail", args=[self.pk])


@followed
class Contract(Dated):
    """A firm serves a community from a first to a last day; it decides the firm of each row's own day. 物业服务合同"""

    class Kind(models.TextChoices):
        PRELIMINARY = "preliminary", "前期物业服务"
        OWNERS = "owners", "业主大会选聘"
        INTERIM = "interim", "临时托管"

    class OpenItems(models.TextChoices):
        STAYS = "stays", "原企业办完"
        NEXT = "next", "接手的企业接着办"

    community = models.ForeignKey(Community, models.PROTECT, related_name="contracts", verbose_name="小区")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="contracts", verbose_name="物业企业")
    kind = models.CharField("种类", max_length=11, choices=Kind)
    signed_on = models.DateField("签订日期", null=True, blank=True)
    open_items = models.CharField(
        "结束时没办完的问题", max_length=5, choices=OpenItems, default=OpenItems.STAYS, help_text="照合同约定选。"
    )

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "物业合同", "物业合同"
        ordering = ["-first_day"]
        constraints = [
            in_order("contract_days"),
            no_overlap(
                "contract_one_firm", "community", message="这段日子这个小区已经有物业合同，先给旧合同写上结束日期。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm} · {self.community}"


@followed
class FirmPost(Dated):
    """Somebody works for a firm; it makes the grant of firm_manager or firm_staff."""

    class Kind(models.TextChoices):
        MANAGER = "manager", "负责人"
        STAFF = "staff", "员工"

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="posts", verbose_name="物业企业")
    user = models.ForeignKey(User, models.PROTECT, related_name="firm_posts", verbose_name="账号")
    kind = models.CharField("岗位", max_length=7, choices=Kind)

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "企业人员", "企业人员"
        constraints = [
            in_order("firm_post_days"),
            no_overlap("firm_post_once", "user", "firm", message="这个人这段日子已经在这家企业。"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.firm}"
