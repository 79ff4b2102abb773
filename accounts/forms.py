"""What people type about accounts: at the door, about themselves, and to reset somebody's password."""

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.utils import timezone

from . import quiet, sign_in
from .models import User
from .roles import Role


class SignInForm(forms.Form):
    """User name or mobile number with password; on success ``user`` is who came."""

    username = forms.CharField(label="用户名或手机号", max_length=100)
    password = forms.CharField(label="密码", max_length=200, strip=False, widget=forms.PasswordInput)

    def __init__(self, request, *args, **kwargs):
        self.request, self.user = request, None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name and password:
            self.user = authenticate(self.request, username=name, password=password)
            if refused := sign_in.refusal(self.user, now=timezone.now()):
                raise forms.ValidationError(refused)
        return self.cleaned_data


class OwnPasswordForm(forms.Form):
    """The present password, before something that only the person themselves may have."""

    password = forms.CharField(label="现在的密码", max_length=200, strip=False, widget=forms.PasswordInput)

    def __init__(self, user: User, *args, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError("现在的密码不对，再看看大小写。")
        return self.cleaned_data["password"]


class PasswordForm(forms.Form):
    """A new password; the present one is asked unless it came on a slip and was typed a moment ago."""

    old = forms.CharField(label="现在的密码", strip=False, widget=forms.PasswordInput)
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        help_text="至少 10 个字，不要全是数字，不要用名字。用一句自己记得住的话最好。",
    )
    again = forms.CharField(label="再写一遍新密码", strip=False, widget=forms.PasswordInput)

    def __init__(self, user: User, *args, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        if user.must_change_password:
            del self.fields["old"]

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("现在的密码不对，再看看大小写。")
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        new = self.cleaned_data["new"]
        if self.user.check_password(new):
            raise forms.ValidationError("和现在的密码一样，换一个。")
        password_validation.validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("new", self.cleaned_data["again"]):
            raise forms.ValidationError("两遍不一样，再写一遍。")
        return self.cleaned_data["again"]


class EmailForm(forms.Form):
    email = forms.EmailField(label="邮箱", max_length=254, required=False, help_text="通知会同时发到这里。不要就空着。")


class HoursForm(forms.Form):
    """The hours in which a person wants messages outward; both or none."""

    opens = forms.TimeField(label="从", required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    closes = forms.TimeField(label="到", required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))

    def clean(self) -> dict:
        opens, closes = self.cleaned_data.get("opens"), self.cleaned_data.get("closes")
        if not self.errors and (opens is None) != (closes is None):
            self.add_error("closes" if opens else "opens", "“从”和“到”都写，或者都空着。")
        elif opens and closes and (refused := quiet.refusal(opens, closes, today=timezone.localdate())):
            self.add_error("opens", refused)
        return self.cleaned_data


class FindPersonForm(forms.Form):
    q = forms.CharField(label="姓名、拼音、用户名或手机号", max_length=50, required=False)


class ResetForm(forms.Form):
    """Why a password is reset, and that whoever asks stands here in person."""

    reason = forms.CharField(label="为什么要重置", max_length=200, help_text="比如：本人忘了密码，到站里来办。")
    known = forms.BooleanField(
        label="已当面核对是本人",
        error_messages={"required": "先当面核对是本人：看身份证或工作证，或者您认得他。"},
    )


class RoleFilter(forms.Form):
    """Narrows the list of roles; whatever cannot be read narrows nothing."""

    q = forms.CharField(label="姓名、拼音或用户名", max_length=50, required=False)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *Role.choices])
    only = forms.ChoiceField(
        label="只看",
        required=False,
        choices=[("", "全部"), ("review", "今年要复核的"), ("never", "从没登录过的"), ("ending", "定了最后一天的")],
    )

    def narrow(self, rows, *, today):
        self.is_valid()
        wanted = self.cleaned_data
        rows = rows.filter(user__in=User.objects.matching(wanted.get("q") or ""))
        if wanted.get("role"):
            rows = rows.filter(role=wanted["role"])
        return {
            "review": lambda: rows.to_review(today),
            "never": lambda: rows.filter(user__last_year=None),
            "ending": lambda: rows.filter(last_day__isnull=False),
        }.get(wanted.get("only"), lambda: rows)()
