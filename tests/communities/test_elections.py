"""应成立而未成立: who is on the list, which step is due when. R05"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from communities import committees, elections
from communities.models import CommitteeElection, Community, OwnersCommittee
from lib.states import WrongState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def election(community, station_head, days_ago, now):
    return elections.start(
        community=community, kind="first", ready_on=days_ago(60), basis="入住过半", by=station_head, now=now
    )


def watched(user, today):
    return elections.watched(Community.objects.overseen_by(user), today=today)


def test_a_community_without_committee_is_on_the_list(community, station_head, today):
    (place,) = watched(station_head, today)
    assert place.community == community and place.election is None and not place.is_expired


def test_one_with_a_committee_is_not(community, station_head, days_ago, today):
    first = days_ago(10)
    community.committees.create(number=1, seats=5, elected_on=first, first_day=first, last_day=today + 900 * DAY)
    assert watched(station_head, today) == []
    OwnersCommittee.objects.update(last_day=today - DAY)
    assert watched(station_head, today)[0].is_expired


@pytest.mark.parametrize(("passed", "late"), [(60, False), (61, True)])
def test_the_group_within_sixty_days(community, station_head, days_ago, today, now, passed, late):
    elections.start(community=community, kind="first", ready_on=days_ago(passed), basis="x", by=station_head, now=now)
    assert watched(station_head, today)[0].is_late is late


@pytest.mark.parametrize(("passed", "late"), [(90, False), (91, True)])
def test_the_assembly_ninety_days_after_the_group(election, station_head, days_ago, today, now, passed, late):
    CommitteeElection.objects.update(ready_on=days_ago(200), group_on=days_ago(passed))
    (place,) = watched(station_head, today)
    assert place.next_step.label.startswith("召开业主大会") and place.is_late is late


def test_a_reelection_is_due_two_months_before_the_end(community):
    row = OwnersCommittee(community=community, last_day=date(2027, 4, 30))
    assert elections.election_due(row) == date(2027, 2, 28)
    row.last_day = date(2027, 1, 15)
    assert elections.election_due(row) == date(2026, 11, 15)


def test_going_on_step_by_step(election, station_head, today, now):
    with pytest.raises(ValidationError, match="不能跳过"):
        elections.go_on(election=election, assembly_on=today, by=station_head, now=now)
    election.refresh_from_db()
    elections.go_on(election=election, group_on=today, candidates=9, party_candidates=4, by=station_head, now=now)
    election.refresh_from_db()
    assert (election.group_on, election.candidates) == (today, 9)
    with pytest.raises(ValidationError, match="不能晚于今天"):
        elections.go_on(election=election, assembly_on=today + DAY, by=station_head, now=now)


def test_more_party_candidates_than_candidates(election, station_head, now):
    with pytest.raises(ValidationError, match="不能多于候选人数"):
        elections.go_on(election=election, candidates=3, party_candidates=4, by=station_head, now=now)


def test_stopped_for_a_reason_and_for_ever(election, community, station_head, today, now):
    elections.stop(election=election, stopped_why="入住不到一半", by=station_head, now=now)
    (place,) = watched(station_head, today)
    assert place.election is None and place.stopped.stopped_why == "入住不到一半"
    with pytest.raises(WrongState):
        elections.stop(election=election, stopped_why="又", by=station_head, now=now)
    with pytest.raises(WrongState):
        elections.go_on(election=election, group_on=today, by=station_head, now=now)
    assert elections.start(community=community, kind="first", ready_on=today, basis="x", by=station_head, now=now)


def test_registering_the_committee_ends_the_election(election, community, station_head, today, now):
    term = {"number": 1, "seats": 5, "elected_on": today, "first_day": today}
    last = date(today.year + 4, today.month, min(today.day, 28))
    row = committees.begin(community=community, last_day=last, by=station_head, now=now, **term)
    election.refresh_from_db()
    assert (election.state, election.committee) == ("done", row)


def test_two_at_once(election, community, station_head, today, now):
    with pytest.raises(ValidationError, match="已经有一项"):
        elections.start(community=community, kind="renewal", ready_on=today, basis="x", by=station_head, now=now)


def test_kinds_that_do_not_fit(community, station_head, today, now):
    say = {"community": community, "ready_on": today, "basis": "x", "by": station_head, "now": now}
    with pytest.raises(ValidationError, match="没有业委会"):
        elections.start(kind="by_election", **say)
    community.committees.create(number=1, seats=5, elected_on=today, first_day=today, last_day=today + 900 * DAY)
    with pytest.raises(ValidationError, match="现在有业委会"):
        elections.start(kind="first", **say)


def test_a_by_election_ends_with_the_assembly(community, station_head, today, now):
    row = community.committees.create(number=1, seats=5, elected_on=today, first_day=today, last_day=today + 900 * DAY)
    say = {"by": station_head, "now": now}
    election = elections.start(community=community, kind="by_election", ready_on=today, basis="缺一名", **say)
    with pytest.raises(ValidationError, match="先写上业主大会"):
        elections.finish_by_election(election=election, **say)
    elections.go_on(election=election, group_on=today, assembly_on=today, **say)
    elections.finish_by_election(election=election, **say)
    assert election.committee == row


def test_not_another_stations(community, other_station_head, today, now):
    with pytest.raises(PermissionDenied):
        elections.start(community=community, kind="first", ready_on=today, basis="x", by=other_station_head, now=now)
