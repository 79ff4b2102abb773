"""What a person types about notices: reply, plan, extension, objection, recheck, call, transfer."""

from datetime import date

from django import forms

from communities.models import Building, Community

from ..models import CheckItem, Department, Dissuasion, Notice, PatrolPhoto
from .findings import PhotoNumbers

DAY_INPUT = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
DAY_ERRORS = {"required": "选一个日期。", "invalid": "日期写成 2026-11-18 这样。"}


def words(label: str, missing: str, most: int = 300, **more) -> forms.CharField:
    """A sentence or two; without a sentence for a missing one it may be left out."""
    needed = {"required": bool(missing), "error_messages": {"required": missing}}
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea, **(needed | more))


def line(label: str, missing: str, most: int = 50, **more) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, error_messages={"required": missing}, **more)


def day_field(label: str, **more) -> forms.DateField:
    return forms.DateField(label=label, widget=DAY_INPUT, error_messages=DAY_ERRORS, **more)


class WithPhotos(forms.Form):
    """A form with an album; ``album`` says what the photos show, for the page and for the upload."""

    photos = PhotoNumbers()
    album = ("照片", PatrolPhoto.Kind.PROBLEM)


class ReplyForm(WithPhotos):
    text = words("怎么整改的", "写一句怎么整改的。", 1000)
    album = ("整改后的照片，至少 1 张", PatrolPhoto.Kind.REPLY)


class PlanForm(forms.Form):
    person = line("责任人", "写上责任人。")
    limit_on = day_field("哪天前整改好")
    measure = words("措施", "写上怎么整改。")


class InterimForm(WithPhotos):
    text = words("先采取了什么安全措施", "写一句先采取了什么安全措施。")
    album = ("措施的照片，可以不拍", PatrolPhoto.Kind.INTERIM)


class PaperReceiptForm(WithPhotos):
    signer = line("谁签的字", "写上谁签的字。")
    call = words("打过的电话：谁接的，怎么说", "", 300, required=False, help_text="重大问题要打一个电话。")
    album = ("签了字的抄告单", PatrolPhoto.Kind.PAPER)


class ExtensionForm(forms.Form):
    days = forms.IntegerField(label="延几个工作日", min_value=1, error_messages={"required": "写上延几个工作日。"})
    reason = words("为什么延期", "写一句为什么要延期。", 200)


class ObjectionForm(forms.Form):
    text = words("有什么异议", "写一句有什么异议。", 500)


class DecisionForm(forms.Form):
    """Yes or no, without a default, and why."""

    decision = forms.ChoiceField(
        label="决定", widget=forms.RadioSelect, error_messages={"required": "选一个。", "invalid_choice": "选一个。"}
    )
    answer = words("理由", "写一句理由。", 200, required=False)

    def __init__(self, *args, yes: str, no: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [("yes", yes), ("no", no)]

    @property
    def is_yes(self) -> bool:
        return self.cleaned_data["decision"] == "yes"


class CallForm(forms.Form):
    who = line("谁接的", "写上谁接的。")
    said = words("怎么说", "写一句对方怎么说。")


class RecheckForm(WithPhotos):
    """What was seen on the spot; neither passed nor failed is preset."""

    passed = forms.TypedChoiceField(
        label="复查结果",
        choices=[("yes", "合格"), ("no", "不合格")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "选合格或者不合格。", "invalid_choice": "选合格或者不合格。"},
    )
    note = words("说明", "", 500, required=False, help_text="不合格要写一句哪里没好。")
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field_order = ["client_id", "passed", "note", "photos"]
    album = ("现场照，可以不拍", PatrolPhoto.Kind.RECHECK)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("passed") is False and not data.get("note", "").strip():
            self.add_error("note", "不合格要写一句哪里没好。")
        return data

    def sentences(self) -> list[str]:
        return [error for errors in self.errors.values() for error in errors]


class FixedForm(forms.Form):
    fixed = forms.TypedChoiceField(
        label="修好了吗",
        choices=[("yes", "修好了"), ("no", "没好")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "选一个。", "invalid_choice": "选一个。"},
    )
    text = words("哪里没好", "", 300, required=False, help_text="没好的写一句，复查的人看得到。")


class TransferForm(forms.Form):
    department = forms.ModelChoiceField(
        Department.objects.all(), label="移交给", error_messages={"required": "选一个部门。"}
    )
    document_no = line("文号", "写上文号。", 60, help_text="在镇里的公文系统发出后，把文号填回来。")
    expected_on = day_field("要求哪天前回复")


class AnswerForm(forms.Form):
    answer = words("部门怎么答复的", "写上部门怎么答复的。", 500)
    answer_no = forms.CharField(label="答复文号", max_length=60, required=False)


class CauseForm(forms.Form):
    task = words("要办什么，治在哪里", "写一句要办什么，治在哪里。")
    person = line("谁来办", "写上谁来办。", 60)
    due_on = day_field("哪天前")


class ResultForm(forms.Form):
    result = words("办得怎么样", "写一句办得怎么样。")


class _OfOwnCommunity(WithPhotos):
    """Something that a firm says about a community that it serves."""

    community = forms.ModelChoiceField(
        Community.objects.none(),
        label="小区",
        error_messages={"required": "选一个小区。", "invalid_choice": "选一个小区。"},
    )

    def __init__(self, *args, communities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities


class SelfReportForm(_OfOwnCommunity):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    item = forms.ModelChoiceField(
        CheckItem.objects.none(), label="哪一种", error_messages={"required": "选一下是哪一种。"}
    )
    building = forms.ModelChoiceField(Building.objects.none(), label="哪一幢", required=False, empty_label="不在楼里")
    text = words("什么问题，在哪里", "写一句是什么问题，在哪里。", 500)
    finish_on = day_field("哪天前整改好", help_text="在规定的期限里，到时改好，就不扣分。")
    field_order = ["client_id", "community", "item", "building", "text", "photos", "finish_on"]
    album = ("问题的照片，至少 1 张", PatrolPhoto.Kind.PROBLEM)

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = CheckItem.objects.asked_on(today).in_order()
        places = self.fields["community"].queryset
        houses = Building.objects.filter(community__in=places, ended_on=None).select_related("community")
        self.fields["building"].queryset = houses.order_by("community__pinyin", "code")
        self.fields["building"].label_from_instance = lambda house: f"{house.community} {house.name}"

    def clean(self) -> dict:
        data = super().clean()
        building, community = data.get("building"), data.get("community")
        if building and community and building.community_id != community.pk:
            self.add_error("building", "这一幢不在选的小区里。")
        return data


class DissuasionForm(_OfOwnCommunity):
    kind = forms.ChoiceField(
        label="做了什么",
        choices=Dissuasion.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": "选一个：已劝阻，或者已报告。"},
    )
    text = words("什么事，在哪里", "写一句什么事，在哪里。")
    person = line("谁去的", "写上谁去的。")
    day = day_field("哪一天")
    field_order = ["community", "kind", "text", "person", "day", "photos"]
    album = ("照片，至少 1 张", PatrolPhoto.Kind.PROBLEM)


class NoticesForm(forms.Form):
    """Several notices at once, by their keys."""

    notices = forms.ModelMultipleChoiceField(
        Notice.objects.none(),
        error_messages={"required": "先勾上要签收的抄告。", "invalid_choice": "有一份不能签收了。"},
    )

    def __init__(self, *args, notices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["notices"].queryset = notices
