"""What is typed at the telephone desk, and what narrows the list of the desk."""

from django import forms

from communities.models import Community
from lib.form_fields import Keys

from ..entries import BAD_PHONE
from ..kinds import Category, Level, Source
from ..models import State
from ..models.cases import MOST_CHARACTERS
from ..querysets import ComplaintQuerySet
from .fields import place_field, words
from .resident import PhoneField, Step

MOST_CHOICES = 60  # nobody finds a community in a list of hundreds, and it would be most of the page


class PhoneDeskForm(Step):
    """What a clerk writes down while somebody talks: number, place, matter."""

    source = forms.ChoiceField(label="怎么来的", choices=[pair for pair in Source.choices if pair[0] != Source.ONLINE])
    phone = PhoneField(label="来电号码", max_length=30, required=False, error_messages={"invalid": BAD_PHONE})
    name = words("怎么称呼", 30)
    community = place_field()
    place = words("在哪里", 100)
    text = words("什么事", MOST_CHARACTERS, needs="写一句出了什么事。", rows=4)
    category = forms.ChoiceField(label="类别", required=False, choices=[("", "照写的话定"), *Category.choices])
    for_whom = words("替谁反映", 30, help_text="楼幢长、子女、工作人员代报的，写本人怎么称呼。")
    relation = words("来电人是本人的什么人", 20, help_text="比如 女儿、楼幢长。")
    firm_may_call = forms.BooleanField(label="同意物业直接联系", required=False)
    platform_number = words("12345 工单号", 40)
    platform_due = forms.DateField(
        label="12345 期限", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["source", "phone", "name", "community", "place", "text", "category", "for_whom", "relation"]

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["community"].places = places
        for name in ("phone", "community", "name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["community"].widget.attrs["list"] = "places"


# What a figure of the analysis counts, by the name in its link.
ONLY = {
    "counted": ComplaintQuerySet.counted,
    "answered": ComplaintQuerySet.answered,
    "late": ComplaintQuerySet.answered_late,
    "rated": ComplaintQuerySet.judged,
}


class DeskFilter(forms.Form):
    """What the desk's list is narrowed by; whatever cannot be read narrows nothing."""

    q = forms.CharField(label="编号、小区或内容", required=False, max_length=50)
    community = forms.ModelChoiceField(Community.objects.none(), label="小区", required=False, empty_label="全部")
    category = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Category.choices])
    source = forms.ChoiceField(label="来源", required=False, choices=[("", "全部"), *Source.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *State.choices])
    level = forms.ChoiceField(label="由谁答复", required=False, choices=[("", "全部"), *Level.choices])
    first = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    firm = forms.IntegerField(required=False, min_value=0, max_value=2**31, widget=forms.HiddenInput)
    building = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
    only = forms.ChoiceField(required=False, choices=[(name, name) for name in ONLY], widget=forms.HiddenInput)
    of = Keys()  # of these communities

    def __init__(self, data, *, user):
        super().__init__(data)
        field = self.fields["community"]
        field.queryset = Community.objects.visible_to(user).order_by("pinyin")
        self.is_valid()
        names = list(field.queryset.values_list("pk", "name")[: MOST_CHOICES + 1])
        if len(names) > MOST_CHOICES:
            chosen = self.cleaned_data.get("community")
            names = [(chosen.pk, chosen.name)] if chosen else []
        field.choices = [("", field.empty_label), *names]
        if not names:
            field.widget = forms.HiddenInput()

    def narrow(self, rows):
        data = self.cleaned_data
        for name in ("community", "category", "source", "state", "level"):
            if data.get(name):
                rows = rows.filter(**{name: data[name]})
        return self._searched(self._of_days(rows))

    def _of_days(self, rows):
        data = self.cleaned_data
        named = {"first": "registered_on__gte", "last": "registered_on__lte", "building": "building"}
        named |= {"of": "community__in"}
        rows = rows.filter(**{path: data[name] for name, path in named.items() if data.get(name)})
        if data.get("firm") is not None:
            rows = rows.filter(firm=data["firm"] or None)  # 0: nobody's
        return ONLY[data["only"]](rows) if data.get("only") else rows

    def _searched(self, rows):
        typed = (self.cleaned_data.get("q") or "").replace("\0", "")
        return rows.search(typed) if typed.strip() else rows
