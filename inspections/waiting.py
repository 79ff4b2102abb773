"""What waits for whom among the notices: the shelves of the list, and the number in the menu."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.roles import FIRM, OFFICE, Act, Role, may, may_check
from communities.models import Community

from .models import Extension, Notice, Objection
from .querysets import NoticeQuerySet


@dataclass
class Shelf:
    """A part of the notices with its name, label and what to say when it is empty."""

    name: str
    label: str
    rows: NoticeQuerySet
    empty: str
    tone: str = ""

    @property
    def count(self) -> int:
        if not hasattr(self, "_count"):
            self._count = self.rows.count()
        return self._count


def shelves(user: User, *, today: date) -> list[Shelf]:
    """The shelves of a role, the one to look at first in front."""
    if not FIRM.isdisjoint(user.roles) and user.roles <= FIRM:
        return _of_firm(user)
    seen = Notice.objects.visible_to(user)
    return [
        Shelf("recheck", "等复查", seen.to_recheck(), "没有等复查的。物业回复以后会列在这里。"),
        Shelf("overdue", "逾期没回复", seen.overdue(today=today), "没有逾期的。", "bad"),
        Shelf("open", "没办结", seen.open(), "没有在办的抄告。"),
        *_to_decide(user, seen),
    ]


def _of_firm(user: User) -> list[Shelf]:
    mine = Notice.objects.addressed_to(user)
    return [
        Shelf("reply", "待回复", mine.unreplied(), "没有要回复的抄告。"),
        Shelf("replied", "等复查", mine.to_recheck(), "没有等复查的。"),
        Shelf("closed", "办结的", mine.filter(state=Notice.State.CLOSED), "还没有办结的。"),
    ]


def _to_decide(user: User, seen: NoticeQuerySet) -> list[Shelf]:
    if not (may_check(user, Act.OBJECTION) or may(user, Act.SEVERITY_LOWER)):
        return []
    return [Shelf("decide", "等您决定", seen.filter(to_decide(user)), "没有异议和延期要决定。", "warn")]


def to_decide(user: User) -> Q:
    """Extensions and objections that wait for this user. DOMAIN B.6, B.7"""
    return _in_one_of(_asked_of(user))


def _asked_of(user: User) -> list[QuerySet]:
    """From the few rows that are asked, not from the many notices: each page counts them."""
    asked = Extension.objects.filter(state="asked", notice__state__in=["issued", "received"])
    found = []
    if may(user, Act.SEVERITY_LOWER):
        own = asked.filter(notice__community__in=Community.objects.headed_by(user))
        found.append(own.exclude(notice__finding__severity="major"))
    if may(user, Act.MAJOR_EXTEND):
        found.append(asked.filter(notice__finding__severity="major"))
    if may_check(user, Act.OBJECTION):
        found.append(Objection.objects.filter(state="open").exclude(notice__issued_by=user))
    return [rows.order_by().values("notice") for rows in found]


def _in_one_of(ways: list[QuerySet]) -> Q:
    """Found in one of several ways, each by its own index; one condition with "or" would read the whole table."""
    return Q(pk__in=ways[0].union(*ways[1:]) if ways else [])


def rows(user: User) -> NoticeQuerySet:
    """The notices that wait for this very person: their number stands in the menu."""
    if not FIRM.isdisjoint(user.roles) and user.roles <= FIRM:
        return Notice.objects.addressed_to(user).unreplied()
    ways = _asked_of(user)
    if Role.CADRE in user.roles or may(user, Act.SEVERITY_LOWER):
        looked_at = Notice.objects.to_recheck().filter(community__in=_looked_after(user))
        ways.append(looked_at.order_by().values("pk"))
    return Notice.objects.filter(_in_one_of(ways))


def _looked_after(user: User):
    everywhere = not OFFICE.isdisjoint(user.roles)
    return Community.objects.none() if everywhere else Community.objects.overseen_by(user)


def late(seen: NoticeQuerySet, *, today: date) -> dict[str, int]:
    """How many are overdue, and how many rechecks are late, in one query."""
    rows = seen.filter(Q(due_on__lt=today) | Q(recheck_by__lt=today)).open().order_by()
    unreplied, replied = Q(state__in=["issued", "received"]), Q(state="replied")
    return rows.aggregate(
        overdue=Count("pk", filter=unreplied & Q(due_on__lt=today)),
        recheck=Count("pk", filter=replied & Q(recheck_by__lt=today)),
    )
