"""Forms of pages that show several rooms."""

from collections.abc import Sequence
from datetime import date

from django import forms

from accounts.models import User
from communities.models import Community, PatrolDuty, VillageCommittee


class CommunityFilter(forms.Form):
    """Narrows the list of communities; whatever cannot be read narrows nothing."""

    q = forms.CharField(label="名称、拼音或首字母", required=False, max_length=50)
    village = forms.ModelChoiceField(VillageCommittee.objects.none(), label="村居", required=False, empty_label="全部")
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Community.Kind.choices])
    tag = forms.ChoiceField(label="特点", required=False, choices=[("", "全部"), *Community.Tag.choices])

    def __init__(self, data, *, villages):
        super().__init__(data)
        self.fields["village"].queryset = villages
        self.is_valid()

    def narrow(self, communities):
        data = self.cleaned_data
        communities = communities.search(data.get("q") or "")
        if data.get("village"):
            communities = communities.filter(village_committee=data["village"])
        if data.get("kind"):
            communities = communities.filter(kind=data["kind"])
        if data.get("tag"):
            communities = communities.filter(tags__contains=[data["tag"]])
        return communities


class FeedbackForm(forms.Form):
    use_required_attribute = False

    text = forms.CharField(
        label="您的意见",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="对本系统、对物业办的意见都可以写。小区里的问题请用“反映问题”，那里有编号、有期限。",
        error_messages={"required": "写一句您的意见。"},
    )
    may_publish = forms.BooleanField(
        label="希望公开答复",
        required=False,
        help_text="答复以后和问题一起列在这一页；问题由我们重写，不出现您的话和名字。",
    )
    page = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


WHICH_DAY = {"required": "写上日期，比如 2026-11-24。", "invalid": "写成日期，比如 2026-11-24。"}


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), error_messages=WHICH_DAY)


class HandoverForm(forms.Form):
    """Who takes over which community of a cadre, and from when."""

    use_required_attribute = False

    first_day = _day("从哪天起由接班人联系")

    def __init__(self, *args, places: Sequence[tuple[Community, PatrolDuty | None]], people, tomorrow: date, **kwargs):
        after = [duty for _, duty in places if duty]
        super().__init__(*args, initial={"first_day": after[0].first_day if after else tomorrow}, **kwargs)
        self.people = {str(user.pk): user for user in people}
        self.places = {f"to-{community.pk}": community for community, _ in places}
        choices = [("", "这次不交"), *((key, str(user)) for key, user in self.people.items())]
        for community, duty in places:
            self.fields[f"to-{community.pk}"] = forms.ChoiceField(
                label=f"{community}交给",
                choices=choices,
                required=False,
                initial=str(duty.user_id) if duty else "",
                help_text=_changed(duty) if duty else "",
                error_messages={"invalid_choice": "从名单里选一个人。"},
            )

    @property
    def successors(self) -> dict[Community, User]:
        data = self.cleaned_data
        return {place: self.people[data[name]] for name, place in self.places.items() if data.get(name)}


def _changed(duty: PatrolDuty) -> str:
    return f"联系关系已经改好：{duty.first_day.month}月{duty.first_day.day}日起是{duty.user}。"


class PhoneForm(forms.Form):
    """What only the predecessor can know."""

    use_required_attribute = False

    phone_is_empty = forms.BooleanField(
        label="手机里没有没交的巡查",
        help_text="没交的巡查只在您的手机里，换了人别人看不到。先打开“巡查”，有写了一半的就交上来。",
        error_messages={"required": "先把手机里没交的巡查交上来，再打勾。"},
    )


class PromiseForm(forms.Form):
    use_required_attribute = False

    community = forms.ModelChoiceField(
        Community.objects.none(),
        label="哪个小区",
        empty_label="请选",
        error_messages={"required": "选一个小区。", "invalid_choice": "选这张交接单上的小区。"},
    )
    text = forms.CharField(
        label="答应了什么",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="比如：月底前和物业一起看 3 幢的漏水。不写住户的名字和电话。",
        error_messages={"required": "写一句答应了什么。"},
    )
    due_on = _day("哪天前")

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = places


class WithdrawForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(label="为什么撤销", max_length=200, error_messages={"required": "写一句为什么撤销。"})


class PeriodForm(forms.Form):
    """The days of an archive; what cannot be read is this year until today."""

    first = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def days(self, today: date) -> tuple[date, date]:
        self.is_valid()
        last = min(self.cleaned_data.get("last") or today, today)
        first = self.cleaned_data.get("first") or date(last.year, 1, 1)
        return min(first, last), last
