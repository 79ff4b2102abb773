"""What is typed about deposits: as agreed, entries, the bank's files, budgets of rewards."""

from datetime import date
from uuid import uuid4

from django import forms

from communities.models import Community, Contract
from lib.form_fields import Day, Yuan, sized
from lib.money import parse_yuan, yuan

from ..kinds import LineKind
from ..models import Deposit


class DepositFilter(forms.Form):
    q = forms.CharField(label="小区或企业", required=False, max_length=50)
    only = forms.ChoiceField(
        label="只看",
        required=False,
        choices=[
            ("", "全部"),
            ("short", "要补足"),
            ("unopened", "待缴"),
            ("unpaid", "有没扣成的"),
            ("over", "合同结束，要退还"),
        ],
    )

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, rows, *, today: date):
        data = self.cleaned_data
        if data.get("q"):
            rows = rows.search(data["q"])
        if data.get("only") == "over":
            return rows.to_return(today=today)
        narrowed = {"short": {"is_short": True}, "unopened": {"last_no": 0}, "unpaid": {"unpaid_fen__gt": 0}}
        return rows.filter(**narrowed.get(data.get("only"), {}))


class AgreedForm(forms.Form):
    """What a contract says of its deposit."""

    clause = forms.CharField(label="合同条款", max_length=120, help_text="比如：第十八条。没有合同约定，不能收保证金。")
    holder = forms.CharField(label="由谁保管", max_length=60, help_text="比如：业委会、村居。")
    bank = forms.CharField(label="开户银行", max_length=60)
    account = forms.RegexField(
        label="账号", regex=r"^[0-9-]{4,40}$", error_messages={"invalid": "账号只写数字和短横线，至少 4 位。"}
    )
    beneficiary = forms.CharField(
        label="扣的钱归谁用", max_length=100, help_text="只能用于本小区维修或归公共收益，不进镇、站的账。"
    )
    price = Yuan(label="物业费单价（元／平方米·月）")
    area = forms.DecimalField(
        label="收费面积（平方米，不含车位）",
        max_digits=12,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    opening = Yuan(label="约定的开户额（元）", required=False, help_text="不填就按规则算：年物业费的一定比例。")

    def agreed(self) -> dict:
        """What was typed, in fen and 0.01 m², as `deposits.Agreed`."""
        data = dict(self.cleaned_data)
        price, area, opening = data.pop("price"), data.pop("area"), data.pop("opening")
        return data | {"price_fen": price, "area_centi": int(area * 100), "opening_fen": opening}


class DepositForm(AgreedForm):
    contract = forms.ModelChoiceField(Contract.objects.none(), label="合同", empty_label="选一份")
    field_order = ["contract"]

    def __init__(self, data=None, *, today, **kwargs):
        super().__init__(data, **kwargs)
        rows = Contract.objects.on(today).filter(deposit=None).select_related("community", "firm")
        self.fields["contract"].queryset = rows.order_by("community__pinyin")


class DepositAmendForm(AgreedForm):
    """The same, with a reason; what the opening was reckoned from stays once it is paid."""

    why = forms.CharField(label="为什么改", max_length=200)

    def __init__(self, data=None, *, deposit, **kwargs):
        said = {name: getattr(deposit, name) for name in ("clause", "holder", "bank", "account", "beneficiary")}
        said |= {"price": yuan(deposit.price_fen), "area": f"{deposit.area_centi / 100:.2f}"}
        super().__init__(data, initial=said | {"opening": yuan(deposit.opening_fen)}, **kwargs)
        if deposit.last_no:
            for name in ("price", "area", "opening"):
                self.fields[name].disabled = True
                self.fields[name].help_text = "开户以后不能再改。"
        else:
            self.fields["opening"].help_text = "清空就按单价和面积重新算。"


class EntryForm(forms.Form):
    """Money that came, goes back or is put right."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(
        label="是什么",
        widget=forms.RadioSelect,
        choices=[
            (LineKind.OPEN, "开户"),
            (LineKind.REPLENISH, "补足"),
            (LineKind.RETURN, "退还"),
            (LineKind.ADJUST, "更正（多记、少记）"),
        ],
    )
    amount = forms.CharField(
        label="金额（元）",
        max_length=30,
        widget=forms.TextInput({"inputmode": "decimal"}),
        help_text="更正要减少的，前面写负号。",
    )
    on = Day(label="哪一天")
    text = forms.CharField(label="说明", max_length=200, required=False, help_text="更正必须写原因。")

    def clean_amount(self) -> int:
        try:
            return parse_yuan(self.cleaned_data["amount"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self):
        data = super().clean()
        if data.get("amount") is not None and data.get("kind") != LineKind.ADJUST and data["amount"] <= 0:
            self.add_error("amount", "金额要大于零。")
        return data


class WhyForm(forms.Form):
    why = forms.CharField(label="为什么退回", max_length=200)


class BankForm(forms.Form):
    """A bank's file of the deposits' account."""

    account = forms.ChoiceField(label="哪个账号")
    file = forms.FileField(label="银行对账单", help_text="xls、xlsx 或 CSV，银行网上下载的原样就行。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        accounts = Deposit.objects.order_by("account").values_list("account", "bank").distinct()
        self.fields["account"].choices = [(account, f"{bank} {account}") for account, bank in accounts]

    def clean_file(self):
        return sized(self.cleaned_data["file"])


class BudgetForm(forms.Form):
    community = forms.ModelChoiceField(Community.objects.none(), label="小区", empty_label="选一个")
    party = forms.CharField(label="由谁出钱", max_length=60, help_text="合同的另一方，比如业委会、村居。")
    amount = Yuan(label="金额（元）")
    document = forms.CharField(label="依据", max_length=120)
    first_day = Day(label="从哪天起")
    last_day = Day(label="到哪天", required=False)

    def __init__(self, data=None, *, user, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["community"].queryset = Community.objects.visible_to(user).order_by("pinyin")

    def agreed(self) -> dict:
        """What was typed, in fen."""
        data = dict(self.cleaned_data)
        amount = data.pop("amount")
        return data | {"amount_fen": amount}
