"""What staff and firms type about one complaint, an act a form."""

from django import forms
from django.utils import timezone

from accounts.models import User
from communities.models import Community
from inspections.models import CheckItem, Finding
from lib.periods import beijing_date

from .. import messages
from ..findings import alike, open_findings
from ..kinds import Category, Level
from ..models import Complaint, ComplaintPause, Mediation
from ..models.cases import MOST_CHARACTERS
from .fields import choice, place_field, words
from .resident import Photos, RateForm, Step

MOST_SHARING = 30


class CaseForm(Step):
    """A form about one complaint, for one person; most need neither."""

    def __init__(self, *args, complaint: Complaint, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.complaint, self.user = complaint, user
        self.offer()

    def offer(self) -> None:
        """Narrows the choices to those that this complaint has."""


class AssignForm(CaseForm):
    level = choice("交给谁答复", Level)
    handler = forms.ModelChoiceField(
        User.objects.none(),
        label="经办人",
        required=False,
        empty_label="不定人，谁都能办",
        error_messages={"invalid_choice": "这个人现在不能办，重新选。"},
    )
    text = words("交代一句", 300)

    def offer(self) -> None:
        levels = [pair for pair in Level.choices if pair[0] != Level.FIRM or self.complaint.firm_id]
        named = {Level.FIRM: str(self.complaint.firm)}
        self.fields["level"].choices = [(value, named.get(value, label)) for value, label in levels]
        self.fields["level"].initial = self.complaint.level
        self._offer_people({value: named.get(value, label) for value, label in levels})

    def _offer_people(self, levels: dict[str, str]) -> None:
        """Who could answer, under the name of their level."""
        now, field = timezone.now(), self.fields["handler"]
        keys = {name: messages.people_of(self.complaint, level, now) for level, name in levels.items()}
        field.queryset = User.objects.filter(pk__in=set().union(*keys.values())).order_by("pinyin", "pk")
        people = list(field.queryset)
        groups = [(name, [(user.pk, str(user)) for user in people if user.pk in own]) for name, own in keys.items()]
        field.choices = [("", field.empty_label), *(group for group in groups if group[1])]
        field.initial = self.complaint.handler_id


class CategoryForm(CaseForm):
    category = choice("归哪一类", Category)
    reason = words("为什么改", 200, needs="写一句为什么改。", rows=2)

    def offer(self) -> None:
        self.fields["category"].initial = self.complaint.category


class RelocateForm(CaseForm):
    community = place_field()
    reason = words("为什么改", 200, needs="写一句为什么改。", rows=2)

    def offer(self) -> None:
        self.fields["community"].places = Community.objects.public()


class LetterForm(CaseForm):
    letter = words("文号", 60, needs="写上文号。")


class RefuseForm(CaseForm):
    reason = words("为什么不受理", 300, needs="写一句为什么不受理。", rows=2)
    go_to = words("该找谁，电话多少", 200, needs="写上该找谁、电话多少。")


class TextForm(CaseForm):
    text = words("说明", 500, needs="写一句。", rows=3)


class LooseTextForm(CaseForm):
    text = words("说明", 500, rows=3)


class AnswerForm(CaseForm):
    text = words("怎么办的、结果是什么", 2000, needs="写上怎么办的、结果是什么。", rows=6, help_text="投诉人看得到。")
    files = Photos(label="办好后的照片", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def offer(self) -> None:
        self.fields["seen"].initial = self.complaint.reopened


class ExtendForm(CaseForm):
    days = forms.IntegerField(
        label="延长几个工作日",
        min_value=1,
        max_value=60,
        error_messages={"required": "写几个工作日。", "invalid": "写成整数。", "min_value": "至少 1 个工作日。"},
    )
    reason = words("为什么要延长", 200, needs="写一句为什么要延长，投诉人看得到。", rows=2)


class PauseForm(CaseForm):
    kind = choice("为什么停", ComplaintPause.Kind)
    reason = words("说明", 200, needs="写一句为什么停，投诉人看得到。", rows=2)


class ReasonForm(CaseForm):
    reason = words("为什么", 300, needs="写一句为什么。", rows=3)


class TransferForm(CaseForm):
    department = words("移交给哪个部门", 60, needs="写上移交给哪个部门。", help_text="比如 县综合执法局。")
    document_number = words("移交函文号", 60, needs="写上移交函的文号。")
    text = words("说明", 300, rows=2)


class DepartmentForm(CaseForm):
    answer = words("部门怎么说", 2000, needs="写上部门怎么说。", rows=4)
    letter = words("回文文号", 60)


class MediateForm(CaseForm):
    level = choice("谁主持", [(Level.STATION, "村居"), (Level.TOWN, "镇")])
    held_on = forms.DateField(
        label="哪天",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "写上日期。", "invalid": "写成日期，比如 2026-11-24。"},
    )
    parties = words("到场各方", 300, needs="写上到场各方。", help_text="写身份，不写姓名，比如 楼上住户、物业。")
    proposals = words("各方意见和方案", 2000, needs="写上各方意见和方案。", rows=4)
    outcome = choice("结果", Mediation.Outcome)
    agreement = words("协议内容", 2000, rows=3)


class UpholdForm(CaseForm):
    is_upheld = forms.TypedChoiceField(
        label="物业有没有责任",
        choices=[("yes", "有责"), ("no", "无责")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "选一项。", "invalid_choice": "选一项。"},
    )
    reason = words("依据", 300, needs="写一句依据什么认定。", rows=3)


class MergeForm(CaseForm):
    others = forms.ModelMultipleChoiceField(
        Complaint.objects.none(),
        label="哪几件并进来",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "选要并进来的投诉。", "invalid_choice": "有一件刚才变了，重新选。"},
    )

    def offer(self) -> None:
        from ..merging import OPEN, alike

        rows = alike(self.complaint).handled_by(self.user).filter(state__in=OPEN)
        self.fields["others"].queryset = rows
        self.fields["others"].label_from_instance = lambda row: f"{row.number} {row.where} {row.text[:60]}"


class SplitForm(CaseForm):
    text = words("另一件是什么事", MOST_CHARACTERS, needs="写一句另一件是什么事。", rows=3)
    place = words("在哪里", 100)
    category = choice("类别", Category)


class CallForm(RateForm):
    """What somebody said on the telephone."""

    field_order = ["is_fixed", "score", "reason"]


class ReadForm(Step):
    why = words("为什么要看", 200, needs="写一句为什么要看。", help_text="看了会留记录。")


class FindingForm(CaseForm):
    others = forms.ModelMultipleChoiceField(
        Complaint.objects.none(),
        label="还有哪几件是同一个问题",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一起挂在同一份抄告上，一起办结；每个人都会收到答复。",
        error_messages={"invalid_choice": "有一件刚才变了，重新选。"},
    )
    item = forms.ModelChoiceField(
        CheckItem.objects.none(), label="检查项", empty_label="请选", error_messages={"required": "选一项。"}
    )
    text = words(
        "是什么问题、在哪里", 500, needs="写一句是什么问题、在哪里。", rows=3, help_text="用自己的话写，物业看得到。"
    )

    def offer(self) -> None:
        day = beijing_date(timezone.now())
        self.fields["item"].queryset = CheckItem.objects.asked_on(day).in_order()
        others = alike(self.complaint).handled_by(self.user)[:MOST_SHARING]
        field = self.fields["others"]
        field.queryset = Complaint.objects.filter(pk__in=[row.pk for row in others]).select_related("building")
        field.label_from_instance = lambda row: f"{row.number} {row.where} {row.text[:60]}"
        if not others:
            del self.fields["others"]


class AttachForm(CaseForm):
    finding = forms.ModelChoiceField(
        Finding.objects.none(), label="挂到哪个问题", empty_label="请选", error_messages={"required": "选一个问题。"}
    )

    def offer(self) -> None:
        self.fields["finding"].queryset = open_findings(self.complaint)
        self.fields["finding"].label_from_instance = lambda row: f"{row.where} {row.item}：{row.text[:40]}"
