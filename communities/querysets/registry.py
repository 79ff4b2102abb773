"""Who sees which community, and the words of the registry."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.roles import FIRM, OFFICE, STATION, Act, Role, may
from lib.dated import DatedQuerySet, holding, holding_between
from lib.periods import DAY, beijing_date


def _today() -> date:
    return beijing_date(timezone.now())


def sees_all(user) -> bool:
    return not (OFFICE | {Role.LEADER}).isdisjoint(user.roles)


def is_office(user) -> bool:
    return not OFFICE.isdisjoint(user.roles)


def _looked_after(user) -> Q:
    """Communities of the user's station, and those that the user patrols today."""
    from ..models import PatrolDuty, StationPost

    today, seen = _today(), Q(pk__in=[])
    if not STATION.isdisjoint(user.roles):
        posts = StationPost.objects.on(today).filter(user=user)
        seen |= Q(village_committee__in=posts.values("village_committee"))
    if Role.CADRE in user.roles:
        seen |= Q(pk__in=PatrolDuty.objects.on(today).filter(user=user).values("community"))
    return seen


def _served(user) -> Q:
    """Communities that a firm of the user serves or has served."""
    from ..models import Contract, Firm

    return Q(pk__in=Contract.objects.filter(firm__in=Firm.objects.employing(user)).values("community"))


class CommunityQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CommunityQuerySet":
        """The union over the user's roles: office and leaders all, stations their village committee's, cadres the
        linked ones of today, firms those of their contracts, ended ones too. A role without a link sees nothing.
        """
        if not user.is_authenticated:
            return self.none()
        return self if sees_all(user) else self.filter(_looked_after(user) | _served(user))

    def overseen_by(self, user) -> "CommunityQuerySet":
        """Those that the user sees as staff: contracts of a firm that they work for give nothing here."""
        if not user.is_authenticated:
            return self.none()
        return self if sees_all(user) else self.filter(_looked_after(user))

    def governed_by(self, user) -> "CommunityQuerySet":
        """Those in whose owners' committee the user sits today."""
        from .committees import seats_of

        if not user.is_authenticated or Role.COMMITTEE_MEMBER not in user.roles:
            return self.none()
        return self.filter(pk__in=seats_of(user).values("committee__community"))

    def served_by(self, user) -> "CommunityQuerySet":
        """Those that a firm of the user serves today."""
        from ..models import Contract, Firm

        if not user.is_authenticated:
            return self.none()
        contracts = Contract.objects.on(_today()).filter(firm__in=Firm.objects.employing(user))
        return self.filter(pk__in=contracts.values("community"))

    def headed_by(self, user) -> "CommunityQuerySet":
        """Those of the stations whose head the user is today."""
        from ..models import StationPost

        if Role.STATION_HEAD not in user.roles:
            return self.none()
        posts = StationPost.objects.on(_today()).filter(user=user, kind=StationPost.Kind.HEAD)
        return self.filter(village_committee__in=posts.values("village_committee"))

    def kept_by(self, user) -> "CommunityQuerySet":
        """Those whose registry the user keeps: the office all, a station its own. DOMAIN D.7"""
        from ..models import StationPost

        if may(user, Act.REGISTRY_TOWN):
            return self
        if not may(user, Act.REGISTRY):
            return self.none()
        posts = StationPost.objects.on(_today()).filter(user=user)
        return self.filter(village_committee__in=posts.values("village_committee"))

    def public(self) -> "CommunityQuerySet":
        """What strangers may choose from: communities that have not ended."""
        return self.filter(ended_on__isnull=True)

    def standing(self, day: date) -> "CommunityQuerySet":
        """Communities that exist on the day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day))

    def duties_of(self, user, *, first: date, last: date) -> "CommunityQuerySet":
        """Communities that the user patrols on at least one of the days."""
        from ..models import PatrolDuty

        duties = PatrolDuty.objects.filter(holding_between(first, last), user=user)
        return self.filter(pk__in=duties.values("community"))

    def search(self, words: str) -> "CommunityQuerySet":
        """By name, pinyin, initials or code, each word somewhere."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(pinyin__icontains=word)
                | Q(initials__icontains=word)
                | Q(code__iexact=word)
                | Q(address__icontains=word)
            )
        return found

    def without_committee(self, day: date) -> "CommunityQuerySet":
        """Communities whose owners have no committee in office on the day. R05"""
        from ..models import OwnersCommittee

        in_office = OwnersCommittee.objects.on(day).filter(community=OuterRef("pk"))
        return self.filter(~Exists(in_office))

    def without_cadre(self, day: date) -> "CommunityQuerySet":
        """Communities that no linked cadre looks after on the day."""
        from ..models import PatrolDuty

        linked = PatrolDuty.objects.filter(holding(day), kind=PatrolDuty.Kind.LINKED, community=OuterRef("pk"))
        return self.filter(~Exists(linked))


class OfCommunityQuerySet(models.QuerySet):
    """Rows that belong to one community."""

    def visible_to(self, user):
        from ..models import Community

        return self.filter(community__in=Community.objects.visible_to(user))


class DatedOfCommunityQuerySet(DatedQuerySet, OfCommunityQuerySet):
    pass


class BuildingQuerySet(OfCommunityQuerySet):
    def without_head(self, day: date) -> "BuildingQuerySet":
        """Buildings in which nobody is 楼幢长 on the day. R03"""
        from ..models import BuildingHead

        return self.filter(~Exists(BuildingHead.objects.filter(holding(day), building=OuterRef("pk"))))


class StairwellQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Stairwells of the communities that the user sees."""
        from ..models import Community

        return self.filter(building__community__in=Community.objects.visible_to(user))


class EquipmentQuerySet(DatedOfCommunityQuerySet):
    def inspection_due(self, *, today: date, within: int) -> "EquipmentQuerySet":
        """Equipment in use whose next inspection is overdue or due within so many days. R42"""
        return self.on(today).filter(inspect_by__lte=today + within * DAY).order_by("inspect_by", "pk")


class OfFirmQuerySet(DatedQuerySet):
    def visible_to(self, user):
        """The office sees the people of every firm, a station those of firms that serve its communities, a firm its
        own."""
        from ..models import Contract, Firm

        rows = self.filter(firm__in=Firm.objects.visible_to(user))
        if not (OFFICE | {Role.LEADER} | FIRM).isdisjoint(user.roles):
            return rows
        return rows.filter(firm__in=Contract.objects.visible_to(user).values("firm"))


class FirmQuerySet(models.QuerySet):
    def visible_to(self, user) -> "FirmQuerySet":
        """Office, stations and leaders see every firm, cadres those of the communities they see, a firm itself."""
        from ..models import Community, Contract

        if not user.is_authenticated:
            return self.none()
        if not (OFFICE | STATION | {Role.LEADER}).isdisjoint(user.roles):
            return self
        seen = Q(pk__in=self.model.objects.employing(user))
        if Role.CADRE in user.roles:
            communities = Community.objects.overseen_by(user)
            seen |= Q(pk__in=Contract.objects.filter(community__in=communities).values("firm"))
        return self.filter(seen)

    def search(self, words: str) -> "FirmQuerySet":
        """By name, pinyin, initials or code, each word somewhere."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(name__icontains=word) | Q(pinyin__icontains=word) | Q(initials__icontains=word) | Q(uscc=word.upper())
            )
        return found

    def named(self, word: str) -> "FirmQuerySet":
        """By name, pinyin, initials, or a part of the code or the telephone number."""
        found = Q(name__icontains=word) | Q(pinyin__icontains=word) | Q(initials__icontains=word)
        return self.filter(found | Q(uscc__icontains=word) | Q(phone__contains=word))

    def employing(self, user) -> "FirmQuerySet":
        """Firms that the user works for today."""
        from ..models import FirmPost

        if FIRM.isdisjoint(user.roles):
            return self.none()
        return self.filter(pk__in=FirmPost.objects.on(_today()).filter(user=user).values("firm"))


class ContractQuerySet(DatedOfCommunityQuerySet):
    def passed_on(self, day: date) -> "ContractQuerySet":
        """Contracts that have ended before the day and leave what was open to the next firm."""
        return self.filter(last_day__lt=day, open_items="next")

    def visible_to(self, user):
        """A firm sees its own contracts only, the ended ones too; others see those of their communities."""
        from ..models import Firm

        rows = super().visible_to(user)
        if FIRM.isdisjoint(user.roles) or not (OFFICE | STATION | {Role.CADRE, Role.LEADER}).isdisjoint(user.roles):
            return rows
        return rows.filter(firm__in=Firm.objects.visible_to(user))


class StationPostQuerySet(DatedQuerySet):
    def visible_to(self, user):
        """The office sees every post, a station those of its own village committee."""
        if not (OFFICE | {Role.LEADER}).isdisjoint(user.roles):
            return self
        own = self.model.objects.on(_today()).filter(user=user)
        return self.filter(village_committee__in=own.values("village_committee"))


class VillageCommitteeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Village committees with a community that the user sees, and a station's own."""
        from ..models import Community, StationPost

        if not (OFFICE | {Role.LEADER}).isdisjoint(user.roles):
            return self
        own = StationPost.objects.on(_today()).filter(user=user).values("village_committee")
        communities = Community.objects.visible_to(user).values("village_committee")
        return self.filter(Q(pk__in=own) | Q(pk__in=communities))


class LeaveQuerySet(DatedQuerySet):
    def visible_to(self, user):
        """One's own leave; a station sees that of the cadres of its communities, the office all."""
        from ..models import Community, PatrolDuty

        if not OFFICE.isdisjoint(user.roles):
            return self
        duties = PatrolDuty.objects.filter(community__in=Community.objects.visible_to(user))
        station = Q(user__in=duties.values("user")) if not STATION.isdisjoint(user.roles) else Q(pk__in=[])
        return self.filter(Q(user=user) | station)


class HandoverPartQuerySet(models.QuerySet):
    def visible_to(self, user) -> "HandoverPartQuerySet":
        """The office sees all, a station those of its communities, a predecessor and a successor their own for ever."""
        from ..models import Community

        if not user.is_authenticated:
            return self.none()
        if is_office(user):
            return self
        of_station = Q(community__in=Community.objects.kept_by(user))
        return self.filter(Q(handover__user=user) | Q(user=user) | of_station)


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user) -> "HandoverQuerySet":
        """Slips with a part that the user sees."""
        from ..models import HandoverPart

        return self.filter(pk__in=HandoverPart.objects.visible_to(user).values("handover"))

    def open(self) -> "HandoverQuerySet":
        """Somebody has not confirmed yet."""
        return self.filter(state="open")

    def with_parts(self) -> "HandoverQuerySet":
        """With the people of the slip, in three queries whatever their number."""
        return self.select_related("user", "started_by").prefetch_related("parts__user", "parts__community")


class ActionItemQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ActionItemQuerySet":
        """Promises are seen with the part of the slip on which they stand, other tasks by the staff of the place;
        what is to be done in the whole town by office and leaders."""
        from ..models import Community, HandoverPart

        seen = HandoverPart.objects.visible_to(user).filter(
            handover=models.OuterRef("handover"), community=models.OuterRef("community")
        )
        given = Q(community__in=Community.objects.overseen_by(user))
        if user.is_authenticated and sees_all(user):
            given |= Q(community=None)
        return self.filter(Exists(seen) | ~Q(kind="promise") & given)

    def to_do(self) -> "ActionItemQuerySet":
        return self.filter(done_at=None)
