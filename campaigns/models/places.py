"""The communities of a campaign, the teams that visit them, and how far each is. DOMAIN H.1"""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from communities.models import Community, PatrolDuty
from inspections.models import CheckItem, Finding, Patrol

from ..kinds import Doer, StepState
from ..querysets import PlaceQuerySet, ProblemQuerySet, StepEventQuerySet
from .plans import Campaign, Phase


class Team(models.Model):
    """People who check some of the communities. One leader may lead several. 检查督察组

    That a team has a member is checked when the transaction ends (trigger).
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="teams", verbose_name="专项行动")
    name = models.CharField("检查组", max_length=30)
    leader = models.ForeignKey(User, models.PROTECT, related_name="led_teams", verbose_name="组长")
    members = models.ManyToManyField(User, through="TeamMember", related_name="teams", verbose_name="组员")

    class Meta:
        verbose_name, verbose_name_plural = "检查组", "检查组"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name"], name="team_once", violation_error_message="已经有一个叫这个名字的组。"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="team_named", violation_error_message="写上组名。"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def people(self) -> set[int]:
        """The keys of leader and members."""
        return set(self.memberships.values_list("user", flat=True)) | {self.leader_id}


class TeamMember(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", verbose_name="检查组")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="组员")

    class Meta:
        verbose_name, verbose_name_plural = "组员", "组员"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="team_member_once")]

    def __str__(self) -> str:
        return str(self.user)


class CampaignPlace(models.Model):
    """A community that takes part, in a batch where there are batches. 参加的小区"""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="places", verbose_name="专项行动")
    community = models.ForeignKey(Community, models.PROTECT, related_name="campaign_places", verbose_name="小区")
    batch = models.PositiveSmallIntegerField("第几批", null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="places", verbose_name="检查组")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "参加的小区", "参加的小区"
        ordering = ["batch", "community__pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "community"],
                name="campaign_place_once",
                violation_error_message="这个小区已经在这次行动里，一个小区只能在一批。",
            ),
            models.CheckConstraint(
                condition=Q(batch=None) | Q(batch__gt=0),
                name="campaign_place_batch",
                violation_error_message="批次从 1 起。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.community)

    def get_absolute_url(self) -> str:
        return reverse("campaigns:place", args=[self.pk])

    def is_kept_by(self, user: User) -> bool:
        """The community's registry is the user's: the office's, or their station's."""
        return Community.objects.kept_by(user).filter(pk=self.community_id).exists()

    def is_served_by(self, user: User) -> bool:
        """The user's firm serves the community today."""
        return Community.objects.served_by(user).filter(pk=self.community_id).exists()


class TeamDuty(models.Model):
    """The duty to patrol that somebody has for a team in a community; it ends with the team and moves with the days."""

    place = models.ForeignKey(CampaignPlace, models.CASCADE, related_name="team_duties", verbose_name="小区")
    duty = models.OneToOneField(PatrolDuty, models.CASCADE, related_name="+", verbose_name="联系关系")

    class Meta:
        verbose_name, verbose_name_plural = "检查组的巡查", "检查组的巡查"


class Step(models.Model):
    """A column of the matrix: what each community goes through. 步骤

    ``requires`` are codes of steps that must be done before; one that ``needs_document`` is done with its number.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="steps", verbose_name="专项行动")
    phase = models.ForeignKey(Phase, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name="阶段")
    no = models.PositiveSmallIntegerField("第几步")
    code = models.CharField("代号", max_length=12)
    name = models.CharField("步骤", max_length=20)
    doer = models.CharField("谁来登记", max_length=7, choices=Doer, default=Doer.STATION)
    requires = ArrayField(models.CharField(max_length=12), verbose_name="先要完成", default=list, blank=True)
    needs_document = models.BooleanField("要写文号或依据", default=False)
    hint = models.CharField("说明", max_length=120, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "步骤", "步骤"
        ordering = ["campaign", "no"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="step_once"),
            models.UniqueConstraint(fields=["campaign", "no"], name="step_in_its_place"),
            models.CheckConstraint(condition=~Q(name=""), name="step_named", violation_error_message="写上步骤。"),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceStep(models.Model):
    """How far a community is with a step; what was recorded before stands in its events.

    The database refuses (trigger): a step of a later phase while a problem lacks measure or responsible person, a done
    one whose requirements are open or whose document is missing, an acceptance by somebody of the community's team.
    """

    place = models.ForeignKey(CampaignPlace, models.PROTECT, related_name="place_steps", verbose_name="小区")
    step = models.ForeignKey(Step, models.PROTECT, related_name="place_steps", verbose_name="步骤")
    state = models.CharField("状态", max_length=6, choices=StepState)
    planned_on = models.DateField("打算哪天", null=True, blank=True)
    done_on = models.DateField("哪天", null=True, blank=True)
    text = models.CharField("结果", max_length=300, blank=True)
    document = models.CharField("文号、依据", max_length=120, blank=True)
    patrol = models.ForeignKey(Patrol, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="巡查记录")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="谁登记的")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "小区的步骤", "小区的步骤"
        ordering = ["place", "step__no"]
        constraints = [
            models.UniqueConstraint(fields=["place", "step"], name="place_step_once"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], done_on__isnull=False)
                | Q(state__in=["doing", "stuck"], done_on=None),
                name="place_step_done_when",
                violation_error_message="完成了的写上哪天。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["stuck", "failed"]) | ~Q(text=""),
                name="place_step_says_why",
                violation_error_message="写一句难在哪里、哪里不合格。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.step}"


class StepEvent(models.Model):
    """What was recorded of a step, each time: append-only. A failed acceptance is evidence for the firm's score."""

    place_step = models.ForeignKey(PlaceStep, models.PROTECT, related_name="events", verbose_name="小区的步骤")
    state = models.CharField("状态", max_length=6, choices=StepState)
    day = models.DateField("哪天")
    text = models.CharField("说明", max_length=300, blank=True)
    document = models.CharField("文号、依据", max_length=120, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="谁")
    at = models.DateTimeField("时间")

    objects = StepEventQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "步骤的经过", "步骤的经过"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place_step", "day"],
                condition=Q(state="failed"),
                name="step_failed_once_a_day",
                violation_error_message="这一天已经验收过，不合格。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_step} {self.get_state_display()}"


class SelfCheckAnswer(models.Model):
    """What a firm says of an item of the campaign's list when it has checked itself. Problems are reported as ever
    (自查自报), so here stands only whether there are some. 自查
    """

    class Result(models.TextChoices):
        FINE = "fine", "没问题"
        PROBLEM = "problem", "有问题，已经报了"

    place = models.ForeignKey(CampaignPlace, models.PROTECT, related_name="self_checks", verbose_name="小区")
    item = models.ForeignKey(CheckItem, models.PROTECT, related_name="+", verbose_name="检查项")
    result = models.CharField("结果", max_length=7, choices=Result)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁查的")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name, verbose_name_plural = "自查", "自查"
        ordering = ["item__category_order", "item__position"]
        constraints = [models.UniqueConstraint(fields=["place", "item"], name="self_check_once")]


class CampaignFinding(models.Model):
    """A finding that belongs to a campaign: its item is on the campaign's list, found in one of its communities while
    it ran. The key is the campaign's, findings know nothing of it. H.1
    """

    place = models.ForeignKey(CampaignPlace, models.PROTECT, related_name="found", verbose_name="小区")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="campaign_findings", verbose_name="问题")

    class Meta:
        verbose_name, verbose_name_plural = "行动中的问题", "行动中的问题"
        constraints = [models.UniqueConstraint(fields=["place", "finding"], name="campaign_finding_once")]


class Problem(models.Model):
    """A line of the three lists: the problem, its measures, the one who is responsible and the day. 三清单"""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="problems", verbose_name="专项行动")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="problems", verbose_name="在哪个阶段列的")
    place = models.ForeignKey(
        CampaignPlace, models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="小区"
    )
    text = models.CharField("问题", max_length=200)
    person = models.CharField("责任人", max_length=60, blank=True)
    due_on = models.DateField("哪天前", null=True, blank=True)
    done_on = models.DateField("哪天办好的", null=True, blank=True)
    result = models.CharField("办得怎么样", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁列的")
    at = models.DateTimeField("时间")

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "三清单", "三清单"
        ordering = ["done_on", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="problem_says_what", violation_error_message="写上问题。"
            ),
            models.CheckConstraint(
                condition=Q(person="", due_on=None) | ~Q(person="") & Q(due_on__isnull=False),
                name="problem_person_and_day",
                violation_error_message="责任人和日期一起写。",
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | ~Q(result="") & ~Q(person=""),
                name="problem_done_how",
                violation_error_message="写一句办得怎么样。",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_whole(self) -> bool:
        """It has a measure, a responsible person and a day."""
        return bool(self.person and self.measures.all())

    def is_late(self, today: date) -> bool:
        return self.done_on is None and self.due_on is not None and self.due_on < today


class Measure(models.Model):
    """What is done about a problem; it has at least one. 措施"""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="measures", verbose_name="问题")
    text = models.CharField("措施", max_length=200)

    class Meta:
        verbose_name, verbose_name_plural = "措施", "措施"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="measure_says_what", violation_error_message="写上措施。"
            )
        ]

    def __str__(self) -> str:
        return self.text
