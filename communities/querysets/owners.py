"""Who owns what, and who sees it: units, ownerships, people, and who read whose data."""

from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.roles import OFFICE, STATION, Act, may
from lib.dated import DatedQuerySet, holding
from lib.periods import beijing_date

from .registry import OfCommunityQuerySet, is_office, sees_all


def _today() -> date:
    return beijing_date(timezone.now())


class UnitQuerySet(OfCommunityQuerySet):
    def visible_to(self, user) -> "UnitQuerySet":
        """Units of the communities that the user sees, and those the user owns today."""
        from ..models import Community

        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        return self.filter(Q(community__in=Community.objects.visible_to(user)) | Q(pk__in=_owned(user)))

    def with_party(self, day: date) -> "UnitQuerySet":
        """Adds ``party``: the keys of all who own the unit on the day, in order. Units of one head have the same
        party, exactly: Zhang alone and Zhang with Li are two; None where nobody is registered. DOMAIN G.3
        """
        holds = holding(day, "ownerships__")
        return self.annotate(party=ArrayAgg("ownerships__person", filter=holds, order_by=["ownerships__person"]))

    def search(self, words: str) -> "UnitQuerySet":
        """By a part of the unit's code, each word somewhere."""
        found = self
        for word in words.split():
            found = found.filter(code__icontains=word)
        return found


def _owned(user):
    """Keys of the units that the user owns today."""
    from ..models import Ownership

    return Ownership.objects.on(_today()).filter(person__user=user).values("unit")


def reads_owners(user) -> bool:
    """Whether the user's roles see who owns what: office and stations. Which rows, `visible_to` says. DOMAIN 0.5"""
    return user.is_authenticated and not (OFFICE | STATION).isdisjoint(user.roles)


class OwnershipQuerySet(DatedQuerySet):
    def visible_to(self, user) -> "OwnershipQuerySet":
        """The office sees who owns what everywhere, a station in its communities, an owner their own. DOMAIN 0.5

        Leaders, cadres and firms see units without their owners.
        """
        if not user.is_authenticated:
            return self.none()
        if is_office(user):
            return self
        own = Q(person__user=user)
        if STATION.isdisjoint(user.roles):
            return self.filter(own)
        return self.filter(own | Q(unit__community__in=_of_own_station(user)))


def _of_own_station(user):
    """Communities of the stations at which the user sits today."""
    from ..models import Community, StationPost

    posts = StationPost.objects.on(_today()).filter(user=user)
    return Community.objects.filter(village_committee__in=posts.values("village_committee"))


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PersonQuerySet":
        """The office sees all; others the heads and committee members of the communities they see, stations also
        the owners there; one who is nothing yet, whoever keeps the registry; and everybody themself."""
        from ..models import BuildingHead, CommitteeMember, Ownership

        if not user.is_authenticated:
            return self.none()
        if is_office(user):
            return self
        seen = Q(user=user) | Q(pk__in=BuildingHead.objects.visible_to(user).values("person"))
        seen |= Q(pk__in=CommitteeMember.objects.visible_to(user).values("person"))
        if not STATION.isdisjoint(user.roles):
            seen |= Q(pk__in=Ownership.objects.visible_to(user).values("person"))
            seen |= Q(developments__in=_of_own_station(user))
        if may(user, Act.REGISTRY):
            seen |= Q(
                headships=None, memberships=None, ownerships=None, developments=None, employments=None, groups_led=None
            )
        return self.filter(pk__in=self.model.objects.filter(seen).values("pk"))

    def named(self, word: str) -> "PersonQuerySet":
        """By a part of the name, the pinyin or the initials; a word of one or two characters begins them.

        So that the trigrams find it: two characters in the middle of a name have none.
        """
        how = "startswith" if len(word) < 3 else "contains"
        sound = word.lower()
        return self.filter(
            Q(**{f"name__{how}": word}) | Q(**{f"pinyin__{how}": sound}) | Q(**{f"initials__{how}": sound})
        )


class PersonReadingQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PersonReadingQuerySet":
        """The office sees who read or corrected whose data; others what they did, and what was done to theirs."""
        if not user.is_authenticated:
            return self.none()
        return self if is_office(user) else self.filter(Q(by=user) | Q(person__user=user))
