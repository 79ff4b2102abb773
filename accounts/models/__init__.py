"""Who somebody is: accounts, roles with their days, addresses, sign-ins, messages."""

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from lib.dated import Dated, in_order, no_overlap
from lib.periods import beijing_date

from ..querysets import (
    PasswordResetQuerySet,
    RoleGrantQuerySet,
    RoleReviewQuerySet,
    UserQuerySet,
)
from ..roles import OFFICE, STAFF, STATION, Role
from .code_sheets import CodeSheet, SheetCode
from .messages import Channel, Choice, Delivery, Line, Message, OwnHours, Robot
from .shared_phones import PhoneCode, SharedPhone

__all__ = [
    "Address",
    "Channel",
    "Choice",
    "CodeSheet",
    "Delivery",
    "DemoMark",
    "Line",
    "Message",
    "OwnHours",
    "PasswordReset",
    "PhoneCode",
    "Robot",
    "RoleGrant",
    "RoleReview",
    "SharedPhone",
    "SheetCode",
    "SignIn",
    "User",
    "UserManager",
]


class Address(models.Model):
    """One phone number or e-mail address, wherever it is used; kept here alone so that it can be erased."""

    class Kind(models.TextChoices):
        PHONE = "phone", "手机或电话"
        EMAIL = "email", "电子邮箱"

    kind = models.CharField("类型", max_length=5, choices=Kind)
    value = models.CharField("号码或邮箱", max_length=254)
    confirmed_at = models.DateTimeField("本人确认于", null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "联系方式", "联系方式"
        constraints = [
            models.UniqueConstraint("kind", "value", name="address_once"),
            models.CheckConstraint(
                condition=Q(kind="email", value__contains="@") | Q(kind="phone", value__regex=r"^\+?[0-9-]{5,20}$"),
                name="address_shape",
                violation_error_message="电话只写数字，比如 13800138000；邮箱要有 @。",
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """138****8000; an e-mail keeps its first character and its domain."""
        if self.kind == self.Kind.EMAIL:
            name, _, domain = self.value.partition("@")
            return f"{name[:1]}***@{domain}"
        return f"{self.value[:3]}****{self.value[-4:]}"


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    pass


@pghistory.track(fields=["username", "is_active", "must_change_password"], model_name="UserEvent")
class User(AbstractBaseUser):
    """An account. What it may do comes from its grants; Django's permission tables and superusers are not used."""

    last_login = None  # when somebody last came is nobody's concern (UI.md 2.6)
    username = models.CharField(
        "用户名",
        max_length=50,
        unique=True,
        validators=[UnicodeUsernameValidator(message="用户名只用文字、数字和 @ . + - _，中间不空格。")],
        error_messages={"unique": "这个用户名已经有人用了，换一个。"},
    )
    name = models.CharField("姓名", max_length=50)
    pinyin = models.CharField("拼音", max_length=200, blank=True, help_text="按姓名自动填；多音字不对就改过来。")
    mobile = models.OneToOneField(
        Address, models.SET_NULL, null=True, blank=True, related_name="user_by_mobile", verbose_name="手机号"
    )
    email = models.ForeignKey(
        Address, models.SET_NULL, null=True, blank=True, related_name="users_by_email", verbose_name="邮箱"
    )
    is_active = models.BooleanField("在用", default=True)
    must_change_password = models.BooleanField("下次登录要改密码", default=False)
    password_expires_at = models.DateTimeField("一次性密码用到", null=True, blank=True, editable=False)
    confirm_phone = models.BooleanField("线上表决前要先确认手机", default=False)
    last_year = models.PositiveSmallIntegerField("最近哪一年登录过", null=True, editable=False)  # no day: issue 5 §7
    big_text = models.BooleanField("长辈版", default=False, editable=False)
    dark = models.BooleanField("深色", default=False, editable=False)
    created_at = models.DateTimeField("建立于", default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name, verbose_name_plural = "账号", "账号"

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles in force today, one query a request."""
        if not self.is_active:
            return frozenset()
        grants = self.grants.in_force(beijing_date(timezone.now()))
        return frozenset(Role(role) for role in grants.values_list("role", flat=True))

    # What Django's admin asks. Which acts, each ModelAdmin says (accounts/admin_rows.py).

    @property
    def is_staff(self) -> bool:
        return not (OFFICE | STATION).isdisjoint(self.roles)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, app_label) -> bool:
        return self.is_staff


@pghistory.track()
class RoleGrant(Dated):
    """A role somebody holds from a first to a last day. Staff roles are granted by one and checked by another."""

    class Origin(models.TextChoices):
        PERSON = "person", "人工授予"
        LINK = "link", "随联系关系"
        SETUP = "setup", "安装时建立"
        DEMO = "demo", "演示数据"

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=Role)
    origin = models.CharField("来源", max_length=6, choices=Origin, default=Origin.PERSON, editable=False)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="授予人"
    )
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="复核人"
    )
    checked_at = models.DateTimeField("复核于", null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("撤回于", null=True, blank=True, editable=False)
    reason = models.CharField("说明", max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "角色授予", "角色授予"
        ordering = ["-first_day"]
        constraints = [
            no_overlap(
                "role_grant_once",
                "user",
                "role",
                message="这个人这段日子已经有这个角色了。",
                condition=Q(withdrawn_at__isnull=True),
            ),
            in_order("role_grant_days"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("granted_by")),
                name="role_grant_two_people",
                violation_error_message="授予和复核要两个人。",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="role_grant_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(origin="person") | Q(granted_by__isnull=False), name="role_grant_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(checked_at__isnull=True),
                name="role_grant_withdrawn_unchecked",
                violation_error_message="复核过的角色不能撤回，只能定一个最后一天。",
            ),
        ]

    @property
    def is_settled(self) -> bool:
        """Needs no second person, or has been checked by one."""
        return self.checked_at is not None or self.origin != self.Origin.PERSON or self.role not in STAFF

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class RoleReview(models.Model):
    """Once a year somebody else looks whether a staff role is still needed. Append-only. 角色年度复核"""

    grant = models.ForeignKey(RoleGrant, models.PROTECT, related_name="reviews", verbose_name="角色授予")
    year = models.PositiveSmallIntegerField("哪一年")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁看的")
    at = models.DateTimeField("时间")

    objects = RoleReviewQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "角色年度复核", "角色年度复核"
        ordering = ["-year", "-pk"]
        constraints = [models.UniqueConstraint("grant", "year", name="role_review_once")]

    def __str__(self) -> str:
        return f"{self.year} 年 {self.grant}"


class SignIn(models.Model):
    """A device on which somebody is signed in now, so that they can end it. Goes with its session; no statistics."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name="账号")
    session = models.OneToOneField(Session, models.CASCADE, related_name="sign_in")
    device = models.CharField("设备", max_length=100)
    at = models.DateTimeField("登录于", default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = "已登录的设备", "已登录的设备"
        ordering = ["-at"]


class PasswordReset(models.Model):
    """A reset on the spot: a slip with a one-time password, shown once. Guarded roles need two administrators."""

    user = models.ForeignKey(User, models.PROTECT, related_name="password_resets", verbose_name="给谁")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁办的")
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="第二位管理员"
    )
    guarded = models.BooleanField("要两位管理员", default=False)
    reason = models.CharField("为什么", max_length=200)
    asked_at = models.DateTimeField("申请于", default=timezone.now)
    issued_at = models.DateTimeField("发出于", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回于", null=True, blank=True)

    objects = PasswordResetQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "密码重置", "密码重置"
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | (~Q(approved_by=F("asked_by")) & ~Q(approved_by=F("user"))),
                name="password_reset_two_people",
                violation_error_message="要另一位管理员来同意。",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("user")),
                name="password_reset_not_own",
                violation_error_message="自己的密码在“我的”里改，不用重置。",
            ),
            models.CheckConstraint(
                condition=Q(guarded=False) | Q(issued_at__isnull=True) | Q(approved_by__isnull=False),
                name="password_reset_guarded_by_two",
                violation_error_message="这个账号的密码要两位管理员一起重置。",
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | Q(withdrawn_at__isnull=True), name="password_reset_one_end"
            ),
            models.UniqueConstraint(
                "user",
                condition=Q(issued_at__isnull=True, withdrawn_at__isnull=True),
                name="password_reset_one_open",
                violation_error_message="这个账号已经有一份申请在等第二位管理员。",
            ),
        ]

    def __str__(self) -> str:
        return f"给{self.user}重置密码"


class DemoMark(models.Model):
    """This database is a demo town, for ever: one row, written into an empty database and never changed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    made_at = models.DateTimeField(default=timezone.now)
    seed = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="demo_mark_one")]
