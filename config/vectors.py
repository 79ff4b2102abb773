"""Replays a file of worked cases (the shape of tests/data/vectors.json) through the portal's own functions.

Each area is one function from a case's input to what the portal answers. A room that is built adds its areas here.
Rules are those of the day that a case speaks of. What needs rows makes them and takes them back.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from communities.models import CadreLeave, Community, PatrolDuty, VillageCommittee
from complaints import registration
from complaints import terms as complaint_terms
from complaints.kinds import Urgency
from inspections import notice_terms, weeks
from inspections.models import Patrol
from lib.money import allocate
from lib.periods import BEIJING, Week, beijing_date, week_of
from rulebook.workdays import add_working_days

LONG_AGO = date(2004, 1, 1)
AREAS: dict[str, Callable[[dict[str, Any]], Any]] = {}


@dataclass(frozen=True)
class Difference:
    case: str
    area: str
    expected: Any
    got: Any


@dataclass(frozen=True)
class Result:
    passed: int
    differences: list[Difference]
    skipped: Counter  # area → cases

    def __str__(self) -> str:
        return f"{self.passed} passed, {len(self.differences)} failed, {self.skipped.total()} skipped"


def replay(cases: Iterable[dict[str, Any]]) -> Result:
    """Runs every case whose area is built and compares exactly; the others are counted by area."""
    passed, differences, skipped = 0, [], Counter()
    for case in cases:
        area = case["area"]
        if area not in AREAS:
            skipped[area] += 1
            continue
        got = _answer(AREAS[area], case["input"])
        if _same(got, case["expected"]):
            passed += 1
        else:
            differences.append(Difference(str(case.get("id", "?")), area, case["expected"], got))
    return Result(passed, differences, skipped)


def _answer(area: Callable[[dict[str, Any]], Any], given: dict[str, Any]) -> Any:
    """What the portal says; a refusal is its code, anything unexpected is a difference and never the end of the run."""
    try:
        return area(dict(given))
    except Exception as error:
        return {"error": getattr(error, "code", None) or f"{type(error).__name__}: {error}"}


def _same(got: Any, expected: Any) -> bool:
    """Equal to the type: true is not 1, and keys are exact."""
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(_same(got[key], expected[key]) for key in got)
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(map(_same, got, expected))
    return type(got) is type(expected) and got == expected


def area(name: str):
    """Marks the function that answers an area. A key of the input that it leaves over is a difference."""

    def mark(answer: Callable[[dict[str, Any]], Any]):
        def whole(given: dict[str, Any]) -> Any:
            got = answer(given)
            if given:
                raise ValueError(f"input not understood: {', '.join(given)}")
            return got

        AREAS[name] = whole
        return answer

    return mark


# ---------------------------------------------------------------- calendar and money


@area("calendar.add_workdays")
def _add_workdays(given: dict[str, Any]) -> dict[str, Any]:
    due = add_working_days(date.fromisoformat(given.pop("from")), given.pop("n"))
    return {"date": due.date.isoformat(), "provisional": due.provisional}


@area("fund.allocation")
def _allocation(given: dict[str, Any]) -> dict[str, int]:
    return allocate(given.pop("amount_fen"), given.pop("areas_centi"))


# ---------------------------------------------------------------- patrols


@area("patrol.week_of")
def _week_of(given: dict[str, Any]) -> dict[str, str]:
    moment = datetime.fromisoformat(given.pop("utc"))
    return {"beijing_date": beijing_date(moment).isoformat(), "week_monday": week_of(moment).monday.isoformat()}


@area("patrol.quota")
def _quota(given: dict[str, Any]) -> dict[str, Any]:
    whole = not given.keys() & {"link_from", "link_to", "leave"}
    with _a_week(given) as (_, _, asked):
        answer = {"quota": asked().quota}
        return {**answer, "submit_by": asked().terms.submit_by.date.isoformat()} if whole else answer


@area("patrol.week")
def _patrol_week(given: dict[str, Any]) -> dict[str, Any]:
    made = given.pop("patrols")
    with _a_week(given) as (week, duty, asked):
        for number, patrol in enumerate(made):
            _make_patrol(duty, number, dict(patrol))
        met = asked()
        return {
            "week": str(week),
            "quota": met.quota,
            "counted": met.counted,
            "met": met.is_met,
            "submit_by": met.terms.submit_by.date.isoformat(),
        }


@area("patrol.rectify_due")
def _rectify_due(given: dict[str, Any]) -> dict[str, Any]:
    received = given.pop("received", None)
    found = notice_terms.rectify_due(
        issued=date.fromisoformat(given.pop("issued")),
        received=received and date.fromisoformat(received),
        severity=given.pop("severity").lower(),
        no=given.pop("round", 1),
    )
    return {
        "received_effective": found.received_effective.isoformat(),
        "due": found.due.date.isoformat(),
        "provisional": found.due.provisional,
    }


@contextmanager
def _a_week(given: dict[str, Any]):
    """A cadre with one community, as the case describes them, for as long as it lasts."""
    week = Week(date.fromisoformat(given.pop("week_monday")))
    with transaction.atomic():
        duty = _make_duty(given)
        for day in given.pop("leave", ()):
            CadreLeave.objects.create(user=duty.user, first_day=day, last_day=day)
        yield week, duty, lambda: weeks.cadre_week(week, duty.user)
        transaction.set_rollback(True)


def _make_duty(given: dict[str, Any]) -> PatrolDuty:
    village = VillageCommittee.objects.create(name="验算用村居")
    community = Community.objects.create(name="验算用小区", village_committee=village, kind=Community.Kind.DEVELOPED)
    user = User.objects.create(username="vectors", name="验算用干部")
    first_day = date.fromisoformat(given.pop("link_from", LONG_AGO.isoformat()))
    last_day = given.pop("link_to", None)
    return PatrolDuty.objects.create(
        user=user, community=community, first_day=first_day, last_day=last_day and date.fromisoformat(last_day)
    )


def _make_patrol(duty: PatrolDuty, number: int, given: dict[str, Any]) -> None:
    occurred, submitted = (datetime.fromisoformat(given.pop(key)) for key in ("occurred", "submitted"))
    voided, kind = given.pop("voided", False), given.pop("kind", Patrol.Kind.DAILY)
    if given:
        raise ValueError(f"patrol not understood: {', '.join(given)}")
    day = beijing_date(occurred)
    Patrol.objects.create(
        number=f"验算-{number}",
        community=duty.community,
        user=duty.user,
        kind=kind,
        state=Patrol.State.VOIDED if voided else Patrol.State.SUBMITTED,
        void_reason="验算" if voided else "",
        occurred_at=occurred,
        occurred_on=day,
        submitted_at=submitted,
        submitted_on=beijing_date(submitted),
        submit_by=weeks.terms_of(week_of(day)).submit_by.date,
    )


from config import vectors_campaigns, vectors_fund, vectors_scores  # noqa: E402, F401 — their areas are marked with the decorator above

# ---------------------------------------------------------------- complaints


@area("complaint")
def _complaint(given: dict[str, Any]) -> dict[str, Any]:
    registered = datetime.fromisoformat(given.pop("registered_utc"))
    platform = given.pop("platform_due", None)
    due = platform and date.fromisoformat(platform)
    terms = complaint_terms.of(registered, given.pop("level").lower(), platform_due=due)
    return {
        "number": registration.number(beijing_date(registered), given.pop("daily_seq")),
        "accept_by": terms.accept.date.isoformat(),
        "reply_by": terms.reply_by.isoformat(),
    }


@area("complaint.urgent")
def _complaint_urgent(given: dict[str, Any]) -> dict[str, Any]:
    moment = complaint_terms.on_site_by(datetime.fromisoformat(given.pop("registered_utc")), Urgency.SAFETY)
    return {"on_site_by_beijing": f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"}


@area("mailbox.due")
def _mailbox_due(given: dict[str, Any]) -> dict[str, Any]:
    received = datetime.fromisoformat(given.pop("received_utc"))
    return {"answer_by": complaint_terms.mailbox_answer_by(received).isoformat()}
