"""What is typed to bring a sheet in, to take one out, and about the owners of a unit."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.roles import may
from lib import cells, identity
from lib.cells import Wrong
from lib.table_files import MOST_BYTES

from ..models import Community, Ownership
from ..owners import document_of
from ..sheets import KINDS
from .fields import choice_field, day_field, text_field

REASON = {"required": "写一句为什么。", "max_length": "最多 200 个字。"}


def kinds_for(user: User) -> list[tuple[str, str]]:
    """The kinds of sheet that the user may bring in and take out."""
    return [(name, kind.title) for name, kind in KINDS.items() if may(user, kind.act)]


class ImportForm(forms.Form):
    kind = forms.ChoiceField(label="导入什么", error_messages={"required": "选一种。", "invalid_choice": "选一种。"})
    file = forms.FileField(
        label="选文件",
        help_text="Excel（.xlsx、.xls）或 CSV，最大 20 MB。",
        widget=forms.ClearableFileInput({"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "选一个文件。", "empty": "这个文件是空的，请看看是不是选错了。"},
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "请选"), *kinds_for(user)]

    def clean_file(self):
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise ValidationError("文件超过 20 MB，请分成几个文件再传。")
        return self.cleaned_data["file"]


class ExportForm(forms.Form):
    kind = forms.ChoiceField(label="导出什么", error_messages={"required": "选一种。", "invalid_choice": "选一种。"})
    community = forms.ModelChoiceField(
        label="只要哪个小区", queryset=Community.objects.none(), required=False, empty_label="都要"
    )
    why = forms.CharField(
        label="为什么导出", required=False, max_length=200, help_text="表里有个人信息的要写，记在导出记录里。"
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "请选"), *kinds_for(user)]
        self.fields["community"].queryset = Community.objects.kept_by(user).order_by("pinyin", "pk")


# ---------------------------------------------------------------- owners of a unit


class ReadForm(forms.Form):
    why = forms.CharField(
        label="为什么看", max_length=200, error_messages=REASON, help_text="比如：核对选票、联系漏水的住户。"
    )


def read_cell(parse, typed: str) -> Any:
    """What somebody typed, read as a cell of a sheet would be."""
    try:
        return parse(typed) if typed.strip() else None
    except Wrong as error:
        raise ValidationError(str(error)) from error


class OwnerForm(forms.Form):
    """One of the new owners; an empty one is nobody."""

    name = forms.CharField(label="姓名或单位名称", max_length=60, required=False)
    number = forms.CharField(label="证件号码", max_length=40, required=False)
    phone = forms.CharField(label="电话", max_length=30, required=False)
    share = forms.CharField(
        label="份额", max_length=20, required=False, help_text="一个人的不用写；共有的写 1/2 这样。"
    )

    def clean_name(self) -> str:
        return read_cell(cells.text(60), self.cleaned_data["name"]) or ""

    def clean_number(self) -> str:
        number = identity.plain(self.cleaned_data["number"])
        if number:
            document_of(number)
        return number

    def clean_phone(self) -> str:
        return read_cell(cells.phone, self.cleaned_data["phone"]) or ""

    def clean_share(self):
        return read_cell(cells.share, self.cleaned_data["share"])

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("name") and any(data.get(key) for key in ("number", "phone", "share")):
            self.add_error("name", "写上姓名或名称。")
        return data


OwnerFormSet = forms.formset_factory(OwnerForm, extra=4, max_num=20)


class CorrectionForm(forms.Form):
    """One present owner: personal data is shown with stars, and what is typed takes its place."""

    use_required_attribute = False

    name = text_field("姓名或单位名称", 60)
    number = text_field("证件号码", 40)
    phone = text_field("电话", 30)
    address = text_field("通信地址", 120)
    share = text_field("份额", 20, needs="写上份额，比如 1/2 或 全部。")
    how = choice_field("怎么取得的", Ownership.How.choices)
    paper = text_field("凭据", 100)
    first_day = day_field("从哪天起")

    clean_name, clean_number, clean_phone = OwnerForm.clean_name, OwnerForm.clean_number, OwnerForm.clean_phone
    clean_share = OwnerForm.clean_share

    def __init__(self, *args, row: Ownership, **kwargs):
        initial = {"share": row.share_text, "how": row.how, "paper": row.paper, "first_day": row.first_day}
        super().__init__(*args, prefix=f"row-{row.pk}", initial=initial, **kwargs)
        self.row, person = row, row.person
        stands = {
            "name": person.masked,
            "number": person.number_masked,
            "address": "有，不显示" if person.address else "",
        }
        stands["phone"] = person.phone.masked if person.phone else ""
        for name, words in stands.items():
            self.fields[name].help_text = f"现在是 {words}；不改就空着。" if words else "现在没有。"


class WhyForm(forms.Form):
    use_required_attribute = False

    why = text_field("为什么更正", 200, needs="写一句为什么更正，比如：照身份证，名字录错了。")


class TransferForm(forms.Form):
    how = forms.ChoiceField(
        label="怎么取得的", choices=[(how, how.label) for how in Ownership.How if how not in ("developer", "recorded")]
    )
    paper = forms.CharField(
        label="凭据",
        max_length=100,
        help_text="不动产权证号、合同号或裁判文书号。",
        error_messages={"required": "写上凭据的编号。"},
    )
    first_day = day_field("从哪天起是新业主的")
