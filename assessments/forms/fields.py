"""Fields that forms of scores share: points in tenths, photos that went ahead."""

import re
import unicodedata
from uuid import UUID

from django import forms

POINTS = re.compile(r"[0-9]{1,3}(?:\.[0-9])?")


class Points(forms.CharField):
    """Points as they are typed (87.7), cleaned to tenths."""

    def __init__(self, **kwargs):
        super().__init__(max_length=6, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def clean(self, value):
        text = unicodedata.normalize("NFKC", super().clean(value))
        if text in self.empty_values:
            return None
        if not POINTS.fullmatch(text):
            raise forms.ValidationError("分数写成 87.7 这样，最多一位小数。")
        whole, _, rest = text.partition(".")
        return int(whole) * 10 + int(rest or 0)


class Ids(forms.CharField):
    """Client ids of photos that went ahead, separated by commas."""

    widget = forms.HiddenInput

    def clean(self, value):
        try:
            return [UUID(part) for part in super().clean(value or "").split(",") if part]
        except ValueError as error:
            raise forms.ValidationError("照片没有传完整，请再传一次。") from error


class WithPhotos(forms.Form):
    """A form with an album: what the template asks of it."""

    photos = Ids(required=False, label="照片")
    album = ("现场照片", "problem")
