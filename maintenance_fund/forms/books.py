"""What a person types into a book."""

from django import forms

from lib.form_fields import Day, Yuan, sized

from ..models import BankAccount, Kind, Receipt, RenewalNotice, Total
from ..reconciling import Item
from .fields import Keyed, unit_of


class BookForm(forms.Form):
    """Opening a community's book."""

    agency = forms.CharField(
        label="维修资金管理机构",
        max_length=60,
        help_text="写登记的全称。续交通知书用它的名义发。",
    )
    first_month = Day(label="从哪个月记起", help_text="写那个月里的任意一天。")
    keeper = forms.ChoiceField(
        label="谁的账",
        widget=forms.RadioSelect,
        choices=[("agency", "辅助账：钱由管理机构代管"), ("committee", "业主自主管理账：钱由业委会管")],
    )
    bank = forms.CharField(label="专户开户银行", max_length=60)
    number = forms.RegexField(
        label="专户账号", regex=r"^[0-9-]{4,40}$", error_messages={"invalid": "账号只写数字和短横线，至少 4 位。"}
    )


class OpeningForm(Keyed):
    """The agency's list and the bank's letter."""

    file = forms.FileField(
        label="管理机构的分户清单", help_text="Excel（.xlsx），表头有房号、余额，最好还有首期交存、交存日期。"
    )
    bank_total = Yuan(label="银行函证的专户余额（元）", zero=True)
    as_of = Day(label="清单截至哪一天")

    def clean_file(self):
        return sized(self.cleaned_data["file"])


class DepositForm(Keyed):
    """Money of a household that stands in the special account."""

    kind = forms.ChoiceField(
        label="是什么钱", widget=forms.RadioSelect, choices=[(Kind.FIRST_DEPOSIT, "首期交存"), (Kind.RENEWAL, "续交")]
    )
    unit = forms.CharField(label="房号", max_length=30, help_text="照台账写，比如 03-1-0502。")
    amount = Yuan(label="金额（元）")
    paid_on = Day(label="到账日期")
    bank_account = forms.ModelChoiceField(
        BankAccount.objects.none(), label="钱在哪里", required=False, empty_label="待核收款，现在查清了"
    )
    code = forms.CharField(label="票据代码", max_length=20)
    number = forms.IntegerField(label="票据号码", min_value=1, max_value=10**12)
    payer = forms.ChoiceField(label="交款人", widget=forms.RadioSelect, choices=Receipt.Payer.choices, initial="OWNER")

    def __init__(self, data=None, *, community, **kwargs):
        super().__init__(data, **kwargs)
        self.community = community
        accounts = BankAccount.objects.filter(community=community, account__code="100101").select_related("account")
        field, known = self.fields["bank_account"], Total.objects.filter(community=community, account__code="2101")
        field.queryset, field.initial = accounts, accounts.first()
        if not known.filter(amount__gt=0).exists():  # nothing came in without a name, so it came to an account
            field.required, field.empty_label = True, None

    def clean_unit(self):
        return unit_of(self.community, self.cleaned_data["unit"])


class SeriesForm(forms.Form):
    """Receipt numbers that the fiscal authority issued."""

    code = forms.CharField(label="票据代码", max_length=20)
    first_no = forms.IntegerField(label="起号", min_value=1, max_value=10**12)
    last_no = forms.IntegerField(label="止号", min_value=1, max_value=10**12)
    received_on = Day(label="领用日期")

    def clean(self):
        data = super().clean()
        if data.get("first_no") and data.get("last_no") and data["last_no"] < data["first_no"]:
            self.add_error("last_no", "止号不能小于起号。")
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea)


class ReverseForm(Keyed):
    reason = forms.CharField(label="为什么冲销", max_length=120, help_text="比如：录错户、金额录错。")


class SealForm(forms.Form):
    """Which draft was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReceivedForm(forms.Form):
    received_on = Day(label="哪天收到的")
    delivery = forms.ChoiceField(label="怎么送达", widget=forms.RadioSelect, choices=RenewalNotice.Delivery.choices)


class JournalFilter(forms.Form):
    """Narrows a book's journal; what cannot be read narrows nothing."""

    kind = forms.ChoiceField(label="事由", required=False, choices=[("", "全部"), *Kind.choices])
    q = forms.CharField(label="凭证号或摘要", required=False, max_length=50)

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, vouchers):
        data = self.cleaned_data
        if data.get("kind"):
            vouchers = vouchers.filter(kind=data["kind"])
        for word in data.get("q", "").split():
            vouchers = vouchers.filter(memo__icontains=word) | vouchers.filter(number__icontains=word)
        return vouchers


class CloseForm(forms.Form):
    """The bank's statement, and what explains the difference to the book."""

    bank_fen = Yuan(label="银行对账单月底余额（元）", zero=True)
    BOOK_IN_NOT_BANK = Yuan(label=Item.BOOK_IN_NOT_BANK.label, required=False)
    BOOK_OUT_NOT_BANK = Yuan(label=Item.BOOK_OUT_NOT_BANK.label, required=False)
    BANK_IN_NOT_BOOK = Yuan(label=Item.BANK_IN_NOT_BOOK.label, required=False, help_text="要先记账才能月结。")
    BANK_OUT_NOT_BOOK = Yuan(label=Item.BANK_OUT_NOT_BOOK.label, required=False, help_text="要先记账才能月结。")
    note = forms.CharField(label="说明", required=False, max_length=300, help_text="票据有跳号的，写上去向。")


class InterestForm(Keyed):
    """What of 3101 is shared out, and until when."""

    what = forms.ChoiceField(
        label="分什么",
        widget=forms.RadioSelect,
        required=False,
        choices=[("interest", "利息，按积数"), ("income", "公共收益，按面积")],
    )
    until = Day(label="分到哪一天")
    memo = forms.CharField(label="摘要", max_length=60, help_text="业主在自家账上看到的就是这几个字。")
    decision = forms.CharField(
        label="公共收益每户一样的，业主大会决定的文号",
        required=False,
        max_length=60,
        help_text="业主大会决定不按面积、每户一样分的才写；空着就按面积。",
    )

    def clean(self):
        data = super().clean()
        if data.get("decision") and data.get("what") != "income":
            self.add_error("decision", "利息按积数分，不能每户一样。分公共收益才写这一栏。")
        return data
