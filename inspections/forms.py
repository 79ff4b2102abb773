"""What a person types about a patrol, turned into the arguments of ``patrols.submit``."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.forms import BoundField, formset_factory
from django.utils.functional import cached_property

from communities.models import Building, Community, VillageCommittee
from lib.periods import BEIJING, beijing_date

from .models import (
    ASKED,
    MOST_PHOTOS,
    NEVER_BY_ONE_BUTTON,
    Category,
    CheckItem,
    Finding,
    Patrol,
    PatrolAnswer,
    Severity,
)
from .patrols import Entry, FindingEntry, Refused

MOST_FINDINGS = 20  # of one category in one patrol
Result = PatrolAnswer.Result


class PhotoNumbers(forms.CharField):
    """The client ids of photos that were sent ahead, joined by commas."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False, max_length=40 * MOST_PHOTOS * 2)

    def to_python(self, value) -> list[uuid.UUID]:
        try:
            return list(dict.fromkeys(uuid.UUID(part) for part in (value or "").split(",") if part.strip()))
        except ValueError:
            raise forms.ValidationError("照片没有对上，请删掉这张再拍一次。") from None


class FindingForm(forms.Form):
    """One finding of one category. What stays untouched is no finding."""

    use_required_attribute = False

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    item = forms.TypedChoiceField(label="哪一种", empty_value=None, error_messages={"required": "选一下是哪一种。"})
    text = forms.CharField(
        label="什么问题，在哪里",
        max_length=500,
        help_text="一句话就行，比如“3幢1单元楼道堆纸箱”。",
        widget=forms.Textarea,
        error_messages={"required": "写一句是什么问题，在哪里，比如“3幢1单元楼道堆纸箱”。"},
    )
    building = forms.TypedChoiceField(label="哪一幢", required=False, empty_value=None)
    photos = PhotoNumbers()
    handling = forms.ChoiceField(
        label="怎么处理", widget=forms.RadioSelect, error_messages={"required": "选一下怎么处理。"}
    )
    after_photos = PhotoNumbers()
    dissuaded = forms.BooleanField(
        label="业主造成的，物业已劝阻、已报告", required=False, help_text="有照片才勾，勾了不扣物业的分。"
    )
    severity = forms.ChoiceField(label="等级", required=False, choices=[("", "照这一种原来的等级"), *Severity.choices])
    severity_reason = forms.CharField(label="为什么提高", required=False, max_length=200)

    def __init__(self, *args, category: Category, items, buildings, responsible: str, **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self.fields["item"], "请选一种", {i: f"{i}（{i.get_severity_display()}）" for i in items})
        _offer(self.fields["building"], "不在楼里", {b: b.name for b in buildings})
        self.fields["handling"].choices = _handlings(responsible)
        if category == Category.PILES:
            self.fields["item"].help_text = "堵了疏散楼梯、消防通道，记到“消防安全”，同一处只记一次。"

    def has_changed(self) -> bool:
        """Touched by the person; the number that the phone gave it does not count."""
        return any(name != "client_id" for name in self.changed_data)

    def entry(self) -> FindingEntry:
        data = self.cleaned_data
        return FindingEntry(
            client_id=data["client_id"] or uuid.uuid5(uuid.NAMESPACE_OID, f"{self.patrol_id}{self.prefix}"),
            item=data["item"],
            severity=data["severity"] or data["item"].severity,
            severity_reason=data["severity_reason"],
            building=data["building"],
            text=data["text"],
            handling=data["handling"],
            dissuaded=data["dissuaded"],
            photos=data["photos"],
            after=data["after_photos"],
            field=self.prefix,
        )


def _offer(field: forms.TypedChoiceField, nothing: str, rows: dict) -> None:
    """Rows to choose from, read once for all findings of the form."""
    field.choices = [("", nothing), *((row.pk, label) for row, label in rows.items())]
    field.coerce = {str(row.pk): row for row in rows}.__getitem__


def _handlings(responsible: str) -> list[tuple[str, str]]:
    words = {Finding.Handling.NOTICE: f"抄告{responsible}"}
    return [(handling, words.get(handling, handling.label)) for handling in Finding.Handling]


FindingFormSet = formset_factory(FindingForm, extra=0, min_num=1, max_num=MOST_FINDINGS, absolute_max=MOST_FINDINGS)


@dataclass
class CategoryPart:
    """One category on the form: its question and its findings."""

    category: Category
    answer: BoundField
    findings: forms.BaseFormSet

    @property
    def code(self) -> str:
        return self.category.value

    @property
    def label(self) -> str:
        return self.category.label

    @property
    def hint(self) -> str:
        return self.category.hint

    @property
    def asked(self) -> bool:
        return self.category.is_asked

    @property
    def own(self) -> bool:
        """Not set by the one button; it must be answered by itself."""
        return self.category in NEVER_BY_ONE_BUTTON


class PatrolForm(forms.Form):
    """The whole patrol: seven questions, their findings, and what may be added. Nothing is preset."""

    use_required_attribute = False

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    occurred_on = forms.DateField(
        label="哪一天去的",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "写上哪一天去的，比如 2026-11-18。", "invalid": "日期写成 2026-11-18 这样。"},
    )
    places = forms.CharField(label="看了哪些地方", required=False, max_length=200)
    note = forms.CharField(label="说明", required=False, max_length=1000, widget=forms.Textarea)
    photos = PhotoNumbers()

    def __init__(self, *args, community: Community, responsible: str, now: datetime, **kwargs):
        self.community, self.now = community, now
        self.today = beijing_date(now)
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"client_id": uuid.uuid4(), "occurred_on": self.today, **kwargs["initial"]}
        super().__init__(*args, **kwargs)
        self.responsible = responsible
        self._add_answers()
        self.parts = [self._part(category) for category in Category]

    def _add_answers(self) -> None:
        for category in Category:
            self.fields[category.value] = forms.ChoiceField(
                label=category.label, choices=Result.choices, widget=forms.RadioSelect, required=False
            )

    def _part(self, category: Category) -> CategoryPart:
        items = [i for i in self._items if i.category == category]
        kwargs = {"category": category, "items": items, "responsible": self.responsible}
        if self.data.get(category.value) != Result.FINDING:
            kwargs["empty_permitted"] = True  # nothing is asked of findings that are not shown
        findings = FindingFormSet(
            self.data if self.is_bound else None,
            prefix=category.value,
            initial=self.initial.get(f"{category.value}-findings"),
            form_kwargs={**kwargs, "buildings": self._buildings},
        )
        return CategoryPart(category, self[category.value], findings)

    @cached_property
    def _items(self) -> list[CheckItem]:
        return list(CheckItem.objects.on(self._day()).in_order())

    @cached_property
    def _buildings(self) -> list[Building]:
        return list(self.community.buildings.filter(ended_on=None).order_by("code"))

    def _day(self) -> date:
        """The day whose check list is asked: what was typed where it can be read, else today."""
        try:
            return min(self.fields["occurred_on"].clean(self.data.get("occurred_on")), self.today)
        except forms.ValidationError:
            return self.today

    @property
    def asked(self) -> list[CategoryPart]:
        return [part for part in self.parts if part.category in ASKED]

    @property
    def others(self) -> list[CategoryPart]:
        return [part for part in self.parts if part.category not in ASKED]

    @property
    def others_open(self) -> bool:
        return any(part.answer.value() for part in self.others)

    def clean_occurred_on(self) -> date:
        day = self.cleaned_data["occurred_on"]
        if day > self.today:
            raise forms.ValidationError("这一天还没到，看看日期对不对。")
        if day < self.today - timedelta(days=366):
            raise forms.ValidationError("这是一年多以前，看看日期对不对。")
        return day

    def is_valid(self) -> bool:
        """Its own fields, and the findings of those categories that were answered with 有问题."""
        fine = super().is_valid()
        for part in self._with_findings():
            fine = part.findings.is_valid() and fine
        return fine

    def _with_findings(self) -> list[CategoryPart]:
        return [part for part in self.parts if self.data.get(part.code) == Result.FINDING]

    def entry(self, *, kind: str = Patrol.Kind.DAILY) -> Entry:
        """The record as typed; call it on a valid form."""
        data = self.cleaned_data
        return Entry(
            client_id=data["client_id"],
            community=self.community,
            occurred_at=self._moment(data["occurred_on"]),
            answers={c.value: data[c.value] for c in Category if data[c.value]},
            findings=[entry for part in self._with_findings() for entry in self._findings(part)],
            kind=kind,
            places=data["places"],
            note=data["note"],
            photos=data["photos"],
        )

    def _findings(self, part: CategoryPart) -> list[FindingEntry]:
        touched = [form for form in part.findings if form.has_changed()]
        for form in touched:
            form.patrol_id = self.cleaned_data["client_id"]
        return [form.entry() for form in touched]

    def _moment(self, day: date) -> datetime:
        """Now for today; noon for an earlier day, because only the day was asked."""
        return self.now if day == self.today else datetime.combine(day, time(12), BEIJING)

    def refuse(self, error: Refused) -> None:
        """Shows the sentences of ``patrols.check`` at the fields they speak of."""
        for name, sentence in error.problems.items():
            prefix, _, field = name.rpartition("-")
            form = next((f for part in self.parts for f in part.findings if f.prefix == prefix), None)
            if form is not None:
                form.full_clean()
                form.add_error({"after": "after_photos"}.get(field, field), sentence)
            self.add_error(name if name in self.fields else None, sentence)


class ReasonForm(forms.Form):
    """One sentence that says why."""

    reason = forms.CharField(
        label="为什么", max_length=200, error_messages={"required": "写一句为什么。"}, widget=forms.Textarea
    )


class RemarkForm(forms.Form):
    text = forms.CharField(
        label="补充说明", max_length=500, widget=forms.Textarea, error_messages={"required": "写一句要补充什么。"}
    )


class SeverityForm(ReasonForm):
    """A lower severity and why."""

    severity = forms.ChoiceField(label="降到", widget=forms.RadioSelect, error_messages={"required": "选一个等级。"})
    field_order = ["severity", "reason"]

    def __init__(self, *args, finding: Finding, **kwargs):
        super().__init__(*args, **kwargs)
        rank = Severity(finding.severity).rank
        self.fields["severity"].choices = [(s.value, s.label) for s in Severity if s.rank < rank]


class PhotoForm(forms.Form):
    """One photo, sent ahead of its record."""

    client_id = forms.UUIDField()
    kind = forms.ChoiceField(choices=[("problem", ""), ("after", "")], required=False)
    taken_on = forms.DateField(required=False)
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", required=False)
    file = forms.FileField(
        allow_empty_file=True,
        error_messages={"required": "照片没有传上来，请再传一次。", "invalid": "照片没有传上来，请再传一次。"},
    )


# ---------------------------------------------------------------- filters of lists


class BoardFilter(forms.Form):
    """Narrows the week board; whatever cannot be read narrows nothing."""

    q = forms.CharField(label="小区", required=False, max_length=50)
    village = forms.ModelChoiceField(VillageCommittee.objects.none(), label="村居", required=False, empty_label="全部")
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Community.Kind.choices])
    only = forms.ChoiceField(label="只看", required=False, choices=[("", "全部"), ("missing", "还没巡够的")])
    week = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, villages):
        super().__init__(data)
        self.fields["village"].queryset = villages
        self.is_valid()

    def narrow(self, communities):
        data = self.cleaned_data
        if data.get("q"):
            communities = communities.search(data["q"])
        if data.get("village"):
            communities = communities.filter(village_committee=data["village"])
        if data.get("kind"):
            communities = communities.filter(kind=data["kind"])
        return communities

    @property
    def wants_missing(self) -> bool:
        return self.cleaned_data.get("only") == "missing"


class ListFilter(forms.Form):
    """What patrols and findings are narrowed by alike: words, community, days."""

    q = forms.CharField(label="编号、小区或问题", required=False, max_length=50)
    community = forms.ModelChoiceField(Community.objects.none(), label="小区", required=False, empty_label="全部")
    first = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["community"].queryset = Community.objects.visible_to(user).order_by("pinyin")
        self.is_valid()

    def value(self, name: str):
        return self.cleaned_data.get(name)


class PatrolFilter(ListFilter):
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *Patrol.Kind.choices])
    found = forms.ChoiceField(
        label="有没有问题", required=False, choices=[("", "全部"), ("1", "有问题"), ("0", "没问题")]
    )

    def narrow(self, patrols):
        if self.value("q"):
            patrols = patrols.search(self.value("q"))
        if self.value("community"):
            patrols = patrols.filter(community=self.value("community"))
        if self.value("first") or self.value("last"):
            patrols = patrols.between(self.value("first") or date.min, self.value("last") or date.max)
        if self.value("kind"):
            patrols = patrols.filter(kind=self.value("kind"))
        if self.value("found"):
            patrols = patrols.that_found_something(self.value("found") == "1")
        return patrols


class FindingFilter(ListFilter):
    category = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Category.choices])
    severity = forms.ChoiceField(label="等级", required=False, choices=[("", "全部"), *Severity.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("open", "没办结"), ("closed", "已办结")]
    )
    closed_first = forms.DateField(required=False, widget=forms.HiddenInput)
    closed_last = forms.DateField(required=False, widget=forms.HiddenInput)

    WHERE = {
        "community": "community",
        "first": "found_on__gte",
        "last": "found_on__lte",
        "category": "item__category",
        "severity": "severity",
        "state": "state",
        "closed_first": "closed_on__gte",
        "closed_last": "closed_on__lte",
    }

    def narrow(self, findings):
        given = {column: self.value(name) for name, column in self.WHERE.items() if self.value(name)}
        return findings.search(self.value("q") or "").filter(**given)
