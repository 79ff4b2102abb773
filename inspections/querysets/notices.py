"""The words of notices: what is open, overdue, waiting for a recheck, and who sees it."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.roles import OFFICE
from communities.models import Community, Firm

UNREPLIED = ("issued", "received")
OPEN = (*UNREPLIED, "replied")
SHOWN_OF_NOTICE = (
    *("number", "state", "round_no", "due_on", "due_provisional", "late_since", "recheck_by", "issued_on", "closed_on"),
    *("body", "firm__name", "village__name", "successor", "finding__text", "finding__place", "finding__severity"),
    *("finding__building__name", "finding__item__text", "community__name"),
)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user) -> "NoticeQuerySet":
        """Staff see the notices of their communities, a firm for ever those that name it or that it has taken over, and
        whoever issued or found keeps seeing theirs.
        """
        if not user.is_authenticated:
            return self.none()
        if not OFFICE.isdisjoint(user.roles):
            return self
        overseen = Q(community__in=Community.objects.overseen_by(user))
        own = Q(issued_by=user) | Q(finding__found_by=user)
        return self.filter(overseen | own | _of_firms(Firm.objects.employing(user)))

    def addressed_to(self, user) -> "NoticeQuerySet":
        """Those that a firm for which the user works today must put right."""
        return self.answered_by(Firm.objects.employing(user))

    def answered_by(self, firms) -> "NoticeQuerySet":
        """Those that one of the firms must put right, or had to: sent to it, or taken over, and not passed on since."""
        return self.filter(Q(firm__in=firms, successor=None) | Q(successor__in=firms))

    def standing(self) -> "NoticeQuerySet":
        return self.exclude(state="withdrawn")

    def open(self) -> "NoticeQuerySet":
        """Neither settled, nor withdrawn, nor handed to a department: somebody here must act."""
        return self.filter(state__in=OPEN)

    def unsettled(self) -> "NoticeQuerySet":
        """Open, or with a department whose answer is still to come."""
        return self.filter(state__in=[*OPEN, "transferred"])

    def unreplied(self) -> "NoticeQuerySet":
        """The addressee must act: sign, or put it right and reply."""
        return self.filter(state__in=UNREPLIED)

    def overdue(self, *, today: date) -> "NoticeQuerySet":
        """The present round is unreplied and its term has passed. DOMAIN 0.2, B.7"""
        return self.unreplied().filter(due_on__lt=today)

    def to_recheck(self) -> "NoticeQuerySet":
        return self.filter(state="replied")

    def recheck_late(self, *, today: date) -> "NoticeQuerySet":
        """Replied, and the term of the recheck has passed: the cadre's own, never the firm's. DOMAIN B.7"""
        return self.to_recheck().filter(recheck_by__lt=today)

    def most_pressing_first(self) -> "NoticeQuerySet":
        """Those that wait for an answer, the longest overdue first; then those that wait for a recheck."""
        return self.order_by("due_on", "pk")

    def newest_first(self) -> "NoticeQuerySet":
        return self.order_by("-issued_on", "-pk")

    def with_row_parts(self) -> "NoticeQuerySet":
        """What a row of a list shows and no more. Successors, which are few, come by their own query: with one join
        more than ``join_collapse_limit`` the planner no longer begins with the few rows that a search finds.
        """
        rows = self.select_related("community", "firm", "village", "finding__building", "finding__item")
        return rows.only(*SHOWN_OF_NOTICE).prefetch_related("successor")

    def with_page_parts(self) -> "NoticeQuerySet":
        """What the page of a notice shows of the rows it leads to, in one query."""
        place = self.select_related("community__village_committee", "firm", "village", "successor", "issued_by")
        return place.select_related("finding__building", "finding__item", "finding__patrol", "finding__found_by")

    def search(self, words: str) -> "NoticeQuerySet":
        """By number, words of the finding, or community, each word somewhere."""
        from ..models import Finding, Notice

        found = self
        for word in words.split():
            finding = Finding.objects.filter(Q(text__icontains=word) | Q(place__icontains=word)).order_by()
            ways = [Q(finding__in=finding.values("pk"))]
            if any(map(str.isdecimal, word)):
                ways.append(Q(number__contains=word))
            if places := list(Community.objects.search(word).values_list("pk", flat=True)):
                ways.append(Q(community__in=places))  # asked before: the planner thinks that a word finds many
            keys = [Notice.objects.filter(way).order_by().values("pk") for way in ways]
            found = found.filter(pk__in=keys[0].union(*keys[1:]))
        return found


def _of_firms(firms) -> Q:
    from ..models import Takeover

    return Q(firm__in=firms) | Q(pk__in=Takeover.objects.filter(firm__in=firms).values("notice"))


class NoticeRoundQuerySet(models.QuerySet):
    def open(self) -> "NoticeRoundQuerySet":
        """Not decided by a recheck, nor ended with its notice."""
        return self.filter(outcome="")

    def unreplied(self) -> "NoticeRoundQuerySet":
        return self.open().filter(replied_at=None)

    def silent(self, *, today: date) -> "NoticeRoundQuerySet":
        """Nobody signed in time: since the day after the deemed receipt they count as received. DOMAIN B.6"""
        return self.unreplied().filter(received_on=None, deemed_on__lt=today)


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user) -> "TransferQuerySet":
        """Whoever sees the finding sees where it was handed to."""
        from ..models import Finding

        return self.filter(finding__in=Finding.objects.visible_to(user))

    def drafts(self) -> "TransferQuerySet":
        return self.filter(state="draft")

    def unanswered(self) -> "TransferQuerySet":
        return self.filter(state="sent")


class RootCauseQuerySet(models.QuerySet):
    def visible_to(self, user) -> "RootCauseQuerySet":
        """Staff of the community."""
        return self.filter(community__in=Community.objects.overseen_by(user))

    def proposed(self) -> "RootCauseQuerySet":
        return self.filter(state="proposed")

    def to_do(self) -> "RootCauseQuerySet":
        return self.filter(state="accepted")
