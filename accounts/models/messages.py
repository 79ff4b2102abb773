"""The outbox, what became of each try, how the ways outward do, and what each person chose."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from ..querysets import DeliveryQuerySet, LineQuerySet, MessageQuerySet, RobotQuerySet


class Channel(models.TextChoices):
    INBOX = "inbox", "站内"
    EMAIL = "email", "邮件"
    SMS = "sms", "短信"
    ROBOT = "robot", "群机器人"


ONE_RECIPIENT = (
    Q(user__isnull=False, address__isnull=True, robot__isnull=True)
    | Q(user__isnull=True, address__isnull=False, robot__isnull=True)
    | Q(user__isnull=True, address__isnull=True, robot__isnull=False)
)
KEY = r"^[A-Za-z0-9_-]{16,128}$"


class Robot(models.Model):
    """The robot of one chat group. Only its key is typed; where it lives is fixed in the code (RELIABILITY)."""

    class Kind(models.TextChoices):
        WECOM = "wecom", "企业微信"
        DINGTALK = "dingtalk", "钉钉"

    name = models.CharField("叫什么", max_length=30, unique=True, help_text="比如：城东社区物管群")
    kind = models.CharField("哪家的", max_length=8, choices=Kind)
    label = models.CharField("管哪里（表）", max_length=60, blank=True, editable=False)  # empty: the office
    label_key = models.CharField("管哪里（行）", max_length=40, blank=True, editable=False)
    key = models.CharField(
        "机器人的 key",
        max_length=128,
        validators=[RegexValidator(KEY, "只填地址里 key= 或 access_token= 后面的那一串字母和数字。")],
    )
    secret = models.CharField("加签密钥", max_length=128, blank=True)  # DingTalk's, where the group asks for it
    is_on = models.BooleanField("启用", default=False)

    objects = RobotQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "群机器人", "群机器人"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(label="", label_key="") | (~Q(label="") & ~Q(label_key="")), name="robot_scope_whole"
            ),
            models.CheckConstraint(
                condition=Q(key__regex=KEY),
                name="robot_key_shape",
                violation_error_message="只填地址里 key= 或 access_token= 后面的那一串字母和数字。",
            ),
            models.CheckConstraint(
                condition=Q(secret="") | Q(kind="dingtalk"),
                name="robot_secret_dingtalk",
                violation_error_message="加签密钥只有钉钉机器人有。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """The outbox: something a person must be told, on one channel, once. The text is made when it is sent or read."""

    Channel = Channel

    class State(models.TextChoices):
        WAITING = "waiting", "待发"
        SENDING = "sending", "正在发"
        SENT = "sent", "已发"
        FAILED = "failed", "没发成"
        DROPPED = "dropped", "不用发了"

    kind = models.CharField("种类", max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="messages", verbose_name="收件人"
    )
    address = models.ForeignKey(
        "accounts.Address", models.CASCADE, null=True, related_name="messages", verbose_name="收件地址"
    )
    robot = models.ForeignKey(Robot, models.PROTECT, null=True, related_name="messages", verbose_name="群机器人")
    channel = models.CharField("渠道", max_length=6, choices=Channel)
    about = models.CharField("关于", max_length=60)  # app_label.model
    about_key = models.CharField("对象", max_length=40)
    round = models.PositiveSmallIntegerField("第几次", default=0)
    due = models.DateTimeField("该发的时间")
    state = models.CharField("状态", max_length=7, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField("试过几次", default=0)
    next_try = models.DateTimeField("下次发送")
    parcel = models.BigIntegerField("和哪条一起发", null=True, editable=False)  # set by the first claim, then for ever
    sent_at = models.DateTimeField("发出于", null=True, blank=True)
    read_at = models.DateTimeField("看过于", null=True, blank=True)  # shown to nobody but the person
    error = models.CharField("没发成的原因", max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "通知", "通知"
        indexes = [
            models.Index(fields=["next_try"], name="message_to_send", condition=Q(state__in=["waiting", "sending"])),
            models.Index(fields=["user", "-due"], name="message_inbox", condition=Q(channel="inbox")),
            models.Index(fields=["parcel"], name="message_parcel", condition=Q(state__in=["waiting", "sending"])),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about", "about_key", "round", "user", "address", "robot", "channel", "due"],
                name="message_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=ONE_RECIPIENT, name="message_one_recipient"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_when"),
            models.CheckConstraint(
                condition=Q(channel="robot", robot__isnull=False) | (~Q(channel="robot") & Q(robot__isnull=True)),
                name="message_robot_channel",
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(channel="inbox"), name="message_read_inside_only"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user or self.address or self.robot}"

    @property
    def line(self) -> str:
        """The way outward that it takes: a channel, or one robot."""
        return f"robot-{self.robot_id}" if self.robot_id else self.channel


class Delivery(models.Model):
    """One try to send one message outward: when, by which channel, what the gateway said. 发送记录"""

    class Outcome(models.TextChoices):
        STARTED = "started", "正在发"
        SENT = "sent", "对方收下了"
        LOGGED = "logged", "只写进日志"  # a demo town, or a channel that is not connected
        FAILED = "failed", "没发出去"
        UNCLEAR = "unclear", "不知道到没到"  # it died after the text had left, or the worker died

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name="通知")
    number = models.PositiveSmallIntegerField("第几次试")
    channel = models.CharField("渠道", max_length=6, choices=Channel)
    at = models.DateTimeField("时间")
    outcome = models.CharField("结果", max_length=7, choices=Outcome, default=Outcome.STARTED)
    gateway_number = models.CharField("对方的编号", max_length=100, blank=True)
    error = models.CharField("原因", max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "发送记录", "发送记录"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at"], name="delivery_latest")]
        constraints = [
            models.UniqueConstraint("message", "number", name="delivery_once"),
            models.CheckConstraint(condition=~Q(channel="inbox"), name="delivery_outward"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}，第 {self.number} 次"


class Line(models.Model):
    """How a way outward does: failures in a row, and while it is down, when it is tried next. 渠道"""

    name = models.CharField("渠道", max_length=30, unique=True)  # email, sms, robot-12
    failures = models.PositiveSmallIntegerField("接连失败", default=0)
    down_since = models.DateTimeField("断了于", null=True)
    next_probe = models.DateTimeField("下次试", null=True)
    error = models.CharField("原因", max_length=200, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "渠道", "渠道"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(down_since__isnull=True, next_probe__isnull=True)
                | Q(down_since__isnull=False, next_probe__isnull=False),
                name="line_down_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Choice(models.Model):
    """Whether a person wants a kind of message on a channel; without a row, as the kind is registered."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="choices", verbose_name="账号")
    kind = models.CharField("种类", max_length=40)
    channel = models.CharField("渠道", max_length=6, choices=Channel)
    wanted = models.BooleanField("要")

    class Meta:
        verbose_name, verbose_name_plural = "通知的选择", "通知的选择"
        constraints = [
            models.UniqueConstraint("user", "kind", "channel", name="choice_once"),
            models.CheckConstraint(condition=Q(channel__in=["email", "sms"]), name="choice_outward"),
        ]


class OwnHours(models.Model):
    """The hours within the office's in which a person wants messages outward. No row: the office's hours."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="own_hours", verbose_name="账号"
    )
    opens = models.TimeField("从")
    closes = models.TimeField("到")

    class Meta:
        verbose_name, verbose_name_plural = "本人的时间", "本人的时间"
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")),
                name="own_hours_in_order",
                violation_error_message="“从”要早于“到”。",
            )
        ]
