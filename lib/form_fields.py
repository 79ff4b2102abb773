"""What forms of several rooms share: amounts cleaned to fen, days by the browser's own control, files of some size."""

from django import forms

from .money import parse_yuan

MOST_UPLOAD = 10 * 2**20
MOST_DIGITS = 18  # of a key: what a bigint holds


def sized(file):
    """The file that was sent; raises ValidationError for one that is too large."""
    if file.size > MOST_UPLOAD:
        raise forms.ValidationError("文件太大，不能超过 10 MB。")
    return file


class Yuan(forms.CharField):
    """An amount as it is typed (4,958.34), cleaned to fen; positive unless ``zero`` is allowed."""

    default_error_messages = {
        "required": "写上金额，比如 4,958.34。",
        "max_length": "金额太长，看看是不是多打了几位。",
    }

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
            raise forms.ValidationError("金额不能是负数。" if self.zero else "金额要大于零。")
        return fen


class Day(forms.DateField):
    """A day, by the browser's own control."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")  # the only form that a browser's field shows
    default_error_messages = {
        "required": "写上日期，比如 2026-11-24。",
        "invalid": "写成日期，比如 2026-11-24。",
    }


class Keys(forms.CharField):
    """Keys of rows that a link names, parted by commas and hidden; cleaned to a list."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(max_length=8000, required=False, **kwargs)

    def clean(self, value) -> list[int]:
        keys = [key for key in super().clean(value).split(",") if key]
        if not all(key.isascii() and key.isdigit() and len(key) <= MOST_DIGITS for key in keys):
            raise forms.ValidationError("")
        return [int(key) for key in keys]
