"""Firm and cadre at one moment: a notice is signed or withdrawn, and rechecked once. Each race is then run with its
guard removed, and must go wrong: otherwise it would show nothing.

.venv/bin/python -m bench.faults.notice_races [races, 1000]
"""

import sys
from collections import Counter
from contextlib import contextmanager

from bench import database
from bench.faults.races import _outcome, at_once, told

RACES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
CONTROL = 100


def fill() -> None:
    from bench import town
    from communities.models import Contract, Firm, FirmPost, PatrolDuty, StationPost

    (cadre,) = town.make_people("cadre", town.Role.CADRE, 1)
    (firm_user,) = town.make_people("firm", town.Role.FIRM_MANAGER, 1)
    (head,) = town.make_people("head", town.Role.STATION_HEAD, 1)
    (place,) = town.make_places(1)
    since = {"first_day": town.LONG_AGO}
    PatrolDuty.objects.create(user=cadre, community=place, **since)
    StationPost.objects.create(user=head, village_committee=place.village_committee, kind="head", **since)
    firm = Firm.objects.create(name="演示·测试物业", uscc="91330000MA27XYZ12N")
    FirmPost.objects.create(user=firm_user, firm=firm, kind="manager", **since)
    Contract.objects.create(community=place, firm=firm, kind="owners", **since)


def main() -> None:
    database.use("notice_races", fill, anew=True)
    wrong = [
        told("receive/withdraw", RACES, sum(receive_and_withdraw() for _ in range(RACES))),
        told("recheck/recheck", RACES, sum(two_rechecks() for _ in range(RACES))),
    ]
    with unguarded():
        controls = [
            told("receive/withdraw, guard removed", CONTROL, sum(receive_and_withdraw() for _ in range(CONTROL))),
            told("recheck/recheck, guard removed", CONTROL, sum(two_rechecks() for _ in range(CONTROL))),
        ]
    print("0 wrong, and each control went wrong" if not any(wrong) and all(controls) else "NOT AS PROMISED")
    sys.exit(any(wrong) or not all(controls))


def _user(name: str):
    from accounts.models import User

    return User.objects.get(username=f"{name}1")


def _notice():
    """A finding of this minute and its notice, as a patrol leaves them."""
    from django.utils import timezone

    from communities.models import Community
    from inspections import notices
    from inspections.models import Finding
    from tests.inspections.phone import item

    cadre, now = _user("cadre"), timezone.now()
    finding = Finding.objects.create(
        community=Community.objects.get(),
        item=item("HYG1"),
        severity="general",
        text="路面不洁",
        handling="notice",
        found_by=cadre,
        found_on=timezone.localdate(),
    )
    return notices.issue(finding=finding, by=cadre, now=now), now


def _fresh(row):
    return type(row).objects.get(pk=row.pk)


def receive_and_withdraw() -> bool:
    """Whether both believed to have done it, or neither, or what stands is neither signed nor withdrawn."""
    from inspections import notices

    notice, now = _notice()
    firm, cadre = _user("firm"), _user("cadre")
    seen = _fresh(notice), _fresh(notice)
    results = at_once(
        lambda: _outcome(lambda: notices.receive(notice=seen[0], by=firm, now=now)),
        lambda: _outcome(lambda: notices.withdraw(notice=seen[1], reason="写错了", by=cadre, now=now)),
    )
    kinds = set(notice.events.values_list("kind", flat=True))
    both = {"received", "withdrawn"} <= kinds
    return Counter(results) != {"done": 1, "told": 1} or both or _fresh(notice).state not in ("received", "withdrawn")


def two_rechecks() -> bool:
    """Whether two who look at once both believe to have decided, or one round is decided twice."""
    from inspections import notices, rechecks
    from inspections.models import Recheck
    from tests.inspections.phone import fresh_photos

    notice, now = _notice()
    firm = _user("firm")
    notices.receive(notice=notice, by=firm, now=now)
    notices.reply(notice=notice, text="扫了", photos=fresh_photos(firm, now=now), by=firm, now=now)
    seen = [(_fresh(notice), _user("cadre"), True), (_fresh(notice), _user("head"), False)]
    results = at_once(
        *(
            lambda row=row, by=by, passed=passed: _outcome(
                lambda: rechecks.recheck(notice=row, passed=passed, note="看过", by=by, now=now)
            )
            for row, by, passed in seen
        )
    )
    made = Recheck.objects.filter(round__notice=notice).count()
    return Counter(results) != {"done": 1, "told": 1} or made != 1


@contextmanager
def unguarded():
    """States move as one writes it first: look, then save; and the tables without the guards behind it. This database
    is thrown away.
    """
    from django.db import connection

    from inspections import notices
    from lib.states import WrongState

    def look_then_save(row, *where, to, else_, **from_):
        if not type(row).objects.filter(*where, pk=row.pk, **from_).exists():
            raise WrongState(else_)
        type(row).objects.filter(pk=row.pk).update(**to)
        for column, value in to.items():
            setattr(row, column, value)

    with connection.as_owner(), connection.cursor() as cursor:
        for table in ("notice", "noticeround", "recheck"):
            cursor.execute(f"ALTER TABLE inspections_{table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE inspections_recheck DROP CONSTRAINT inspections_recheck_round_id_key")
        cursor.execute("DROP INDEX round_once")
    guarded, notices.move = notices.move, look_then_save
    try:
        yield
    finally:
        notices.move = guarded


if __name__ == "__main__":
    main()
