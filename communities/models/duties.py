"""Who patrols where, who is on leave, who sits at a station, who heads a building."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from lib.dated import Dated, in_order, no_overlap

from ..querysets import DatedOfCommunityQuerySet, LeaveQuerySet, StationPostQuerySet
from .history import followed
from .owners import Person
from .places import Building, Community, Stairwell, VillageCommittee


@followed
class PatrolDuty(Dated):
    """A cadre patrols a community: linked (一区一干部, one a day), as substitute for the linked one, or in a team."""

    class Kind(models.TextChoices):
        LINKED = "linked", "联系"
        SUBSTITUTE = "substitute", "代班"
        TEAM = "team", "检查组"

    user = models.ForeignKey(User, models.PROTECT, related_name="duties", verbose_name="干部")
    community = models.ForeignKey(Community, models.PROTECT, related_name="duties", verbose_name="小区")
    kind = models.CharField("关系", max_length=10, choices=Kind, default=Kind.LINKED)

    objects = DatedOfCommunityQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "联系关系", "联系关系"
        ordering = ["community", "-first_day"]
        constraints = [
            in_order("patrol_duty_days"),
            no_overlap(
                "patrol_duty_one_linked",
                "community",
                condition=Q(kind="linked"),
                message="这段日子这个小区已经有联系干部，先给原来的写上结束日期。",
            ),
            no_overlap(
                "patrol_duty_one_substitute",
                "community",
                condition=Q(kind="substitute"),
                message="这段日子已经有人代班。",
            ),
            no_overlap("patrol_duty_once", "community", "user", message="这个人这段日子已经负责这个小区。"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()} {self.community}"


@followed
class CadreLeave(Dated):
    """Days on which a cadre is away; they ask no patrols. The reason is not asked."""

    user = models.ForeignKey(User, models.PROTECT, related_name="leaves", verbose_name="干部")

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "请假", "请假"
        ordering = ["-first_day"]
        constraints = [
            in_order("cadre_leave_days"),
            no_overlap("cadre_leave_once", "user", message="这段日子已经记过请假。"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=False),
                name="cadre_leave_ends",
                violation_error_message="写上请假的最后一天。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.first_day} 至 {self.last_day}"


@followed
class StationPost(Dated):
    """Somebody heads or works at the station of a village committee."""

    class Kind(models.TextChoices):
        HEAD = "head", "站长"
        CLERK = "clerk", "经办"

    village_committee = models.ForeignKey(
        VillageCommittee, models.PROTECT, related_name="posts", verbose_name="村居（物管站）"
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="station_posts", verbose_name="账号")
    kind = models.CharField("岗位", max_length=5, choices=Kind)

    objects = StationPostQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "物管站人员", "物管站人员"
        constraints = [
            in_order("station_post_days"),
            no_overlap("station_post_once", "user", "village_committee", message="这个人这段日子已经在这个物管站。"),
        ]

    def __str__(self) -> str:
        return f"{self.village_committee}{self.get_kind_display()} {self.user}"


@followed
class BuildingHead(Dated):
    """An owner who helps in their building, self-nominated or recommended by owners' representatives. 楼幢长, R03"""

    class Origin(models.TextChoices):
        SELF = "self", "自荐"
        RECOMMENDED = "recommended", "业主代表推荐"

    community = models.ForeignKey(Community, models.PROTECT, related_name="building_heads", verbose_name="小区")
    building = models.ForeignKey(Building, models.PROTECT, related_name="heads", verbose_name="幢")
    stairwell = models.ForeignKey(Stairwell, models.PROTECT, null=True, blank=True, verbose_name="单元")
    person = models.ForeignKey(Person, models.PROTECT, related_name="headships", verbose_name="楼幢长")
    origin = models.CharField("怎么产生", max_length=11, choices=Origin)
    recommended_by = models.CharField("推荐人", max_length=60, blank=True)
    appointed_on = models.DateField("聘任日期")

    objects = DatedOfCommunityQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "楼幢长", "楼幢长"
        ordering = ["building", "-first_day"]
        constraints = [
            in_order("building_head_days"),
            no_overlap(
                "building_head_one",
                "building",
                condition=Q(stairwell=None),
                message="这幢楼这段日子已经有楼幢长。",
            ),
            no_overlap("building_head_one_a_stairwell", "stairwell", message="这个单元这段日子已经有楼幢长。"),
            models.CheckConstraint(
                condition=~Q(origin="recommended") | ~Q(recommended_by=""),
                name="building_head_recommended_by",
                violation_error_message="写上是哪些业主代表推荐的。",
            ),
            models.CheckConstraint(
                condition=Q(first_day__gte=F("appointed_on")),
                name="building_head_appointed_first",
                violation_error_message="任期不能早于聘任日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building} {self.person}"
