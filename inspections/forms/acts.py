"""Small forms: a reason, a remark, a lower severity, one photo."""

from django import forms

from lib.spoken import SpokenField

from ..models import Finding, Patrol, PatrolPhoto, Severity


class ReasonForm(forms.Form):
    """One sentence that says why."""

    reason = SpokenField(label="为什么", max_length=200, error_messages={"required": "写一句为什么。"})


class RemarkForm(forms.Form):
    text = SpokenField(label="补充说明", max_length=500, error_messages={"required": "写一句要补充什么。"})


class SeverityForm(ReasonForm):
    """A lower severity and why."""

    severity = forms.ChoiceField(label="降到", widget=forms.RadioSelect, error_messages={"required": "选一个等级。"})
    field_order = ["severity", "reason"]

    def __init__(self, *args, finding: Finding, **kwargs):
        super().__init__(*args, **kwargs)
        rank = Severity(finding.severity).rank
        self.fields["severity"].choices = [(s.value, s.label) for s in Severity if s.rank < rank]


class DoubtForm(forms.Form):
    """Whether the station believes the day of a patrol."""

    settled = forms.ChoiceField(
        label="核实结果",
        choices=Patrol.Settled,
        widget=forms.RadioSelect,
        error_messages={"required": "选一个结果。", "invalid_choice": "选一个结果。"},
    )


class PhotoForm(forms.Form):
    """One photo, sent ahead of its record."""

    client_id = forms.UUIDField()
    kind = forms.ChoiceField(choices=PatrolPhoto.Kind, required=False)
    taken_on = forms.DateField(required=False)
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", required=False)
    file = forms.FileField(
        allow_empty_file=True,
        error_messages={"required": "照片没有传上来，请再传一次。", "invalid": "照片没有传上来，请再传一次。"},
    )
