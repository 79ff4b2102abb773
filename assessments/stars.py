"""Stars of firms by a table of criteria, rated by one, confirmed by another, in a public register. 星级评定, R12"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand, demand_check, demand_other
from communities.models import Firm
from lib.periods import beijing_date
from lib.states import first_come, move
from rulebook import rules

from . import credit
from .models import CreditEvent, StarCriterion, StarRating

State = StarRating.State


def criteria(year: int) -> list[StarCriterion]:
    """The criteria in force at the end of the year, in order."""
    return list(StarCriterion.objects.on(date(year, 12, 31)).order_by("position", "pk"))


def computed(firm: Firm, year: int, *, today: date) -> dict[int, int]:
    """Points that follow from the records: the year's average, a clean credit file. By the criterion's key."""
    standing = next((row for row in credit.standings(*credit.stretch(year, None)) if row.firm == firm), None)
    average = standing.average_deci if standing else None
    clean = not CreditEvent.objects.in_force(today).filter(firm=firm).exists()
    found = {}
    for row in criteria(year):
        if row.source == "average":
            found[row.pk] = row.most * (average or 0) // 1000
        elif row.source == "credit":
            found[row.pk] = row.most if clean else 0
    return found


def stars_for(total: int, day: date) -> int:
    """How many stars so many points are worth: rule ``star.from_points``, from one star up."""
    return sum(total >= least for least in rules.on(day, "star.from_points"))


@transaction.atomic
def rate(*, firm: Firm, year: int, by_hand: dict[int, int], note: str = "", by: User, now: datetime) -> StarRating:
    """Adds what was rated by hand to what follows from the records.

    Args:
        by_hand: criterion's key → points, for those that are rated by hand.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: a criterion is missing or exceeded; by its key.
        WrongState: rated before.
    """
    demand(by, Act.CREDIT)
    today, rows = beijing_date(now), criteria(year)
    if not rows:
        raise ValidationError("这一年还没有星级评定标准，先在系统管理里录入。")
    points = computed(firm, year, today=today)
    wrong = {}
    for row in rows:
        if row.source != "hand":
            continue
        given = by_hand.get(row.pk)
        if given is None or not 0 <= given <= row.most:
            wrong[f"c{row.pk}"] = f"写 0 到 {row.most} 的整数。"
        else:
            points[row.pk] = given
    if wrong:
        raise ValidationError(wrong)
    total = sum(points.values())
    made = StarRating(firm=firm, year=year, total=total, stars=stars_for(total, today), note=note.strip()[:300])
    made.points, made.made_by, made.made_at = {str(pk): value for pk, value in points.items()}, by, now
    with first_come("这家企业这一年已经评过。"):
        made.save(force_insert=True)
    return made


@transaction.atomic
def confirm(*, rating: StarRating, published: bool, by: User, now: datetime) -> None:
    """The head publishes the stars, or sends them back.

    Raises:
        PermissionDenied: not the town's head, or whoever rated.
        WrongState: decided before.
    """
    demand_check(by, Act.CREDIT)
    demand_other(by, rating.made_by_id)
    to = {"state": State.PUBLISHED if published else State.DROPPED, "checked_by": by}
    if published:
        to["published_on"] = beijing_date(now)
    move(rating, state=State.OPEN, to=to, else_="这一条刚才已经处理过了。")
