"""What is typed about a sheet on its way: verdicts, facts of the spot, appeals, and the month's filter."""

import json
from uuid import UUID, uuid4

from django import forms

from communities.models import Community
from lib.form_fields import Day

from ..kinds import Decision, SheetState
from ..models import ScoreItem
from ..points import written
from ..review import Verdict
from .fields import Points, WithPhotos


class ReasonForm(forms.Form):
    reason = forms.CharField(label="哪一条不同意、为什么", max_length=500, widget=forms.Textarea)


class RevisionForm(forms.Form):
    reason = forms.CharField(
        label="为什么要更正",
        max_length=200,
        widget=forms.Textarea,
        help_text="比如：漏了一次复查。这句话写在新的一版上，企业看得到。",
    )


class VetoForm(forms.Form):
    """Empty takes it back."""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        required=False,
        help_text="死亡、火灾、群体事件且企业有责任，或者侵占维修资金。两样都空着就是撤回。",
    )
    document = forms.CharField(
        label="主管部门认定责任的文件", max_length=120, required=False, help_text="写名称和文号。没有文件不能否决。"
    )


class VisitForm(forms.Form):
    on = Day(label="哪天到现场考核的")


class VerdictsForm(forms.Form):
    """For each charge of a sheet a decision, its points and a reason; those left blank stay open."""

    def __init__(self, data=None, *, charges, **kwargs):
        super().__init__(data, **kwargs)
        self.charges = list(charges)
        for charge in self.charges:
            self._add(charge)

    def _add(self, charge) -> None:
        decided = {"initial": charge.decision} if charge.decision else {}
        self.fields[f"d{charge.pk}"] = forms.ChoiceField(
            choices=self._choices(charge), widget=forms.RadioSelect, required=False, **decided
        )
        reduced = written(charge.accepted_deci) if charge.decision == Decision.REDUCED else ""
        self.fields[f"p{charge.pk}"] = Points(
            label="减到几分",
            required=False,
            initial=reduced,
            help_text=f"0.1 到 {written(charge.proposed_deci - 1)}，不能比建议多",
        )
        self.fields[f"r{charge.pk}"] = forms.CharField(
            label="理由，物业看得到", max_length=300, required=False, initial=charge.reason, widget=forms.Textarea
        )

    @staticmethod
    def _choices(charge) -> list:
        return [choice for choice in Decision.choices if choice[0] != Decision.REDUCED or charge.proposed_deci > 1]

    @property
    def rows(self) -> list[tuple]:
        """Each charge with its three fields."""
        return [(charge, *(self[f"{part}{charge.pk}"] for part in "dpr")) for charge in self.charges]

    @property
    def verdicts(self) -> dict[int, Verdict]:
        data = self.cleaned_data
        return {
            charge.pk: Verdict(data[f"d{charge.pk}"], data.get(f"p{charge.pk}"), data.get(f"r{charge.pk}", ""))
            for charge in self.charges
            if data.get(f"d{charge.pk}")
        }


class OnSiteForm(WithPhotos):
    """Something seen on the spot."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    item = forms.ModelChoiceField(ScoreItem.objects.none(), label="考核项", empty_label="选一项")
    text = forms.CharField(label="什么问题，在哪里", max_length=300, widget=forms.Textarea)
    day = Day(label="哪一天")
    document = forms.CharField(
        label="文件名称、文号", max_length=100, required=False, help_text="没有照片的，写上文件。"
    )

    def __init__(self, data=None, *, sheet, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["item"].queryset = sheet.table.scoreitems.select_related("area").order_by(
            "area__position", "position"
        )
        self.fields["item"].label_from_instance = lambda item: f"{item.area}：{item}，每件扣 {written(item.base_deci)}"


class WaitedForm(forms.Form):
    """What a record that waited on a phone brings beside its fields."""

    c = forms.IntegerField(min_value=1, max_value=2**62)
    client_id = forms.UUIDField()
    manifest = forms.CharField(required=False, max_length=5000)

    def clean_manifest(self) -> dict[UUID, str]:
        try:
            read = json.loads(self.cleaned_data["manifest"] or "{}")
            return {UUID(key): str(value) for key, value in read.items()}
        except (ValueError, AttributeError) as error:
            raise forms.ValidationError("照片的清单读不懂，请重新打开这一页再传。") from error


class AppealForm(WithPhotos):
    charges = forms.ModelMultipleChoiceField(
        None, label="对哪几条有意见", required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label="为什么", max_length=1000, widget=forms.Textarea, help_text="写清楚事实，有照片的加上。"
    )
    album = ("能说明的照片", "problem")

    def __init__(self, data=None, *, charges, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["charges"].queryset = charges


class AppealDecisionForm(forms.Form):
    """Upheld or not, why, and what each contested charge costs from now on."""

    upheld = forms.TypedChoiceField(
        label="申诉成立吗",
        choices=[("yes", "成立，改"), ("no", "不成立，维持")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label="理由，企业看得到", max_length=1000, widget=forms.Textarea)

    def __init__(self, data=None, *, charges, **kwargs):
        super().__init__(data, **kwargs)
        self.charges = list(charges)
        for charge in self.charges:
            words = f"{charge.item}，{charge.evidence.day}，现在扣 {written(charge.accepted_deci)}。改成扣几分"
            self.fields[f"p{charge.pk}"] = Points(label=words, required=False, help_text="成立的才写；不改就空着。")

    @property
    def points(self) -> dict[int, int] | None:
        """What was typed; nothing typed means the contested charges fall away."""
        typed = {charge.pk: self.cleaned_data.get(f"p{charge.pk}") for charge in self.charges}
        kept = {pk: deci for pk, deci in typed.items() if deci is not None}
        return kept or None


class BoardFilter(forms.Form):
    """Narrows the month's sheets; what cannot be read narrows nothing."""

    q = forms.CharField(label="小区或企业", required=False, max_length=50)
    month = forms.RegexField(
        r"^20\d\d-(0[1-9]|1[0-2])$", label="月份", required=False, widget=forms.TextInput({"type": "month"})
    )
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Community.Kind.choices])
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), *SheetState.choices, ("appealed", "申诉中"), ("uninspected", "未充分检查")],
    )
    band = forms.ChoiceField(
        label="档次", required=False, choices=[("", "全部"), *((letter, letter) for letter in "ABCDEFG")]
    )

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, rows):
        data = self.cleaned_data
        if data.get("q"):
            rows = rows.search(data["q"])
        for name in ("kind", "band"):
            if data.get(name):
                rows = rows.filter(**{name: data[name]})
        state = data.get("state")
        if state == "appealed":
            return rows.filter(open_appeal=True)
        if state == "uninspected":
            return rows.filter(is_inspected=False)
        return rows.filter(state=state) if state else rows


class HalfYearForm(forms.Form):
    year = forms.IntegerField(label="年份", min_value=2020, max_value=2099)
    half = forms.ChoiceField(label="哪半年", choices=[("1", "上半年"), ("7", "下半年")], widget=forms.RadioSelect)
