"""The matrix: communities × steps, what is left first. Constant queries whatever their number. Issue 10 §4"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import User

from .kinds import ACCEPT, NOT_BEGUN, RECTIFY, TONES, StepState
from .models import Campaign, CampaignPlace, PlaceStep, Step


@dataclass(frozen=True)
class Cell:
    """One step of one community in a word with its colour."""

    step: Step
    row: PlaceStep | None
    state: str

    @property
    def label(self) -> str:
        return StepState(self.state).label if self.state else NOT_BEGUN

    @property
    def tone(self) -> str:
        return TONES[self.state][0]

    @property
    def mark(self) -> str:
        return TONES[self.state][1]


@dataclass(frozen=True)
class Row:
    place: CampaignPlace
    cells: list[Cell]

    @property
    def found(self) -> int:
        return self.place.found_count

    @property
    def left(self) -> int:
        """Findings of the campaign that are open."""
        return self.place.left_count

    @property
    def steps_left(self) -> int:
        return sum(cell.state != StepState.DONE for cell in self.cells)

    @property
    def is_through(self) -> bool:
        return not self.left and not self.steps_left

    @property
    def is_stuck(self) -> bool:
        return any(cell.state in (StepState.STUCK, StepState.FAILED) for cell in self.cells)


def rows(campaign: Campaign, places: QuerySet[CampaignPlace]) -> list[Row]:
    """The communities of some of a campaign's places; most left first, then most steps, then by name."""
    shown = list(places.filter(campaign=campaign).with_found().select_related("community"))
    recorded: dict[int, dict[int, PlaceStep]] = defaultdict(dict)
    for one in PlaceStep.objects.filter(place__campaign=campaign).order_by():
        recorded[one.place_id][one.step_id] = one
    steps = campaign.ordered_steps
    made = [Row(place, _cells(steps, recorded[place.pk], place)) for place in shown]
    return sorted(made, key=lambda row: (-row.left, -row.steps_left, row.place.community.pinyin, row.place.pk))


def _cells(steps: Sequence[Step], recorded: dict[int, PlaceStep], place: CampaignPlace) -> list[Cell]:
    accepted = {step.pk for step in steps if step.code == ACCEPT}
    passed = any(row.step_id in accepted and row.state == StepState.DONE for row in recorded.values())
    return [_cell(step, recorded.get(step.pk), place, passed) for step in steps]


def _cell(step: Step, row: PlaceStep | None, place: CampaignPlace, passed: bool) -> Cell:
    """What was recorded; being put right is seen from the findings and the acceptance, so nobody has to write it
    down.
    """
    if row is not None and not (step.code == RECTIFY and row.state == StepState.DOING and not place.left_count):
        return Cell(step, row, row.state)
    if step.code == RECTIFY and (place.found_count or passed):
        return Cell(step, row, StepState.DOING if place.left_count else StepState.DONE)
    return Cell(step, row, row.state if row else "")


@dataclass(frozen=True)
class Total:
    """The last line: how many communities are through each step, and what is left of what was found."""

    done: list[int]
    found: int
    left: int
    communities: int


def total(made: Sequence[Row]) -> Total:
    done = [
        sum(cell.state == StepState.DONE for cell in column)
        for column in zip(*(row.cells for row in made), strict=True)
    ]
    return Total(done, sum(row.found for row in made), sum(row.left for row in made), len(made))


@dataclass(frozen=True)
class Batch:
    """A batch: how many of its communities are through each step. 分批"""

    number: int
    total: Total


def batches(made: Sequence[Row]) -> list[Batch]:
    """One line a batch, where there are batches."""
    by_number: dict[int, list[Row]] = defaultdict(list)
    for row in made:
        if row.place.batch:
            by_number[row.place.batch].append(row)
    return [Batch(number, total(of)) for number, of in sorted(by_number.items())]


def snapshot(campaign: Campaign, today: date) -> dict:
    """The matrix as it stands, to be kept with a dispatch: names, states, numbers."""
    made = rows(campaign, campaign.places.all())
    sums = total(made)
    return {
        "day": today.isoformat(),
        "steps": [step.name for step in campaign.ordered_steps],
        "rows": [
            {
                "place": row.place.pk,
                "community": row.place.community.name,
                "batch": row.place.batch,
                "states": [cell.state for cell in row.cells],
                "words": [cell.label for cell in row.cells],
                "found": row.found,
                "left": row.left,
            }
            for row in made
        ],
        "done": sums.done,
        "found": sums.found,
        "left": sums.left,
    }


def seen_by(campaign: Campaign, user: User) -> list[Row]:
    """The matrix of the communities that somebody sees."""
    return rows(campaign, CampaignPlace.objects.visible_to(user))
