"""The words of patrols: what counts, what is open, who sees it."""

from datetime import date

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from accounts.roles import FIRM, OFFICE, STATION, Role
from communities.models import Community, Firm
from lib.dated import DatedQuerySet
from lib.periods import Week
from lib.uploads import PhotoQuerySet

BESIDE_A_FIRM = OFFICE | STATION | {Role.CADRE, Role.LEADER}


def _is_only_firm(user) -> bool:
    return not FIRM.isdisjoint(user.roles) and BESIDE_A_FIRM.isdisjoint(user.roles)


class CheckItemQuerySet(DatedQuerySet):
    def in_order(self):
        return self.order_by("category_order", "position", "code")


class PatrolQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PatrolQuerySet":
        """Staff see the patrols of their communities, cadres also their own for ever. Firms see findings, not patrols.

        Unannounced patrols (暗访) are the office's until they are published with their findings.
        """
        if not user.is_authenticated:
            return self.none()
        own = Q(user=user)
        if BESIDE_A_FIRM.isdisjoint(user.roles):
            return self.filter(own)
        seen = self.filter(own | Q(community__in=Community.objects.visible_to(user)))
        if OFFICE.isdisjoint(user.roles):
            seen = seen.filter(own | ~Q(kind="covert"))
        return seen

    def submitted(self) -> "PatrolQuerySet":
        """Patrols that stand: not voided."""
        return self.filter(state="submitted")

    def in_week(self, week: Week) -> "PatrolQuerySet":
        return self.between(week.monday, week.sunday)

    def between(self, first: date, last: date) -> "PatrolQuerySet":
        return self.filter(occurred_on__gte=first, occurred_on__lte=last)

    def timely(self) -> "PatrolQuerySet":
        """Submitted by the last day of their week's term. DOMAIN B.2"""
        return self.filter(submitted_on__lte=models.F("submit_by"))

    def countable(self) -> "PatrolQuerySet":
        """What may count towards the week: it stands, it was in time, and it was announced. DOMAIN B.2"""
        return self.submitted().timely().exclude(kind="covert")

    def with_findings(self) -> "PatrolQuerySet":
        """Adds ``finding_count`` and ``open_count``."""
        standing = Q(findings__isnull=False) & ~Q(findings__state="withdrawn")
        return self.annotate(
            finding_count=Count("findings", filter=standing, distinct=True),
            open_count=Count("findings", filter=Q(findings__state="open"), distinct=True),
        )

    def that_found_something(self, yes: bool) -> "PatrolQuerySet":
        """Patrols with a standing finding, or those without."""
        found = Exists(Finding_model().objects.standing().filter(patrol=OuterRef("pk")))
        return self.filter(found if yes else ~found)

    def search(self, words: str) -> "PatrolQuerySet":
        """By number, community, or words of the note and findings, each word somewhere."""
        found = self
        for word in words.split():
            finding = Finding_model().objects.filter(patrol=OuterRef("pk"))
            said = finding.filter(Q(text__icontains=word) | Q(place__icontains=word))
            community = Community.objects.search(word)
            found = found.filter(
                Q(number__icontains=word) | Q(note__icontains=word) | Q(community__in=community) | Exists(said)
            )
        return found


def Finding_model():  # noqa: N802  models are imported late: querysets stand left of them
    from .models import Finding

    return Finding


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FindingQuerySet":
        """Staff see the findings of their communities, a firm those of the days of its contracts, a cadre also own."""
        if not user.is_authenticated:
            return self.none()
        own = Q(found_by=user)
        if _is_only_firm(user):
            return self.filter(firm__in=Firm.objects.visible_to(user)).exclude(state="withdrawn")
        if BESIDE_A_FIRM.isdisjoint(user.roles):
            return self.filter(own)
        seen = self.filter(own | Q(community__in=Community.objects.visible_to(user)))
        if OFFICE.isdisjoint(user.roles):
            seen = seen.filter(own | Q(patrol=None) | ~Q(patrol__kind="covert"))
        return seen

    def standing(self) -> "FindingQuerySet":
        return self.exclude(state="withdrawn")

    def open(self) -> "FindingQuerySet":
        return self.filter(state="open")

    def with_page_parts(self) -> "FindingQuerySet":
        """What a row of a list shows, in one query."""
        return self.select_related("community", "item", "building", "firm", "patrol")

    def search(self, words: str) -> "FindingQuerySet":
        """By words of the finding, number of its patrol, or community, each word somewhere."""
        found = self
        for word in words.split():
            said = Q(text__icontains=word) | Q(place__icontains=word) | Q(item__text__icontains=word)
            community = Community.objects.search(word)
            found = found.filter(said | Q(patrol__number__icontains=word) | Q(community__in=community))
        return found


class PatrolPhotoQuerySet(PhotoQuerySet):
    def visible_to(self, user) -> "PatrolPhotoQuerySet":
        """A photo is seen by those who see its finding or patrol; one not yet sent in, by its sender."""
        from .models import Patrol

        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(finding__in=Finding_model().objects.visible_to(user))
            | Q(patrol__in=Patrol.objects.visible_to(user))
            | Q(finding=None, patrol=None, uploaded_by=user)
        )

    def shown(self) -> "PatrolPhotoQuerySet":
        """Photos of the present version, in order."""
        return self.filter(dropped=False)

    def loose(self) -> "PatrolPhotoQuerySet":
        """Photos of records that were never sent in."""
        return self.filter(finding=None, patrol=None)


class MissedWeekQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Missed weeks are seen by the cadre, the station's head and the office only. DOMAIN 0.3"""
        if not OFFICE.isdisjoint(user.roles):
            return self
        seen = Q(user=user)
        if Role.STATION_HEAD in user.roles:
            seen |= Q(community__in=Community.objects.visible_to(user))
        return self.filter(seen)
