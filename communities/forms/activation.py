"""What owners type to open their account, and what the desk types for them."""

from django import forms

from communities.models import AccountLink, Building

from .fields import choice_field, text_field


class CodeForm(forms.Form):
    use_required_attribute = False

    code = text_field(
        "信上的开通码", 40, needs="照着信写上开通码，16 位字母和数字。", help_text="大小写、空格都没关系。"
    )


class AccountForm(forms.Form):
    """A mobile number and a password for a new account."""

    use_required_attribute = False

    mobile = text_field(
        "您的手机号", 20, needs="写上您自己的手机号，以后用它登录。", help_text="接着会发验证码到这个号码。"
    )
    password = forms.CharField(
        label="定一个密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="至少 10 个字，不要全是数字，不要用名字。用一句自己记得住的话最好。",
        error_messages={"required": "定一个密码。"},
    )
    again = forms.CharField(
        label="再写一遍密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": "再写一遍密码。"},
    )

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("password", self.cleaned_data["again"]):
            raise forms.ValidationError("两遍不一样，再写一遍。")
        return self.cleaned_data["again"]


class DeskForm(forms.Form):
    """The owner stands here, and the document was seen."""

    use_required_attribute = False

    seen = choice_field("看过什么证件", AccountLink.Document.choices, needs="选一下看过什么证件。")
    mobile = text_field("业主的手机号", 20, needs="写上业主自己的手机号。")
    known = forms.BooleanField(
        label="已当面核对是本人，证件和登记的业主一致", error_messages={"required": "先当面核对证件。"}
    )


class LettersForm(forms.Form):
    building = forms.ModelChoiceField(
        Building.objects.none(),
        label="哪一幢",
        required=False,
        empty_label="整个小区",
        help_text="业主多的小区会按幢分成几批。",
    )

    def __init__(self, *args, buildings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = buildings


class OwnerFilter(forms.Form):
    q = forms.CharField(label="姓名、拼音或房号", required=False, max_length=50)
    only = forms.ChoiceField(
        label="只看", required=False, choices=[("", "全部"), ("no", "没有账号的"), ("yes", "有账号的")]
    )
