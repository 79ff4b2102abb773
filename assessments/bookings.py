"""What published scores move on deposits: each month once, a later version its difference. 考核入账, DOMAIN D.5, D.6"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum

from lib.money import yuan
from lib.periods import beijing_date

from .deposits import held, share, write_line
from .kinds import LineKind, SheetState
from .models import AwardBudget, Booking, Deposit, ScoreSheet, SheetEvent
from .replenishing import settle_notices

log = logging.getLogger("linzhi.scores")


def book_published(*, now: datetime) -> int:
    """Books every published month that is not booked yet, the older first; however often it runs, each once. D.6"""
    keys = ScoreSheet.objects.unbooked().order_by("first_day", "version", "pk").values_list("pk", flat=True)
    done = 0
    for pk in list(keys):
        try:
            done += _book_sheet(pk, now)
        except Exception:  # one that fails must not keep the others waiting
            log.exception("sheet %s was not booked", pk)
    return done


@transaction.atomic
def _book_sheet(pk: int, now: datetime) -> bool:
    """One sheet in a transaction of its own; a killed worker leaves it whole or not begun."""
    sheet = _locked(pk)
    if sheet is None or sheet.state != SheetState.PUBLISHED:
        return False
    found = Deposit.objects.filter(contract=sheet.contract_id).first()
    if (found and not found.last_no) or _waits_for_another(sheet):
        return False  # agreed and not paid yet, or the version before it comes first
    deposit = held(found.pk) if found else None
    booking = Booking(sheet=sheet, deposit=deposit, band=sheet.band, on=beijing_date(now), at=now)
    if deposit:
        _fill(booking, sheet, deposit)
    booking.save(force_insert=True)
    if deposit:
        _move_difference(booking, sheet, deposit, now)
        settle_notices(deposit, now=now)
    words = f"应扣 {yuan(booking.wanted_fen)} 元" if booking.wanted_fen else "不扣"
    SheetEvent.objects.create(
        sheet=sheet, kind=SheetEvent.Kind.BOOKED, at=now, text=words if deposit else "没有约定保证金"
    )
    return True


def _waits_for_another(sheet: ScoreSheet) -> bool:
    """An earlier published version of the same month is not booked yet."""
    return ScoreSheet.objects.versions_of(sheet).unbooked().filter(version__lt=sheet.version).exists()


def _locked(pk: int) -> ScoreSheet | None:
    """The sheet, held for this transaction; None where another worker has it or had it."""
    rows = ScoreSheet.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=pk).filter(~Exists(Booking.objects.filter(sheet=OuterRef("pk")))).first()


def _fill(booking: Booking, sheet: ScoreSheet, deposit: Deposit) -> None:
    bp = sheet.table.bands.filter(letter=sheet.band).values_list("bp", flat=True).first() or 0
    booking.monthly_base_fen, booking.wanted_fen, reward = share(deposit.opening_fen, bp)
    if reward and not sheet.major_late:
        budgets = AwardBudget.objects.select_for_update().on(sheet.last_day)
        booking.budget = budgets.filter(community=sheet.community_id).first()
        booking.reward_fen = min(reward, _left(booking.budget, sheet))


def _left(budget: AwardBudget | None, sheet: ScoreSheet) -> int:
    """What the budget still holds, without what an earlier version of the same month took. DOMAIN D.6"""
    if budget is None:
        return 0
    others = budget.bookings.exclude(sheet__in=ScoreSheet.objects.versions_of(sheet)).in_force()
    return max(0, budget.amount_fen - others.aggregate(fen=Sum("reward_fen", default=0))["fen"])


def _move_difference(booking: Booking, sheet: ScoreSheet, deposit: Deposit, now: datetime) -> None:
    """Moves what this version wants more or less than the one before it. DOMAIN D.5"""
    more = booking.wanted_fen - _booked_before(sheet)
    people = {"made_by": sheet.assessed_by, "checked_by": sheet.checked_by, "at": now, "on": booking.on, "sheet": sheet}
    words = f"{sheet.period_words} {sheet.band} 档"
    if more > 0:
        taken = min(more, max(0, deposit.balance_fen))
        write_line(deposit, LineKind.DEDUCT, -taken, unpaid=more - taken, text=words, **people)
    elif more < 0:
        forgiven = min(-more, deposit.unpaid_fen)
        write_line(deposit, LineKind.ADJUST, -more - forgiven, unpaid=-forgiven, text=f"{words}，更正", **people)


def _booked_before(sheet: ScoreSheet) -> int:
    """What the version before it wanted; 0 for the first."""
    earlier = ScoreSheet.objects.versions_of(sheet).filter(version__lt=sheet.version)
    before = Booking.objects.filter(sheet__in=earlier).order_by("-sheet__version")
    return before.values_list("wanted_fen", flat=True).first() or 0
