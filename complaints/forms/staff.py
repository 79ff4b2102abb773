"""What staff and firms type: decisions about one complaint, the telephone desk, the desk's filter."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from communities.models import Community
from inspections.models import CheckItem, Finding
from lib.periods import beijing_date

from ..entries import BAD_PHONE
from ..findings import open_findings
from ..kinds import Category, Level, Source
from ..models import Complaint, ComplaintPause, Mediation, State
from ..models.cases import MOST_CHARACTERS
from .resident import PhoneField, Photos, RateForm, Step

MOST_CHOICES = 60  # nobody finds a community in a list of hundreds, and it would be most of the page


def words(label: str, most: int, *, needs: str = "", rows: int = 0, help_text: str = "") -> forms.CharField:
    """One line, or ``rows`` of them; ``needs`` is the sentence when nothing was written, without it it may be left."""
    said = {"required": needs, "max_length": f"最多 {most} 个字。"}
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput
    return forms.CharField(
        label=label, max_length=most, required=bool(needs), widget=widget, help_text=help_text, error_messages=said
    )


def choice(label: str, choices, **more) -> forms.ChoiceField:
    said = {"required": "选一项。", "invalid_choice": "选一项。"}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=said, **more)


class CaseForm(Step):
    """A form about one complaint, for one person; most need neither."""

    def __init__(self, *args, complaint: Complaint, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.complaint, self.user = complaint, user
        self.offer()

    def offer(self) -> None:
        """Narrows the choices to those that this complaint has."""


class AssignForm(CaseForm):
    level = choice("交给谁答复", Level)
    text = words("交代一句", 300)

    def offer(self) -> None:
        levels = [pair for pair in Level.choices if pair[0] != Level.FIRM or self.complaint.firm_id]
        named = {Level.FIRM: str(self.complaint.firm)}
        self.fields["level"].choices = [(value, named.get(value, label)) for value, label in levels]
        self.fields["level"].initial = self.complaint.level


class RefuseForm(CaseForm):
    reason = words("为什么不受理", 300, needs="写一句为什么不受理。", rows=2)
    go_to = words("该找谁，电话多少", 200, needs="写上该找谁、电话多少。")


class TextForm(CaseForm):
    text = words("说明", 500, needs="写一句。", rows=3)


class LooseTextForm(CaseForm):
    text = words("说明", 500, rows=3)


class AnswerForm(CaseForm):
    text = words("怎么办的、结果是什么", 2000, needs="写上怎么办的、结果是什么。", rows=6, help_text="投诉人看得到。")
    files = Photos(label="办好后的照片", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def offer(self) -> None:
        self.fields["seen"].initial = self.complaint.reopened


class ExtendForm(CaseForm):
    days = forms.IntegerField(
        label="延长几个工作日",
        min_value=1,
        max_value=60,
        error_messages={"required": "写几个工作日。", "invalid": "写成整数。", "min_value": "至少 1 个工作日。"},
    )
    reason = words("为什么要延长", 200, needs="写一句为什么要延长，投诉人看得到。", rows=2)


class PauseForm(CaseForm):
    kind = choice("为什么停", ComplaintPause.Kind)
    reason = words("说明", 200, needs="写一句为什么停，投诉人看得到。", rows=2)


class ReasonForm(CaseForm):
    reason = words("为什么", 300, needs="写一句为什么。", rows=3)


class TransferForm(CaseForm):
    department = words("移交给哪个部门", 60, needs="写上移交给哪个部门。", help_text="比如 县综合执法局。")
    document_number = words("移交函文号", 60, needs="写上移交函的文号。")
    text = words("说明", 300, rows=2)


class DepartmentForm(CaseForm):
    answer = words("部门怎么说", 2000, needs="写上部门怎么说。", rows=4)
    letter = words("回文文号", 60)


class MediateForm(CaseForm):
    level = choice("谁主持", [(Level.STATION, "村居"), (Level.TOWN, "镇")])
    held_on = forms.DateField(
        label="哪天",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "写上日期。", "invalid": "写成日期，比如 2026-11-24。"},
    )
    parties = words("到场各方", 300, needs="写上到场各方。", help_text="写身份，不写姓名，比如 楼上住户、物业。")
    proposals = words("各方意见和方案", 2000, needs="写上各方意见和方案。", rows=4)
    outcome = choice("结果", Mediation.Outcome)
    agreement = words("协议内容", 2000, rows=3)


class UpholdForm(CaseForm):
    is_upheld = forms.TypedChoiceField(
        label="物业有没有责任",
        choices=[("yes", "有责"), ("no", "无责")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "选一项。", "invalid_choice": "选一项。"},
    )
    reason = words("依据", 300, needs="写一句依据什么认定。", rows=3)


class MergeForm(CaseForm):
    others = forms.ModelMultipleChoiceField(
        Complaint.objects.none(),
        label="哪几件并进来",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "选要并进来的投诉。", "invalid_choice": "有一件刚才变了，重新选。"},
    )

    def offer(self) -> None:
        from ..merging import OPEN, alike

        rows = alike(self.complaint).handled_by(self.user).filter(state__in=OPEN)
        self.fields["others"].queryset = rows
        self.fields["others"].label_from_instance = lambda row: f"{row.number} {row.where} {row.text[:60]}"


class SplitForm(CaseForm):
    text = words("另一件是什么事", MOST_CHARACTERS, needs="写一句另一件是什么事。", rows=3)
    place = words("在哪里", 100)
    category = choice("类别", Category)


class CallForm(RateForm):
    """What somebody said on the telephone."""

    field_order = ["is_fixed", "score", "reason"]


class ReadForm(Step):
    why = words("为什么要看", 200, needs="写一句为什么要看。", help_text="看了会留记录。")


class PhoneDeskForm(Step):
    """What a clerk writes down while somebody talks: number, place, matter."""

    source = forms.ChoiceField(label="怎么来的", choices=[pair for pair in Source.choices if pair[0] != Source.ONLINE])
    phone = PhoneField(label="来电号码", max_length=30, required=False, error_messages={"invalid": BAD_PHONE})
    name = words("怎么称呼", 30)
    community = forms.CharField(
        label="小区", max_length=60, help_text="名称、拼音或首字母。", error_messages={"required": "写上哪个小区。"}
    )
    place = words("在哪里", 100)
    text = words("什么事", MOST_CHARACTERS, needs="写一句出了什么事。", rows=4)
    category = forms.ChoiceField(label="类别", required=False, choices=[("", "照写的话定"), *Category.choices])
    for_whom = words("替谁反映", 30)
    firm_may_call = forms.BooleanField(label="同意物业直接联系", required=False)
    platform_number = words("12345 工单号", 40)
    platform_due = forms.DateField(
        label="12345 期限", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["source", "phone", "name", "community", "place", "text", "category", "for_whom", "firm_may_call"]

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = places
        for name in ("phone", "community", "name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["community"].widget.attrs["list"] = "places"

    def clean_community(self) -> Community:
        typed = self.cleaned_data["community"].replace("\0", "").strip()
        exact = self.places.filter(name=typed).first()
        found = [exact] if exact else list(self.places.search(typed)[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError("没有这个小区，或者它不归这里管。换个写法再试。")
        raise ValidationError(f"有几个像的，写完整一点：{'、'.join(place.name for place in found[:5])}")


class DeskFilter(forms.Form):
    """What the desk's list is narrowed by; whatever cannot be read narrows nothing."""

    q = forms.CharField(label="编号、小区或内容", required=False, max_length=50)
    community = forms.ModelChoiceField(Community.objects.none(), label="小区", required=False, empty_label="全部")
    category = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Category.choices])
    source = forms.ChoiceField(label="来源", required=False, choices=[("", "全部"), *Source.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *State.choices])
    level = forms.ChoiceField(label="由谁答复", required=False, choices=[("", "全部"), *Level.choices])
    first = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    firm = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
    counted = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, user):
        super().__init__(data)
        field = self.fields["community"]
        field.queryset = Community.objects.visible_to(user).order_by("pinyin")
        self.is_valid()
        names = list(field.queryset.values_list("pk", "name")[: MOST_CHOICES + 1])
        if len(names) > MOST_CHOICES:
            chosen = self.cleaned_data.get("community")
            names = [(chosen.pk, chosen.name)] if chosen else []
        field.choices = [("", field.empty_label), *names]
        if not names:
            field.widget = forms.HiddenInput()

    def narrow(self, rows):
        data = self.cleaned_data
        for name in ("community", "category", "source", "state", "level"):
            if data.get(name):
                rows = rows.filter(**{name: data[name]})
        return self._searched(self._of_days(rows))

    def _of_days(self, rows):
        data = self.cleaned_data
        named = {"first": "registered_on__gte", "last": "registered_on__lte", "firm": "firm"}
        rows = rows.filter(**{path: data[name] for name, path in named.items() if data.get(name)})
        return rows.counted() if data.get("counted") else rows

    def _searched(self, rows):
        typed = (self.cleaned_data.get("q") or "").replace("\0", "")
        return rows.search(typed) if typed.strip() else rows


class FindingForm(CaseForm):
    item = forms.ModelChoiceField(
        CheckItem.objects.none(), label="检查项", empty_label="请选", error_messages={"required": "选一项。"}
    )
    text = words(
        "是什么问题、在哪里", 500, needs="写一句是什么问题、在哪里。", rows=3, help_text="用自己的话写，物业看得到。"
    )

    def offer(self) -> None:
        day = beijing_date(timezone.now())
        self.fields["item"].queryset = CheckItem.objects.asked_on(day).in_order()


class AttachForm(CaseForm):
    finding = forms.ModelChoiceField(
        Finding.objects.none(), label="挂到哪个问题", empty_label="请选", error_messages={"required": "选一个问题。"}
    )

    def offer(self) -> None:
        self.fields["finding"].queryset = open_findings(self.complaint)
        self.fields["finding"].label_from_instance = lambda row: f"{row.where} {row.item}：{row.text[:40]}"
