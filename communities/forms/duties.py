"""What stations and office type about who patrols where."""

from django import forms

from accounts.models import User

from .fields import day_field


class LeaveForm(forms.Form):
    first_day = day_field("从哪天起")
    last_day = day_field("到哪天为止")


class PersonForm(forms.Form):
    """Somebody from a list that the page gives."""

    user = forms.ModelChoiceField(
        label="谁", queryset=User.objects.none(), empty_label="请选", error_messages={"required": "选一个人。"}
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people


class SubstituteForm(PersonForm):
    first_day = day_field("从哪天起")
    last_day = day_field("到哪天为止")


class HandOverForm(PersonForm):
    first_day = day_field("从哪天起")


class HeadFilter(forms.Form):
    words = forms.CharField(label="小区", required=False, max_length=50)
    head = forms.ChoiceField(label="楼幢长", required=False, choices=[("", "都看"), ("no", "没有的"), ("yes", "有的")])
