"""The matrix of a campaign of 500 communities and 8 steps with 20,000 findings, beside one statement of plain SQL that
counts the same, and beside the bare response.

.venv/bin/python -m bench.campaigns
"""

from datetime import timedelta

from bench import database

COMMUNITIES, STEPS, FINDINGS = 500, 8, 20_000


def fill() -> None:
    """Approved last month; each second step is recorded, every fourth finding is open."""
    from django.utils import timezone

    from accounts.roles import Role
    from bench import town
    from campaigns import found, planning
    from campaigns.models import Campaign, PlaceStep, Step
    from inspections.models import Finding
    from lib.periods import beijing_date

    now = timezone.now()
    today = beijing_date(now)
    clerk, head = (town.make_people(role, role, 1)[0] for role in (Role.TOWN_CLERK, Role.TOWN_HEAD))
    places = town.make_places(COMMUNITIES)
    row = planning.open_from_template(template="plan6", starts_on=today - timedelta(25), by=clerk, now=now)
    planning.add_places(campaign=row, communities=places, by=clerk, now=now)
    for no in range(len(row.ordered_steps) + 1, STEPS + 1):
        Step.objects.create(campaign=row, no=no, code=f"MORE_{no}", name=f"第 {no} 步")
    planning.propose(campaign=row, by=clerk, now=now)
    planning.approve(campaign=row, by=head, now=now)
    row, items = Campaign.objects.get(), list(row.items.all())
    steps = [step for step in row.steps.all() if not step.requires and step.no % 2 == 0]
    done = {"state": "done", "done_on": today, "at": now, "by": clerk}
    for place in row.places.all():
        PlaceStep.objects.bulk_create(PlaceStep(place=place, step=step, **done) for step in steps)
    given = {"found_by": clerk, "found_on": today - timedelta(3), "handling": "notice", "severity": "general"}
    ended = {"state": "closed", "closed_on": today}
    Finding.objects.bulk_create(
        [
            Finding(
                community=places[n % COMMUNITIES], item=items[n % len(items)], text=f"问题 {n}", **given,
                **(ended if n % 4 else {}),
            )
            for n in range(FINDINGS)
        ],
        batch_size=5_000,
    )  # fmt: skip
    assert found.pull(now=now) == FINDINGS


MATRIX = """
WITH counts AS (
    SELECT x.place_id, count(*) AS found, count(*) FILTER (WHERE f.state = 'open') AS left
    FROM campaigns_campaignfinding x JOIN inspections_finding f ON f.id = x.finding_id
    WHERE f.state <> 'withdrawn' GROUP BY 1
),
steps AS (SELECT place_id, jsonb_object_agg(step_id, state) AS states FROM campaigns_placestep GROUP BY 1)
SELECT p.id, c.name, coalesce(found, 0), coalesce(counts.left, 0), states FROM campaigns_campaignplace p
JOIN communities_community c ON c.id = p.community_id
LEFT JOIN counts ON counts.place_id = p.id LEFT JOIN steps ON steps.place_id = p.id
WHERE p.campaign_id = %s ORDER BY coalesce(counts.left, 0) DESC, c.pinyin, p.id
"""


def main() -> None:
    database.use("campaigns", fill)
    from django.utils import timezone

    from bench.measure import by_turns, ms, statements
    from bench.requests import Browser
    from campaigns import deadlines, found
    from campaigns.models import Campaign

    key = Campaign.objects.get().pk
    _same(key)
    url, clerk = f"/campaigns/{key}/matrix/", Browser("town_clerk1")
    works = {
        "plain SQL": (lambda: reference(key), 5),
        "matrix": (lambda: ours(key), 3),
        "bare response": (Browser().get("/bare/"), 20),
        "its page": (clerk.get(url), 2),
        "the campaign's page": (clerk.get(f"/campaigns/{key}/"), 2),
        "findings pulled in": (lambda: found.pull(now=timezone.now()), 3),
        "sweep of deadlines": (lambda: deadlines.sweep(now=timezone.now()), 3),
    }
    taken = by_turns(works, rounds=5)
    for name, (work, _) in works.items():
        cpu, wall = taken[name]
        beside = f" = {wall / taken['plain SQL'][1]:5.1f} × SQL"
        print(f"{name:20} clock {ms(wall):>8}{beside}   CPU {ms(cpu):>8}   {len(statements(work))} statements")


def reference(key: int) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(MATRIX, [key])
        return cursor.fetchall()


def ours(key: int) -> list:
    from campaigns import matrix
    from campaigns.models import Campaign

    campaign = Campaign.objects.get(pk=key)
    return matrix.rows(campaign, campaign.places.all())


def _same(key: int) -> None:
    """Both must say the same of every community, or the race is void."""
    theirs = {pk: (found, left) for pk, _, found, left, _ in reference(key)}
    assert theirs == {row.place.pk: (row.found, row.left) for row in ours(key)}, "not the same matrix"


if __name__ == "__main__":
    main()
