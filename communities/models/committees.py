"""Owners' committees: terms, members, how one comes about, what is wrong with one, its party branch. R04–R06"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from lib.dated import Dated, in_order, no_overlap

from ..querysets import (
    CommitteeConcernQuerySet,
    CommitteeElectionQuerySet,
    CommitteeMemberQuerySet,
    DatedOfCommunityQuerySet,
    OwnersCommitteeQuerySet,
)
from .history import followed
from .owners import Person
from .places import Community


@followed
class OwnersCommittee(Dated):
    """One term of a community's owners' committee. 业主委员会（一届）

    Party membership is a total, never somebody's mark. R06
    """

    community = models.ForeignKey(Community, models.PROTECT, related_name="committees", verbose_name="小区")
    number = models.PositiveSmallIntegerField("第几届")
    seats = models.PositiveSmallIntegerField("应有委员", help_text="业主大会定的委员人数，不含候补。")
    party_members = models.PositiveSmallIntegerField("其中党员", null=True, blank=True, help_text="只记人数。")
    phone = models.CharField("业委会电话", max_length=20, blank=True, help_text="对外公布的号码，不写委员自己的。")
    address = models.CharField("办公地点", max_length=120, blank=True)
    elected_on = models.DateField("选出日期")
    filed_on = models.DateField("备案日期", null=True, blank=True)
    filing_number = models.CharField("备案号", max_length=40, blank=True)
    certificate_on = models.DateField("发备案证明日期", null=True, blank=True)

    objects = OwnersCommitteeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "业委会", "业委会"
        ordering = ["community__pinyin", "community", "-first_day"]
        constraints = [
            in_order("owners_committee_days"),
            no_overlap("owners_committee_one", "community", message="这段日子这个小区已经有一届业委会。"),
            models.UniqueConstraint(
                fields=["community", "number"],
                name="owners_committee_number",
                violation_error_message="这个小区已经登记过这一届。",
            ),
            models.UniqueConstraint("community", "id", name="owners_committee_of_community"),  # for composite keys
            models.CheckConstraint(
                condition=Q(last_day__isnull=False),
                name="owners_committee_ends",
                violation_error_message="写上任期的最后一天。",
            ),
            models.CheckConstraint(
                condition=Q(elected_on__lte=F("first_day")),
                name="owners_committee_elected_first",
                violation_error_message="任期不能早于选出日期。",
            ),
            models.CheckConstraint(
                condition=Q(filed_on=None, filing_number="") | Q(filed_on__isnull=False, filed_on__gte=F("elected_on")),
                name="owners_committee_filed_after",
                violation_error_message="备案要在选出之后，备案号和备案日期一起写。",
            ),
            models.CheckConstraint(
                condition=Q(certificate_on=None) | Q(filed_on__isnull=False, certificate_on__gte=F("filed_on")),
                name="owners_committee_certificate_after",
                violation_error_message="备案证明在备案之后发，先写备案日期。",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1) & (Q(party_members=None) | Q(party_members__lte=F("seats"))),
                name="owners_committee_party_total",
                violation_error_message="党员人数不能多于委员人数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community}第{self.number}届业委会"

    def get_absolute_url(self) -> str:
        return reverse("communities:committee-detail", args=[self.pk])


@followed
class CommitteeMember(Dated):
    """Somebody sits in a committee; without a last day until its term ends. Who has an account gets the role."""

    class Post(models.TextChoices):
        CHAIR = "chair", "主任"
        DEPUTY = "deputy", "副主任"
        MEMBER = "member", "委员"
        ALTERNATE = "alternate", "候补委员"

    class Origin(models.TextChoices):
        ELECTED = "elected", "选举"
        BY_ELECTION = "by_election", "增补"

    committee = models.ForeignKey(OwnersCommittee, models.PROTECT, related_name="members", verbose_name="业委会")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name="委员")
    post = models.CharField("职务", max_length=9, choices=Post, default=Post.MEMBER)
    origin = models.CharField("怎么产生", max_length=11, choices=Origin, default=Origin.ELECTED)
    consented_on = models.DateField("本人同意公布自己的电话", null=True, blank=True)
    end_reason = models.CharField("为什么不再担任", max_length=100, blank=True)

    objects = CommitteeMemberQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "业委会委员", "业委会委员"
        ordering = ["committee", "pk"]
        constraints = [
            in_order("committee_member_days"),
            no_overlap("committee_member_once", "committee", "person", message="这个人这段日子已经是委员。"),
            no_overlap(
                "committee_member_one_chair",
                "committee",
                condition=Q(post="chair"),
                message="这段日子已经有主任，先给原来的写上最后一天。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.person}"

    @property
    def until(self) -> date:
        """The last day as a member, at the latest that of the term."""
        return min(self.last_day, self.committee.last_day) if self.last_day else self.committee.last_day

    @property
    def open_number(self) -> str:
        """The member's own number if they agreed that it is shown to everybody, else nothing."""
        return self.person.phone.value if self.consented_on and self.person.phone else ""


@followed
class CommitteeElection(models.Model):
    """A committee on its way: the first one, the next term, or members for empty seats. R05, R06

    Candidates are screened together with the village committee; only their numbers are kept.
    """

    class Kind(models.TextChoices):
        FIRST = "first", "首次成立"
        RENEWAL = "renewal", "换届"
        BY_ELECTION = "by_election", "增补委员"

    class State(models.TextChoices):
        RUNNING = "running", "在办"
        DONE = "done", "选出来了"
        STOPPED = "stopped", "不办了"

    community = models.ForeignKey(Community, models.PROTECT, related_name="committee_elections", verbose_name="小区")
    kind = models.CharField("办什么", max_length=11, choices=Kind)
    state = models.CharField("状态", max_length=7, choices=State, default=State.RUNNING)
    ready_on = models.DateField("从哪天起算")
    basis = models.CharField("依据", max_length=200)
    group_on = models.DateField("筹备组（换届小组）成立", null=True, blank=True)
    screened_on = models.DateField("人选联审", null=True, blank=True)
    candidates = models.PositiveSmallIntegerField("候选人数", null=True, blank=True)
    party_candidates = models.PositiveSmallIntegerField("其中党员", null=True, blank=True)
    assembly_on = models.DateField("业主大会召开", null=True, blank=True)
    committee = models.ForeignKey(
        OwnersCommittee, models.PROTECT, null=True, blank=True, related_name="elections", verbose_name="选出的业委会"
    )
    stopped_why = models.CharField("为什么不办了", max_length=200, blank=True)

    objects = CommitteeElectionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "成立和换届", "成立和换届"
        ordering = ["ready_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["community"],
                condition=Q(state="running"),
                name="committee_election_one_running",
                violation_error_message="这个小区已经有一项成立或换届在办。",
            ),
            models.CheckConstraint(
                condition=(Q(group_on=None) | Q(group_on__gte=F("ready_on")))
                & (Q(assembly_on=None) | Q(group_on__isnull=False, assembly_on__gte=F("group_on"))),
                name="committee_election_steps",
                violation_error_message="一步一步来：起算日、筹备组成立、业主大会，日期不能颠倒，也不能跳过筹备组。",
            ),
            models.CheckConstraint(
                condition=Q(party_candidates=None) | Q(candidates__isnull=False, party_candidates__lte=F("candidates")),
                name="committee_election_party_total",
                violation_error_message="党员人数不能多于候选人数。",
            ),
            models.CheckConstraint(
                condition=Q(state="done", committee__isnull=False, stopped_why="")
                | (Q(state="stopped", committee=None) & ~Q(stopped_why=""))
                | Q(state="running", committee=None, stopped_why=""),
                name="committee_election_end",
                violation_error_message="不办了要写原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community}{self.get_kind_display()}"


@followed
class CommitteeConcern(Dated):
    """What is wrong with a committee, since when and why; it ends with what was done. 凝聚力不强、不作为; R04, R63"""

    class Kind(models.TextChoices):
        WEAK = "weak", "凝聚力不强"
        IDLE = "idle", "工作不作为"
        INCOMPLETE = "incomplete", "委员缺额"
        UNLAWFUL = "unlawful", "决定违法，责令改正"

    committee = models.ForeignKey(OwnersCommittee, models.PROTECT, related_name="concerns", verbose_name="业委会")
    kind = models.CharField("什么问题", max_length=10, choices=Kind)
    reason = models.CharField("事实和理由", max_length=300)
    document = models.CharField("文书号", max_length=40, blank=True, help_text="责令改正或撤销决定的，写文书号。")
    settled = models.CharField("怎么办的", max_length=300, blank=True)

    objects = CommitteeConcernQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "业委会的问题", "业委会的问题"
        ordering = ["-first_day", "-pk"]
        constraints = [
            in_order("committee_concern_days"),
            no_overlap("committee_concern_once", "committee", "kind", message="这个问题已经记着，还没有办结。"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="committee_concern_why", violation_error_message="写明事实和理由。"
            ),
            models.CheckConstraint(
                condition=Q(last_day=None, settled="") | (Q(last_day__isnull=False) & ~Q(settled="")),
                name="committee_concern_settled_how",
                violation_error_message="办结要写怎么办的。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="unlawful") | ~Q(document=""),
                name="committee_concern_document",
                violation_error_message="责令改正或撤销决定，要写文书号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee}{self.get_kind_display()}"


@followed
class PartyBranch(Dated):
    """The party branch of a community's owners' committee; its secretary is the linked cadre. 业委会党支部, 方案一"""

    community = models.ForeignKey(Community, models.PROTECT, related_name="party_branches", verbose_name="小区")
    name = models.CharField("名称", max_length=60)
    secretary = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="书记")
    party_members = models.PositiveSmallIntegerField("党员人数", null=True, blank=True, help_text="只记人数。")

    objects = DatedOfCommunityQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "业委会党支部", "业委会党支部"
        ordering = ["community", "-first_day"]
        constraints = [
            in_order("party_branch_days"),
            no_overlap("party_branch_one", "community", message="这个小区这段日子已经有党支部。"),
        ]

    def __str__(self) -> str:
        return self.name
