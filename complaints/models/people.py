"""Who complains. Names and numbers stand in `Contact` alone, so that erasing it leaves every record whole."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Address, User
from inspections.models import Finding

from ..querysets import ComplainantQuerySet, ContactReadingQuerySet
from .cases import Complaint


class Contact(models.Model):
    """The only place with personal data of a complainant: name, number, rooms, who wrote for whom. 联系方式"""

    name = models.CharField("怎么称呼", max_length=30, blank=True)
    phone = models.ForeignKey(
        Address, models.SET_NULL, null=True, blank=True, related_name="complaint_contacts", verbose_name="手机或电话"
    )
    room = models.CharField("住哪里", max_length=60, blank=True)
    for_whom = models.CharField("替谁反映", max_length=30, blank=True, help_text="代报时写本人怎么称呼。")
    relation = models.CharField("是本人的什么人", max_length=20, blank=True)
    erased_on = models.DateField("隐去日期", null=True, blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = "投诉人联系方式", "投诉人联系方式"
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_on=None) | Q(name="", phone=None, room="", for_whom="", relation=""),
                name="complaint_contact_erased_wholly",
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """王** 138****8000; 匿名 where nothing is known, 已隐去 after the term."""
        if self.erased_on:
            return "已隐去"
        name = f"{self.name[:1]}**" if self.name else ""
        return " ".join(filter(None, [name, self.phone.masked if self.phone else ""])) or "匿名"

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.phone_id or self.room or self.for_whom)


class Complainant(models.Model):
    """One who complained, or who met the same thing and joined: each is told the answer and rates it. DOMAIN E.5"""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="complainants", verbose_name="投诉")
    contact = models.OneToOneField(Contact, models.PROTECT, related_name="complainant", verbose_name="联系方式")
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name="登录账号"
    )
    client_id = models.UUIDField("手机上的编号", unique=True, editable=False)
    joined = models.BooleanField("我也遇到", default=False, editable=False)
    firm_may_call = models.BooleanField("同意物业直接联系", default=False)
    wants_no_answer = models.BooleanField("不用答复", default=False)
    link_digest = models.CharField("链接的指纹", max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    link_version = models.PositiveSmallIntegerField("第几个链接", default=1, editable=False)
    since = models.DateTimeField("时间", default=timezone.now)

    objects = ComplainantQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "投诉人", "投诉人"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], condition=Q(joined=False), name="complainant_one_first")
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.contact.masked}"


class Rating(models.Model):
    """How somebody judges an answer, in five steps; by telephone it names who asked. Sealed. DOMAIN E.5"""

    class Score(models.IntegerChoices):
        VERY_GOOD = 5, "很满意"
        GOOD = 4, "满意"
        FAIR = 3, "一般"
        BAD = 2, "不满意"
        VERY_BAD = 1, "很不满意"

    complainant = models.ForeignKey(Complainant, models.PROTECT, related_name="ratings", verbose_name="投诉人")
    round = models.PositiveSmallIntegerField("第几次答复")
    score = models.PositiveSmallIntegerField("评价", choices=Score)
    is_fixed = models.BooleanField("解决了吗", null=True)
    reason = models.CharField("说明", max_length=500, blank=True)
    called_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁电话回访的"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "评价", "评价"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complainant", "round"], name="rating_once", violation_error_message="这次答复已经评价过了。"
            ),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_five_steps"),
            models.CheckConstraint(
                condition=Q(score__gte=3) | ~Q(reason=""),
                name="rating_bad_says_why",
                violation_error_message="写一句哪里不满意，好按您说的去办。",
            ),
        ]

    @property
    def is_dissatisfied(self) -> bool:
        return self.score <= self.Score.BAD


class Look(models.Model):
    """Somebody looked before a recheck and says whether it is fixed (修好了吗), once a round. Sealed. Issue 7 §7"""

    complainant = models.ForeignKey(Complainant, models.PROTECT, related_name="looks", verbose_name="投诉人")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="+", verbose_name="问题")
    round = models.PositiveSmallIntegerField("抄告的第几轮")
    fixed = models.BooleanField("修好了吗")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "修好了吗", "修好了吗"
        constraints = [
            models.UniqueConstraint(
                fields=["complainant", "finding", "round"],
                name="look_once",
                violation_error_message="这一次您已经答过了。",
            )
        ]


class ContactReading(models.Model):
    """Somebody read a complainant's data in full, and why. Sealed. DOMAIN 0.5"""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="readings", verbose_name="谁的资料")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁看的")
    at = models.DateTimeField("时间")
    why = models.CharField("为什么看", max_length=200, error_messages={"blank": "写一句为什么要看。"})

    objects = ContactReadingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "看投诉人资料的记录", "看投诉人资料的记录"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(why=""), name="contact_reading_says_why", violation_error_message="写一句为什么要看。"
            )
        ]
