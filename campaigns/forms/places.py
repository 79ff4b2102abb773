"""What is typed about the communities of a campaign: who takes part, teams, steps, lists, acceptance."""

from datetime import date

from django import forms

from accounts.models import User
from communities.forms.fields import choice_field, day_field, number_field, text_field
from communities.models import Community
from inspections.models import CheckItem, Finding
from lib.form_fields import sized
from lib.table_files import BadFile

from .. import place_lists
from ..kinds import StepState
from ..matrix import Row
from ..models import Campaign, CampaignPlace
from .plans import LinesField


class PlacesForm(forms.Form):
    """Communities by their names, pasted or in a sheet; a name that nobody knows is told, and nothing is lost."""

    use_required_attribute = False

    names = forms.CharField(
        label="小区名单",
        required=False,
        max_length=place_lists.MOST * 40,
        widget=forms.Textarea({"rows": 8}),
        help_text="一行一个小区，可以从表格里整列粘过来。",
    )
    file = forms.FileField(label="或者传一张表", required=False, help_text="xlsx、xls 或 csv，每行第一格文字是小区名。")
    batch = number_field("第几批", least=1, most=99, help_text="不分批就空着。")

    def clean_file(self):
        file = self.cleaned_data.get("file")
        return sized(file) if file else None

    def clean(self):
        typed = super().clean()
        found = self._found(typed)
        if found is None:
            return typed
        if found.problems:
            self.add_error("names", [*found.problems[:20], *_rest(found.problems)])
        typed["communities"] = found.communities
        return typed

    def _found(self, typed: dict):
        if not typed.get("names") and not typed.get("file"):
            if "file" not in self.errors:
                self.add_error("names", "写上小区的名称，或者传一张表。")
            return None
        try:
            named = place_lists.of_text(typed["names"]) if typed["names"] else place_lists.of_file(typed["file"].read())
        except BadFile as error:
            self.add_error("file", str(error))
            return None
        if typed["file"] and not typed["names"]:  # what was read is shown, so that it can be mended in place
            self.data = self.data.copy()
            self.data["names"] = "\n".join(name for _, name in named)
        return place_lists.find(named)


def _rest(problems: list[str]) -> list[str]:
    return [f"还有 {len(problems) - 20} 行也对不上。"] if len(problems) > 20 else []


class TeamForm(forms.Form):
    use_required_attribute = False

    name = text_field("组名", 30, needs="写上组名，比如：第一组。")
    leader = forms.ModelChoiceField(
        User.objects.none(),
        label="组长",
        empty_label="请选",
        error_messages={"required": "选一位组长；一个人可以带几个组。", "invalid_choice": "选一位组长。"},
    )
    members = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="组员",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一名组员。"},
    )
    places = forms.ModelMultipleChoiceField(
        CampaignPlace.objects.none(), label="查哪些小区", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, campaign: Campaign, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = self.fields["members"].queryset = people
        self.fields["places"].queryset = campaign.places.select_related("community").order_by("community__pinyin")


class StepForm(forms.Form):
    use_required_attribute = False

    state = choice_field("到哪一步", [(s, s.label) for s in StepState if s != StepState.FAILED])
    day = day_field("哪天")
    text = text_field("说明", 300, rows=3, help_text="难办的写难在哪里。")
    document = text_field("文号、依据", 120)


class ProblemForm(forms.Form):
    use_required_attribute = False

    text = text_field("问题", 200, needs="写上问题。", rows=2)
    place = forms.ModelChoiceField(
        CampaignPlace.objects.none(), label="哪个小区", required=False, empty_label="整个行动"
    )
    measures = LinesField(
        "措施", 200, most=10, rows=3, help_text="一行一条，至少一条。暂时没有可以先空着，补齐以前后面阶段的步骤记不了。"
    )
    person = text_field("责任人", 60, help_text="一个人，写姓名和单位。")
    due_on = day_field("哪天前", required=False)

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places


class ProblemSettleForm(forms.Form):
    use_required_attribute = False

    done_on = day_field("哪天办好的")
    result = text_field("办得怎么样", 300, needs="写一句办得怎么样。", rows=3)


class ProblemFilter(forms.Form):
    """Whatever cannot be read narrows nothing."""

    state = forms.ChoiceField(
        label="哪些",
        required=False,
        choices=[("", "没办好的"), ("lacking", "没齐的"), ("late", "逾期的"), ("done", "办好的"), ("all", "全部")],
    )
    q = forms.CharField(label="问题、小区或责任人", required=False, max_length=50)

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def narrow(self, rows, *, today: date):
        rows, state = rows.search(self.cleaned_data.get("q", "")), self.cleaned_data.get("state", "")
        if state == "lacking":
            return rows.lacking()
        if state == "late":
            return rows.open().filter(due_on__lt=today)
        if state == "done":
            return rows.exclude(done_on=None)
        return rows if state == "all" else rows.open()


class AcceptForm(forms.Form):
    """Passed or not; what is not put right is pointed out."""

    use_required_attribute = False

    passed = forms.TypedChoiceField(
        label="验收结果",
        choices=[("yes", "合格"), ("no", "不合格，退回整改")],
        coerce=lambda typed: typed == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "选合格或者不合格。"},
    )
    day = day_field("哪天")
    text = text_field("说明", 250, rows=3, help_text="不合格的写哪里不合格。")
    failed = forms.ModelMultipleChoiceField(
        Finding.objects.none(),
        label="没整改好的问题",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="点出来的发下一轮抄告。",
    )
    item = forms.ModelChoiceField(
        CheckItem.objects.none(), label="新的问题是哪一项", required=False, empty_label="没有新的问题"
    )

    def __init__(self, *args, place: CampaignPlace, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Finding.objects.standing().filter(campaign_findings__place=place).select_related("item", "building")
        self.fields["failed"].queryset = rows.order_by("-found_on", "-pk")
        self.fields["item"].queryset = place.campaign.items.in_order()


class MatrixFilter(forms.Form):
    q = forms.CharField(label="小区", required=False, max_length=50)
    only = forms.ChoiceField(
        label="只看",
        required=False,
        choices=[("", "全部"), ("left", "没做完的"), ("stuck", "难办、不合格的"), ("through", "做完的")],
    )
    batch = forms.ChoiceField(label="批次", required=False)

    def __init__(self, data, *, batches):
        super().__init__(data)
        self.fields["batch"].choices = [("", "全部"), *((str(n), f"第 {n} 批") for n in batches)]
        if not batches:
            del self.fields["batch"]
        self.is_valid()

    def narrow(self, places):
        if words := self.cleaned_data.get("q"):
            places = places.filter(community__in=Community.objects.search(words))
        batch = self.cleaned_data.get("batch")
        return places.filter(batch=batch) if batch else places

    def shows(self, row: Row) -> bool:
        """Whether a row of the matrix is among those to be seen."""
        only = self.cleaned_data.get("only")
        kinds = {"left": not row.is_through, "through": row.is_through, "stuck": row.is_stuck}
        return not only or kinds[only]
