"""Who patrols where on a day: linked cadres, who is away, who stands in. For stations and the office."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from accounts.models import User

from .models import CadreLeave, Community, PatrolDuty


@dataclass
class Line:
    """One community on one day."""

    community: Community
    linked: PatrolDuty | None = None
    substitute: PatrolDuty | None = None
    team: list[User] = field(default_factory=list)
    is_away: bool = False

    @property
    def is_uncovered(self) -> bool:
        """Nobody goes there on the day: no linked cadre, or one on leave, and no substitute."""
        return self.substitute is None and (self.linked is None or self.is_away)


@dataclass
class Away:
    """Leave of today or to come, with the communities it concerns and who stands in there."""

    leave: CadreLeave
    places: list[tuple[Community, list[PatrolDuty]]]


def lines(by: User, *, day: date) -> list[Line]:
    """The communities that ``by`` sees, those without anybody first, then by pinyin; three queries."""
    communities = Community.objects.visible_to(by).standing(day).select_related("village_committee")
    found = {row.pk: Line(row) for row in communities.order_by("pinyin", "pk")}
    away = set(CadreLeave.objects.on(day).values_list("user", flat=True))
    for duty in PatrolDuty.objects.on(day).filter(community__in=found).select_related("user"):
        line = found[duty.community_id]
        if duty.kind == PatrolDuty.Kind.LINKED:
            line.linked, line.is_away = duty, duty.user_id in away
        elif duty.kind == PatrolDuty.Kind.SUBSTITUTE:
            line.substitute = duty
        else:
            line.team.append(duty.user)
    return sorted(found.values(), key=lambda line: not line.is_uncovered)


def away(by: User, *, today: date) -> list[Away]:
    """Leave that is not over, soonest first, in the communities that ``by`` sees; four queries."""
    leave = list(
        CadreLeave.objects.visible_to(by).between(today, date.max).select_related("user").order_by("first_day")
    )
    duties = PatrolDuty.objects.between(today, date.max).filter(community__in=Community.objects.visible_to(by))
    linked: dict[int, list[PatrolDuty]] = defaultdict(list)
    substitutes: dict[int, list[PatrolDuty]] = defaultdict(list)
    for duty in duties.select_related("user", "community").order_by("community__pinyin", "first_day"):
        if duty.kind == PatrolDuty.Kind.LINKED:
            linked[duty.user_id].append(duty)
        elif duty.kind == PatrolDuty.Kind.SUBSTITUTE:
            substitutes[duty.community_id].append(duty)
    return [Away(row, _places(row, linked[row.user_id], substitutes)) for row in leave]


def _places(leave: CadreLeave, own: list[PatrolDuty], substitutes: dict[int, list[PatrolDuty]]):
    """The communities of the person on leave, each with those who stand in on one of the days."""
    meant = [duty for duty in own if _meet(duty, leave)]
    return [
        (duty.community, [other for other in substitutes[duty.community_id] if _meet(other, leave)]) for duty in meant
    ]


def _meet(duty: PatrolDuty, leave: CadreLeave) -> bool:
    return duty.first_day <= leave.last_day and (duty.last_day is None or duty.last_day >= leave.first_day)
