"""Fields that the registry's forms share."""

from django import forms

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
