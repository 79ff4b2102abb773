"""One finding as typed on the phone, and the photos it names."""

import uuid

from django import forms
from django.forms import formset_factory

from lib.spoken import SpokenField

from ..entries import FindingEntry, problems_of
from ..models import MOST_PHOTOS, Category, Finding, Severity

MOST_FINDINGS = 20  # of one category in one patrol
MOST_READ = 10 * MOST_PHOTOS  # how many ids are looked at before the patrol says that they are too many


class PhotoNumbers(forms.CharField):
    """The client ids of photos that were sent ahead, joined by commas."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def to_python(self, value) -> list[uuid.UUID]:
        try:
            parts = [part for part in (value or "").split(",")[:MOST_READ] if part.strip()]
            return list(dict.fromkeys(uuid.UUID(part) for part in parts))
        except ValueError:
            raise forms.ValidationError("照片没有对上，请删掉这张再拍一次。") from None

    def has_changed(self, initial, data) -> bool:
        return (data or "") != (initial or "")


class FindingForm(forms.Form):
    """One finding of one category. What stays untouched is no finding."""

    use_required_attribute = False

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    item = forms.TypedChoiceField(label="哪一种", empty_value=None, error_messages={"required": "选一下是哪一种。"})
    text = SpokenField(
        label="什么问题，在哪里",
        max_length=500,
        help_text="一句话就行，比如“3幢1单元楼道堆纸箱”。可以点键盘上的话筒直接说。",
        error_messages={"required": "写一句是什么问题，在哪里，比如“3幢1单元楼道堆纸箱”。"},
    )
    building = forms.TypedChoiceField(label="哪一幢", required=False, empty_value=None)
    photos = PhotoNumbers()
    handling = forms.ChoiceField(
        label="怎么处理", widget=forms.RadioSelect, error_messages={"required": "选一下怎么处理。"}
    )
    after_photos = PhotoNumbers()
    dissuaded = forms.BooleanField(
        label="业主造成的，物业已劝阻、已报告", required=False, help_text="有照片才勾，勾了不扣物业的分。"
    )
    severity = forms.ChoiceField(label="等级", required=False, choices=[("", "照这一种原来的等级"), *Severity.choices])
    severity_reason = SpokenField(label="为什么提高", required=False, max_length=200)

    def __init__(self, *args, category: Category, items, buildings, responsible: str, **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self.fields["item"], "请选一种", {i: f"{i}（{i.get_severity_display()}）" for i in items})
        _offer(self.fields["building"], "不在楼里", {b: b.name for b in buildings})
        self.fields["handling"].choices = _handlings(responsible)
        if category == Category.PILES:
            self.fields["item"].help_text = "堵了疏散楼梯、消防通道，记到“消防安全”，同一处只记一次。"

    def has_changed(self) -> bool:
        """Touched by the person; the number that the phone gave it does not count."""
        return any(name != "client_id" for name in self.changed_data)

    def clean(self) -> dict:
        """Names what the patrol would be refused for, beside what cannot be read, so that all is mended at once."""
        data = super().clean()
        if not self.errors:
            for name, sentence in list(problems_of(self.entry(patrol=uuid.uuid4()))):
                self.add_error({"after": "after_photos"}.get(name, name), sentence)
        return data

    def entry(self, *, patrol: uuid.UUID) -> FindingEntry:
        """The finding as typed; one without a number of its own gets the same from its patrol's each time."""
        data = self.cleaned_data
        return FindingEntry(
            client_id=data["client_id"] or uuid.uuid5(uuid.NAMESPACE_OID, f"{patrol}{self.prefix}"),
            item=data["item"],
            severity=data["severity"] or data["item"].severity,
            severity_reason=data["severity_reason"],
            building=data["building"],
            text=data["text"],
            handling=data["handling"],
            dissuaded=data["dissuaded"],
            photos=data["photos"],
            after=data["after_photos"],
            field=self.prefix,
        )


def _offer(field: forms.TypedChoiceField, nothing: str, rows: dict) -> None:
    """Rows to choose from, read once for all findings of the form."""
    known = {str(row.pk): row for row in rows}

    def row_of(key):
        if str(key) not in known:
            raise ValueError(key)
        return known[str(key)]

    field.choices = [("", nothing), *((row.pk, label) for row, label in rows.items())]
    field.coerce = row_of
    field.error_messages["invalid_choice"] = "这一项不在可选的里面，请重新选一次。"


def _handlings(responsible: str) -> list[tuple[str, str]]:
    words = {Finding.Handling.NOTICE: f"抄告{responsible}"}
    return [(handling, words.get(handling, handling.label)) for handling in Finding.Handling]


FindingFormSet = formset_factory(FindingForm, extra=0, min_num=1, max_num=MOST_FINDINGS, absolute_max=MOST_FINDINGS)
