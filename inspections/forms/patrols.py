"""The patrol form: what a person types, turned into the arguments of ``patrols.submit``."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.functional import cached_property

from communities.models import Building, Community
from lib.periods import BEIJING, beijing_date
from lib.spoken import SpokenField

from ..doubts import LONGEST
from ..entries import Entry, FindingEntry, Refused, unanswered
from ..models import ASKED, NEVER_BY_ONE_BUTTON, Category, CheckItem, Patrol, PatrolAnswer
from .findings import FindingFormSet, PhotoNumbers

Result = PatrolAnswer.Result
MOST_AHEAD = 2**31 - 1
FIRST, LAST = datetime(2004, 1, 1, tzinfo=BEIJING), datetime(2099, 12, 31, tzinfo=BEIJING)


class WaitedForm(forms.Form):
    """What a phone says beside a record that waited on it for a signal: two moments by its own clock, its photos."""

    client_id = forms.UUIDField()
    c = forms.IntegerField()
    written_at = forms.DateTimeField()
    sent_at = forms.DateTimeField()
    manifest = forms.JSONField(required=False)  # client id of a photo → SHA-256 of the bytes that were sent

    def clean_written_at(self) -> datetime:
        return min(max(self.cleaned_data["written_at"], FIRST), LAST)

    def clean_sent_at(self) -> datetime:
        return min(max(self.cleaned_data["sent_at"], FIRST), LAST)

    def clean_manifest(self) -> dict[uuid.UUID, str]:
        typed = self.cleaned_data["manifest"] or {}
        try:
            return {uuid.UUID(key): str(value) for key, value in typed.items()}
        except (AttributeError, ValueError):
            raise forms.ValidationError("照片清单没有对上，请再传一次。") from None

    def clock_ahead(self, now: datetime) -> int:
        """Seconds by which the phone's clock is ahead of ours; a lifetime at most."""
        ahead = round((self.cleaned_data["sent_at"] - now).total_seconds())
        return max(-MOST_AHEAD, min(ahead, MOST_AHEAD))


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
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "写上哪一天去的，比如 2026-11-18。", "invalid": "日期写成 2026-11-18 这样。"},
    )
    places = SpokenField(label="看了哪些地方", required=False, max_length=200)
    note = SpokenField(label="说明", required=False, max_length=1000, lines=True)
    photos = PhotoNumbers()

    def __init__(
        self, *args, community: Community, responsible: str, now: datetime, waited: "WaitedForm | None" = None, **kwargs
    ):
        self.community, self.now, self.waited = community, now, waited
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
                label=category.label,
                choices=Result.choices,
                widget=forms.RadioSelect,
                required=category in ASKED,
                error_messages={"required": unanswered(category)},
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
        return list(CheckItem.objects.asked_on(self.day).in_order())

    @cached_property
    def _buildings(self) -> list[Building]:
        return list(self.community.buildings.filter(ended_on=None).order_by("code"))

    @cached_property
    def day(self) -> date:
        """The day of the visit, whose check list is asked: what was typed where it can be read, else today."""
        typed = self.data.get("occurred_on") if self.is_bound else self.initial["occurred_on"]
        try:
            day = min(self.fields["occurred_on"].clean(typed), self.today)
        except forms.ValidationError:
            return self.today
        return day if day >= self.today - LONGEST else self.today

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
        if self.waited:
            return day  # what waited on a phone is kept whatever its clock said; patrols.submit marks it
        if day > self.today:
            raise forms.ValidationError("这一天还没到，看看日期对不对。")
        if day < self.today - LONGEST:
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
            written_at=self.waited and self.waited.cleaned_data["written_at"],
            clock_ahead=self.waited and self.waited.clock_ahead(self.now),
        )

    def _findings(self, part: CategoryPart) -> list[FindingEntry]:
        touched = [form for form in part.findings if form.has_changed()]
        return [form.entry(patrol=self.cleaned_data["client_id"]) for form in touched]

    def _moment(self, day: date) -> datetime:
        """Now for today; noon for an earlier day, because only the day was asked. What waited was written that day."""
        written = self.waited and self.waited.cleaned_data["written_at"]
        if written and beijing_date(written) == day:
            return written
        return self.now if day == self.today else datetime.combine(day, time(12), BEIJING)

    def sentences(self) -> list[str]:
        """What is wrong, category by category, for a reader who does not see the form."""
        named = [(part.label, form) for part in self._with_findings() for form in part.findings]
        own = [str(error) for errors in self.errors.values() for error in errors]
        return own + [f"{label}：{e}" for label, form in named for errors in form.errors.values() for e in errors]

    def refuse(self, error: Refused) -> None:
        """Shows the sentences of ``entries.check`` at the fields they speak of; call it after ``is_valid``."""
        forms_of = {form.prefix: form for part in self._with_findings() for form in part.findings}
        for name, sentence in error.problems.items():
            prefix, _, field = name.rpartition("-")
            if prefix in forms_of:
                forms_of[prefix].add_error({"after": "after_photos"}.get(field, field), sentence)
            else:
                self.add_error(name if name in self.fields else None, sentence)


class BlankPatrolForm(PatrolForm):
    """The form before anybody knows whose it is: items, buildings and bodies come from the phone's kit."""

    def __init__(self):
        super().__init__(
            community=None, responsible="", now=timezone.now(), initial={"client_id": "", "occurred_on": ""}
        )

    _items: list[CheckItem] = []
    _buildings: list[Building] = []
