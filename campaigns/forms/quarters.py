"""What is typed about quarters, and what narrows the calendar."""

from datetime import date

from django import forms

from communities.forms.fields import text_field
from lib.periods import Month, month_of

from ..models import QuarterReason


class CalendarFilter(forms.Form):
    """Which month, and whose; what cannot be read narrows nothing."""

    month = forms.RegexField(
        r"^20\d\d-(0[1-9]|1[0-2])$", label="月份", required=False, widget=forms.TextInput({"type": "month"})
    )
    only = forms.ChoiceField(
        label="看哪些", required=False, choices=[("", "全部"), ("own", "自己牵头、配合的"), ("late", "逾期没办的")]
    )

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    @property
    def only_(self) -> str:
        return self.cleaned_data.get("only", "")

    def month_or(self, today: date) -> Month:
        """The month that was asked for, else the present one."""
        text = self.cleaned_data.get("month")
        return Month(*map(int, text.split("-"))) if text else month_of(today)


class QuarterReasonForm(forms.Form):
    use_required_attribute = False

    reason = text_field(
        "为什么没开展", QuarterReason._meta.get_field("reason").max_length, needs="写一句为什么没开展。", rows=2
    )
