"""Forms of pages that show several rooms."""

from django import forms

from communities.models import Community, VillageCommittee


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
        help_text="哪一页不好用、缺什么，都可以写。小区里的问题请打电话反映。",
        error_messages={"required": "写一句您的意见。"},
    )
    page = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
