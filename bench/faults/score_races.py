"""Two who decide at one moment about a score: two checkers, publishing beside an appeal, two workers at one booking.
Each race is then run with its guard removed, and must go wrong: otherwise it would show nothing.

.venv/bin/python -m bench.faults.score_races [races, 1000]
"""

import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from bench import database
from bench.faults.races import _outcome, at_once, told

UNIQUE = """SELECT conname FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'u' AND conname LIKE '%%sheet%%'"""
RACES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
CONTROL = 100


def fill() -> None:
    from django.utils import timezone

    from assessments import deposits
    from bench import town
    from communities.models import Community, Contract, Firm, FirmPost

    (clerk,) = town.make_people("clerk", town.Role.TOWN_CLERK, 1)
    town.make_people("head", town.Role.TOWN_HEAD, 2)
    (manager,) = town.make_people("firm", town.Role.FIRM_MANAGER, 1)
    (place,) = town.make_places(1)
    Community.objects.filter(pk=place.pk).update(kind="settlement")
    place.refresh_from_db()
    firm = Firm.objects.create(name="演示·测试物业", uscc="91330000MA27XYZ12N")
    FirmPost.objects.create(user=manager, firm=firm, kind="manager", first_day=town.LONG_AGO)
    contract = Contract.objects.create(community=place, firm=firm, kind="owners", first_day=town.LONG_AGO)
    agreed = {"clause": "八", "holder": "业委会", "bank": "银行", "account": "6200", "beneficiary": "公共收益"}
    now = timezone.now()
    row = deposits.agree(contract=contract, **agreed, price_fen=5000, area_centi=10**9, by=clerk, now=now)
    day = timezone.localdate()
    entry = deposits.propose(deposit=row, kind="open", amount_fen=row.opening_fen, on=day, by=clerk, now=now)
    deposits.book(entry=entry, by=_user("head"), now=now)


def main() -> None:
    database.use("score_races", fill, anew=True)
    races = {"check/check": two_checkers, "publish/appeal": publish_and_appeal, "book/book": two_workers}
    wrong = [told(name, RACES, sum(race() for _ in range(RACES))) for name, race in races.items()]
    with unguarded():
        controls = [
            told(f"{name}, guard removed", CONTROL, sum(race() for _ in range(CONTROL))) for name, race in races.items()
        ]
    print("0 wrong, and each control went wrong" if not any(wrong) and all(controls) else "NOT AS PROMISED")
    sys.exit(any(wrong) or not all(controls))


def _user(name: str, number: int = 1):
    from accounts.models import User

    return User.objects.get(username=f"{name}{number}")


month = 0


def _sheet(state: str):
    """A sheet of a month of its own, brought to a state."""
    from django.utils import timezone

    from assessments.models import ScoreSheet, ScoreTable
    from communities.models import Contract
    from lib.periods import months_after

    global month
    month += 1
    contract, now = Contract.objects.select_related("community").get(), timezone.now()
    first = months_after(timezone.localdate().replace(day=1), -month - 1)
    sheet = ScoreSheet.objects.create(
        contract=contract, community=contract.community, firm_id=contract.firm_id, kind="settlement", first_day=first,
        last_day=months_after(first, 1) - timedelta(days=1), table=ScoreTable.objects.get(code="ST-2026-S"),
        service_days=30, score_deci=780, band="E",
    )  # fmt: skip
    today, head = timezone.localdate(), _user("head", 2)
    steps = {
        "to_check": {"assessed_by": _user("clerk"), "assessed_at": now},
        "checked": {"checked_by": head, "checked_at": now, "notified_on": today, "appeal_until": today},
        "published": {"published_by": head, "published_at": now, "published_on": today},
    }
    for name, columns in steps.items():
        ScoreSheet.objects.filter(pk=sheet.pk).update(state=name, **columns)
        if name == state:
            return sheet, now
    return sheet, now


def _fresh(row):
    return type(row).objects.get(pk=row.pk)


def two_checkers() -> bool:
    """Whether both believed to have decided, or the story has two decisions."""
    from assessments import review

    sheet, now = _sheet("to_check")
    seen, first, second = (_fresh(sheet), _fresh(sheet)), _user("head"), _user("head", 2)
    results = at_once(
        lambda: _outcome(lambda: review.approve(sheet=seen[0], by=first, now=now)),
        lambda: _outcome(lambda: review.send_back(sheet=seen[1], reason="重看", by=second, now=now)),
    )
    return Counter(results) != {"done": 1, "told": 1} or sheet.events.count() != 1


def publish_and_appeal() -> bool:
    """Whether something was published while an appeal against it waits."""
    from assessments import appeals, review

    sheet, now = _sheet("checked")
    later = now + timedelta(days=1)
    seen, head, firm = (_fresh(sheet), _fresh(sheet)), _user("head"), _user("firm")
    at_once(
        lambda: _outcome(lambda: review.publish(sheet=seen[0], by=head, now=later)),
        lambda: _outcome(lambda: appeals.file(sheet=seen[1], text="不对", by=firm, now=now)),
    )
    row = _fresh(sheet)
    return row.state == "published" and hasattr(row, "appeal")


def two_workers() -> bool:
    """Whether a published sheet moved the deposit twice, or its sums no longer agree."""
    from assessments import bookings
    from assessments.models import Booking, DepositLine

    sheet, now = _sheet("published")
    work = lambda: _outcome(lambda: bookings.book_published(now=now))  # noqa: E731
    at_once(work, work)
    if not Booking.objects.filter(sheet=sheet).exists():
        bookings.book_published(now=now)
    once = Booking.objects.filter(sheet=sheet).count() == 1 == DepositLine.objects.filter(sheet=sheet).count()
    return not once


@contextmanager
def unguarded():
    """Looks, then saves; the database's own rules against two bookings are taken away."""
    from unittest import mock

    from django.db import connection

    from assessments import bookings, review, scoring
    from assessments.models import ScoreSheet

    def look_then_save(row, *where, to, else_, **from_):
        for column, value in to.items():
            setattr(row, column, value)
        type(row)._base_manager.filter(pk=row.pk).update(**to)

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER keep_sheet ON assessments_scoresheet")
        for table in ("booking", "depositline"):
            cursor.execute(UNIQUE, [f"assessments_{table}"])
            for (name,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE assessments_{table} DROP CONSTRAINT {name}")
    with (
        mock.patch.object(review, "move", look_then_save),
        mock.patch.object(scoring, "hold", lambda sheet: sheet.refresh_from_db()),
        mock.patch.object(bookings, "_locked", lambda pk: ScoreSheet.objects.filter(pk=pk, booking=None).first()),
    ):
        yield


if __name__ == "__main__":
    main()
