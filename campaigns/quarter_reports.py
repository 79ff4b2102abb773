"""The quarter closes with a report: what its campaigns came to, as the last day left it. H.2, issue 10 §5"""

from collections import defaultdict
from datetime import date, datetime

from django.db.models import Count, F, Q

from lib.periods import beijing_date

from .kinds import CampaignKind
from .models import (
    Campaign,
    CampaignFinding,
    CampaignPlace,
    PlaceStep,
    QuarterReason,
    QuarterReport,
    Step,
    StepEvent,
    Task,
)
from .models.follow import quarter_of
from .quarters import between, first_held, last_day_of


def close(*, now: datetime) -> list[date]:
    """Writes the reports of quarters that are over and have none, since the first quarterly campaign's; run twice or
    by two at once, it writes each once.

    Returns:
        The quarters that had none.
    """
    first, here = first_held(), quarter_of(beijing_date(now))
    over = [quarter for quarter in between(first, here) if quarter < here] if first else []
    written = set(QuarterReport.objects.values_list("quarter", flat=True)) if over else set()
    missing = [quarter for quarter in over if quarter not in written]
    rows = [QuarterReport(quarter=quarter, made_at=now, figures=figures(quarter)) for quarter in missing]
    QuarterReport.objects.bulk_create(rows, ignore_conflicts=True)
    return missing


def figures(quarter: date) -> dict:
    """What a quarter came to, for its report: ``is_held``, ``reason`` and one row a campaign that ran in it.

    Each row: pk, title, kind, state, starts (whether it began in the quarter), tasks_done, tasks_late, tasks_open,
    communities, steps_done, steps, found, closed, failed; all as the quarter's last day left them.
    """
    last = last_day_of(quarter)
    rows = list(_ran(quarter, last))
    counted = _counted([row.pk for row in rows], last) if rows else {}
    lines = [_line(row, quarter, counted[row.pk]) for row in rows]
    is_held = any(line["starts"] and line["kind"] == CampaignKind.QUARTER for line in lines)
    reason = QuarterReason.objects.filter(quarter=quarter).values_list("reason", flat=True).first()
    return {"is_held": is_held, "reason": "" if is_held else reason or "", "campaigns": lines}


def _ran(first: date, last: date):
    """Approved campaigns that ran on at least one of the days."""
    rows = Campaign.objects.approved().with_days().filter(begins__lte=last)
    going = Q(waits=True) | Q(ends__gte=first)
    return rows.filter(going, Q(ended_on=None) | Q(ended_on__gte=first)).order_by("begins", "pk")


def _line(campaign: Campaign, quarter: date, counted: dict[str, int]) -> dict:
    steps = counted.pop("columns", 0) * counted.get("communities", 0)
    names = "tasks_done tasks_late tasks_open communities steps_done found closed failed".split()
    numbers = {name: counted.get(name, 0) for name in names} | {"steps": steps}
    said = {"pk": campaign.pk, "title": campaign.title, "kind": campaign.kind, "state": campaign.state}
    return said | {"starts": campaign.begins >= quarter} | numbers


def _counted(campaigns: list[int], last: date) -> dict[int, dict[str, int]]:
    """The numbers of each campaign, in six queries."""
    done = Q(done_on__lte=last)
    open_ = Q(done_on=None) | Q(done_on__gt=last)
    late = open_ & Q(due_on__lte=last)
    closed = Q(finding__state="closed", finding__closed_on__lte=last)
    found = CampaignFinding.objects.filter(finding__found_on__lte=last).exclude(finding__state="withdrawn")
    number = Count("pk")
    asked = [
        (
            Task.objects.filter(campaign__in=campaigns),
            "campaign",
            {
                "tasks_done": Count("pk", filter=done),
                "tasks_late": Count("pk", filter=late),
                "tasks_open": Count("pk", filter=open_ & (Q(due_on=None) | Q(due_on__gt=last))),
            },
        ),
        (CampaignPlace.objects.filter(campaign__in=campaigns), "campaign", {"communities": number}),
        (Step.objects.filter(campaign__in=campaigns), "campaign", {"columns": number}),
        (PlaceStep.objects.filter(done, state="done"), "place__campaign", {"steps_done": number}),
        (found, "place__campaign", {"found": number, "closed": Count("pk", filter=closed)}),
        (
            StepEvent.objects.failed_acceptances().filter(day__lte=last),
            "place_step__place__campaign",
            {"failed": number},
        ),
    ]
    totals: dict[int, dict[str, int]] = defaultdict(dict)
    for rows, path, sums in asked:
        for line in rows.filter(**{f"{path}__in": campaigns}).order_by().values(of=F(path)).annotate(**sums):
            totals[line.pop("of")] |= line
    return totals
