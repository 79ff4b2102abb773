"""What is typed about what follows: the month's dispatch, requests for help, the journal."""

from datetime import date

from django import forms
from django.db.models import Q, QuerySet
from django.forms import BaseFormSet, formset_factory

from communities.forms.fields import MonthField, choice_field, day_field, text_field
from communities.models import Community
from inspections.models import Department
from lib.form_fields import Yuan

from ..models import Campaign, HelpRequest, JournalEntry


def departments(today: date) -> QuerySet[Department]:
    """Those that still exist."""
    return Department.objects.filter(Q(ended_on=None) | Q(ended_on__gte=today))


def department_field(label: str, *, required: bool = True) -> forms.ModelChoiceField:
    needs = "选一个部门。"
    return forms.ModelChoiceField(
        Department.objects.none(),
        label=label,
        required=required,
        empty_label="请选",
        error_messages={"required": needs, "invalid_choice": needs},
    )


def campaign_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Campaign.objects.none(), label="专项行动", required=False, empty_label="全部")


# ---------------------------------------------------------------- dispatches


class DispatchForm(forms.Form):
    use_required_attribute = False

    month = MonthField("哪个月的调度")
    held_on = day_field("哪天开的")
    progress = text_field("进度", 1000, needs="写一段进度。", rows=4, help_text="数字是系统带出来的，可以接着写。")
    quality = text_field("质量", 1000, rows=3)
    money_fen = Yuan(label="到这天花了多少钱", zero=True, required=False)
    blockers = text_field("卡在哪里", 1000, rows=3)

    def __init__(self, *args, months, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].offer(months)


class DecisionForm(forms.Form):
    """Something that was decided; an empty one is nothing."""

    use_required_attribute = False

    text = text_field("定下什么事", 200)
    person = text_field("谁来办", 60)
    due_on = day_field("哪天前", required=False)
    community = forms.ModelChoiceField(
        Community.objects.none(), label="哪个小区", required=False, empty_label="整个行动"
    )

    def __init__(self, *args, communities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities

    def clean(self):
        typed = super().clean()
        if not any(typed.get(name) for name in ("text", "person", "due_on", "community")) and not self.errors:
            return typed
        needs = {"text": "写上定下什么事。", "person": "写上谁来办。", "due_on": "写上日期，比如 2026-11-24。"}
        for name, words in needs.items():
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, words)
        return typed


class OneDecisionForm(DecisionForm):
    """One more, by itself: nothing may be left empty."""

    def clean(self):
        typed = super().clean()
        if not self.errors and not typed.get("text"):
            self.add_error("text", "写上定下什么事。")
        return typed


class BaseDecisions(BaseFormSet):
    @property
    def rows(self) -> list[dict]:
        """What was decided, as `dispatches.decide` takes it."""
        return [form.cleaned_data for form in self if form.cleaned_data.get("text")]


DecisionFormSet = formset_factory(DecisionForm, formset=BaseDecisions, extra=3, max_num=10, absolute_max=20)


# ---------------------------------------------------------------- requests for help


class HelpForm(forms.Form):
    use_required_attribute = False

    text = text_field("什么问题", 300, needs="写什么问题，在哪里，比如：3幢北侧围墙外的夜宵摊占了消防通道。", rows=3)
    asks = text_field("请部门做什么", 300, needs="写请部门做什么，比如：依法查处，清出通道。", rows=3)


class HelpSendForm(forms.Form):
    use_required_attribute = False

    department = department_field("发给哪个部门")
    document = text_field("文号", 60, needs="写上文号，公文系统里给的。")
    sent_on = day_field("哪天发出的")

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments(today)


class HelpDropForm(forms.Form):
    use_required_attribute = False

    reason = text_field("为什么不发", 500, needs="写为什么不发，该怎么办。", rows=3)


class HelpAnswerForm(forms.Form):
    use_required_attribute = False

    answer = text_field("部门怎么答复的", 500, needs="写部门怎么答复的。", rows=4)
    answer_document = text_field("答复文号", 60, needs="写上答复的文号；口头答复的写“口头”和谁说的。")
    settled_on = day_field("哪天答复的")


class HelpFilter(forms.Form):
    """Whatever cannot be read narrows nothing."""

    q = forms.CharField(label="小区、问题或文号", required=False, max_length=50)
    campaign = campaign_field()
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "没答复的"), *HelpRequest.State.choices, ("all", "全部")]
    )

    def __init__(self, data, *, campaigns):
        super().__init__(data)
        self.fields["campaign"].queryset = campaigns
        self.is_valid()

    def narrow(self, rows):
        data = self.cleaned_data
        if data.get("campaign"):
            rows = rows.filter(place__campaign=data["campaign"])
        for word in (data.get("q") or "").split():
            said = Q(text__icontains=word) | Q(asks__icontains=word) | Q(document__icontains=word)
            rows = rows.filter(said | Q(place__community__in=Community.objects.search(word)))
        state = data.get("state", "")
        if state == "":
            return rows.waiting()
        return rows if state == "all" else rows.filter(state=state)


# ---------------------------------------------------------------- the journal


class JournalForm(forms.Form):
    use_required_attribute = False

    kind = choice_field("做了什么", JournalEntry.Kind.choices, needs="选劝阻、记录或者移交。")
    day = day_field("哪一天")
    text = text_field("什么事，在哪里", 300, needs="写什么事，在哪里。", rows=3)
    person = text_field("谁去的", 60, needs="写上谁去的。")
    department = department_field("移交给", required=False)
    document = text_field("移交文号", 60, help_text="移交的才写。")

    def __init__(self, *args, today: date, transfers: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments(today)
        self.fields["department"].help_text = "移交的才选。"
        if not transfers:  # handing over is the office's
            del self.fields["department"], self.fields["document"]
            self.fields["kind"].choices = [pair for pair in self.fields["kind"].choices if pair[0] != "transferred"]


class JournalAnswerForm(forms.Form):
    use_required_attribute = False

    result = text_field("部门怎么处理的", 300, needs="写部门怎么处理的。", rows=3)
    result_document = text_field("处理的文号", 60, needs="写上处理的文号。")
    result_on = day_field("哪天处理的")


class JournalFilter(forms.Form):
    """Whatever cannot be read narrows nothing."""

    campaign = campaign_field()
    kind = forms.ChoiceField(label="做了什么", required=False, choices=[("", "全部"), *JournalEntry.Kind.choices])
    only = forms.ChoiceField(label="只看", required=False, choices=[("", "全部"), ("waiting", "等部门答复的")])

    def __init__(self, data, *, campaigns):
        super().__init__(data)
        self.fields["campaign"].queryset = campaigns
        self.is_valid()

    @property
    def said(self) -> dict:
        """The arguments of `journal.keys`."""
        data = self.cleaned_data
        waiting = data.get("only") == "waiting"
        return {"campaign": data.get("campaign"), "kind": data.get("kind", ""), "waiting": waiting}
