"""Free text for people who speak into their keyboard rather than type. Issue 4 §5"""

import re

from django import forms

BREATH = re.compile(r"\s+")
BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\xff])[^\S\n]+(?=[^\x00-\xff])")


class SpokenField(forms.CharField):
    """A field as large as what is said. A voice keyboard puts in whole sentences, so nothing is cut off at a length
    while somebody speaks: too much is kept, counted beside the field (portal.js) and explained.

    Args:
        lines: breaks between lines stay; else they are the speaker's breath and go.
    """

    widget = forms.Textarea

    def __init__(self, *, lines: bool = False, **kwargs):
        words = {
            "max_length": "写长了：最多 %(limit_value)d 个字，现在有 %(show_value)d 个。删短一点再提交，写的都还在。"
        }
        kwargs["error_messages"] = words | kwargs.get("error_messages", {})
        super().__init__(**kwargs)
        self.lines = lines

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"data-most": str(self.max_length), "autocomplete": "off", "autocapitalize": "off"}

    def to_python(self, value) -> str:
        text = super().to_python(value)
        text = text.replace("\r\n", "\n") if self.lines else BREATH.sub(" ", text)
        return BETWEEN_CHINESE.sub("", text)
