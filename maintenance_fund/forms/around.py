"""What a person types about income, investments, lost houses, objections."""

from django import forms

from lib.form_fields import Day, Yuan

from ..models import Investment
from .fields import Keyed, OfBank


class IncomeForm(OfBank):
    """Common income that came in."""

    source = forms.CharField(label="什么收益", max_length=60, help_text="比如：三季度电梯广告、地面停车。")
    gross_fen = Yuan(label="收入（元）")
    cost_fen = Yuan(label="合理成本（元）", zero=True, help_text="没有成本写 0。")
    paid_on = Day(label="到账日期")


class InvestmentForm(OfBank):
    """A fixed deposit or bond."""

    kind = forms.ChoiceField(label="买什么", widget=forms.RadioSelect, choices=Investment.Kind.choices)
    name = forms.RegexField(
        label="存单号或国债代码",
        regex=r"^[0-9-]{4,40}$",
        error_messages={"invalid": "只写数字和短横线，至少 4 位。"},
    )
    principal_fen = Yuan(label="本金（元）")
    rate = forms.DecimalField(label="年利率（%）", min_value=0, max_value=30, decimal_places=2)
    bought_on = Day(label="存入或买入日期")
    matures_on = Day(label="到期日")
    decision = forms.CharField(label="依据", max_length=120, help_text="比如：管理机构批复、业主大会决议的文号。")

    def clean(self):
        data = super().clean()
        if data.get("rate") is not None:
            data["rate_bp"] = int(data.pop("rate") * 100)
        if data.get("bought_on") and data.get("matures_on") and data["matures_on"] <= data["bought_on"]:
            self.add_error("matures_on", "到期日要在买入之后。")
        return data


class RedeemForm(OfBank):
    """What came back of an investment."""

    received_fen = Yuan(label="一共收回（元）", help_text="本金加利息。")
    on = Day(label="到账日期")


class LossForm(Keyed):
    """A house that is no more."""

    document = forms.CharField(label="灭失的依据文件", max_length=120)
    on = Day(label="入账日期")
    has_consent = forms.BooleanField(label="业主书面同意用余额抵欠款", required=False)


class LossPayForm(OfBank):
    """Paying back what stood on the account of a lost house."""

    payee = forms.CharField(label="付给谁", max_length=60)
    on = Day(label="付款日期")


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label="对哪一笔有什么疑问", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写上日期和凭证号更快。",
    )  # fmt: skip


class AnswerForm(forms.Form):
    text = forms.CharField(label="核对的结果", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
