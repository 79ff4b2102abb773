"""Fields and beginnings that the fund's forms share: areas cleaned to 0.01 m², keys, units, accounts."""

from uuid import uuid4

from django import forms

from communities.models import Unit
from lib.money import parse_yuan


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
