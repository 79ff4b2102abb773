"""Whatever is sent, nobody gets a 500: forged keys, empty management forms, pages and months that are none."""

import pytest
from django.urls import get_resolver, reverse

from campaigns import dispatches, help_requests, lists, planning
from lib.periods import Month
from tests.campaigns.conftest import MONDAY, day

pytestmark = pytest.mark.django_db
HUGE = "9" * 30
QUERIES = [
    {"page": HUGE, "month": "2026-13", "only": "x", "campaign": HUGE, "state": ["a", "b"], "kind": "\0", "q": "\0"},
    {"page": "-1", "month": "2099-12", "q": "%_\\", "batch": HUGE, "campaign": "abc", "of": "1,2,x"},
    {"month": "2000-01", "only": "late", "q": "堆" * 60, "state": "all", "batch": "²"},
]
TYPED = [
    {},
    dict.fromkeys("state day passed failed item members places leader fine batch lead phase template".split(), HUGE),
    {
        "phase-TOTAL_FORMS": HUGE,
        "phase-INITIAL_FORMS": "-1",
        "decision-TOTAL_FORMS": "x",
        "day": "0001-01-01",
        "due_on": "0001-01-01",
        "done_on": "0001-01-01",
        "last_day": "9999-12-31",
        "starts_on": "9999-12-31",
        "held_on": "0001-01-01",
        "month": "2026-99",
        "text": "\0",
        "title": "a" * 5000,
        "names": "\0\r\n" * 50,
        "template": "plan3",
        "passed": "no",
        "state": "done",
        "money_fen": HUGE,
    },
    {
        "text": "写一句",
        "reason": "写一句",
        "result": "写一句",
        "summary": "写一句",
        "title": "写一句",
        "lead": "镇物业办",
        "name": "一组",
        "person": "王",
        "due_on": "9999-12-31",
        "day": "2026-11-16",
        "done_on": "0001-01-01",
        "state": "stuck",
        "passed": "no",
        "kind": "quarter",
        "starts_on": "0001-01-01",
        "last_day": "0001-01-01",
    },
]


@pytest.fixture
def keys(campaign, place, clerk) -> dict[str, list[int]]:
    """Rows of each kind, and a key that none has."""
    problem = lists.put(campaign=campaign, place=place, text="堆物", by=clerk, now=MONDAY)
    dispatch = dispatches.hold(
        campaign=campaign,
        month=Month(2026, 11),
        held_on=day("2026-11-16"),
        progress="刚开始",
        decisions=[{"text": "补路灯", "person": "王", "due_on": day("2026-11-20")}],
        by=clerk,
        now=MONDAY,
    )
    request = help_requests.ask(place=place, text="夜宵摊", asks="查处", by=clerk, now=MONDAY)
    second = planning.begin(title="另一份", kind="quarter", by=clerk, now=MONDAY)
    return {
        "campaign": [campaign.pk, second.pk],
        "phase": [campaign.ordered_phases[0].pk],
        "task": [campaign.tasks.first().pk],
        "team": [campaign.teams.get().pk],
        "place": [place.pk],
        "problem": [problem.pk],
        "dispatch": [dispatch.pk],
        "decision": [dispatch.decisions.get().pk],
        "help": [request.pk],
    }


DOING = {
    "press": ["propose", "approve", "end"],
    "act": ["send-back", "end", "x"],
    "phase-act": ["extend", "event", "x"],
    "task-act": ["finish", "extend", "reopen"],
    "help-request-act": ["send", "drop", "answer"],
}


def addresses(keys: dict[str, list[int]], others: bool = True):
    """Every address of the room with the keys that fit it, and with ``others`` also with one that is too large."""
    for pattern in get_resolver("campaigns.urls").url_patterns:
        names, path = set(pattern.pattern.converters), str(pattern.pattern)
        if names & {"quarter", "token"}:
            continue
        kind = next((kind for kind in keys if path.startswith((f"{kind}s/", f"{kind}es/", f"{kind}/"))), "campaign")
        numbers = [*keys[kind], *([10**19] if others else [])]
        for number in numbers if "pk" in names else [None]:
            for word in DOING[pattern.name] if "doing" in names else [None]:
                given = {"pk": number, "doing": word, "step": number}
                yield reverse(f"campaigns:{pattern.name}", kwargs={name: given[name] for name in names})


def test_every_page_with_strange_queries(as_clerk, keys):
    for number, address in enumerate(addresses(keys)):
        query = QUERIES[number % len(QUERIES)]
        assert as_clerk.get(address, query).status_code < 500, (address, query)


@pytest.mark.parametrize("query", QUERIES)
def test_every_list_with_every_strange_query(as_clerk, keys, query):
    for name in ("campaign-list", "help-request-list", "journal", "journal-export", "calendar", "quarter-list"):
        assert as_clerk.get(reverse(f"campaigns:{name}"), query).status_code < 500, name
    for name in ("matrix", "matrix-export", "problem-list", "problem-export", "amenities", "amenities-export"):
        for pk in keys["campaign"]:
            assert as_clerk.get(reverse(f"campaigns:{name}", args=[pk]), query).status_code < 500, name


@pytest.mark.parametrize("typed", TYPED, ids=["nothing", "huge", "broken", "half right"])
def test_every_form_with_strange_fields(as_clerk, keys, typed):
    for address in addresses(keys, others=False):
        assert as_clerk.post(address, typed).status_code < 500, address


@pytest.mark.parametrize("address", ["2026-13-01", "2026-02-01", "20２6-01-01", "2099-10-01", "1999-01-01"])
def test_quarters_that_are_none(as_clerk, campaign, address):
    for path in ("", "reason/"):
        assert as_clerk.get(f"/campaigns/quarters/{address}/{path}").status_code in (403, 404)
