"""Fields that several forms of staff share."""

from django import forms
from django.core.exceptions import ValidationError

from communities.models import Community


def words(label: str, most: int, *, needs: str = "", rows: int = 0, help_text: str = "") -> forms.CharField:
    """One line, or ``rows`` of them; ``needs`` is the sentence when nothing was written, without it it may be left."""
    said = {"required": needs, "max_length": f"最多 {most} 个字。"}
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput
    return forms.CharField(
        label=label, max_length=most, required=bool(needs), widget=widget, help_text=help_text, error_messages=said
    )


def choice(label: str, choices, **more) -> forms.ChoiceField:
    said = {"required": "选一项。", "invalid_choice": "选一项。"}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=said, **more)


class PlaceField(forms.CharField):
    """A community by name, pinyin or initials, among ``places``."""

    places = Community.objects.none()

    def clean(self, value) -> Community:
        typed = super().clean(value).replace("\0", "").strip()
        exact = self.places.filter(name=typed).first()
        found = [exact] if exact else list(self.places.search(typed)[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError("没有这个小区，或者它不归这里管。换个写法再试。")
        raise ValidationError(f"有几个像的，写完整一点：{'、'.join(place.name for place in found[:5])}")


def place_field() -> PlaceField:
    return PlaceField(
        label="小区", max_length=60, help_text="名称、拼音或首字母。", error_messages={"required": "写上哪个小区。"}
    )
