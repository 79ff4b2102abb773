"""What the database itself refuses of slips and promises, each by its name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from communities.models import ActionItem, Handover, HandoverEvent, HandoverPart

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def slip(cadre, other_cadre, community, station_head, today, now):
    slip = Handover.objects.create(user=cadre, first_day=today, started_by=station_head, started_at=now)
    HandoverPart.objects.create(handover=slip, community=community, user=other_cadre)
    return slip


@pytest.fixture
def words(slip, community, cadre, today, now):
    return {
        "kind": "promise",
        "handover": slip,
        "community": community,
        "text": "看漏水",
        "due_on": today,
        "given_by": cadre,
        "given_at": now,
    }


def refused_by(name: str, act) -> None:
    """The act is refused by that constraint, at once or when the transaction would end."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
        connection.check_constraints()
    assert error.value.__cause__.diag.constraint_name == name


def change(row, **columns):
    return lambda: type(row).objects.filter(pk=row.pk).update(**columns)


def test_handover_once(slip):
    again = Handover(user=slip.user, first_day=slip.first_day, started_by=slip.user, started_at=slip.started_at)
    refused_by("handover_once", again.save)


def test_handover_confirmed_when(slip, now):
    refused_by("handover_confirmed_when", change(slip, state="confirmed", handed_at=now))
    refused_by("handover_confirmed_when", change(slip, state="confirmed", confirmed_at=now))
    refused_by("handover_confirmed_when", change(slip, confirmed_at=now))


def test_handover_by_all(slip, now):
    refused_by("handover_by_all", change(slip, state="confirmed", handed_at=now, confirmed_at=now))


def test_handover_closed(slip):
    change(slip, state="withdrawn")()
    refused_by("handover_closed", change(slip, state="open"))


def test_handover_part_once(slip, community, other_cadre):
    refused_by("handover_part_once", HandoverPart(handover=slip, community=community, user=other_cadre).save)


def test_handover_part_of_open(slip, neighbour_community, cadre, other_cadre):
    to_oneself = HandoverPart(handover=slip, community=neighbour_community, user=cadre)
    refused_by("handover_part_of_open", to_oneself.save)
    change(slip, state="withdrawn")()
    late = HandoverPart(handover=slip, community=neighbour_community, user=other_cadre)
    refused_by("handover_part_of_open", late.save)


def test_handover_event_once(slip, cadre, now):
    say = {"handover": slip, "kind": "handed", "by": cadre, "at": now}
    HandoverEvent.objects.create(**say)
    refused_by("handover_event_once", HandoverEvent(**say).save)


def test_action_item_promise_of_handover(words):
    refused_by("action_item_promise_of_handover", ActionItem(**words | {"handover": None}).save)


def test_action_item_place_of_handover(words, neighbour_community):
    elsewhere = ActionItem(**words | {"community": neighbour_community})
    refused_by("action_item_place_of_handover", elsewhere.save)


def test_action_item_says_what(words):
    refused_by("action_item_says_what", ActionItem(**words | {"text": ""}).save)


def test_action_item_done_by_whom(words, cadre, now):
    refused_by("action_item_done_by_whom", ActionItem(**words, done_at=now).save)
    refused_by("action_item_done_by_whom", ActionItem(**words, done_by=cadre).save)


@pytest.mark.django_db(transaction=True)
def test_what_stays_as_it_is(owner, slip, words, cadre, now):
    """Not even the owner of the tables moves a slip to another person, or takes one away."""
    item = ActionItem.objects.create(**words)
    event = HandoverEvent.objects.create(handover=slip, kind="started", by=cadre, at=now)
    tries = {
        f"UPDATE communities_handover SET first_day = first_day + 1 WHERE id = {slip.pk}",
        f"UPDATE communities_handoverpart SET user_id = {cadre.pk} WHERE handover_id = {slip.pk}",
        f"UPDATE communities_handoverevent SET text = 'x' WHERE id = {event.pk}",
        f"UPDATE communities_actionitem SET text = 'x' WHERE id = {item.pk}",
        f"DELETE FROM communities_actionitem WHERE id = {item.pk}",
        f"DELETE FROM communities_handoverpart WHERE handover_id = {slip.pk}",
    }
    for sql in tries:
        with pytest.raises(IntegrityError):
            owner.execute(sql)
        owner.connection.rollback()
