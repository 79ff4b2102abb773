"""What lists are narrowed by; whatever cannot be read narrows nothing."""

from datetime import date

from django import forms

from communities.models import Community, Firm, VillageCommittee
from lib.form_fields import Keys

from ..boards import CommunityWeek
from ..models import Category, Notice, Patrol, Severity


class BoardFilter(forms.Form):
    """Narrows the week board."""

    q = forms.CharField(label="小区", required=False, max_length=50)
    village = forms.ModelChoiceField(VillageCommittee.objects.none(), label="村居", required=False, empty_label="全部")
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Community.Kind.choices])
    only = forms.ChoiceField(
        label="只看",
        required=False,
        choices=[("", "全部"), ("missing", "还没巡够的"), ("unvisited", "没人去过的"), ("visited", "去过的")],
    )

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
    def what(self) -> str:
        """What is listed, in a word that holds nothing of what was typed."""
        if self.cleaned_data.get("q"):
            return "选出的小区"
        kind = self.cleaned_data.get("kind")
        return f"{Community.Kind(kind).label}小区" if kind else "小区"

    def chosen(self, board: list[CommunityWeek]) -> list[CommunityWeek]:
        """The rows of the board that were asked for."""
        wanted = ROWS.get(self.cleaned_data.get("only", ""))
        return [row for row in board if wanted(row)] if wanted else board


ROWS = {
    "missing": lambda row: row.missing,
    "unvisited": lambda row: row.is_unvisited,
    "visited": lambda row: row.done,
}


MOST_CHOICES = 60  # nobody finds a community in a list of hundreds, and it would be most of the page


class ListFilter(forms.Form):
    """What patrols and findings are narrowed by alike: words, community, days."""

    q = forms.CharField(label="编号、小区或问题", required=False, max_length=50)
    community = forms.ModelChoiceField(Community.objects.none(), label="小区", required=False, empty_label="全部")
    first = forms.DateField(
        label="从", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    last = forms.DateField(
        label="到", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["community"].queryset = Community.objects.visible_to(user).order_by("pinyin")
        self.is_valid()
        self._offer_communities(self.fields["community"])

    def _offer_communities(self, field: forms.ModelChoiceField, name: str = "community") -> None:
        """A few can be chosen from; many are found by words, and the one that a link named is shown."""
        names = list(field.queryset.values_list("pk", "name")[: MOST_CHOICES + 1])
        if len(names) > MOST_CHOICES:
            chosen = self.value(name)
            names = [(chosen.pk, chosen.name)] if chosen else []
        field.choices = [("", field.empty_label), *names]
        if not names:
            field.widget = forms.HiddenInput()

    def value(self, name: str):
        return self.cleaned_data.get(name)


class PatrolFilter(ListFilter):
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *Patrol.Kind.choices])
    found = forms.ChoiceField(
        label="有没有问题", required=False, choices=[("", "全部"), ("1", "有问题"), ("0", "没问题")]
    )
    doubt = forms.ChoiceField(required=False, choices=[("", ""), ("1", "")], widget=forms.HiddenInput)

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
        if self.value("doubt"):
            patrols = patrols.doubtful()
        return patrols


class FindingFilter(ListFilter):
    category = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Category.choices])
    severity = forms.ChoiceField(label="等级", required=False, choices=[("", "全部"), *Severity.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("open", "没办结"), ("closed", "已办结")]
    )
    closed_first = forms.DateField(required=False, widget=forms.HiddenInput)
    closed_last = forms.DateField(required=False, widget=forms.HiddenInput)
    unsent = forms.ChoiceField(required=False, choices=[("", ""), ("1", "")], widget=forms.HiddenInput)
    of = Keys()  # of these communities

    WHERE = {
        "community": "community",
        "of": "community__in",
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
        found = findings.search(self.value("q") or "").filter(**given)
        return found.unsent() if self.value("unsent") else found


class RegisterFilter(ListFilter):
    """Narrows the register of notices."""

    q = forms.CharField(label="文号、小区或问题", required=False, max_length=50)
    firm = forms.ModelChoiceField(Firm.objects.none(), label="物业企业", required=False, empty_label="全部")
    severity = forms.ChoiceField(label="等级", required=False, choices=[("", "全部"), *Severity.choices])
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[
            ("", "全部"),
            ("unsettled", "没销号"),
            ("open", "没销号，不算移交的"),
            ("overdue", "逾期"),
            ("late", "复查晚了"),
            *Notice.State.choices,
        ],
    )

    WHERE = {
        "community": "community",
        "first": "issued_on__gte",
        "last": "issued_on__lte",
        "severity": "finding__severity",
    }

    def __init__(self, data, *, user, today: date):
        self.today = today
        super().__init__(data, user=user)
        self.fields["firm"].queryset = Firm.objects.visible_to(user).order_by("pinyin")
        self.full_clean()
        self._offer_communities(self.fields["firm"], "firm")

    def narrow(self, notices):
        given = {column: self.value(name) for name, column in self.WHERE.items() if self.value(name)}
        found = notices.search(self.value("q") or "").filter(**given)
        return self._in_state(found.answered_by([self.value("firm")]) if self.value("firm") else found)

    def _in_state(self, notices):
        state = self.value("state")
        if state == "unsettled":
            return notices.unsettled()
        if state == "open":
            return notices.open()
        if state == "overdue":
            return notices.overdue(today=self.today)
        if state == "late":
            return notices.recheck_late(today=self.today)
        return notices.filter(state=state) if state else notices
