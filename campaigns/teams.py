"""Teams: formed, given communities, and with them the duty to go there, which is an ordinary patrol's. H.1, plan 3"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand
from communities import duties
from communities.models import PatrolDuty
from lib.periods import DAY, beijing_date
from lib.refusals import spoken
from lib.states import WrongState

from .kinds import INSPECT, OVER, CampaignState
from .models import Campaign, CampaignPlace, Team, TeamDuty, TeamMember

UNTIL_EVENT = 366 * DAY  # so long a duty is given while the check waits for its event; it ends with that


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
    settle_duties(campaign, by=by, now=now)
    return team


@transaction.atomic
def assign(*, team: Team | None, places: Iterable[CampaignPlace], by: User, now: datetime) -> None:
    """A team visits these communities, or none does any more.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign has ended.
    """
    demand(by, Act.CAMPAIGN)
    campaigns = {}
    for place in places:
        _demand_open(place.campaign)
        place.team = team
        place.save(update_fields=["team"])
        campaigns[place.campaign_id] = place.campaign
    for campaign in campaigns.values():
        settle_duties(campaign, by=by, now=now)


@transaction.atomic
def dissolve(*, team: Team, by: User, now: datetime) -> None:
    """A team is no more; its communities have none, its people no duty there.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign has ended.
    """
    demand(by, Act.CAMPAIGN)
    _demand_open(team.campaign)
    campaign = team.campaign
    team.places.update(team=None)
    team.delete()
    settle_duties(campaign, by=by, now=now)


def _demand_open(campaign: Campaign) -> None:
    if Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk).state == CampaignState.ENDED:
        raise WrongState(OVER)


# ---------------------------------------------------------------- their duty


def days_of(campaign: Campaign) -> tuple[date | None, date | None]:
    """From when to when teams go: the phase of the step 检查, or the whole campaign; None for a day that is waited for.
    A first phase without first day begins with the approval.
    """
    step, phases = campaign.step(INSPECT), list(campaign.phases.order_by("no"))
    first, last = (step.phase, step.phase) if step and step.phase else (phases[0], phases[-1])
    if first == phases[0] and campaign.approved_at:
        return first.first_day or beijing_date(campaign.approved_at), last.last_day
    return first.first_day, last.last_day


@transaction.atomic
def settle_duties(campaign: Campaign, *, by: User, now: datetime) -> int:
    """Each member has the duty of a team in each of its communities for the days of the check, as team, communities and
    days stand now; whoever patrols the community anyway needs none. What is wanted no more is taken back, or ends
    yesterday if it has begun. Returns how many are new.
    """
    if campaign.state != CampaignState.APPROVED:
        return 0
    today = beijing_date(now)
    first, last = days_of(campaign)
    last = last or today + UNTIL_EVENT
    wanted = _wanted(campaign) if first and last >= today else {}
    _end_others(campaign, wanted, first, last, by, now)
    return sum(_give(place, user, max(first, today), last, by, now) for (_, user), place in sorted(wanted.items()))


def _wanted(campaign: Campaign) -> dict[tuple[int, int], CampaignPlace]:
    """Who goes where: by the keys of place and user."""
    places = campaign.places.exclude(team=None).select_related("team", "community")
    return {(place.pk, user): place for place in places for user in place.team.people}


def _end_others(campaign: Campaign, wanted, first: date, last: date, by: User, now: datetime) -> None:
    """Ends what is not wanted any more, and what began on another day; moves the end of the others."""
    today = beijing_date(now)
    held = TeamDuty.objects.filter(place__campaign=campaign, duty__last_day__gte=today)
    for place, duty in ((row.place_id, row.duty) for row in held.select_related("duty__user", "duty__community")):
        begun = duty.first_day < today
        starts_right = first is not None and duty.first_day >= first and (begun or duty.first_day == max(first, today))
        if (place, duty.user_id) in wanted and starts_right:
            if duty.last_day != last:
                duties.end_link(duty=duty, last_day=last, by=by, now=now)
        elif begun:
            duties.end_link(duty=duty, last_day=today - DAY, by=by, now=now)
        else:
            duties.take_back(duty=duty, by=by, now=now)


def _give(place: CampaignPlace, user: int, first: date, last: date, by: User, now: datetime) -> bool:
    """A new duty, unless the person has one there on some of the days; whether it was given."""
    if PatrolDuty.objects.between(first, last).filter(community=place.community, user=user).exists():
        return False
    person, days = User.objects.get(pk=user), {"first_day": first, "last_day": last}
    duty = duties.join_team(user=person, community=place.community, **days, by=by, now=now)
    TeamDuty.objects.create(place=place, duty=duty)
    return True


def has_checked(user: User, place: CampaignPlace) -> bool:
    """The check of the community was the user's patrol."""
    return place.place_steps.filter(step__code=INSPECT, patrol__user=user).exists()


def is_of_team(user: User, place: CampaignPlace) -> bool:
    """Leader or member of the team that visits the community."""
    return CampaignPlace.objects.of_team_member(user).filter(pk=place.pk).exists()
