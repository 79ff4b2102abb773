"""Months scored, checked, published and booked; one under appeal; the last ones still to be checked and assessed."""

from datetime import datetime, time, timedelta

from accounts.models import Message, User
from accounts.roles import Role
from assessments import appeals, bookings, credit, deposits, people, review, scoring, stars
from assessments.kinds import Decision
from assessments.models import Appeal, Deposit, ScoreSheet
from assessments.review import Verdict
from communities.models import Community, Contract, FirmPost, StationPost
from lib.periods import BEIJING, DAY, Month, month_of
from portal.demo.draft import Draft
from rulebook.workdays import add_working_days

MONTHS = 5  # that are over; fewer where the town is younger
BUDGETS = ["望江苑", "云溪新居"]
CUTS = ["当天已经清走，照片为证", "业主临时堆放，已劝离"]


def make(draft: Draft) -> None:
    """Each month is taken through the acts of a real one, in the order of its timetable."""
    _deposits(draft)
    for month in _months(draft):
        scoring.compute(month=month, now=_at(month.last_day + DAY))
        _through(draft, month)
    scoring.compute(month=month_of(draft.today), now=draft.now)
    bookings.book_published(now=draft.now)
    credit.propose(now=draft.now)
    _stars(draft)
    Message.objects.filter(kind__startswith="score-").delete()  # the past has been told
    Message.objects.filter(kind__startswith="deposit-").delete()


def _months(draft: Draft) -> list[Month]:
    """The months that are over, the oldest first, none before the town lives."""
    month, found = month_of(draft.today).previous, []
    while len(found) < MONTHS and month.first_day >= draft.first_day:
        found.append(month)
        month = month.previous
    return found[::-1]


def _at(day, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), BEIJING)


def _through(draft: Draft, month: Month) -> None:
    """As far as the timetable has brought each sheet by now."""
    assess = _at(add_working_days(month.last_day, 3).date)
    check = _at(add_working_days(month.last_day, 5).date)
    publish = _at(add_working_days(month.last_day, 11).date)
    is_last, contested = month.next.first_day == draft.today.replace(day=1), None
    sheets = ScoreSheet.objects.of_month(month.first_day).select_related("community").order_by("community__pinyin")
    for number, sheet in enumerate(sheets):
        maker, checker = _people(draft, sheet)
        if assess > draft.now or (is_last and number == 5):
            continue
        _assess(sheet, maker, assess, number)
        if check > draft.now or (is_last and number == 9) or not _passes(sheet, checker, check):
            continue
        contested = contested or (is_last and _appeal(sheet, min(check + timedelta(days=2), draft.now)))
        if contested and contested.sheet_id == sheet.pk:
            continue
        if publish <= draft.now:
            review.publish(sheet=sheet, by=checker, now=publish)


def _people(draft: Draft, sheet: ScoreSheet) -> tuple[User, User]:
    """Assessor and checker of the body that scores the community."""
    if sheet.is_settlement:
        return draft.cast[Role.TOWN_CLERK], draft.cast[Role.TOWN_HEAD]
    village = sheet.community.village_committee_id
    posts = {
        post.kind: post.user for post in StationPost.objects.filter(village_committee=village).select_related("user")
    }
    return posts["clerk"], posts["head"]


def _assess(sheet: ScoreSheet, by: User, now: datetime, number: int) -> None:
    charge = sheet.charges.undecided().filter(proposed_deci__gt=5).first()
    if charge and number % 3 == 0:
        less = Verdict(Decision.REDUCED, charge.proposed_deci // 2, CUTS[number % 2])
        review.decide(sheet=sheet, verdicts={charge.pk: less}, by=by, now=now)
    review.accept_the_rest(sheet=sheet, by=by, now=now)
    review.submit(sheet=sheet, by=by, now=now)


def _passes(sheet: ScoreSheet, by: User, now: datetime) -> bool:
    if people.may_check_sheet(by, sheet):
        review.approve(sheet=sheet, by=by, now=now)
        return True
    return False  # somebody who sent a notice may not check; it waits


def _appeal(sheet: ScoreSheet, now: datetime) -> Appeal | None:
    manager = FirmPost.objects.filter(firm=sheet.firm_id, kind="manager").select_related("user").first()
    charges = list(sheet.charges.filter(accepted_deci__gt=0)[:1])
    if manager and charges:
        text = "这处当天下午就处理好了，有照片，请再核一次。"
        return appeals.file(sheet=sheet, text=text, charges=charges, by=manager.user, now=now)
    return None


def _deposits(draft: Draft) -> None:
    """Most contracts agree on a deposit, paid in full when it was noted."""
    clerk, head = draft.cast[Role.TOWN_CLERK], draft.cast[Role.TOWN_HEAD]
    opened = max(draft.first_day, draft.today - timedelta(days=200))
    for number, contract in enumerate(Contract.objects.on(draft.today).select_related("community", "firm")):
        if number % 4 == 3:
            continue
        row = deposits.agree(
            contract=contract,
            clause="第十八条",
            holder=f"{contract.community}业委会",
            bank="演示·农商银行",
            account=f"620018{number:04}",
            beneficiary="本小区维修",
            price_fen=40 + 10 * (number % 4),
            area_centi=1_200_000 + 90_000 * (number % 9),
            by=clerk,
            now=_at(opened),
        )
        _open(row, clerk, head, opened)
    for name in BUDGETS:
        if community := draft.communities.get(name):
            _budget(draft, community, clerk)


def _open(row: Deposit, clerk: User, head: User, day) -> None:
    given = {"kind": "open", "amount_fen": row.opening_fen, "on": day, "text": "开户"}
    entry = deposits.propose(deposit=row, **given, by=clerk, now=_at(day))
    deposits.book(entry=entry, by=head, now=_at(day, 15))


def _budget(draft: Draft, community: Community, by: User) -> None:
    deposits.set_aside(
        community=community,
        party=f"{community}业委会",
        amount_fen=2_000_000,
        document="演示·业主大会决议",
        first_day=draft.today.replace(month=1, day=1),
        by=by,
        now=draft.now,
    )


def _stars(draft: Draft) -> None:
    """The stars of the running year, of two firms: one published, one to be checked."""
    year, clerk = draft.today.year, draft.cast[Role.TOWN_CLERK]
    hand = {row.pk: row.most - 2 for row in stars.criteria(year) if row.source == "hand"}
    for number, firm in enumerate(draft.firms[:2]):
        row = stars.rate(firm=firm, year=year, by_hand=hand, by=clerk, now=draft.now)
        if not number:
            stars.confirm(rating=row, published=True, by=draft.cast[Role.TOWN_HEAD], now=draft.now)
