"""The steps of a resident's complaint, each a form of its own; looking it up, adding to it, judging it."""

import re
import unicodedata
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError

from communities.models import Community

from ..entries import BAD_PHONE, phone_number
from ..kinds import Category
from ..models import MOST_PHOTOS, Rating
from ..models.cases import MOST_CHARACTERS

MANY = re.compile(r"[0-9a-fA-F-]{36}")


class PhotoIds(forms.CharField):
    """Client ids of photos that have been sent ahead, joined by commas; what is no id is passed over."""

    widget = forms.HiddenInput

    def clean(self, value) -> list[UUID]:
        found = []
        for text in MANY.findall(super().clean(value) or ""):
            try:
                found.append(UUID(text))
            except ValueError:
                continue
        return list(dict.fromkeys(found))


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Photos(forms.FileField):
    """Several photos at once, where the browser runs no script; nothing chosen is an empty list."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [file for file in files if file]


class PhoneField(forms.CharField):
    """A telephone number, mobile or landline, however it was typed."""

    def clean(self, value) -> str:
        return phone_number(super().clean(value))


class Step(forms.Form):
    """What the steps have in common: the browser does not check, the sentences are ours."""

    use_required_attribute = False


class WhatForm(Step):
    """What happened, where, with photos."""

    text = forms.CharField(
        label="出了什么事",
        max_length=MOST_CHARACTERS,
        help_text="想到什么写什么。打字不方便，可以用手机键盘上的话筒说。",
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": "写一句出了什么事，比如“北门垃圾桶满了两天没人收”。",
            "max_length": f"最多 {MOST_CHARACTERS} 个字，请写短一些，或者打电话说。",
        },
    )
    building = forms.ModelChoiceField(
        None,
        label="哪幢楼",
        required=False,
        empty_label="不在哪幢楼里",
        error_messages={"invalid_choice": "重新选一下哪幢楼。"},
    )
    place = forms.CharField(
        label="在哪里",
        max_length=100,
        required=False,
        help_text="几单元、几楼，或者附近的样子。",
        error_messages={"max_length": "写短一些，最多 100 个字。"},
    )
    files = Photos(label="照片", required=False, help_text=f"最多 {MOST_PHOTOS} 张，每张不超过 30 MB。")
    photos = PhotoIds(required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, community: Community, **kwargs):
        kwargs.setdefault("initial", {}).setdefault("client_id", uuid4())
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = community.buildings.filter(ended_on=None).order_by("code")
        if not self.fields["building"].queryset.exists():
            del self.fields["building"]

    def clean(self) -> dict:
        data = super().clean()
        if len(data.get("photos") or ()) + len(data.get("files") or ()) > MOST_PHOTOS:
            self.add_error("files", f"最多 {MOST_PHOTOS} 张照片，请少选几张。")
        data["client_id"] = data.get("client_id") or uuid4()
        return data


class ContactForm(Step):
    """How to reach whoever complains."""

    phone = PhoneField(
        label="您的电话",
        max_length=30,
        help_text="办得怎么样打电话或发短信告诉您。物业看不到。",
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": f"写上电话，好把结果告诉您。{BAD_PHONE}"},
    )
    name = forms.CharField(
        label="怎么称呼您",
        max_length=30,
        required=False,
        help_text="比如 王女士。",
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    for_whom = forms.CharField(
        label="替谁反映", max_length=30, required=False, help_text="替老人、邻居反映的，写本人怎么称呼。自己的事空着。"
    )
    relation = forms.CharField(label="您是本人的什么人", max_length=20, required=False, help_text="比如 女儿、楼幢长。")


class BoxForm(WhatForm):
    """The box for fire hazards (举报箱): one page, and nobody need say who they are."""

    phone = PhoneField(
        label="您的电话",
        max_length=30,
        required=False,
        help_text="填了才能把结果告诉您；物业看不到。",
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    name = forms.CharField(label="怎么称呼您", max_length=30, required=False)
    solution = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "什么火灾隐患"
        self.fields["text"].help_text = "比如 消防通道堆了东西、灭火器过期、电瓶车进楼充电。"


class WaitedForm(forms.Form):
    """What a complaint that waited in a phone carries beside its fields."""

    c = forms.CharField(max_length=6)
    manifest = forms.JSONField(required=False)

    def clean_manifest(self) -> dict[UUID, str]:
        found = self.cleaned_data["manifest"] or {}
        try:
            return {UUID(key): str(digest) for key, digest in found.items()}
        except (AttributeError, ValueError):
            raise ValidationError("照片的清单看不懂，请重新打开这一页再试。") from None


class CheckForm(Step):
    """Everything once more: the category, whether it is the same as an open case, whether the firm may call."""

    category = forms.ChoiceField(
        label="归哪一类", choices=Category, widget=forms.RadioSelect, error_messages={"required": "选一个类别。"}
    )
    same = forms.CharField(required=False, max_length=20)
    solution = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    hidden = forms.BooleanField(
        label="不给邻居看照片和地点",
        required=False,
        help_text="邻居遇到同一件事时能看到照片和地点，免得重复反映；看不到您写的话、姓名和电话。",
    )
    firm_may_call = forms.BooleanField(
        label="可以让物业直接打我电话", required=False, help_text="不勾也一样办，物业看不到您的姓名和电话。"
    )


class LookupForm(Step):
    """Number and last four digits."""

    number = forms.CharField(
        label="查询号码",
        max_length=40,
        help_text="TS 开头，两组数字，提交时给您的。中间有没有空格、横线都行。",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "写上查询号码。"},
    )
    tail = forms.CharField(
        label="登记电话的后 4 位",
        max_length=10,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "写上登记时那个电话的后 4 位。"},
    )
    solution = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def clean_tail(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["tail"]).strip()


class AddForm(Step):
    """Something more about a complaint that is under way."""

    text = forms.CharField(
        label="补充什么",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "写一句要补充什么。", "max_length": "最多 500 个字。"},
    )
    files = Photos(label="照片", required=False)


class RateForm(Step):
    """How somebody finds the answer."""

    score = forms.TypedChoiceField(
        label="您满意吗",
        coerce=int,
        choices=Rating.Score,
        widget=forms.RadioSelect,
        error_messages={"required": "选一档。", "invalid_choice": "选一档。"},
    )
    is_fixed = forms.TypedChoiceField(
        label="修好了吗",
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
        choices=[("yes", "好了"), ("no", "没好")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="说一说",
        required=False,
        max_length=500,
        help_text="不满意的话写一句哪里没办好，由上一级重新办。",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": "最多 500 个字。"},
    )

    def clean(self) -> dict:
        data = super().clean()
        if data.get("is_fixed") is False and data.get("score", 0) > Rating.Score.BAD:
            raise ValidationError({"score": "没好的话选“不满意”，才能退回重办。"})
        return data


class WithdrawForm(Step):
    reason = forms.CharField(
        label="为什么撤回",
        max_length=200,
        error_messages={"required": "写一句为什么撤回。"},
        widget=forms.Textarea({"rows": 2}),
    )


class PhotoForm(forms.Form):
    """One photo, sent ahead of its complaint."""

    client_id = forms.UUIDField()
    taken_on = forms.DateField(required=False)
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", required=False)
    file = forms.FileField(
        allow_empty_file=True,
        error_messages={"required": "照片没有传上来，请再传一次。", "invalid": "照片没有传上来，请再传一次。"},
    )
