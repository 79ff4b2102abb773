"""What a person types about renewing."""

from django import forms

from lib.form_fields import Day, Yuan

from ..models import Collection, RenewalStep
from .fields import OfBank, unit_of


class PlanForm(forms.Form):
    """The assembly's plan."""

    decided_on = Day(label="业主大会哪天决定的")
    document = forms.CharField(label="决议文件", max_length=120)
    target = forms.IntegerField(
        label="续交到首期的百分之几", min_value=1, max_value=1000, initial=100, help_text="续到原来首期那么多，写 100。"
    )
    days = forms.IntegerField(
        label="收到通知后几天内交", min_value=1, max_value=3650, required=False, help_text="空着就按规定的天数。"
    )
    instalments = forms.IntegerField(label="分几期交", min_value=1, max_value=60, initial=1)
    months_apart = forms.IntegerField(
        label="隔几个月一期", min_value=0, max_value=12, initial=0, help_text="不分期写 0。"
    )

    def clean(self):
        data = super().clean()
        if "target" in data:
            data["target_bp"] = data.pop("target") * 100
        return data


class StepForm(forms.Form):
    """What happened to a notice."""

    kind = forms.ChoiceField(label="什么事", widget=forms.RadioSelect, choices=RenewalStep.Kind.choices)
    on = Day(label="哪天")
    note = forms.CharField(label="说明", max_length=200, required=False)


class CopyForm(forms.Form):
    """A copy that was delivered."""

    to = forms.ChoiceField(
        label="抄送给谁", widget=forms.RadioSelect, choices=[("committee", "业主委员会"), ("village", "村居")]
    )
    on = Day(label="哪天送到的")


class CollectionForm(forms.Form):
    """Money that somebody took for the fund."""

    collector = forms.ChoiceField(label="谁代收的", widget=forms.RadioSelect, choices=Collection.Collector.choices)
    name = forms.CharField(label="代收单位名称", max_length=60)
    unit = forms.CharField(label="房号", max_length=30, help_text="照台账写，比如 03-1-0502。")
    amount_fen = Yuan(label="金额（元）")
    received_on = Day(label="哪天收的")

    def __init__(self, data=None, *, community, **kwargs):
        super().__init__(data, **kwargs)
        self.community = community

    def clean_unit(self):
        return unit_of(self.community, self.cleaned_data["unit"])


class ArriveForm(OfBank):
    """Collected money that has arrived in the special account."""

    paid_on = Day(label="到账日期")
    code = forms.CharField(label="票据代码", max_length=20)
    number = forms.IntegerField(label="票据号码", min_value=1, max_value=10**12)
