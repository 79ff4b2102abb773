"""What of a year is made public, and objections that are answered in their term. DOMAIN F.14"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from accounts import notifications, roles
from accounts.models import Message, User
from accounts.notifications import Text
from accounts.roles import Act
from communities.models import Unit
from lib.periods import beijing_date
from lib.states import WrongState, move
from rulebook import rules

from . import boards, months
from .ledger import LedgerRefused, in_words
from .models import Fund, Month, Objection, YearStatement

ANSWERED = "fund-objection-answered"


def due_for(year: int) -> date:
    """Until when the year must be public."""
    return rules.on(date(year + 1, 1, 1), "fund.disclosure_due").in_year(year + 1)


@dataclass(frozen=True)
class Due:
    """A year that is not public yet, and until when it must be."""

    year: int
    due: date


def to_publish(book: Fund, *, today: date) -> Due | None:
    """Last year, if the book had begun and it is not public yet."""
    year = today.year - 1
    done = YearStatement.objects.filter(community=book.community_id, year=year).exists()
    return None if done or book.first_month > date(year, 12, 31) else Due(year, due_for(year))


@transaction.atomic
def publish(*, book: Fund, year: int, by: User, now: datetime) -> YearStatement:
    """Makes a year public as it stands: its months are closed, so it stands for ever.

    Raises:
        PermissionDenied: the user does not make vouchers.
        LedgerRefused: a month is not closed, before the book began, or public already.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    last = date(year, 12, 1)
    if not Month.objects.filter(community=book.community_id, first_day=last, closed_at__isnull=False).exists():
        raise LedgerRefused(f"{year} 年还没有结到 12 月，月结以后再公布。", "year_not_closed")
    opening = months.book_balance(book, date(year - 1, 12, 1)) if book.first_month < date(year, 1, 1) else 0
    say = {"opening_fen": opening, "closing_fen": months.book_balance(book, last)}
    lines = boards.year(book, year).lines
    with in_words():
        return YearStatement.objects.create(
            community_id=book.community_id, year=year, lines=lines, published_by=by, published_at=now, **say
        )


# ---------------------------------------------------------------- objections


def object_to(*, unit: Unit, text: str, by: User, now: datetime) -> Objection:
    """An owner asks that the account be looked at again; the term for the answer begins."""
    today = beijing_date(now)
    row = Objection(community_id=unit.community_id, unit=unit, made_by=by, made_at=now, text=text)
    row.start_term(today, rules.on(today, "fund.objection_wd"))
    row.save(force_insert=True)
    return row


@transaction.atomic
def answer(*, objection: Objection, text: str, by: User, now: datetime) -> None:
    """Answers in writing; the owner is told.

    Raises:
        PermissionDenied: the user neither makes nor checks vouchers.
        WrongState: it is answered.
    """
    if not roles.may_check(by, Act.FUND_VOUCHER):
        roles.demand(by, Act.FUND_VOUCHER)
    if not text.strip():
        raise WrongState("写上核对的结果。")
    to = {"answer": text, "answered_by": by, "answered_at": now}
    move(objection, answer="", to=to, else_="这条异议刚才已经有人答复了。")
    notifications.tell(objection.made_by, ANSWERED, about=objection, now=now)


def _text(message: Message) -> Text:
    row = message.thing
    to = reverse("maintenance_fund:household", args=[row.unit_id])
    return Text("您对维修资金的异议有答复了", row.answer[:200], to)


def register_messages() -> None:
    """Called at start."""
    notifications.register(ANSWERED, "维修资金异议有答复", _text, related=("unit",), group="维修资金")
