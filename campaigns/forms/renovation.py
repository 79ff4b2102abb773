"""What is typed about renovation and amenities: items, counts, what is chosen and wanted, sheds and bins."""

from django import forms

from communities.forms.fields import choice_field, day_field, number_field, text_field
from communities.models import Community

from ..models import Amenity, CampaignPlace, ListItem


class ListItemForm(forms.Form):
    use_required_attribute = False

    text = text_field("改造什么", 100, needs="写上改造什么，比如：加装电梯。")


class OnPaperForm(forms.Form):
    use_required_attribute = False

    on_paper = number_field("纸上征求到几户", most=99_999, required=True, help_text="网上提的不算在里面。")


class ItemsForm(forms.Form):
    """Some of a community's items, ticked."""

    items = forms.ModelMultipleChoiceField(
        ListItem.objects.none(),
        label="",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "这一项刚才改过，重新选。", "invalid_pk_value": "这一项刚才改过，重新选。"},
    )

    def __init__(self, *args, items, label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["items"].queryset = items
        self.fields["items"].label = label


# ---------------------------------------------------------------- amenities


class AmenityForm(forms.Form):
    """What is there, what is needed, what is planned."""

    use_required_attribute = False

    capacity = number_field("现有多少位（个）", most=99_999, required=True)
    needed = number_field("需要多少位（个）", most=99_999, required=True)
    plan = text_field("怎么补", 200, rows=2, help_text="比如：3幢南侧加一个棚，20 位。")
    planned_on = day_field("哪天前", required=False)


class AmenityNewForm(AmenityForm):
    place = forms.ModelChoiceField(
        CampaignPlace.objects.none(),
        label="小区",
        empty_label="请选",
        error_messages={"required": "选一个小区。", "invalid_choice": "选一个小区。"},
    )
    kind = choice_field("种类", Amenity.Kind.choices, needs="选充电棚或者垃圾桶。")
    spot = text_field("在哪里", 60, needs="写在哪里，比如：3幢南侧。")
    field_order = ["place", "kind", "spot"]

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places


class AmenityFinishForm(forms.Form):
    use_required_attribute = False

    done_on = day_field("哪天补好的")
    capacity = number_field("现在有多少位（个）", most=99_999, required=True)


class AmenityFilter(forms.Form):
    """Whatever cannot be read narrows nothing."""

    q = forms.CharField(label="小区", required=False, max_length=50)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *Amenity.Kind.choices])
    only = forms.ChoiceField(
        label="只看", required=False, choices=[("", "全部"), ("lacking", "还差的"), ("done", "补好的")]
    )

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, rows):
        data = self.cleaned_data
        if data.get("q"):
            rows = rows.filter(place__community__in=Community.objects.search(data["q"]))
        if data.get("kind"):
            rows = rows.filter(kind=data["kind"])
        if data.get("only") == "lacking":
            return rows.lacking()
        return rows.exclude(done_on=None) if data.get("only") == "done" else rows
