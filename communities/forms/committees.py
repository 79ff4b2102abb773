"""What stations and office type about owners' committees."""

from django import forms

from communities.models import CommitteeConcern, CommitteeElection, CommitteeMember, VillageCommittee

from .fields import choice_field, day_field, number_field, text_field


class CommitteeForm(forms.Form):
    """A committee that was elected."""

    use_required_attribute = False

    number = number_field("第几届", least=1, most=99, required=True)
    elected_on = day_field("选出日期")
    first_day = day_field("任期从")
    last_day = day_field("任期到")
    seats = number_field("应有委员", least=1, most=99, required=True, help_text="业主大会定的委员人数，不含候补。")
    party_members = number_field("其中党员", most=99, help_text="只记人数。")
    phone = text_field("业委会电话", 20, help_text="对外公布的号码，不写委员自己的。")
    address = text_field("办公地点", 120)


class FilingForm(forms.Form):
    """What is completed later: the filing, the telephone."""

    use_required_attribute = False

    filed_on = day_field("备案日期", required=False)
    filing_number = text_field("备案号", 40)
    certificate_on = day_field("发备案证明日期", required=False)
    seats = number_field("应有委员", least=1, most=99, required=True)
    party_members = number_field("其中党员", most=99, help_text="只记人数。")
    phone = text_field("业委会电话", 20, help_text="对外公布的号码，不写委员自己的。")
    address = text_field("办公地点", 120)


class EndForm(forms.Form):
    use_required_attribute = False

    last_day = day_field("最后一天")
    why = text_field("为什么提前结束", 200, needs="写一句为什么，记进变更记录。")


class MemberForm(forms.Form):
    use_required_attribute = False

    name = text_field("姓名", 50, needs="写上委员的姓名。")
    number = text_field("手机号", 20, help_text="不公布；本人同意公布的，登记以后另外记。")
    post = choice_field("职务", CommitteeMember.Post.choices)
    origin = choice_field("怎么产生", CommitteeMember.Origin.choices)
    first_day = day_field("从哪天起")


class MemberEndForm(forms.Form):
    use_required_attribute = False

    last_day = day_field("最后一天")
    end_reason = text_field("为什么不再担任", 100, needs="写一句原因，比如辞职、不再是业主。")


class ConcernForm(forms.Form):
    use_required_attribute = False

    kind = choice_field("什么问题", CommitteeConcern.Kind.choices)
    reason = text_field("事实和理由", 300, needs="写明事实和理由，比如多久没开会。", rows=3)
    first_day = day_field("从哪天起")
    document = text_field("文书号", 40, help_text="责令改正或撤销决定的才写。")


class SettleForm(forms.Form):
    use_required_attribute = False

    settled = text_field("怎么办的", 300, needs="写一句怎么办的，比如改选了、改正了。", rows=3)


class ElectionForm(forms.Form):
    use_required_attribute = False

    kind = choice_field("办什么", CommitteeElection.Kind.choices)
    ready_on = day_field("从哪天起算", help_text="符合条件的日期，或者收到业主书面要求的日期。")
    basis = text_field("依据", 200, needs="写一句依据，比如入住面积过半、30 户业主书面要求。", rows=2)


class StepsForm(forms.Form):
    """How far an election has come."""

    use_required_attribute = False

    group_on = day_field("筹备组（换届小组）成立", required=False)
    screened_on = day_field("人选联审", required=False)
    candidates = number_field("候选人数", most=99)
    party_candidates = number_field("其中党员", most=99, help_text="只记人数。")
    assembly_on = day_field("业主大会召开", required=False)


class StopForm(forms.Form):
    use_required_attribute = False

    stopped_why = text_field("为什么不办了", 200, needs="写一句原因，比如还不具备条件。", rows=2)


class BranchForm(forms.Form):
    use_required_attribute = False

    name = text_field("名称", 60, needs="写上党支部的名称。")
    first_day = day_field("从哪天起")
    party_members = number_field("党员人数", most=999, help_text="只记人数。")


class PlaceFilter(forms.Form):
    """Narrows a list of communities; whatever cannot be read narrows nothing."""

    q = forms.CharField(label="小区", required=False, max_length=50)
    village = forms.ModelChoiceField(VillageCommittee.objects.none(), label="村居", required=False, empty_label="全部")

    def __init__(self, data, *, villages):
        super().__init__(data)
        self.fields["village"].queryset = villages
        self.is_valid()

    def narrow(self, communities):
        communities = communities.search(self.cleaned_data.get("q") or "")
        village = self.cleaned_data.get("village")
        return communities.filter(village_committee=village) if village else communities


class CommitteeFilter(PlaceFilter):
    """And by what their committee is like."""

    state = forms.ChoiceField(
        label="情况",
        required=False,
        choices=[
            ("", "全部"),
            ("in", "有业委会"),
            ("ending", "任期快到"),
            ("unfiled", "超期没备案"),
            ("troubled", "有问题"),
            ("none", "没有业委会"),
        ],
    )

    @property
    def state_asked(self) -> str:
        return self.cleaned_data.get("state") or ""
