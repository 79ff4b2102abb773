"""What is typed about a plan: begun, its head, bodies, phases, tasks, and what becomes of it."""

from datetime import date

from django import forms
from django.forms import BaseFormSet, formset_factory

from communities.forms.fields import choice_field, day_field, number_field, text_field
from inspections.models import CheckItem

from ..kinds import CampaignKind, CampaignState, Whom
from ..models import Body, Campaign, Phase, PlanTemplate, Task

LINES = "一行一条。"


class CampaignFilter(forms.Form):
    q = forms.CharField(label="名称、任务或单位", required=False, max_length=50)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *CampaignKind.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "没结束的"), *CampaignState.choices, ("all", "全部")]
    )

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, rows):
        data = self.cleaned_data
        if data.get("q"):
            rows = rows.search(data["q"])
        if data.get("kind"):
            rows = rows.filter(kind=data["kind"])
        state = data.get("state", "")
        if state == "":
            return rows.exclude(state=CampaignState.ENDED)
        return rows if state == "all" else rows.filter(state=state)


class BeginForm(forms.Form):
    """A plan from a template, or from nothing."""

    use_required_attribute = False

    template = forms.ModelChoiceField(
        PlanTemplate.objects.none(),
        label="照哪个模板",
        required=False,
        empty_label="空白，自己写",
        to_field_name="code",
    )
    starts_on = day_field("从哪天开始", required=False, help_text="模板里的日期照着往后排。空白的可以不填。")
    title = text_field("名称", 60, help_text="照模板的可以不填，用模板的名称。")
    kind = choice_field("种类", CampaignKind.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = PlanTemplate.objects.all()
        self.fields["kind"].required = False

    def clean(self):
        typed = super().clean()
        if typed.get("template") and not typed.get("starts_on") and "starts_on" not in self.errors:
            self.add_error("starts_on", "写上从哪天开始，模板的日期照着排。")
        if not typed.get("template") and "template" not in self.errors:
            for name, words in (("title", "写上行动的名称。"), ("kind", "选一个种类。")):
                if not typed.get(name):
                    self.add_error(name, words)
        return typed


class CopyForm(forms.Form):
    use_required_attribute = False

    title = text_field("名称", 60, needs="写上名称，比如：2027年一季度停车秩序整治。")
    starts_on = day_field("从哪天开始")


class LinesField(forms.CharField):
    """Several lines, one thing each; clean, it is a list."""

    def __init__(
        self, label: str, each: int, *, most: int = 30, rows: int = 5, needs: str = "", help_text: str = LINES
    ):
        super().__init__(
            label=label,
            required=bool(needs),
            max_length=each * most,
            widget=forms.Textarea({"rows": rows}),
            help_text=help_text,
            error_messages={"required": needs},
        )
        self.each, self.most = each, most

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > self.most:
            raise forms.ValidationError(f"最多 {self.most} 条。")
        if long := next((line for line in lines if len(line) > self.each), None):
            raise forms.ValidationError(f"每条最多 {self.each} 个字，“{long[:12]}……”太长。")
        return lines


class HeadForm(forms.Form):
    """What stands at the head of a plan."""

    use_required_attribute = False

    title = text_field("名称", 60, needs="写上行动的名称。")
    kind = choice_field("种类", CampaignKind.choices)
    basis = text_field("依据", 200)
    document = text_field("文号", 60)
    goal = text_field("目标", 1000, rows=3)
    standards = LinesField("达到的标准", 120)
    items = forms.ModelMultipleChoiceField(
        CheckItem.objects.none(),
        label="查哪些",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="物业照这些自查，检查组照这些查；这段日子这些小区查出的这几项都算这次行动的。",
    )

    def __init__(self, *args, day: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["items"].queryset = CheckItem.objects.asked_on(day).in_order()

    @staticmethod
    def of(campaign: Campaign) -> dict:
        named = ("title", "kind", "basis", "document", "goal", "standards")
        return {name: getattr(campaign, name) for name in named} | {"items": list(campaign.items.all())}


class BodiesForm(forms.Form):
    use_required_attribute = False

    lead = text_field("牵头单位", 60, needs="写上牵头单位。")
    lead_whom = choice_field("提醒谁", Whom.choices)
    offices = LinesField("配合：镇物业办自己的人办", 60, rows=2)
    stations = LinesField("配合：村居物管站", 60, rows=2)
    firms = LinesField("配合：物业企业", 60, rows=2)
    outside = LinesField("配合：别的单位（到期由镇物业办打电话）", 60, rows=3)

    @staticmethod
    def of(bodies: list[Body]) -> dict:
        lead = next((body for body in bodies if body.is_lead), None)
        names = {"office": "offices", "stations": "stations", "firms": "firms", "outside": "outside"}
        typed: dict = {field: [] for field in names.values()}
        for body in bodies:
            if not body.is_lead:
                typed[names[body.whom]].append(body.name)
        return typed | ({"lead": lead.name, "lead_whom": lead.whom} if lead else {})

    @property
    def said(self) -> dict:
        """The arguments of `planning.set_bodies`."""
        data = self.cleaned_data
        groups = (
            ("offices", Whom.OFFICE),
            ("stations", Whom.STATIONS),
            ("firms", Whom.FIRMS),
            ("outside", Whom.OUTSIDE),
        )
        assist = [{"name": name, "whom": whom} for field, whom in groups for name in data[field]]
        return {"lead": {"name": data["lead"], "whom": data["lead_whom"]}, "assist": assist}


class PhaseForm(forms.Form):
    """One phase; a line without a name is none."""

    use_required_attribute = False

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = text_field("阶段", 30)
    first_day = day_field("开始", required=False)
    last_day = day_field("结束", required=False)
    waits_for = text_field("或者等什么事情才结束", 60)
    days = number_field("或者上一阶段结束后几天", least=1, most=366)
    must = text_field("这个阶段要做完", 300)

    @staticmethod
    def of(phase: Phase) -> dict:
        named = ("pk", "name", "first_day", "last_day", "waits_for", "days", "must")
        return {name: getattr(phase, name) for name in named}

    def clean(self):
        typed = super().clean()
        said = [typed.get(name) for name in ("first_day", "last_day", "waits_for", "days", "must")]
        if not typed.get("name") and any(said):
            self.add_error("name", "写上阶段的名称；不要这个阶段就全部清空。")
        ends = typed.get("last_day") or typed.get("waits_for") or typed.get("days")
        if typed.get("name") and not ends and "last_day" not in self.errors:
            self.add_error("last_day", "写上结束日期，或者写等什么事情才结束。")
        return typed


class BasePhases(BaseFormSet):
    @property
    def rows(self) -> list[dict]:
        """The arguments of `planning.set_phases`, in order."""
        return [form.cleaned_data for form in self if form.cleaned_data.get("name")]


PhaseFormSet = formset_factory(PhaseForm, formset=BasePhases, extra=2, max_num=12, absolute_max=20)


class TaskForm(forms.Form):
    use_required_attribute = False

    text = text_field("任务", 200, needs="写上任务。", rows=2)
    lead = forms.ModelChoiceField(
        Body.objects.none(), label="牵头单位", empty_label="请选", error_messages={"required": "选牵头单位。"}
    )
    assists = forms.ModelMultipleChoiceField(
        Body.objects.none(), label="配合单位", required=False, widget=forms.CheckboxSelectMultiple
    )
    phase = forms.ModelChoiceField(Phase.objects.none(), label="阶段", required=False, empty_label="不分阶段")
    due_on = day_field("哪天前", required=False)
    when = text_field("没有固定日期的，什么时候", 60)
    standard = text_field("达到的标准", 200)
    evidence = text_field("凭什么算办好", 120, help_text="比如：文号、照片、名单。写了的，登记办好时要填。")

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = self.fields["assists"].queryset = campaign.bodies.all()
        self.fields["phase"].queryset = campaign.phases.order_by("no")

    def clean(self):
        typed = super().clean()
        if not typed.get("due_on") and not typed.get("when") and "due_on" not in self.errors:
            self.add_error("due_on", "写上哪天前办好；没有固定日期的写什么时候。")
        return typed

    @staticmethod
    def of(task: Task) -> dict:
        named = ("text", "lead", "phase", "due_on", "when", "standard", "evidence")
        return {name: getattr(task, name) for name in named} | {"assists": list(task.assists.all())}


class TaskFinishForm(forms.Form):
    use_required_attribute = False

    done_on = day_field("哪天办好的")
    result = text_field("办得怎么样", 300, needs="写一句办得怎么样。", rows=3)
    document = text_field("文件、凭据", 120)


class TaskExtendForm(forms.Form):
    use_required_attribute = False

    due_on = day_field("延到哪天")
    reason = text_field("为什么", 200, needs="写一句为什么延期。", rows=2)


class PhaseExtendForm(forms.Form):
    use_required_attribute = False

    last_day = day_field("延到哪天", help_text="后面的阶段跟着往后排，原来的日期留着。")
    reason = text_field("为什么", 200, needs="写一句为什么延期。", rows=2)


class EventForm(forms.Form):
    use_required_attribute = False

    day = day_field("哪天")


class ReasonForm(forms.Form):
    use_required_attribute = False

    reason = text_field("为什么", 200, needs="写一句为什么。", rows=2)


class EndForm(forms.Form):
    use_required_attribute = False

    summary = text_field("总结", 3000, needs="写一段总结。", rows=10)
