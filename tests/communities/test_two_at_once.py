"""Two people at once: one acts, the other is told; nothing overlaps and nothing fails without a sentence."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import RoleGrant
from communities import activation, contracts, duties, handovers
from communities.models import (
    AccountLink,
    Contract,
    Handover,
    LetterBatch,
    Ownership,
    PatrolDuty,
    Person,
    Unit,
)
from lib.periods import DAY
from lib.states import WrongState

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts) -> list:
    """What each act ends with: None, or what it raised."""
    gate, ends = Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            gate.wait(10)
            act()
        except Exception as error:
            ends[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ends


def one_was_told(ends: list, words: str) -> None:
    (told,) = [end for end in ends if end is not None]
    assert isinstance(told, ValidationError) and words in str(told)


def test_two_link_a_cadre_to_one_community(make_user, community, clerk, town_head, today, now):
    people = [make_user(f"n{n}", f"新来{n}") for n in range(2)]
    say = {"community": community, "first_day": today, "now": now}
    acts = [
        lambda user=user, by=by: duties.link(user=user, by=by, **say)
        for user, by in zip(people, (clerk, town_head), strict=True)
    ]
    one_was_told(at_once(*acts), "已经有联系干部")
    assert PatrolDuty.objects.count() == 1 and RoleGrant.objects.filter(role="cadre").count() == 1


def test_one_person_for_two_communities(make_user, community, neighbour_community, clerk, today, now):
    """Both links succeed and the role is made once."""
    user = make_user("n1", "新来")
    places = (community, neighbour_community)
    acts = [
        lambda place=place: duties.link(user=user, community=place, first_day=today, by=clerk, now=now)
        for place in places
    ]
    assert at_once(*acts) == [None, None]
    assert RoleGrant.objects.filter(user=user, role="cadre").count() == 1


def test_two_contracts_for_one_community(community, other_firm_row, clerk, town_head, today, now):
    say = {"community": community, "firm": other_firm_row, "kind": "owners", "first_day": today, "now": now}
    acts = [lambda by=by: contracts.begin(by=by, **say) for by in (clerk, town_head)]
    one_was_told(at_once(*acts), "已经有物业合同")
    assert Contract.objects.filter(community=community).count() == 1


def test_leave_recorded_twice(cadre, clerk, town_head, today, now):
    say = {"user": cadre, "first_day": today, "last_day": today, "now": now}
    acts = [lambda by=by: duties.record_leave(by=by, **say) for by in (clerk, town_head)]
    one_was_told(at_once(*acts), "已经记过请假")


def test_two_slips_for_one_cadre(cadre, other_cadre, community, clerk, town_head, today, now):
    say = {"user": cadre, "first_day": today + DAY, "successors": {community: other_cadre}, "now": now}
    one_was_told(
        at_once(*[lambda by=by: handovers.start(by=by, **say) for by in (clerk, town_head)]), "已经有一张交接单"
    )
    assert Handover.objects.count() == 1


def test_both_sides_confirm_at_once(cadre, other_cadre, community, clerk, today, now):
    """Neither waits for the other: whoever comes second finds that all have confirmed."""
    slip = handovers.start(user=cadre, first_day=today + DAY, successors={community: other_cadre}, by=clerk, now=now)
    acts = [
        lambda: handovers.hand(handover=slip, phone_is_empty=True, by=cadre, now=now),
        lambda: handovers.receive(handover=slip, by=other_cadre, now=now),
    ]
    assert at_once(*acts) == [None, None]
    slip.refresh_from_db()
    assert slip.state == "confirmed" and slip.events.filter(kind="confirmed").count() == 1


def test_one_confirms_twice_at_once(cadre, other_cadre, community, clerk, today, now):
    slip = handovers.start(user=cadre, first_day=today + DAY, successors={community: other_cadre}, by=clerk, now=now)
    ends = at_once(*[lambda: handovers.hand(handover=slip, phone_is_empty=True, by=cadre, now=now)] * 2)
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "WrongState"]
    assert slip.events.filter(kind="handed").count() == 1


def test_one_code_on_two_phones(community, building, station_head, days_ago, monkeypatch, now):
    """The letter is read by two at the same moment: one account, the other is told."""
    unit = Unit.objects.create(community=community, building=building, code="03-1-0101", area_centi=8956)
    Ownership.objects.create(unit=unit, person=Person.objects.create(name="王桂兰"), first_day=days_ago(900))
    monkeypatch.setattr(activation, "new_code", lambda: "KQ7M-2XWA-9DVE-PTH4")
    (batch,) = activation.ask_for_letters(community=community, by=station_head, now=now)
    activation.make_letters(batch=batch, now=now)
    kept = activation.fingerprint("KQ7M-2XWA-9DVE-PTH4")
    acts = [
        lambda number=number: activation.activate(
            kept=kept, mobile=f"1390000000{number}", password="woyouyigehaomima", now=now
        )
        for number in range(2)
    ]
    (told,) = [end for end in at_once(*acts) if end is not None]
    assert isinstance(told, WrongState) and AccountLink.objects.count() == 1
    assert RoleGrant.objects.filter(role="resident").count() == 1


def test_letters_are_taken_once(community, building, station_head, clerk, days_ago, now):
    unit = Unit.objects.create(community=community, building=building, code="03-1-0101", area_centi=8956)
    Ownership.objects.create(unit=unit, person=Person.objects.create(name="王桂兰"), first_day=days_ago(900))
    (batch,) = activation.ask_for_letters(community=community, by=station_head, now=now)
    activation.make_letters(batch=batch, now=now)
    papers = []

    def take(by):
        papers.append(activation.hand_out(batch=LetterBatch.objects.get(), by=by, now=now))

    (told,) = [end for end in at_once(lambda: take(station_head), lambda: take(clerk)) if end is not None]
    assert isinstance(told, WrongState) and len(papers) == 1
    batch.refresh_from_db()
    assert batch.state == "handed" and batch.file == "" and batch.erased_at
