"""What a person types about the fund, turned into fen, days and keys."""

from uuid import uuid4

from django import forms
from django.db.models import Q

from communities.models import Unit
from lib.money import parse_yuan

from .models import BankAccount, Kind, Receipt, RenewalNotice
from .reconciling import Item

MOST_UPLOAD = 10 * 2**20


class Yuan(forms.CharField):
    """An amount as it is typed (4,958.34), cleaned to fen; positive unless ``zero`` is allowed."""

    def __init__(self, *, zero: bool = False, **kwargs):
        super().__init__(max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)
        self.zero = zero

    def clean(self, value):
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            fen = parse_yuan(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if fen < 0 or (fen == 0 and not self.zero):
            raise forms.ValidationError("金额要大于零。")
        return fen


class Day(forms.DateField):
    """A day, by the browser's own control."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Keyed(forms.Form):
    """A form that is taken once: its key travels with it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


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
        file = self.cleaned_data["file"]
        if file.size > MOST_UPLOAD:
            raise forms.ValidationError("文件太大，不能超过 10 MB。")
        return file


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
        self.fields["bank_account"].queryset = accounts

    def clean_unit(self):
        code = self.cleaned_data["unit"].strip()
        unit = Unit.objects.filter(community=self.community, code=code).select_related("community").first()
        if not unit:
            raise forms.ValidationError(f"这个小区台账里没有房号 {code}，核对一下写法。")
        return unit


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
    until = Day(label="分到哪一天")
    memo = forms.CharField(label="摘要", max_length=60, help_text="业主在自家账上看到的就是这几个字。")


class BankFileForm(forms.Form):
    """A statement as the bank lets it be downloaded."""

    bank_account = forms.ModelChoiceField(BankAccount.objects.none(), label="哪个专户的", empty_label=None)
    file = forms.FileField(label="银行对账单文件", help_text="网银下载的 xls、xlsx 或 CSV，原样传，不用改表头。")
    is_whole = forms.BooleanField(
        label="我核对过，文件没有缺行", required=False, help_text="只在提示余额接不上、又确认没有缺行时才勾。"
    )

    def __init__(self, data=None, files=None, *, community):
        super().__init__(data, files)
        self.fields["bank_account"].queryset = BankAccount.objects.filter(community=community)

    clean_file = OpeningForm.clean_file


class BankFilter(forms.Form):
    """Narrows the bank's lines; what cannot be read narrows nothing."""

    state = forms.ChoiceField(
        label="情况", required=False, choices=[("", "全部"), ("open", "没对上"), ("matched", "对上了")]
    )
    q = forms.CharField(label="户名、附言或金额", required=False, max_length=50)
    since = Day(label="从哪天", required=False)
    until = Day(label="到哪天", required=False)

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, lines):
        data = self.cleaned_data
        if data.get("state"):
            lines = lines.matched(data["state"] == "matched")
        days = {"day__gte": data.get("since"), "day__lte": data.get("until")}
        lines = lines.filter(**{name: day for name, day in days.items() if day})
        for word in data.get("q", "").split():
            lines = lines.filter(self._word(word))
        return lines

    def _word(self, word: str) -> Q:
        found = Q(party__icontains=word) | Q(remark__icontains=word) | Q(reference__icontains=word)
        try:
            fen = parse_yuan(word)
        except ValueError:
            return found
        return found | Q(amount_fen__in=[fen, -fen])


class LineDepositForm(DepositForm):
    """A line of the bank's that is a household's money."""

    amount = paid_on = bank_account = None

    def __init__(self, data=None, *, community, **kwargs):
        super(DepositForm, self).__init__(data, **kwargs)
        self.community = community


class LineBookForm(Keyed):
    """A line of the bank's that is no household's."""

    what = forms.ChoiceField(label="是什么钱", widget=forms.RadioSelect)
    memo = forms.CharField(label="摘要", max_length=100)
    IN = (("unknown", "不知道是谁的，记待核收款"), ("interest", "银行结息"), ("income", "公共收益"),
          ("difference", "查不清的差异"))  # fmt: skip
    OUT = (("returned", "退还待核收款"), ("difference", "查不清的差异"))

    def __init__(self, data=None, *, is_receipt: bool, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["what"].choices = self.IN if is_receipt else self.OUT
