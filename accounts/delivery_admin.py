"""The outbox in the admin, for the office: whether it went out, never what it says, and never whether it was read."""

from django import forms
from django.contrib import admin

from . import lines, notifications, scopes
from .admin_rows import InlineRows, Rows
from .models import Delivery, Line, Message, Robot
from .roles import Act, Role

VIEWERS = frozenset({Role.ADMINISTRATOR, Role.TOWN_HEAD, Role.TOWN_CLERK})


class DeliveryInline(InlineRows, admin.TabularInline):
    model = Delivery
    fields = readonly_fields = ["number", "at", "outcome", "gateway_number", "error"]
    viewers = VIEWERS
    read_only = True
    extra = 0
    ordering = ["number"]


@admin.register(Message)
class MessageAdmin(Rows, admin.ModelAdmin):
    viewers = VIEWERS
    read_only = True
    list_display = ["title", "recipient", "channel", "state", "due", "sent_at", "tries", "error"]
    list_filter = ["state", "channel", "due"]
    list_select_related = ["user", "address", "robot"]
    search_fields = ["user__name", "user__pinyin", "user__username"]
    fields = ["title", "recipient", "channel", "state", "due", "next_try", "sent_at", "tries", "error"]
    ordering = ["-due", "-pk"]
    inlines = [DeliveryInline]

    @admin.display(description="种类", ordering="kind")
    def title(self, message):
        return notifications.title(message.kind)

    @admin.display(description="收件人")
    def recipient(self, message):
        return message.user or message.address or message.robot


@admin.register(Delivery)
class DeliveryAdmin(Rows, admin.ModelAdmin):
    """Every try, the latest first."""

    viewers = VIEWERS
    read_only = True
    list_display = ["at", "title", "recipient", "channel", "number", "outcome", "gateway_number", "error"]
    list_filter = ["outcome", "channel", "at"]
    list_select_related = ["message__user", "message__address", "message__robot"]
    search_fields = ["message__user__name", "message__user__pinyin", "gateway_number"]
    fields = ["at", "title", "recipient", "channel", "number", "outcome", "gateway_number", "error"]

    @admin.display(description="种类")
    def title(self, delivery):
        return notifications.title(delivery.message.kind)

    @admin.display(description="收件人")
    def recipient(self, delivery):
        message = delivery.message
        return message.user or message.address or message.robot


@admin.register(Line)
class LineAdmin(Rows, admin.ModelAdmin):
    """How the ways outward do; a line without failures needs no row."""

    viewers = VIEWERS
    read_only = True
    list_display = fields = ["label", "state", "failures", "down_since", "next_probe", "error"]

    @admin.display(description="渠道", ordering="name")
    def label(self, line):
        return lines.label(line.name)

    @admin.display(description="现在")
    def state(self, line):
        return "断了，过一会儿自己再试" if line.down_since else "通"


class RobotForm(forms.ModelForm):
    """The key is typed once and never shown again: whoever has it can write to the group."""

    scope = forms.ChoiceField(label="管哪里", required=False, help_text="只发那里的、不写人名的消息。")
    new_key = forms.CharField(
        label="机器人的 key",
        required=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="地址里 key= 或 access_token= 后面的那一串，不要整个地址。空着就不改。",
    )
    new_secret = forms.CharField(
        label="加签密钥",
        required=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text="只有钉钉群选了“加签”才填。空着就不改。",
    )

    class Meta:
        model = Robot
        fields = ["name", "kind", "is_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "scope" in self.fields:
            self.fields["scope"].choices = scopes.choices()
            self.fields["scope"].initial = f"{self.instance.label}:{self.instance.label_key}".strip(":")
            self.fields["new_key"].required = self.instance.pk is None

    def clean(self) -> dict:
        data = super().clean()
        self.instance.label, _, self.instance.label_key = data.get("scope", "").partition(":")
        self.instance.key = data.get("new_key") or self.instance.key
        self.instance.secret = data.get("new_secret") or self.instance.secret
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """Key, secret and scope are checked too, although they are typed into fields of another name."""
        return super()._get_validation_exclusions() - {"key", "secret", "label", "label_key"}

    def _update_errors(self, errors) -> None:
        """What is wrong with the key stands beside the field in which it was typed."""
        found = getattr(errors, "error_dict", {})
        for column, field in (("key", "new_key"), ("secret", "new_secret")):
            if column in found:
                found[field] = found.pop(column)
        super()._update_errors(errors)


@admin.register(Robot)
class RobotAdmin(Rows, admin.ModelAdmin):
    form = RobotForm
    act = Act.ROBOTS
    viewers = VIEWERS
    list_display = ["name", "kind", "scope_name", "is_on"]
    fields = ["name", "kind", "scope", "new_key", "new_secret", "is_on"]

    def get_fields(self, request, obj=None):
        return self.fields if self._may_act(request) else self.list_display

    def get_readonly_fields(self, request, obj=None):
        return [] if self._may_act(request) else self.list_display

    @admin.display(description="管哪里")
    def scope_name(self, robot):
        return scopes.name(robot.label, robot.label_key)
