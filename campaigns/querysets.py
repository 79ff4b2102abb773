"""The words of campaigns: which run, which are late, who sees them."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, Max, Min, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate

from accounts.roles import FIRM, STATION, Role
from communities.models import Community
from communities.querysets.registry import sees_all
from lib.periods import BEIJING


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CampaignQuerySet":
        """The office and leaders see all. Stations, cadres, firms and committees see approved ones with a community of
        theirs; a year's plan without communities is seen by stations, cadres and firms.
        """
        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        from .models import CampaignPlace

        own = CampaignPlace.objects.visible_to(user).filter(campaign=OuterRef("pk"))
        everybodys = ~Exists(CampaignPlace.objects.filter(campaign=OuterRef("pk")))
        concerned = not (STATION | FIRM | {Role.CADRE}).isdisjoint(user.roles)
        seen = Exists(own) | everybodys if concerned else Exists(own)
        return self.approved().filter(seen)

    def approved(self) -> "CampaignQuerySet":
        """Approved, running or ended: what others than the office see."""
        return self.filter(state__in=["approved", "ended"])

    def running(self) -> "CampaignQuerySet":
        return self.filter(state="approved")

    def to_approve(self) -> "CampaignQuerySet":
        return self.filter(state="proposed")

    def with_days(self) -> "CampaignQuerySet":
        """Adds ``begins``, ``ends`` and ``waits``: the first phase's first day, or that of the approval; the last day
        that is known; whether an end still waits for its event. H.2
        """
        from .models import Phase

        approved_on = TruncDate("approved_at", tzinfo=BEIJING)
        return self.annotate(
            begins=Coalesce(Min("phases__first_day", filter=Q(phases__no=1)), approved_on),
            ends=Max("phases__last_day"),
            waits=Exists(Phase.objects.filter(campaign=OuterRef("pk"), last_day=None)),
        )

    def search(self, words: str) -> "CampaignQuerySet":
        """By title, goal, body or task, each word somewhere."""
        found = self
        for word in words.split():
            said = Q(title__icontains=word) | Q(goal__icontains=word) | Q(document__icontains=word)
            said |= Q(bodies__name__icontains=word) | Q(tasks__text__icontains=word)
            found = found.filter(pk__in=self.model.objects.filter(said).order_by().values("pk"))
        return found

    def with_row_parts(self) -> "CampaignQuerySet":
        return self.prefetch_related("phases", "bodies")

    def with_page_parts(self) -> "CampaignQuerySet":
        return self.prefetch_related("phases", "bodies", "steps").select_related(
            "made_by", "approved_by", "copied_from"
        )


class OfCampaignQuerySet(models.QuerySet):
    """Rows that are seen with their campaign."""

    def visible_to(self, user):
        from .models import Campaign

        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class TaskQuerySet(OfCampaignQuerySet):
    def open(self) -> "TaskQuerySet":
        return self.filter(done_on=None, campaign__state="approved")

    def late(self, today: date) -> "TaskQuerySet":
        """Past their day and not dealt with."""
        return self.open().filter(due_on__lt=today)

    def with_row_parts(self) -> "TaskQuerySet":
        return self.select_related("campaign", "lead", "phase").prefetch_related("assists")


class ProblemQuerySet(OfCampaignQuerySet):
    """Lines of the three lists, which only staff read."""

    def visible_to(self, user) -> "ProblemQuerySet":
        """Those about a campaign as a whole, and those about communities that the person sees."""
        from .models import CampaignPlace

        places = CampaignPlace.objects.visible_to(user).order_by().values("pk")
        return super().visible_to(user).filter(Q(place=None) | Q(place__in=places))

    def open(self) -> "ProblemQuerySet":
        return self.filter(done_on=None)

    def late(self, today: date) -> "ProblemQuerySet":
        """Past their day and not dealt with, of campaigns that run."""
        return self.open().filter(campaign__state="approved", due_on__lt=today)

    def lacking(self) -> "ProblemQuerySet":
        """Without measure or responsible person: they block the steps of later phases. 三清单未齐"""
        from .models import Measure

        return self.filter(Q(person="") | ~Exists(Measure.objects.filter(problem=OuterRef("pk"))))

    def search(self, words: str) -> "ProblemQuerySet":
        """By problem, responsible person or community, each word somewhere."""
        found = self
        for word in words.split():
            said = Q(text__icontains=word) | Q(person__icontains=word)
            found = found.filter(said | Q(place__community__in=Community.objects.search(word)))
        return found

    def with_row_parts(self) -> "ProblemQuerySet":
        return self.select_related("campaign", "place__community", "phase").prefetch_related("measures")


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PlaceQuerySet":
        """A community's part is seen by whoever sees the community as staff, its firm, its committee, its team."""
        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        approved = Q(campaign__state__in=["approved", "ended"])
        seen = Q(community__in=Community.objects.overseen_by(user))
        seen |= Q(community__in=Community.objects.served_by(user))
        seen |= Q(community__in=Community.objects.governed_by(user))
        return self.filter(approved & (seen | Q(pk__in=self.model.objects.of_team_member(user).values("pk"))))

    def of_team_member(self, user) -> "PlaceQuerySet":
        """Those that a team of the user visits."""
        from .models import Team

        teams = Team.objects.filter(Q(leader=user) | Q(memberships__user=user))
        return self.filter(team__in=teams.order_by().values("pk"))

    def of_owner(self, user, today: date) -> "PlaceQuerySet":
        """Renovations, running or ended, of communities in which the user owns a unit on the day."""
        from communities.models import Ownership

        owned = Ownership.objects.on(today).filter(person__user=user).values("unit__community")
        seen = self.filter(campaign__kind="renovation", campaign__state__in=["approved", "ended"])
        return seen.filter(community__in=owned) if Role.RESIDENT in user.roles else self.none()

    def with_found(self) -> "PlaceQuerySet":
        """Adds how many findings of the campaign there are, and how many are open: ``found`` and ``left``."""
        from .models import CampaignFinding

        def counted(**which):
            rows = CampaignFinding.objects.filter(place=OuterRef("pk"), **which).exclude(finding__state="withdrawn")
            number = rows.order_by().values("place").annotate(n=models.Count("pk")).values("n")
            return models.functions.Coalesce(models.Subquery(number), 0)

        return self.annotate(found_count=counted(), left_count=counted(finding__state="open"))


class StepEventQuerySet(models.QuerySet):
    def failed_acceptances(self) -> "StepEventQuerySet":
        """What costs a firm points: an acceptance that was not passed."""
        return self.filter(state="failed", place_step__step__code="ACCEPT")


class OfPlaceQuerySet(models.QuerySet):
    """Rows that are seen with a community's part in a campaign."""

    def visible_to(self, user):
        from .models import CampaignPlace

        return self.filter(place__in=CampaignPlace.objects.visible_to(user))


class HelpRequestQuerySet(OfPlaceQuerySet):
    def to_send(self) -> "HelpRequestQuerySet":
        return self.filter(state="asked")

    def waiting(self) -> "HelpRequestQuerySet":
        """To be sent by the office, or to be answered by the department."""
        return self.filter(state__in=["asked", "sent"])

    def with_row_parts(self) -> "HelpRequestQuerySet":
        return self.select_related("place__community", "place__campaign", "department", "asked_by")


class JournalQuerySet(OfPlaceQuerySet):
    def visible_to(self, user) -> "JournalQuerySet":
        """Staff only: what is said of owners is not for firms or neighbours."""
        return self.filter(place__community__in=Community.objects.overseen_by(user))

    def unanswered(self) -> "JournalQuerySet":
        return self.filter(kind="transferred", result="")


class ListItemQuerySet(OfPlaceQuerySet):
    def with_counts(self) -> "ListItemQuerySet":
        """How many owners want it: online, on paper, together."""
        online = models.Count("opinions", distinct=True)
        return self.annotate(online=online, wanted=online + F("on_paper")).order_by("-wanted", "pk")


class AmenityQuerySet(OfPlaceQuerySet):
    def lacking(self) -> "AmenityQuerySet":
        return self.filter(needed__gt=F("capacity"), done_on=None)
