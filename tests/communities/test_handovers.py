"""交接单: opening, confirming, promising, withdrawing. Issue 4 §4"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Message
from communities import duties, handovers
from communities.models import ActionItem, Community, Handover, HandoverEvent, PatrolDuty
from lib.states import WrongState

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def second(community, village, cadre, today):
    """A second community of the cadre."""
    place = Community.objects.create(name="演示·桂花园", village_committee=village, kind="other")
    PatrolDuty.objects.create(user=cadre, community=place, first_day=today - 30 * DAY)
    return place


@pytest.fixture
def slip(cadre, community, other_cadre, station_head, today, now):
    return handovers.start(
        user=cadre, first_day=today + DAY, successors={community: other_cadre}, by=station_head, now=now
    )


def kinds(slip) -> list[str]:
    return list(slip.events.values_list("kind", flat=True))


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind, channel="inbox").values_list("user__name", flat=True))


# ---------------------------------------------------------------- opening


def test_opening_changes_the_links_on_the_day(slip, cadre, other_cadre, community, today):
    assert PatrolDuty.objects.get(user=cadre).last_day == today
    assert PatrolDuty.objects.get(user=other_cadre, community=community).first_day == today + DAY
    assert slip.is_open and kinds(slip) == ["started"]
    assert told("handover-started") == {cadre.name, other_cadre.name}


def test_two_communities_two_successors(cadre, community, second, other_cadre, make_user, clerk, today, now):
    new = make_user("xin", "新干部")
    named = {community: other_cadre, second: new}
    slip = handovers.start(user=cadre, first_day=today + DAY, successors=named, by=clerk, now=now)
    assert {(part.community, part.user) for part in slip.parts.all()} == set(named.items())
    assert told("handover-started") == {cadre.name, other_cadre.name, new.name}


def test_made_from_a_link_that_was_changed_before(cadre, community, other_cadre, station_head, today, now):
    duties.hand_over(community=community, to=other_cadre, first_day=today + DAY, by=station_head, now=now)
    before = list(PatrolDuty.objects.values())
    assert handovers.places(cadre, station_head, today=today)[0][1].user == other_cadre
    handovers.start(user=cadre, first_day=today + DAY, successors={community: other_cadre}, by=station_head, now=now)
    assert list(PatrolDuty.objects.values()) == before


def test_nobody_named(cadre, station_head, today, now):
    with pytest.raises(ValidationError, match="至少给一个小区"):
        handovers.start(user=cadre, first_day=today + DAY, successors={}, by=station_head, now=now)


def test_a_second_slip_for_the_day(slip, cadre, second, other_cadre, station_head, today, now):
    with pytest.raises(ValidationError, match="已经有一张交接单"):
        handovers.start(user=cadre, first_day=today + DAY, successors={second: other_cadre}, by=station_head, now=now)


def test_of_somebody_who_is_not_linked_there(other_cadre, cadre, community, station_head, today, now, make_user):
    with pytest.raises(ValidationError, match="前一天不由"):
        handovers.start(
            user=other_cadre,
            first_day=today + DAY,
            successors={community: make_user("x", "新")},
            by=station_head,
            now=now,
        )


def test_to_oneself(cadre, community, station_head, today, now):
    with pytest.raises(ValidationError, match="已经由"):
        handovers.start(user=cadre, first_day=today + DAY, successors={community: cadre}, by=station_head, now=now)
    assert not Handover.objects.exists()


def test_a_day_that_has_passed_is_the_offices(cadre, community, other_cadre, station_head, clerk, today, now):
    say = {"user": cadre, "first_day": today - DAY, "successors": {community: other_cadre}, "now": now}
    with pytest.raises(ValidationError, match="镇物业办"):
        handovers.start(by=station_head, **say)
    assert handovers.start(by=clerk, **say).is_open


def test_not_another_stations(cadre, community, other_cadre, other_station_head, leader, today, now):
    for by in (other_station_head, leader, cadre):
        with pytest.raises(PermissionDenied):
            handovers.start(user=cadre, first_day=today + DAY, successors={community: other_cadre}, by=by, now=now)
    assert PatrolDuty.objects.get(user=cadre).last_day is None


def test_whose(slip, cadre, other_cadre, station_head, other_station_head, clerk, today):
    assert set(handovers.whose(station_head, today=today)) == {cadre, other_cadre}
    assert set(handovers.whose(other_station_head, today=today)) == {other_cadre}
    assert set(handovers.whose(clerk, today=today + 40 * DAY)) == {other_cadre}


# ---------------------------------------------------------------- confirming


def test_both_confirm_and_nothing_else_changes(slip, cadre, other_cadre, station_head, now):
    before = list(PatrolDuty.objects.values())
    handovers.hand(handover=slip, phone_is_empty=True, by=cadre, now=now)
    slip.refresh_from_db()
    assert slip.is_open and slip.waits_for() == [other_cadre]
    handovers.receive(handover=slip, by=other_cadre, now=now)
    slip.refresh_from_db()
    assert slip.state == "confirmed" and slip.confirmed_at == now
    assert kinds(slip) == ["started", "handed", "received", "confirmed"]
    assert told("handover-confirmed") == {cadre.name, other_cadre.name, station_head.name}
    assert list(PatrolDuty.objects.values()) == before


def test_the_successor_may_be_first(slip, cadre, other_cadre, now):
    handovers.receive(handover=slip, by=other_cadre, now=now)
    handovers.hand(handover=slip, phone_is_empty=True, by=cadre, now=now)
    slip.refresh_from_db()
    assert slip.state == "confirmed"


def test_each_successor_confirms(cadre, community, second, other_cadre, make_user, clerk, today, now):
    new = make_user("xin", "新干部")
    named = {community: other_cadre, second: new}
    slip = handovers.start(user=cadre, first_day=today + DAY, successors=named, by=clerk, now=now)
    handovers.hand(handover=slip, phone_is_empty=True, by=cadre, now=now)
    handovers.receive(handover=slip, by=new, now=now)
    slip.refresh_from_db()
    assert slip.is_open and slip.waits_for() == [other_cadre]


def test_one_who_takes_two_confirms_once(cadre, community, second, other_cadre, clerk, today, now):
    named = dict.fromkeys([community, second], other_cadre)
    slip = handovers.start(user=cadre, first_day=today + DAY, successors=named, by=clerk, now=now)
    handovers.receive(handover=slip, by=other_cadre, now=now)
    assert not slip.parts.filter(received_at=None).exists()


def test_drafts_are_sent_first(slip, cadre, now):
    with pytest.raises(ValidationError, match="手机里没交的"):
        handovers.hand(handover=slip, phone_is_empty=False, by=cadre, now=now)
    assert kinds(slip) == ["started"]


def test_a_second_time_changes_nothing(slip, cadre, other_cadre, now):
    handovers.hand(handover=slip, phone_is_empty=True, by=cadre, now=now)
    with pytest.raises(WrongState, match="已经确认过"):
        handovers.hand(handover=slip, phone_is_empty=True, by=cadre, now=now + DAY)
    handovers.receive(handover=slip, by=other_cadre, now=now)
    with pytest.raises(WrongState, match="双方已确认"):
        handovers.receive(handover=slip, by=other_cadre, now=now + DAY)
    assert HandoverEvent.objects.count() == 4


def test_nobody_confirms_for_another(slip, cadre, other_cadre, station_head, now):
    for by in (other_cadre, station_head):
        with pytest.raises(PermissionDenied):
            handovers.hand(handover=slip, phone_is_empty=True, by=by, now=now)
    for by in (cadre, station_head):
        with pytest.raises(PermissionDenied):
            handovers.receive(handover=slip, by=by, now=now)


# ---------------------------------------------------------------- withdrawing


def test_withdrawn_the_links_stay(slip, cadre, station_head, community, other_cadre, today, now):
    handovers.withdraw(handover=slip, reason="日子写错了", by=station_head, now=now)
    slip.refresh_from_db()
    assert slip.state == "withdrawn" and slip.events.last().text == "日子写错了"
    assert PatrolDuty.objects.get(user=cadre).last_day == today
    for act in (
        lambda: handovers.receive(handover=slip, by=other_cadre, now=now),
        lambda: handovers.withdraw(handover=slip, reason="又", by=station_head, now=now),
    ):
        with pytest.raises(WrongState, match="已撤销"):
            act()
    assert handovers.start(
        user=cadre, first_day=today + DAY, successors={community: other_cadre}, by=station_head, now=now
    )


def test_not_withdrawn_by_another_station(slip, other_station_head, cadre, now):
    for by in (other_station_head, cadre):
        with pytest.raises(PermissionDenied):
            handovers.withdraw(handover=slip, reason="x", by=by, now=now)


# ---------------------------------------------------------------- promises


@pytest.fixture
def promise(slip, cadre, community, today, now):
    return handovers.promise(
        handover=slip, community=community, text="月底前看漏水", due_on=today + 7 * DAY, by=cadre, now=now
    )


def test_promises_until_confirmed(promise, slip, cadre, other_cadre, community, today, now):
    assert list(slip.promises.all()) == [promise]
    say = {"handover": slip, "community": community, "text": "再一件", "due_on": today, "by": cadre, "now": now}
    handovers.receive(handover=slip, by=other_cadre, now=now)
    with pytest.raises(WrongState, match="不能再添"):
        handovers.promise(**say)
    assert ActionItem.objects.count() == 1


def test_a_promise_for_yesterday_or_elsewhere(slip, cadre, community, neighbour_community, today, now):
    say = {"handover": slip, "text": "看漏水", "by": cadre, "now": now}
    with pytest.raises(ValidationError, match="已经过去"):
        handovers.promise(community=community, due_on=today - DAY, **say)
    with pytest.raises(ValidationError, match="这张交接单上"):
        handovers.promise(community=neighbour_community, due_on=today, **say)


def test_only_the_predecessor_promises(slip, other_cadre, station_head, community, today, now):
    for by in (other_cadre, station_head):
        with pytest.raises(PermissionDenied):
            handovers.promise(handover=slip, community=community, text="x", due_on=today, by=by, now=now)


def test_kept_by_whoever_looks_after_the_community(promise, cadre, other_cadre, today, now):
    with pytest.raises(PermissionDenied):  # linked from tomorrow on
        handovers.fulfil(item=promise, by=other_cadre, now=now)
    handovers.fulfil(item=promise, by=other_cadre, now=now + DAY)
    assert promise.done_by == other_cadre
    with pytest.raises(WrongState):
        handovers.fulfil(item=promise, by=other_cadre, now=now + DAY)


def test_late(promise, today):
    assert not promise.is_late(today + 7 * DAY) and promise.is_late(today + 8 * DAY)


# ---------------------------------------------------------------- who sees it


def test_who_sees_a_slip(slip, promise, cadre, other_cadre, station_head, other_station_head, clerk, leader, firm):
    seen = {user.name for user in (cadre, other_cadre, station_head, other_station_head, clerk, leader, firm)
            if Handover.objects.visible_to(user).exists()}  # fmt: skip
    assert seen == {cadre.name, other_cadre.name, station_head.name, clerk.name}
    with_promise = {user.name for user in (cadre, other_cadre, station_head, other_station_head, clerk, leader)
                    if ActionItem.objects.visible_to(user).exists()}  # fmt: skip
    assert with_promise == seen
