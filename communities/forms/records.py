"""What is typed into the registers and onto hand-over lists."""

from django import forms

from communities.models import ExitItem, Record
from communities.records import REGISTERS

from .fields import choice_field, day_field, number_field, text_field


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; nothing chosen is an empty list."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


class RecordForm(forms.Form):
    """An entry of one register, in that register's words."""

    use_required_attribute = False

    happened_on = day_field("日期")
    title = text_field("事由", 100, needs="写一句是什么事。")
    in_charge = text_field("负责人", 50)
    number = number_field("数", most=99999)
    text = text_field("内容", 4000, rows=5)
    attached = FilesField(
        label="附件", required=False, help_text="PDF、Word（docx）、Excel（xlsx）或照片，每个不超过 20 MB，可以选几个。"
    )

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        register = REGISTERS[kind]
        for name in ("title", "text", "in_charge", "number"):
            if words := getattr(register, name):
                self.fields[name].label = words
            else:
                del self.fields[name]


class StrikeForm(forms.Form):
    use_required_attribute = False

    struck_why = text_field("为什么作废", 200, needs="写一句为什么，原来的内容还看得到。")


class RecordFilter(forms.Form):
    """Narrows a register; whatever cannot be read narrows nothing."""

    q = forms.CharField(label="事由或内容", required=False, max_length=50)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *Record.Kind.choices])
    first = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}))

    def narrow(self, rows):
        self.is_valid()
        wanted = self.cleaned_data
        for word in (wanted.get("q") or "").split():
            rows = rows.filter(title__icontains=word) | rows.filter(text__icontains=word)
        columns = {"kind": "kind", "first": "happened_on__gte", "last": "happened_on__lte"}
        return rows.filter(**{column: wanted[name] for name, column in columns.items() if wanted.get(name)})


class ExitItemForm(forms.Form):
    use_required_attribute = False

    kind = choice_field("类别", ExitItem.Kind.choices)
    name = text_field("名称", 80, needs="写上是什么。")
    quantity = text_field("数量", 40)


class AnswerForm(forms.Form):
    use_required_attribute = False

    quantity = text_field("数量", 40, help_text="比如 3 册、2 间、12 把。")
    handed_on = day_field("交了的日期", required=False)
    missing_why = text_field("没有或不交的原因", 200)


class CloseForm(forms.Form):
    use_required_attribute = False

    witness = text_field("监交人", 50, needs="写上监交人是谁，比如村居或物业办的人。")
