"""What is typed about problems that partner units take on."""

from django import forms

from communities.models import ResidentGroup

from .fields import day_field, text_field


class ProblemForm(forms.Form):
    use_required_attribute = False

    what = text_field("什么问题", 100, needs="写什么问题，比如：3幢没有无障碍坡道。")
    needs = text_field("要什么帮助", 200, rows=2, help_text="比如：要一台除雪机，或者两位电工来一天。")


class TakeForm(forms.Form):
    use_required_attribute = False

    group = forms.ModelChoiceField(
        ResidentGroup.objects.none(),
        label="哪个共建单位",
        empty_label="请选",
        error_messages={"required": "选一个共建单位。", "invalid_choice": "选一个共建单位。"},
    )
    due_on = day_field("打算哪天办好")

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups
        if len(groups) == 1:
            self.initial.setdefault("group", groups[0])


class TellForm(forms.Form):
    use_required_attribute = False

    text = text_field("说明", 230, needs="写一句。", rows=3)  # the unit's name, up to 60, stands before it


class FinishForm(forms.Form):
    use_required_attribute = False

    done_on = day_field("哪天办好的")
    text = text_field("做了什么", 250, needs="写做了什么。", rows=3)


class ClaimFilter(forms.Form):
    state = forms.ChoiceField(
        label="哪些",
        required=False,
        choices=[
            ("", "等认领和在办的"),
            ("listed", "等认领"),
            ("claimed", "认领了"),
            ("done", "办好了"),
            ("all", "全部"),
        ],
    )
    q = forms.CharField(label="小区", required=False, max_length=50)
