"""Each constraint of committees, registers and hand-over lists by its name."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from communities.models import (
    CommitteeConcern,
    CommitteeElection,
    CommitteeMember,
    Contract,
    ExitHandover,
    ExitItem,
    OwnersCommittee,
    PartyBranch,
    Person,
    Record,
)

from .test_constraints import in_order, refused_by, twice

pytestmark = pytest.mark.django_db
D1, D2, D3 = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def term(community):
    return {"community": community, "seats": 5, "elected_on": D1}


@pytest.fixture
def committee(term):
    return OwnersCommittee.objects.create(number=1, first_day=D1, last_day=D3, **term)


@pytest.fixture
def person(db):
    return Person.objects.create(name="王桂兰")


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("owners_committee_days", {"first_day": D2, "last_day": D1}),
        ("owners_committee_ends", {"last_day": None}),
        ("owners_committee_elected_first", {"elected_on": D2}),
        ("owners_committee_filed_after", {"elected_on": D1, "filed_on": date(2025, 12, 31)}),
        ("owners_committee_filed_after", {"filing_number": "备1号"}),
        ("owners_committee_certificate_after", {"certificate_on": D2}),
        ("owners_committee_party_total", {"party_members": 6}),
    ],
)
def test_a_term(term, name, columns):
    refused_by(name, OwnersCommittee(**{"number": 1, "first_day": D1, "last_day": D3, **term, **columns}))


def test_one_committee_a_day(term):
    first, second = twice(OwnersCommittee, **term)
    first.number, second.number, second.last_day = 1, 2, D3
    refused_by("owners_committee_one", first, second)


def test_a_number_once(committee, term):
    days = {"first_day": date(2026, 4, 1), "last_day": date(2026, 5, 1)}
    refused_by("owners_committee_number", OwnersCommittee(number=1, **days, **term))


def test_members(committee, person):
    of = {"committee": committee, "person": person}
    refused_by("committee_member_days", in_order(CommitteeMember, **of))
    refused_by("committee_member_once", *twice(CommitteeMember, **of))
    other = Person.objects.create(name="何桂香")
    chairs = (
        CommitteeMember(first_day=D1, post="chair", **of),
        CommitteeMember(first_day=D2, post="chair", committee=committee, person=other),
    )
    refused_by("committee_member_one_chair", *chairs)


@pytest.mark.parametrize("days", [{"first_day": date(2025, 12, 31)}, {"first_day": D1, "last_day": date(2026, 3, 2)}])
def test_a_member_sits_within_the_term(committee, person, days):
    refused_by("committee_member_within_term", CommitteeMember(committee=committee, person=person, **days))


def test_a_term_holds_its_members(committee, person):
    CommitteeMember.objects.create(committee=committee, person=person, first_day=D2)
    committee.last_day = date(2026, 1, 15)
    refused_by("committee_member_within_term", committee)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("committee_election_steps", {"group_on": date(2025, 12, 31)}),
        ("committee_election_steps", {"assembly_on": D2}),
        ("committee_election_steps", {"group_on": D2, "assembly_on": D1}),
        ("committee_election_party_total", {"candidates": 1, "party_candidates": 2}),
        ("committee_election_party_total", {"party_candidates": 2}),
        ("committee_election_end", {"state": "done"}),
        ("committee_election_end", {"state": "stopped"}),
    ],
)
def test_elections(community, name, columns):
    row = {"community": community, "kind": "first", "ready_on": D1, "basis": "x"}
    refused_by(name, CommitteeElection(**row, **columns))


def test_one_election_at_a_time(community):
    row = {"community": community, "kind": "first", "ready_on": D1, "basis": "x"}
    refused_by("committee_election_one_running", CommitteeElection(**row), CommitteeElection(**row))


def test_an_election_that_is_over_stays(community):
    row = CommitteeElection.objects.create(
        community=community, kind="first", ready_on=D1, basis="x", state="stopped", stopped_why="x"
    )
    row.basis = "y"
    refused_by("committee_election_kept", row)


def test_an_election_of_another_community(committee, neighbour_community):
    row = CommitteeElection(community=neighbour_community, kind="first", ready_on=D1, basis="x", state="done")
    row.committee = committee
    refused_by("election_committee_here", row)


def test_concerns(committee):
    of = {"committee": committee, "kind": "weak", "reason": "x"}
    refused_by("committee_concern_days", in_order(CommitteeConcern, settled="x", **of))
    refused_by("committee_concern_once", CommitteeConcern(first_day=D1, **of), CommitteeConcern(first_day=D2, **of))
    refused_by("committee_concern_why", CommitteeConcern(first_day=D1, **{**of, "reason": ""}))
    refused_by("committee_concern_settled_how", CommitteeConcern(first_day=D1, last_day=D2, **of))
    refused_by("committee_concern_document", CommitteeConcern(first_day=D1, **{**of, "kind": "unlawful"}))


def test_party_branches(community, cadre):
    of = {"community": community, "secretary": cadre, "name": "党支部"}
    refused_by("party_branch_days", in_order(PartyBranch, **of))
    refused_by("party_branch_one", *twice(PartyBranch, **of))


# ---------------------------------------------------------------- registers, hand-over lists


@pytest.fixture
def entry(community, clerk):
    now = timezone.now()
    return {"kind": "minutes", "community": community, "happened_on": D1, "title": "会", "entered_by": clerk,
            "entered_at": now}  # fmt: skip


def test_entries(entry, firm_row, committee, neighbour_community):
    refused_by("record_of_one", Record(**{**entry, "firm": firm_row}))
    refused_by("record_of_one", Record(**{**entry, "community": None}))
    refused_by("record_says_what", Record(**{**entry, "title": ""}))
    refused_by("record_struck_why", Record(**entry, struck_why="x"))
    refused_by("record_committee_here", Record(**{**entry, "community": neighbour_community}, committee=committee))


def test_an_entry_is_struck_once_and_never_changed(entry, clerk):
    row = Record.objects.create(**entry)
    for change in ({"title": "别的"}, {"happened_on": D2}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Record.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    struck = {"struck_at": timezone.now(), "struck_by": clerk, "struck_why": "x"}
    Record.objects.filter(pk=row.pk).update(**struck)
    with pytest.raises(DatabaseError, match="已经作废"), transaction.atomic():
        Record.objects.filter(pk=row.pk).update(struck_why="y")


@pytest.fixture
def listed(committee):
    return {"community": committee.community, "committee": committee, "ended_on": D1, "due_on": D2}


def test_exits(listed, firm_row, neighbour_community):
    contract = Contract.objects.get()
    refused_by("exit_of_one", ExitHandover(**{**listed, "contract": contract}))
    refused_by("exit_of_one", ExitHandover(**{**listed, "committee": None}))
    refused_by("exit_due_after", ExitHandover(**{**listed, "due_on": date(2025, 12, 31)}))
    refused_by("exit_witnessed", ExitHandover(**listed, closed_on=D2))
    refused_by("exit_committee_here", ExitHandover(**{**listed, "community": neighbour_community}))
    alone = {**listed, "committee": None, "contract": contract}
    refused_by("exit_contract_here", ExitHandover(**{**alone, "community": neighbour_community}))


def test_exit_items(listed):
    row = ExitHandover.objects.create(**listed)
    thing = {"exit": row, "kind": "papers", "name": "名册"}
    refused_by("exit_item_once", ExitItem(**thing), ExitItem(**thing))
    refused_by("exit_item_one_answer", ExitItem(**thing, handed_on=D1, missing_why="x"))
    item = ExitItem.objects.create(**thing)
    row.closed_on, row.witness = D2, "社区"
    refused_by("exit_all_answered", row)
    item.handed_on = D1
    item.save()
    row.save()
    refused_by("exit_closed", item)
    row.witness = "别人"
    refused_by("exit_closed", row)
