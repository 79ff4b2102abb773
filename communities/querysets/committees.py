"""The words of owners' committees: whose rows, what is due, what is missing."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lib.dated import DatedQuerySet, holding
from lib.periods import DAY, beijing_date


def _today() -> date:
    return beijing_date(timezone.now())


def seats_of(user) -> "DatedQuerySet":
    """The seats in committees that the user holds today."""
    from ..models import CommitteeMember

    return CommitteeMember.objects.on(_today()).filter(person__user=user)


class ByOverseers(models.QuerySet):
    """Rows of a community, for those who oversee it as staff and for its own committee of today."""

    way = ""

    def visible_to(self, user):
        from ..models import Community

        if not user.is_authenticated:
            return self.none()
        staff = Q(**{f"{self.way}community__in": Community.objects.overseen_by(user)})
        own = Q(**{f"{self.way}community__in": Community.objects.governed_by(user)})
        return self.filter(staff | own)


class OwnersCommitteeQuerySet(ByOverseers, DatedQuerySet):
    def ending(self, *, today: date, within: int) -> "OwnersCommitteeQuerySet":
        """Terms that end within so many days, today included. DOMAIN C.2 (5)"""
        return self.on(today).filter(last_day__lte=today + within * DAY)

    def unfiled(self, *, today: date, days: int) -> "OwnersCommitteeQuerySet":
        """Committees in office whose filing is not done though its days are over."""
        return self.on(today).filter(filed_on=None, elected_on__lt=today - days * DAY)

    def troubled(self, day: date) -> "OwnersCommitteeQuerySet":
        """Committees with something noted against them that has not been settled."""
        from ..models import CommitteeConcern

        return self.filter(Exists(CommitteeConcern.objects.on(day).filter(committee=OuterRef("pk"))))


class CommitteeMemberQuerySet(ByOverseers, DatedQuerySet):
    way = "committee__"

    def on(self, day: date) -> "CommitteeMemberQuerySet":
        """Who sits on the day: the member's days and the term's."""
        return super().on(day).filter(holding(day, "committee__"))

    def in_order(self) -> "CommitteeMemberQuerySet":
        """The chair first."""
        places = {"chair": 0, "deputy": 1, "member": 2, "alternate": 3}
        whens = [models.When(post=post, then=place) for post, place in places.items()]
        return self.order_by(models.Case(*whens, default=9), "first_day", "pk")


class CommitteeElectionQuerySet(ByOverseers):
    def running(self) -> "CommitteeElectionQuerySet":
        return self.filter(state="running")


class CommitteeConcernQuerySet(ByOverseers, DatedQuerySet):
    way = "committee__"


class ExitHandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff and the committee of the community; a firm its own lists, for ever."""
        from ..models import Community, Firm

        if not user.is_authenticated:
            return self.none()
        places = Q(community__in=Community.objects.overseen_by(user)) | Q(
            community__in=Community.objects.governed_by(user)
        )
        return self.filter(places | Q(contract__firm__in=Firm.objects.employing(user)))

    def with_parties(self) -> "ExitHandoverQuerySet":
        return self.select_related("community", "contract__firm", "committee__community")

    def open(self) -> "ExitHandoverQuerySet":
        return self.filter(closed_on=None)

    def open_first(self) -> "ExitHandoverQuerySet":
        """Open ones by their last day, then those that are closed, the newest first."""
        return self.order_by(models.F("closed_on").desc(nulls_first=True), "due_on", "pk")


class ExitItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        from ..models import ExitHandover

        return self.filter(exit__in=ExitHandover.objects.visible_to(user))

    def open(self) -> "ExitItemQuerySet":
        """Neither handed over nor explained."""
        return self.filter(handed_on=None, missing_why="")


class RecordQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of communities as for committees; those of firms for whoever sees the firm's people."""
        from ..models import Community, Firm

        if not user.is_authenticated:
            return self.none()
        places = Q(community__in=Community.objects.overseen_by(user)) | Q(
            community__in=Community.objects.governed_by(user)
        )
        return self.filter(places | Q(firm__in=Firm.objects.visible_to(user)))

    def standing(self) -> "RecordQuerySet":
        """Those that nobody has struck."""
        return self.filter(struck_at=None)


class RecordFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        from ..models import Record

        return self.filter(record__in=Record.objects.visible_to(user))
