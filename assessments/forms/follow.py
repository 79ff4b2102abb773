"""What is typed about what follows from scores: talks, the credit file, random checks, stars."""

from django import forms

from communities.models import Firm
from lib.form_fields import Day

from .fields import Points


class TalkForm(forms.Form):
    held_on = Day(label="约谈日期")
    who = forms.CharField(label="企业来的人", max_length=60)
    record = forms.CharField(label="谈了什么、企业怎么答应的", max_length=500, widget=forms.Textarea)


class ExamineForm(forms.Form):
    text = forms.CharField(
        label="核实的结果", max_length=300, widget=forms.Textarea, help_text="比如听了企业怎么说、看了什么材料。"
    )


class ReportForm(forms.Form):
    on = Day(label="上报日期")
    document = forms.CharField(label="上报文号", max_length=60)


class DrawForm(forms.Form):
    month = forms.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", label="哪个月", widget=forms.TextInput({"type": "month"}))
    seed = forms.CharField(
        label="抽签种子",
        max_length=40,
        help_text="当场报一个数，比如今天的开奖号码；用同一个数，谁都能重抽出一样的结果。",
    )


class SpotForm(forms.Form):
    same = forms.TypedChoiceField(
        label="和原来一致吗",
        choices=[("yes", "一致"), ("no", "有差别")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    score = Points(label="抽查得分", required=False, help_text="抽的是一份考核、又有差别的，写上。")
    note = forms.CharField(label="看到了什么", max_length=500, widget=forms.Textarea)


class StarForm(forms.Form):
    """Points of the criteria that are rated by hand."""

    firm = forms.ModelChoiceField(Firm.objects.none(), label="企业", empty_label="选一家")
    year = forms.IntegerField(label="年份", min_value=2020, max_value=2099)
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, data=None, *, criteria, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["firm"].queryset = Firm.objects.filter(ended_on=None).order_by("pinyin")
        self.criteria = [row for row in criteria if row.source == "hand"]
        for row in self.criteria:
            field = forms.IntegerField(label=f"{row.name}（最多 {row.most} 分）", min_value=0, max_value=row.most)
            self.fields[f"c{row.pk}"] = field

    @property
    def by_hand(self) -> dict[int, int]:
        return {row.pk: self.cleaned_data.get(f"c{row.pk}") for row in self.criteria}
