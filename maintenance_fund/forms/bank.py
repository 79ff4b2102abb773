"""What a person types about lines of the bank's."""

from django import forms
from django.db.models import Q

from lib.form_fields import Day, sized
from lib.money import parse_yuan

from ..models import BankAccount
from .books import DepositForm
from .fields import Keyed


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

    def clean_file(self):
        return sized(self.cleaned_data["file"])


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
