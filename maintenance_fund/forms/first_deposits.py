"""What a person types about first deposits."""

from django import forms

from communities.models import Building
from lib.form_fields import Day, Yuan

from ..models import Assessment, Receipt
from .fields import Area, OfBank, area_of


class CostForm(forms.Form):
    """A published construction cost."""

    first_day = Day(label="从哪天起")
    fen_per_m2 = Yuan(label="每平方米多少元")
    basis = forms.CharField(label="公布文件", max_length=120, help_text="文号和标题。")


class TenderForm(forms.Form):
    """How the account bank was chosen."""

    bank = forms.CharField(label="专户管理银行", max_length=60, help_text="照专户登记的开户银行写。")
    noticed_on = Day(label="招标公告日期")
    notice = forms.CharField(label="公告文号或标题", max_length=120)
    bidders = forms.CharField(label="投标银行", max_length=300, help_text="用顿号分开。")
    awarded_on = Day(label="中标日期")
    contract_first_day = Day(label="合同开始")
    contract_last_day = Day(label="合同结束")


class LiabilityForm(forms.Form):
    """A document about whether a unit takes part."""

    is_liable = forms.TypedChoiceField(
        label="要不要交存",
        widget=forms.RadioSelect,
        choices=[("1", "要交存"), ("0", "不用交存")],
        coerce=lambda value: value == "1",
    )
    reason = forms.CharField(
        label="理由", max_length=120, help_text="比如：一个业主的独立住宅，没有共用部分；小区外不出售的非住宅。"
    )
    document = forms.CharField(label="依据文件", max_length=120)


class AssessmentForm(forms.Form):
    """A building to be assessed."""

    building = forms.ModelChoiceField(Building.objects.none(), label="哪一幢")
    kind = forms.ChoiceField(label="房屋性质", widget=forms.RadioSelect, choices=Assessment.Kind.choices)
    developer = forms.CharField(label="建设单位", max_length=60)
    assessed_on = Day(label="核定日期", help_text="造价和比例都用这一天的。")
    total_centi = Area(
        label="全幢面积（㎡）", required=False, help_text="有不属于任何一户的面积时写，多出来的部分记未分户。"
    )
    has_clause = forms.BooleanField(label="购房合同写明由建设单位代收代交", required=False)
    permit = forms.ChoiceField(
        label="安置房：许可类型", required=False, choices=[("", "不是安置房"), *Assessment.Permit.choices]
    )
    permit_on = Day(label="安置房：许可或决定日期", required=False)
    legal = forms.CharField(
        label="安置房：各户合法面积",
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一户一行：房号、空格、合法（视同合法）面积，比如 03-1-0502 90.00。没写的按 0 算。",
    )

    def __init__(self, data=None, *, community, **kwargs):
        super().__init__(data, **kwargs)
        self.community = community
        self.fields["building"].queryset = Building.objects.filter(community=community)

    def clean_legal(self):
        """Legal areas by unit code, 0.01 m²; None where nothing is written."""
        rows = [line.split() for line in self.cleaned_data["legal"].splitlines() if line.strip()]
        wrong = [" ".join(row) for row in rows if len(row) != 2]
        if wrong:
            raise forms.ValidationError(f"“{wrong[0][:40]}”这一行要写房号和面积，中间空一格。")
        known = set(self.community.units.values_list("code", flat=True))
        unknown = [code for code, _ in rows if code not in known]
        if unknown:
            raise forms.ValidationError(f"台账里没有房号 {unknown[0]}，核对一下写法。")
        return {code: area_of(area) for code, area in rows} or None


class PayForm(OfBank):
    """Money for a building's units that has come in."""

    payer = forms.ChoiceField(label="谁交的", widget=forms.RadioSelect, choices=Receipt.Payer.choices)
    paid_on = Day(label="到账日期")
    code = forms.CharField(label="票据代码", max_length=20)
    first_number = forms.IntegerField(
        label="第一张票据号码", min_value=1, max_value=10**12, help_text="每户一张，号码从这一张起连着用。"
    )
    units = forms.CharField(
        label="只交了哪几户", required=False, max_length=20_000, help_text="房号用空格分开；空着就是没交的都交了。"
    )

    def clean_units(self):
        return self.cleaned_data["units"].replace("、", " ").replace("，", " ").split()


class ReimbursedForm(forms.Form):
    on = Day(label="业主哪天还给建设单位的")


class AreaForm(OfBank):
    """A later measurement of a unit."""

    area_centi = Area(label="更正后的面积（㎡）")
    document = forms.CharField(label="依据文件", max_length=120, help_text="比如：不动产权证书编号。")
    paid_on = Day(label="差额到账或退款日期")
    code = forms.CharField(label="票据代码", max_length=20, required=False, help_text="面积变大、要补交时写。")
    number = forms.IntegerField(label="票据号码", min_value=1, max_value=10**12, required=False)


class HandedInForm(forms.Form):
    on = Day(label="哪天交验的")
