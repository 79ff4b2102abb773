"""What is typed about groups, model communities and investments."""

from django import forms

from communities.models import Building, Community, Investment, ModelNomination, ResidentGroup

from .fields import YuanField, choice_field, day_field, number_field, text_field


class GroupForm(forms.Form):
    use_required_attribute = False

    kind = choice_field("种类", ResidentGroup.Kind.choices)
    name = text_field("名称", 60, needs="写上名称。")
    building = forms.ModelChoiceField(
        Building.objects.none(), label="哪一幢", required=False, empty_label="整个小区", help_text="法制楼组要选。"
    )
    leader = text_field("负责人（代表）", 50, help_text="法制楼组要写代表。")
    number = text_field("手机号", 20, help_text="不公开。")
    size = number_field("人数", least=1, most=9999)
    does = text_field("做什么", 200, rows=2)
    first_day = day_field("从哪天起")

    def __init__(self, *args, buildings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = buildings


class GroupEndForm(forms.Form):
    last_day = day_field("最后一天")


class NominationForm(forms.Form):
    use_required_attribute = False

    kind = choice_field("哪一类", ModelNomination.Kind.choices)
    year = number_field("年度", least=2000, most=2100, required=True)
    reason = text_field("推荐理由", 300, needs="写推荐理由，写事实。", rows=3)


class ReviewForm(forms.Form):
    use_required_attribute = False

    is_named = forms.TypedChoiceField(
        label="评审结果",
        choices=[("yes", "评上"), ("no", "没评上")],
        coerce=lambda typed: typed == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "选一个结果。"},
    )
    opinion = text_field("评审意见", 300, needs="写评审意见。", rows=3)


class InvestmentForm(forms.Form):
    use_required_attribute = False

    spent_on = day_field("日期")
    what = text_field("投在什么上", 100, needs="写投在什么上，比如充电棚、监控。")
    source = choice_field("资金来源", Investment.Source.choices)
    amount_fen = YuanField("金额（元）")
    project = text_field("项目名称", 100, help_text="上级项目资金要写。")
    document = text_field("文号或凭据", 60, help_text="上级项目资金要写文号。")


class InvestmentFilter(forms.Form):
    q = forms.CharField(label="小区", required=False, max_length=50)
    source = forms.ChoiceField(label="资金来源", required=False, choices=[("", "全部"), *Investment.Source.choices])
    first = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}))

    def narrow(self, rows):
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("q"):
            rows = rows.filter(community__in=Community.objects.search(wanted["q"]))
        if wanted.get("source"):
            rows = rows.filter(source=wanted["source"])
        return rows.spent_between(wanted.get("first"), wanted.get("last"))
