"""The words of patrols: what counts, what is open, who sees it."""

from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.roles import OFFICE
from communities.models import Community, Firm
from communities.responsibility import passed_on_to
from lib.dated import DatedQuerySet
from lib.periods import Week, beijing_date
from lib.uploads import PhotoQuerySet

SHOWN_OF_PATROL = (
    *("number", "kind", "state", "version", "occurred_at", "submitted_on", "submit_by", "doubt", "doubt_settled"),
    *("community__name", "user__name", "user__username"),
)
SHOWN_OF_FINDING = (
    *("text", "place", "state", "severity", "found_on"),
    *("community__name", "building__name", "item__text"),
)


def _is_office(user) -> bool:
    return not OFFICE.isdisjoint(user.roles)


class CheckItemQuerySet(DatedQuerySet):
    def visible_to(self, user) -> "CheckItemQuerySet":
        """The list is the same for everybody who signs in."""
        return self if user.is_authenticated else self.none()

    def checked(self) -> "CheckItemQuerySet":
        """What counts: it came with a migration, or a second person has checked it."""
        return self.filter(Q(origin="migration") | Q(checked_at__isnull=False))

    def waiting(self) -> "CheckItemQuerySet":
        return self.filter(origin="person", checked_at__isnull=True)

    def asked_on(self, day: date) -> "CheckItemQuerySet":
        """The check list of a day."""
        return self.on(day).checked().filter(retires=False)

    def in_order(self) -> "CheckItemQuerySet":
        return self.order_by("category_order", "position", "code")


class PatrolQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PatrolQuerySet":
        """Staff see the patrols of their communities, and their own for ever. Firms see findings, not patrols.

        Unannounced patrols (暗访) are the office's alone.
        """
        if not user.is_authenticated:
            return self.none()
        if _is_office(user):
            return self
        overseen = Q(community__in=Community.objects.overseen_by(user))
        return self.filter(Q(user=user) | overseen & ~Q(kind="covert"))

    def newest_first(self) -> "PatrolQuerySet":
        return self.order_by("-occurred_at", "-pk")

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
        """What may count towards the week: it stands, it was in time, announced, and its day is believed. DOMAIN B.2"""
        return self.submitted().timely().exclude(kind="covert").filter(Q(doubt="") | Q(doubt_settled="confirmed"))

    def doubtful(self) -> "PatrolQuerySet":
        """Those whose day the station has still to confirm or leave; unannounced ones never count anyway."""
        return self.submitted().exclude(kind="covert").exclude(doubt="").filter(doubt_settled="")

    def with_findings(self) -> "PatrolQuerySet":
        """What ``finding_count`` and ``open_count`` count, looked up for the rows shown and no others."""
        states = _findings_of_patrol().standing().order_by().values("state")
        return self.annotate(finding_states=ArraySubquery(states))

    def with_row_parts(self) -> "PatrolQuerySet":
        """What a row of a list shows and no more; everything else would be a query for each row."""
        rows = self.select_related("community", "user").with_findings()
        return rows.only(*SHOWN_OF_PATROL)

    def that_found_something(self, yes: bool) -> "PatrolQuerySet":
        """Patrols with a standing finding, or those without."""
        found = Exists(_findings_of_patrol().standing())
        return self.filter(found if yes else ~found)

    def search(self, words: str) -> "PatrolQuerySet":
        """By number, community, or words of the note and findings, each word somewhere."""
        from ..models import Finding

        found = self
        for word in words.split():
            said = Finding.objects.filter(_says(word)).order_by().values("patrol")
            found = found.filter(pk__in=_keys(self.model, _numbered(word), _noted(word), _placed(word)).union(said))
        return found


def _says(word: str) -> Q:
    return Q(text__icontains=word) | Q(place__icontains=word)


def _noted(word: str) -> Q:
    return ~Q(note="") & Q(note__icontains=word)


def _placed(word: str) -> Q:
    return Q(community__in=Community.objects.search(word))


def _numbered(word: str, path: str = "") -> Q | None:
    """A word without digits is no number of a patrol, and need not be looked for among them."""
    return Q(**{f"{path}number__contains": word}) if any(map(str.isdecimal, word)) else None


def _keys(model: type[models.Model], *ways: Q | None) -> models.QuerySet:
    """The rows that are found in one of these ways, each by its own index; one query with "or" would use none."""
    first, *others = (model.objects.filter(way).order_by().values("pk") for way in ways if way is not None)
    return first.union(*others)


def _findings_of_patrol() -> "FindingQuerySet":
    from ..models import Finding

    return Finding.objects.filter(patrol=OuterRef("pk"))


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FindingQuerySet":
        """Staff see the findings of their communities, a firm those of the days of its contracts, finders their own.

        What an unannounced patrol found is the office's alone.
        """
        if not user.is_authenticated:
            return self.none()
        if _is_office(user):
            return self
        overseen = Q(community__in=Community.objects.overseen_by(user))
        of_own_firm = Q(firm__in=Firm.objects.employing(user)) & ~Q(state="withdrawn")
        taken_over = Q(passed_on_to(user, since="found_on", day=beijing_date(timezone.now())), state="open")
        return self.filter(Q(found_by=user) | (overseen | of_own_firm | taken_over) & ~Q(patrol__kind="covert"))

    def standing(self) -> "FindingQuerySet":
        return self.exclude(state="withdrawn")

    def open(self) -> "FindingQuerySet":
        return self.filter(state="open")

    def ended(self) -> "FindingQuerySet":
        """Settled or withdrawn; how, says `outcomes.of`."""
        return self.exclude(state="open")

    def said_to_be_fixed(self) -> "FindingQuerySet":
        """Whoever answers for it says that it was put right; nobody has looked again yet."""
        return self.filter(notices__state="replied")

    def unsent(self) -> "FindingQuerySet":
        """Open, to be put right by somebody, and nobody has been told: no notice, no transfer, no task."""
        from ..models import Notice, Transfer

        sent = Notice.objects.standing().filter(finding=OuterRef("pk"))
        handed = Transfer.objects.filter(finding=OuterRef("pk"), state="sent")
        return self.open().filter(~Exists(sent), ~Exists(handed), handling="notice", root_cause=None)

    def soon_after_fine(self, *, hours: int, user=None) -> "FindingQuerySet":
        """说好却出事: found within so many hours after a patrol of the same community said 没问题 of its category.

        With ``user``, only what that person had said was fine.
        """
        from ..models import PatrolAnswer

        said = PatrolAnswer.objects.filter(
            result="ok",
            category=OuterRef("item__category"),
            patrol__state="submitted",
            patrol__community=OuterRef("community"),
            patrol__occurred_at__lt=OuterRef("patrol__occurred_at"),
            patrol__occurred_at__gte=OuterRef("patrol__occurred_at") - timedelta(hours=hours),
        ).exclude(patrol__kind="covert")
        return self.standing().filter(Exists(said.filter(patrol__user=user) if user else said))

    def announced(self) -> "FindingQuerySet":
        """Without what unannounced patrols found, which is the office's alone."""
        return self.exclude(patrol__kind="covert")

    def with_page_parts(self) -> "FindingQuerySet":
        """What the page of a finding shows, in one query."""
        return self.select_related("community", "item", "building", "firm", "patrol")

    def with_row_parts(self) -> "FindingQuerySet":
        """What a row of a list shows and no more; everything else would be a query for each row."""
        return self.select_related("community", "item", "building").only(*SHOWN_OF_FINDING)

    def search(self, words: str) -> "FindingQuerySet":
        """By words of the finding, number of its patrol, or community, each word somewhere."""
        found = self
        for word in words.split():
            ways = [_says(word), Q(item__text__icontains=word), _numbered(word, "patrol__"), _placed(word)]
            found = found.filter(pk__in=_keys(self.model, *ways))
        return found


class PatrolPhotoQuerySet(PhotoQuerySet):
    def visible_to(self, user) -> "PatrolPhotoQuerySet":
        """A photo is seen by those who see its finding or patrol; one not yet sent in, by its sender.

        One that a correction took out is part of the older version, and so only for those who see the patrol.
        """
        from ..models import Dissuasion, Finding, Notice, Patrol

        if not user.is_authenticated:
            return self.none()
        patrols, notices = Patrol.objects.visible_to(user), Notice.objects.visible_to(user)
        return self.filter(
            Q(finding__in=Finding.objects.visible_to(user), dropped=False)
            | Q(finding__in=notices.values("finding"), dropped=False)
            | Q(finding__patrol__in=patrols)
            | Q(patrol__in=patrols)
            | Q(round__notice__in=notices)
            | Q(dissuasion__in=Dissuasion.objects.visible_to(user))
            | loose() & Q(uploaded_by=user)
        )

    def public(self) -> "PatrolPhotoQuerySet":
        """What strangers see: photos that a cadre has ticked, of findings that stand."""
        return self.ready().filter(public=True, dropped=False).exclude(finding__state="withdrawn")

    def shown(self) -> "PatrolPhotoQuerySet":
        """Photos of the present version, in order."""
        return self.filter(dropped=False)

    def loose(self) -> "PatrolPhotoQuerySet":
        """Photos of records that were never sent in."""
        return self.filter(loose())


def loose() -> Q:
    """Bound to nothing yet."""
    from ..models import OWNERS

    return Q(**dict.fromkeys(OWNERS))


class DissuasionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DissuasionQuerySet":
        """The firm's own, and those of communities that staff look after."""
        if not user.is_authenticated:
            return self.none()
        own = Q(firm__in=Firm.objects.employing(user))
        return self.filter(own | Q(community__in=Community.objects.overseen_by(user)))

    def waiting(self) -> "DissuasionQuerySet":
        """Those that no cadre has accepted yet."""
        return self.filter(accepted_at=None)


class RouteStopQuerySet(models.QuerySet):
    def visible_to(self, user) -> "RouteStopQuerySet":
        """In which order somebody goes round is their own affair."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class MissedWeekQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MissedWeekQuerySet":
        """Missed weeks are seen by the cadre, the station's head and the office only. DOMAIN 0.3"""
        if not user.is_authenticated:
            return self.none()
        if _is_office(user):
            return self
        return self.filter(Q(user=user) | Q(community__in=Community.objects.headed_by(user)))
