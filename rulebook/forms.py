"""What people type about rules and the calendar."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from lib import table_files
from lib.table_files import BadFile
from rulebook import calendars, keys, rules
from rulebook.calendars import BadTable, Line
from rulebook.models import CalendarLoad, Jurisdiction, Rule

MOST_BYTES = 1024 * 1024


class FindForm(forms.Form):
    words = forms.CharField(label="找什么", required=False, max_length=50)
    topic = forms.ChoiceField(label="哪方面", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", "全部"), *((topic, topic) for topic in keys.topics())]

    @property
    def wanted(self) -> dict[str, str]:
        """What to look for; an address that somebody bent finds everything."""
        return {"words": "", "topic": "", **(self.cleaned_data if self.is_valid() else {})}


def _grouped_keys() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (topic, [(key.name, key.label) for key in keys.declared.values() if key.topic == topic])
        for topic in keys.topics()
    ]


class RuleForm(forms.ModelForm):
    """A new row of a rule. ``cleaned_data`` holds what `rules.enter` takes."""

    key = forms.ChoiceField(
        label="哪条规则",
        choices=_grouped_keys,
        error_messages={"required": "选一条规则。", "invalid_choice": "选一条规则。"},
    )
    value = forms.CharField(label="新的值", required=False, max_length=200)
    ends = forms.BooleanField(label="从那天起本范围不再执行这条规则", required=False)

    class Meta:
        model = Rule
        fields = ["key", "jurisdiction", "first_day", "basis", "article"]
        error_messages = {
            "jurisdiction": {"required": "选这条规则管到哪里。"},
            "first_day": {"required": "写上从哪天起，最早是明天。", "invalid": "写成日期，比如 2027-03-01。"},
            "basis": {"required": "写上文件名和条款，没有文件就写哪次会议定的。"},
        }
        widgets = {"first_day": forms.DateInput({"type": "date"}), "article": forms.Textarea({"rows": 4})}

    field_order = ["key", "jurisdiction", "first_day", "value", "ends", "basis", "article"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"].queryset = Jurisdiction.objects.order_by("pk")
        self.fields["first_day"].help_text = "最早是明天。过去的日子按当时的规则算。"
        self.fields["value"].help_text = "只写数字或内容，不写单位；写法和“规则与依据”里现在的值一样。"

    def clean_first_day(self):
        day = self.cleaned_data["first_day"]
        try:
            rules.demand_tomorrow(day, timezone.now())
        except rules.TooEarly as error:
            raise ValidationError(str(error)) from error
        return day

    def clean(self) -> dict:
        data = super().clean()
        key, ends, typed = data.get("key"), data.pop("ends", False), data.pop("value", "")
        if not key:
            return data
        if bool(ends) == bool(typed.strip()):
            self.add_error("value", "写上新的值；不再执行的，不写值，勾上下面一项。")
            return data
        try:
            data["value"] = None if ends else keys.get(key).parse(typed)
        except ValueError as error:
            self.add_error("value", str(error))
        else:
            self._check_ending(data)
        return data

    def _check_ending(self, data: dict) -> None:
        if not {"jurisdiction", "first_day"} <= data.keys():
            return
        where = {"jurisdiction": data["jurisdiction"], "first_day": data["first_day"]}
        try:
            rules.demand_value(keys.get(data["key"]), data["value"], **where)
        except ValidationError as error:
            self.add_error("ends", error)


class CalendarForm(forms.ModelForm):
    """A year's table, pasted or as a file; ``lines`` is what it says."""

    text = forms.CharField(
        label="把表贴在这里",
        required=False,
        strip=False,  # or the lines would be counted from the first that is not empty
        widget=forms.Textarea({"rows": 10}),
        help_text="一行一天或一段：2027-01-01 休 元旦；2027-10-01 至 2027-10-07 休 国庆节；2027-10-09 班 国庆节。",
    )
    file = forms.FileField(
        label="或者选一个文件", required=False, help_text="文本、CSV 或 Excel，列的顺序是日期、休或班、说明。"
    )

    class Meta:
        model = CalendarLoad
        fields = ["year", "source"]
        error_messages = {
            "year": {"required": "写上是哪一年的日历。"},
            "source": {"required": "写上国务院办公厅通知的文号。"},
        }

    field_order = ["year", "source", "text", "file"]
    lines: list[Line]

    def clean_year(self) -> int:
        calendars.demand_none_waiting(self.cleaned_data["year"])
        return self.cleaned_data["year"]

    def clean(self) -> dict:
        data = super().clean()
        try:
            if data.get("file"):
                data["text"] = read_table(data["file"])
            if "year" in data:
                self.lines = calendars.parse(data.get("text", ""), year=data["year"])
        except BadTable as error:
            for line in error.lines[:20]:
                self.add_error("text", line)
        except BadFile as error:
            self.add_error("file", str(error))
        return data


def read_table(file) -> str:
    """The text of an uploaded table: UTF-8 or GBK, or the first sheet of a workbook.

    Raises:
        BadFile: with a sentence for who sent it.
    """
    if file.size > MOST_BYTES:
        raise BadFile("文件太大，一年的日历用不了 1 MB，看看是不是选错了。")
    data = file.read()
    if data.startswith(b"PK"):
        return "\n".join(" ".join(map(str, row)) for row in table_files.first_rows(data))
    for coding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFile("这个文件读不出来，请存成文本、CSV 或 Excel（.xlsx）再传。")
