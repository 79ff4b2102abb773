"""Notices to renew on paper: a page a household, made by the worker in parts of 500, with its progress. F.10"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts import roles
from accounts.models import User
from accounts.roles import Act
from lib.money import yuan
from lib.paper import pdf
from lib.periods import beijing_date
from lib.states import WrongState, move
from rulebook import rules

from .models import Line, RenewalBatch, RenewalNotice

TEMPLATE, URGING = "maintenance_fund/renewal_notice.typ", "maintenance_fund/renewal_urging.typ"
A_PART = 500
STUCK = timedelta(minutes=5)  # without a part made, after which another worker takes a batch up


def paper(notices: Iterable[RenewalNotice]) -> bytes:
    """The notices as one PDF, a page each, in one statement."""
    notices = list(notices)
    spent = _spent(notices)
    pages = [_words(notice, spent[notice.unit_id]) for notice in notices]
    return pdf(TEMPLATE, {"title": "续交通知书", "notices": pages})


def urging(notice: RenewalNotice, *, today: date) -> bytes:
    """The written dunning 催交函 of one notice."""
    data = _words(notice, []) | {
        "title": "催交函",
        "received_on": notice.received_on and _day(notice.received_on),
        "due_on": notice.due_on and _day(notice.due_on),
        "today": _day(today),
    }
    return pdf(URGING, data)


def _spent(notices: list[RenewalNotice]) -> dict[int, list[tuple[date, str, int]]]:
    """What each household paid for works, with the day and the work; fen."""
    found = defaultdict(list)
    units = [notice.unit_id for notice in notices]
    lines = Line.objects.filter(unit__in=units, account__code="3001", flow="5001").order_by("id")
    for unit, day, memo, debit, credit in lines.values_list(
        "unit", "transaction__dated_on", "transaction__memo", "debit", "credit"
    ):
        found[unit].append((day, memo, debit - credit))
    return found


def _words(notice: RenewalNotice, spent: list[tuple[date, str, int]]) -> dict:
    used = [(day, memo, fen) for day, memo, fen in spent if day <= notice.as_of]
    share = notice.balance_fen * 10_000 // notice.first_deposit_fen
    plan = notice.plan
    return {
        "number": notice.number,
        "home": f"{notice.community}{notice.unit.code}",
        "as_of": _day(notice.as_of),
        "balance": yuan(notice.balance_fen),
        "first": yuan(notice.first_deposit_fen),
        "share": f"{share // 100}.{share % 100:02}",
        "amount": yuan(notice.amount_fen),
        "days": plan.days if plan and plan.days else rules.on(notice.issued_on, "fund.renewal_days"),
        "parts": plan.instalments if plan else 1,
        "apart": plan.months_apart if plan else 0,
        "plan": plan.document if plan else "",
        "used": [[f"{day.year}年{day.month}月", memo, yuan(fen)] for day, memo, fen in used],
        "used_total": yuan(sum(fen for _, _, fen in used)),
        "agency": notice.agency,
        "issued_on": _day(notice.issued_on),
        "copies": f"{notice.community}业主委员会、{notice.community.village_committee}",
    }


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# ---------------------------------------------------------------- batches


def parts_of(batch: RenewalBatch) -> int:
    return -(-batch.count // A_PART)


def path_of(batch: RenewalBatch, part: int) -> str:
    return f"renewals/{batch.stored}.{part}.pdf"


def to_make(now: datetime) -> QuerySet[RenewalBatch]:
    """Batches that wait, and those whose worker has died."""
    stuck = Q(state=RenewalBatch.State.WORKING, claimed_at__lt=now - STUCK)
    return RenewalBatch.objects.filter(Q(state=RenewalBatch.State.WAITING) | stuck).order_by("pk")


def make_waiting(*, now: datetime) -> int:
    """The worker's round; returns how many batches were made. Twice is once."""
    made = 0
    for batch in to_make(now):
        if to_make(now).filter(pk=batch.pk).update(state=RenewalBatch.State.WORKING, claimed_at=now):
            _make(batch)
            made += 1
    return made


def _make(batch: RenewalBatch) -> None:
    rows = RenewalNotice.objects.filter(batch=batch).order_by("unit__code")
    rows = rows.select_related("community__village_committee", "unit", "plan")
    done = 0
    for part in range(parts_of(batch)):
        notices = list(rows[part * A_PART : (part + 1) * A_PART])
        default_storage.delete(path_of(batch, part))
        default_storage.save(path_of(batch, part), ContentFile(paper(notices)))
        done += len(notices)
        RenewalBatch.objects.filter(pk=batch.pk).update(done=done, claimed_at=Now())  # still alive
    RenewalBatch.objects.filter(pk=batch.pk).update(state=RenewalBatch.State.READY)


def send_copies(*, batch: RenewalBatch, to: str, on: date, by: User, now: datetime) -> None:
    """Notes on which day committee or village committee got their copy. F.10

    Args:
        to: "committee" or "village".

    Raises:
        PermissionDenied: the user does not make vouchers.
        WrongState: noted before, or a day before the notices or still to come.
    """
    roles.demand(by, Act.FUND_VOUCHER)
    if not batch.issued_on <= on <= beijing_date(now):
        raise WrongState("日期要在发出那天到今天之间。")
    column = f"{to}_on"
    move(batch, to={column: on}, else_="这一份抄送已经登记过。", **{column: None})
