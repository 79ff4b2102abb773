"""Fields that the registry's forms share."""

from collections.abc import Iterable

from django import forms

from lib import money
from lib.periods import Month

REQUIRED = {"required": "写上日期，比如 2026-11-24。", "invalid": "写成日期，比如 2026-11-24。"}


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day, shown as a browser's own field shows it."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")  # the only form that a browser's field shows
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget, error_messages=REQUIRED)


def text_field(label: str, most: int, *, needs: str = "", rows: int = 0, help_text: str = "") -> forms.CharField:
    """One line, or ``rows`` of them; ``needs`` is the sentence when nothing was written, without it it may be left."""
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput
    messages = {"required": needs, "max_length": f"最多 {most} 个字。"}
    return forms.CharField(
        label=label, max_length=most, required=bool(needs), widget=widget, help_text=help_text, error_messages=messages
    )


def number_field(label: str, *, least: int = 0, most: int = 9999, required: bool = False, help_text: str = ""):
    """A whole number."""
    messages = {
        "required": "写一个数。",
        "invalid": "写成整数。",
        "min_value": f"不能小于 {least}。",
        "max_value": f"不能大于 {most}。",
    }
    return forms.IntegerField(
        label=label, required=required, min_value=least, max_value=most, help_text=help_text, error_messages=messages
    )


def choice_field(label: str, choices, *, needs: str = "选一项。") -> forms.ChoiceField:
    """One of a few, with nothing chosen beforehand."""
    return forms.ChoiceField(label=label, choices=[("", "请选"), *choices], error_messages={"required": needs})


class YuanField(forms.CharField):
    """An amount as a person types it; clean, it is fen."""

    def __init__(self, label: str, *, required: bool = True, help_text: str = ""):
        messages = {"required": "写上金额，比如 4,958.34。", "max_length": "金额太长，看看是不是多打了几位。"}
        super().__init__(
            label=label, required=required, max_length=30, help_text=help_text, error_messages=messages,
            widget=forms.TextInput({"inputmode": "decimal"}),
        )  # fmt: skip

    def clean(self, value) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            fen = money.parse_yuan(typed)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if fen < 0:
            raise forms.ValidationError("金额不能是负数。")
        return fen


class MonthField(forms.TypedChoiceField):
    """One of some months; clean, it is a Month."""

    def __init__(self, label: str, months: Iterable[Month] = ()):
        super().__init__(label=label, coerce=_month, error_messages={"required": "选一个月。"})
        self.offer(months)

    def offer(self, months: Iterable[Month]) -> None:
        self.choices = [(str(month), f"{month.year}年{month.number}月") for month in months]


def _month(typed: str) -> Month:
    year, number = typed.split("-")
    return Month(int(year), int(number))
