"""Fields and beginnings that the fund's forms share: amounts cleaned to fen, areas to 0.01 m², days, keys."""

from uuid import uuid4

from django import forms

from communities.models import Unit
from lib.money import parse_yuan

MOST_UPLOAD = 10 * 2**20


def sized(file):
    """The file that was sent; raises ValidationError for one that is too large."""
    if file.size > MOST_UPLOAD:
        raise forms.ValidationError("文件太大，不能超过 10 MB。")
    return file


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


class Area(forms.CharField):
    """An area as it is typed (89.56), cleaned to 0.01 m²."""

    def __init__(self, **kwargs):
        super().__init__(max_length=15, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def clean(self, value):
        text = super().clean(value)
        return None if text in self.empty_values else area_of(text)


def area_of(text: str) -> int:
    """0.01 m² from what was typed; raises ValidationError."""
    try:
        centi = parse_yuan(text.strip().removesuffix("㎡").removesuffix("平方米"))
    except ValueError as error:
        raise forms.ValidationError("面积写成数字，最多两位小数，比如 89.56。") from error
    if not 0 <= centi < 10**9:
        raise forms.ValidationError("面积不对，看看是不是多打了几位。")
    return centi


def unit_of(community, code: str) -> Unit:
    """The unit of a code as the register writes it; raises ValidationError."""
    unit = Unit.objects.filter(community=community, code=code.strip()).select_related("community").first()
    if not unit:
        raise forms.ValidationError(f"这个小区台账里没有房号 {code.strip()}，核对一下写法。")
    return unit


class OfBank(Keyed):
    """A form that says into or from which of a community's current accounts."""

    bank_account = forms.ModelChoiceField(None, label="哪个专户", empty_label=None)

    def __init__(self, data=None, *, community, **kwargs):
        from ..models import BankAccount

        super().__init__(data, **kwargs)
        rows = BankAccount.objects.filter(community=community, account__code="100101").select_related("account")
        self.fields["bank_account"].queryset = rows
