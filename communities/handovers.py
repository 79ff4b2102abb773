"""交接单: opened by station or office, confirmed by predecessor and successors. Issue 4 §4, docs/decisions/0006

The links change on their day by `duties`; confirming changes nothing but the slip. Findings stay with the community
and their terms run on.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import notifications
from accounts.models import Message, User
from accounts.notifications import Text
from accounts.roles import Act, demand
from lib.periods import DAY, beijing_date
from lib.states import WrongState, move
from lib.text import day_words, listed

from . import days, duties
from .models import ActionItem, Community, Handover, HandoverEvent, HandoverPart, PatrolDuty

State, Kind = Handover.State, HandoverEvent.Kind
STARTED, CONFIRMED = "handover-started", "handover-confirmed"
LOOKED_BACK = timedelta(days=31)  # a link that ended longer ago is handed over on no slip
NAMES = 60  # characters


# ---------------------------------------------------------------- opening


def whose(by: User, *, today: date) -> QuerySet[User]:
    """For whom ``by`` may open a slip: people linked to its communities now, or until lately."""
    linked = _linked(by, today=today)
    return User.objects.filter(pk__in=linked.values("user")).order_by("pinyin", "pk")


def places(user: User, by: User, *, today: date) -> list[tuple[Community, PatrolDuty | None]]:
    """The communities that a slip for somebody may hold, each with the link that follows if it was made already."""
    found = []
    for duty in _linked(by, today=today).filter(user=user).select_related("community").order_by("community__pinyin"):
        after = duty.last_day and _links(duty.community).filter(first_day=duty.last_day + DAY).exclude(user=user)
        found.append((duty.community, after.select_related("user").first() if after else None))
    return found


def _linked(by: User, *, today: date) -> QuerySet[PatrolDuty]:
    rows = PatrolDuty.objects.filter(kind=PatrolDuty.Kind.LINKED, community__in=Community.objects.kept_by(by))
    return rows.between(today - LOOKED_BACK, date.max)


def _links(community: Community) -> QuerySet[PatrolDuty]:
    return PatrolDuty.objects.filter(kind=PatrolDuty.Kind.LINKED, community=community)


@transaction.atomic
def start(*, user: User, first_day: date, successors: Mapping[Community, User], by: User, now: datetime) -> Handover:
    """Opens a slip; links that are not handed over yet are, from that day on. Both sides are told.

    Args:
        user: the predecessor.
        successors: who takes over which community.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: nobody is named, the predecessor was not linked there, there is a slip for that day, or what
            `duties.hand_over` raises; nothing is written.
    """
    demand(by, Act.REGISTRY)
    days.locked(user)
    if not successors:
        raise ValidationError("至少给一个小区选一位接班人。")
    if Handover.objects.exclude(state=State.WITHDRAWN).filter(user=user, first_day=first_day).exists():
        raise ValidationError({"first_day": f"{user}这一天已经有一张交接单。要改就先撤销那一张。"})
    for community, to in sorted(successors.items(), key=lambda pair: pair[0].pk):
        _hand_over(community, user, to, first_day, by=by, now=now)
    slip = Handover.objects.create(user=user, first_day=first_day, started_by=by, started_at=now)
    HandoverPart.objects.bulk_create(
        HandoverPart(handover=slip, community=community, user=to) for community, to in successors.items()
    )
    _note(slip, Kind.STARTED, by=by, now=now)
    _tell(slip, STARTED, {user, *successors.values()}, now=now)
    return slip


def _hand_over(community: Community, user: User, to: User, first_day: date, *, by: User, now: datetime) -> None:
    """Changes the link, unless it was changed for that very day before."""
    days.demand_registry(by, community)
    days.locked(community)
    links = _links(community)
    if not links.on(first_day - DAY).filter(user=user).exists():
        raise ValidationError({"first_day": f"{community}前一天不由{user}联系。"})
    if links.filter(user=to, first_day=first_day).exists():
        return
    try:
        duties.hand_over(community=community, to=to, first_day=first_day, by=by, now=now)
    except ValidationError as error:
        raise ValidationError([f"{community}：{sentence}" for sentence in error.messages]) from error


# ---------------------------------------------------------------- confirming


@transaction.atomic
def hand(*, handover: Handover, phone_is_empty: bool, by: User, now: datetime) -> None:
    """The predecessor confirms, and that no draft is left on the phone: it would be lost to the office.

    Raises:
        PermissionDenied: not the predecessor.
        ValidationError: drafts are left.
        WrongState: confirmed before, or the slip is closed.
    """
    slip = days.locked(handover)
    if slip.user_id != by.pk:
        raise PermissionDenied("这一步由交班人自己确认。")
    if not phone_is_empty:
        raise ValidationError({"phone_is_empty": "先把手机里没交的巡查交上来，再打勾。"})
    move(slip, to={"handed_at": now}, else_=_why_not(slip), state=State.OPEN, handed_at=None)
    _note(slip, Kind.HANDED, by=by, now=now)
    _confirm_if_all(slip, by=by, now=now)


@transaction.atomic
def receive(*, handover: Handover, by: User, now: datetime) -> None:
    """A successor confirms all that they take over.

    Raises:
        PermissionDenied: not a successor of this slip.
        WrongState: confirmed before, or the slip is closed.
    """
    slip = days.locked(handover)
    if not slip.parts.filter(user=by).exists():
        raise PermissionDenied("这一步由接班人自己确认。")
    waiting = slip.parts.filter(user=by, received_at=None, handover__state=State.OPEN)
    if not waiting.update(received_at=now):
        raise WrongState(_why_not(slip))
    _note(slip, Kind.RECEIVED, by=by, now=now)
    _confirm_if_all(slip, by=by, now=now)


def _why_not(slip: Handover) -> str:
    return "您已经确认过了，不用再确认。" if slip.is_open else f"这张交接单{slip.get_state_display()}，不用再确认。"


def _confirm_if_all(slip: Handover, *, by: User, now: datetime) -> None:
    """The slip is confirmed with the last confirmation; its row is locked, so that two at once do not both wait."""
    if slip.handed_at is None or slip.parts.filter(received_at=None).exists():
        return
    done = {"state": State.CONFIRMED, "confirmed_at": now}
    move(slip, to=done, else_=_why_not(slip), state=State.OPEN)
    _note(slip, Kind.CONFIRMED, by=by, now=now)
    people = User.objects.filter(pk__in=slip.parts.values("user"))
    _tell(slip, CONFIRMED, {slip.user, slip.started_by, *people}, now=now)


@transaction.atomic
def withdraw(*, handover: Handover, reason: str, by: User, now: datetime) -> None:
    """Takes an open slip back, with a reason; the links stay as they are.

    Raises:
        PermissionDenied: not the registry of ``by``, for one of the communities.
        WrongState: everybody has confirmed, or it was taken back.
    """
    slip = days.locked(handover)
    for part in slip.parts.select_related("community"):
        days.demand_registry(by, part.community)
    move(slip, to={"state": State.WITHDRAWN}, else_=f"这张交接单{slip.get_state_display()}。", state=State.OPEN)
    _note(slip, Kind.WITHDRAWN, by=by, now=now, text=reason)


def _note(slip: Handover, kind: str, *, by: User, now: datetime, text: str = "") -> None:
    HandoverEvent.objects.create(handover=slip, kind=kind, by=by, at=now, text=text)


# ---------------------------------------------------------------- promises


@transaction.atomic
def promise(
    *, handover: Handover, community: Community, text: str, due_on: date, by: User, now: datetime
) -> ActionItem:
    """The predecessor writes down what was promised in a community, before either side has confirmed it.

    Raises:
        PermissionDenied: not the predecessor.
        ValidationError: the day has passed, or the community is not on the slip; by field.
        WrongState: confirmed already.
    """
    slip = days.locked(handover)
    if slip.user_id != by.pk:
        raise PermissionDenied("答应过的事由交班人自己写。")
    part = slip.parts.filter(community=community).first()
    if part is None:
        raise ValidationError({"community": "选这张交接单上的小区。"})
    if not slip.is_open or slip.handed_at or part.received_at:
        raise WrongState("已经确认过了，不能再添。请当面跟接班人说清楚。")
    if due_on < beijing_date(now):
        raise ValidationError({"due_on": "日期已经过去，写今天或以后的。"})
    item = ActionItem(
        kind=ActionItem.Kind.PROMISE,
        community=community,
        handover=slip,
        text=text,
        due_on=due_on,
        given_by=by,
        given_at=now,
    )
    item.full_clean()
    item.save()
    return item


def looked_after(by: User, *, today: date) -> QuerySet[Community]:
    """Where somebody may say that a promise was kept: linked there on the day, or keeping its registry."""
    links = PatrolDuty.objects.on(today).filter(kind=PatrolDuty.Kind.LINKED, user=by)
    kept = Community.objects.kept_by(by)
    return Community.objects.filter(Q(pk__in=links.values("community")) | Q(pk__in=kept.values("pk")))


@transaction.atomic
def fulfil(*, item: ActionItem, by: User, now: datetime) -> None:
    """A promise was kept, says one who has `looked_after` the community.

    Raises:
        PermissionDenied: somebody else.
        WrongState: it was done before.
    """
    if not looked_after(by, today=beijing_date(now)).filter(pk=item.community_id).exists():
        raise PermissionDenied("由现在联系这个小区的干部来记。")
    move(item, to={"done_at": now, "done_by": by}, else_="这件事已经记过办好了。", done_at=None)


# ---------------------------------------------------------------- messages


def _tell(slip: Handover, kind: str, people: set[User], *, now: datetime) -> None:
    notifications.tell_many(notifications.row(user, kind, about=slip, due=now) for user in people)


def _started_text(message: Message) -> Text:
    slip = message.thing
    names = listed([part.community.name for part in slip.parts.select_related("community")], NAMES)
    if not slip.is_open:
        return Text(f"{slip}{slip.get_state_display()}", names, slip.get_absolute_url())
    body = f"{day_words(slip.first_day)}起交给接班人：{names}。请打开交接单看一遍，没有漏的就确认。"
    return Text(f"{slip}等确认", body, slip.get_absolute_url())


def _confirmed_text(message: Message) -> Text:
    slip = message.thing
    body = f"{day_words(slip.first_day)}起由接班人联系，没办结的问题照原来的期限办。"
    return Text(f"{slip}双方都确认了", body, slip.get_absolute_url())


def register_messages() -> None:
    """Called once at start."""
    notifications.register(STARTED, "交接单等确认", _started_text, related=["user"])
    notifications.register(CONFIRMED, "交接单双方已确认", _confirmed_text, related=["user"])
