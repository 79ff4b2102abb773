"""Two years of patrols: mostly as asked, a few weeks missed, this week half done. DOMAIN B.1–B.5"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from inspections import weeks
from inspections.models import ASKED, Category, DayNumber, MissedWeekReason, Patrol, PatrolAnswer
from lib.periods import BEIJING, DAY, Week, beijing_date
from portal.demo import records
from portal.demo.draft import BATCH, Draft
from portal.demo.people import SUBSTITUTED
from portal.demo.words import MISSED, NOTES, PLACES_SEEN
from rulebook.workdays import is_working_day

NOT_VISITED_YET = {"滨湖花园", "迎宾新都", "桂花园", "梅园新居", "城中城小区", SUBSTITUTED}  # this week
DONE_EARLY = {"锦绣家园", "云溪新居", "望江苑"}  # this week as often as asked, as far as days allow


@dataclass
class Made:
    """The patrols of the town, and the weeks in which something is missing."""

    patrols: list[Patrol] = field(default_factory=list)
    missed: list[tuple[weeks.Share, Week]] = field(default_factory=list)


def make(draft: Draft) -> list[Patrol]:
    """Patrols with numbers and answers, reasons of missed weeks; findings come afterwards."""
    made = Made()
    for week in draft.weeks:
        terms = weeks.terms_of(week)
        for cadre in weeks.cadre_weeks(week, terms=terms):
            for share in cadre.shares:
                _week_of(draft, made, share, week, terms.submit_by.date)
    made.patrols += records.others(draft, made.patrols)
    _number(made.patrols)
    Patrol.objects.bulk_create(made.patrols, batch_size=BATCH)
    _reasons(draft, made.missed)
    return made.patrols


def _week_of(draft: Draft, made: Made, share: weeks.Share, week: Week, submit_by: date) -> None:
    """One cadre's patrols of one community in one week."""
    days = _days(draft, share, week)
    made.patrols += [_patrol(draft, share, day, submit_by) for day in days]
    if len(days) < share.quota and week != draft.this_week:
        made.missed.append((share, week))


def _days(draft: Draft, share: weeks.Share, week: Week) -> list[date]:
    """The days of the week on which the cadre goes: as many as asked, once in a while fewer or one more."""
    possible = sorted(day for day in share.duty_days if is_working_day(day))
    count = min(len(possible), share.quota + draft.one_in(20) - draft.one_in(24) - draft.one_in(60))
    if week == draft.this_week:
        return _so_far(draft, share, possible)
    return sorted(draft.chance.sample(possible, max(0, count)))


def _so_far(draft: Draft, share: weeks.Share, possible: list[date]) -> list[date]:
    """This week until now. Today counts from the middle of the afternoon, so that something is left to do."""
    name = share.community.name.removeprefix("演示·")
    gone = [day for day in possible if day < draft.today or (day == draft.today and _is_late(draft.now))]
    if name in NOT_VISITED_YET:
        return []
    if name in DONE_EARLY:
        return gone[: share.quota]
    return gone[: (share.quota + 1) // 2] if draft.one_in(2) else gone[-1:]


def _is_late(now: datetime) -> bool:
    return now.astimezone(BEIJING).hour >= 15


def _patrol(draft: Draft, share: weeks.Share, day: date, submit_by: date) -> Patrol:
    seen = min(draft.moment(day), draft.now - timedelta(minutes=30))
    sent = min(_sent(draft, seen, submit_by), draft.now)
    return Patrol(
        client_id=draft.uuid(),
        community=share.community,
        user=share.user,
        occurred_at=seen,
        occurred_on=beijing_date(seen),
        submitted_at=sent,
        submitted_on=beijing_date(sent),
        submit_by=submit_by,
        places=draft.chance.choice(PLACES_SEEN),
        note=draft.chance.choice(NOTES),
    )


def _sent(draft: Draft, seen: datetime, submit_by: date) -> datetime:
    """Mostly on the spot, sometimes the evening after, rarely when the week is over."""
    if draft.one_in(150):
        return draft.moment(submit_by + DAY)
    if draft.one_in(12):
        return seen + timedelta(hours=draft.chance.randrange(3, 30))
    return seen + timedelta(minutes=draft.chance.randrange(3, 25))


def _number(patrols: list[Patrol]) -> None:
    """巡20261104-0003: one sequence a Beijing day, in the order in which they came in."""
    last: dict[date, int] = defaultdict(int)
    for patrol in sorted(patrols, key=lambda row: row.submitted_at):
        last[patrol.submitted_on] += 1
        patrol.number = f"巡{patrol.submitted_on:%Y%m%d}-{last[patrol.submitted_on]:04}"
    DayNumber.objects.bulk_create([DayNumber(day=day, last=number) for day, number in last.items()], batch_size=BATCH)


def answers(draft: Draft, patrols: list[Patrol], found: dict[int, set[str]]) -> None:
    """What each patrol says of each category. ``found``: patrol → categories with findings."""
    rows = [
        PatrolAnswer(patrol=patrol, category=category, result=_result(draft, category, found.get(patrol.pk, ())))
        for patrol in patrols
        for category in Category
    ]
    PatrolAnswer.objects.bulk_create(rows, batch_size=BATCH)


def _result(draft: Draft, category: Category, found) -> str:
    if category in found:
        return PatrolAnswer.Result.FINDING
    unseen = draft.one_in(25) if category in ASKED else draft.one_in(3)
    return PatrolAnswer.Result.NOT_SEEN if unseen else PatrolAnswer.Result.OK


def _reasons(draft: Draft, missed: list[tuple[weeks.Share, Week]]) -> None:
    """The station's head has noted a reason for some of the missed weeks."""
    heads = {village.pk: head for village, head in zip(draft.villages, draft.station_heads, strict=True)}
    MissedWeekReason.objects.bulk_create(
        MissedWeekReason(
            user=share.user,
            community=share.community,
            monday=week.monday,
            reason=draft.chance.choice(MISSED),
            by=heads[share.community.village_committee_id],
            at=min(draft.moment(week.sunday + 3 * DAY), draft.now),
        )
        for share, week in missed
        if draft.one_in(2)
    )
