"""Teams: formed, given communities, and with them the duty to go there, which is an ordinary patrol's. H.1, plan 3"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from accounts.models import User
from accounts.roles import Act, demand
from communities import duties
from communities.models import PatrolDuty
from django.core.exceptions import ValidationError
from django.db import transaction
from lib.periods import beijing_date
from lib.refusals import spoken
from lib.states import WrongState

from .kinds import INSPECT, CampaignState
from .models import Campaign, CampaignPlace, Team, TeamMember

ENDED = "行动已经结束。"


@transaction.atomic
def form(
    *, campaign: Campaign, name: str, leader: User | None, members: Sequence[User], by: User, now: datetime, team=None
) -> Team:
    """A team with its leader and members; given ``team``, that one is written anew.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign has ended.
        ValidationError: no leader, no member, a name that is taken; by field.
    """
    demand(by, Act.CAMPAIGN)
    _demand_open(campaign)
    if leader is None:
        raise ValidationError({"leader": "选一位组长；一个人可以带几个组。"})
    if not members:
        raise ValidationError({"members": "至少选一名组员。"})
    team = team or Team(campaign=campaign)
    team.name, team.leader = name.strip(), leader
    team.full_clean()
    with spoken():
        team.save()
        team.memberships.exclude(user__in=members).delete()
        known = set(team.memberships.values_list("user", flat=True))
        TeamMember.objects.bulk_create(TeamMember(team=team, user=user) for user in members if user.pk not in known)
    if campaign.state == CampaignState.APPROVED:
        give_duties(campaign, by=by, now=now)
    return team


@transaction.atomic
def assign(*, team: Team | None, places: Iterable[CampaignPlace], by: User, now: datetime) -> None:
    """A team visits these communities, or none does any more.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign has ended.
    """
    demand(by, Act.CAMPAIGN)
    for place in places:
        _demand_open(place.campaign)
        place.team = team
        place.save(update_fields=["team"])
    if team and team.campaign.state == CampaignState.APPROVED:
        give_duties(team.campaign, by=by, now=now)


@transaction.atomic
def dissolve(*, team: Team, by: User, now: datetime) -> None:
    """A team is no more; its communities have none.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign has ended.
    """
    demand(by, Act.CAMPAIGN)
    _demand_open(team.campaign)
    team.places.update(team=None)
    team.delete()


def _demand_open(campaign: Campaign) -> None:
    if Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk).state == CampaignState.ENDED:
        raise WrongState(ENDED)


# ---------------------------------------------------------------- their duty


def days_of(campaign: Campaign) -> tuple[date, date] | None:
    """From when to when teams go: the phase of the step 检查, or the whole campaign; None while days are missing."""
    step = campaign.step(INSPECT)
    whole = campaign.phases.order_by("no")
    phase = step.phase if step and step.phase else None
    first = phase.first_day if phase else whole.first().first_day
    last = phase.last_day if phase else whole.last().last_day
    return (first, last) if first and last else None


def give_duties(campaign: Campaign, *, by: User, now: datetime) -> int:
    """Each member gets the duty of a team in each of its communities, for the days of the check; whoever patrols the
    community anyway needs none. Returns how many are new.
    """
    span = days_of(campaign)
    if span is None or span[1] < beijing_date(now):
        return 0
    first, last = max(span[0], beijing_date(now)), span[1]
    new = 0
    for place in campaign.places.exclude(team=None).select_related("team", "community"):
        users = place.team.people
        known = PatrolDuty.objects.between(first, last).filter(community=place.community, user__in=users)
        for user in User.objects.filter(pk__in=users - set(known.values_list("user", flat=True))).order_by("pk"):
            days = {"first_day": first, "last_day": last}
            duties.join_team(user=user, community=place.community, **days, by=by, now=now)
            new += 1
    return new


def is_of_team(user: User, place: CampaignPlace) -> bool:
    """Leader or member of the team that visits the community."""
    return CampaignPlace.objects.of_team_member(user).filter(pk=place.pk).exists()
