"""Which table scores a community, and how a table is entered, checked and superseded. DOMAIN D.2"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Sum

from accounts.models import User
from accounts.roles import Act, demand, demand_check, demand_other
from communities.models import Community
from lib.periods import DAY, beijing_date
from lib.states import WrongState, move
from rulebook import rules

from .kinds import BY_SEVERITY, EvidenceKind
from .models import ScoreTable

FULL = 1000  # tenths: all areas together


def code_for(kind: str, day: date) -> str:
    """The code that the rules name for communities of a kind."""
    family = "settlement" if kind == Community.Kind.SETTLEMENT else "developed"
    return rules.on(day, f"score.table.{family}")


def key_for(kind: str, day: date) -> int | None:
    """The key of the checked table in force; None while there is none."""
    return keys_on(day).get(code_for(kind, day))


def keys_on(day: date) -> dict[str, int]:
    """Of each code the key of the checked table in force, in one query."""
    return dict(ScoreTable.objects.checked().on(day).values_list("code", "pk"))


def is_used(table: ScoreTable) -> bool:
    return table.sheets.exists()


def problems(table: ScoreTable) -> list[str]:
    """What keeps a table from being used, in words: sums that do not agree, bands with a hole, items without area."""
    found = []
    areas = table.scoreareas.annotate(caps=Sum("items__cap_deci"))
    found += [
        f"{area.name}：各项最多扣的加起来是 {(area.caps or 0) / 10} 分，和这方面的满分 {area.max_deci / 10} 分不一样。"
        for area in areas.exclude(caps=F("max_deci"))
    ]
    total = sum(area.max_deci for area in areas)
    if total != FULL:
        found.append(f"各方面的满分加起来是 {total / 10} 分，要正好 100 分。")
    bands = list(table.bands.all())
    if not any(band.from_deci == 0 for band in bands):
        found.append("最低的一档要从 0 分起，不然有的得分没有档次。")
    if table.gate_band not in {band.letter for band in bands}:
        found.append(f"“有重大问题逾期时最高档”写的是 {table.gate_band}，档次里没有它。")
    return found


def unknown_sources(table: ScoreTable, codes: set[str]) -> list[str]:
    """Rules of the table that no check item and no kind of evidence answers to."""
    kinds = {kind.value for kind in EvidenceKind if kind not in BY_SEVERITY}
    return sorted(set(table.evidencerules.values_list("source", flat=True)) - codes - kinds)


# ---------------------------------------------------------------- by two people


@transaction.atomic
def enter(*, table: ScoreTable, by: User, now: datetime) -> None:
    """Saves a table as entered by somebody: whatever stood before must be checked again.

    Raises:
        PermissionDenied: not the rules' keeper.
        WrongState: a sheet uses it already; then only a later one takes its place.
    """
    demand(by, Act.RULES)
    if table.pk and is_used(table):
        raise WrongState("这张考核表已经用过，不能再改。照它另建一张，从以后的日子起用。")
    table.origin, table.entered_by, table.entered_at = ScoreTable.Origin.PERSON, by, now
    table.checked_by = table.checked_at = None
    table.save()


@transaction.atomic
def check(*, table: ScoreTable, by: User, now: datetime) -> None:
    """A second person lets the table hold from its first day; the one before of its code ends the day before.

    Raises:
        PermissionDenied: may not check rules, or entered it.
        ValidationError: sums that do not agree; a first day in a month that has begun while another table holds.
        WrongState: checked before.
    """
    demand_check(by, Act.RULES)
    demand_other(by, table.entered_by_id)
    if found := problems(table):
        raise ValidationError(found)
    before = ScoreTable.objects.checked().filter(code=table.code, first_day__lt=table.first_day, last_day=None)
    if before.exists() and table.first_day <= beijing_date(now):
        raise ValidationError("接替的考核表要从以后的月份起用，把开始日期改到下个月。")
    before.update(last_day=table.first_day - DAY)
    move(table, checked_at=None, to={"checked_by": by, "checked_at": now}, else_="这张刚才已经复核过了。")


@transaction.atomic
def copy(*, table: ScoreTable, first_day: date, by: User, now: datetime) -> ScoreTable:
    """A table like another, to be changed and checked; the way to supersede one that is used.

    Raises:
        PermissionDenied: not the rules' keeper.
        ValidationError: it would begin on no first day of a month, or not after the other.
    """
    demand(by, Act.RULES)
    if first_day.day != 1 or first_day <= table.first_day:
        raise ValidationError("新的考核表从某个月 1 日起用，要在原来那张之后。")
    made = ScoreTable(code=table.code, name=table.name, gate_band=table.gate_band, source=table.source)
    made.first_day = first_day
    enter(table=made, by=by, now=now)
    areas = {area.pk: _again(area, table=made) for area in table.scoreareas.all()}
    items = {item.pk: _again(item, table=made, area=areas[item.area_id]) for item in table.scoreitems.all()}
    for rule in table.evidencerules.all():
        _again(rule, table=made, item=items[rule.item_id])
    for row in [*table.bands.all(), *table.sizerows.all()]:
        _again(row, table=made)
    return made


def _again(row, **owner):
    row.pk = None
    row._state.adding = True
    for name, value in owner.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def withdraw(*, table: ScoreTable, by: User) -> None:
    """Takes back a table that nobody has checked.

    Raises:
        PermissionDenied: neither keeper nor checker of rules.
        WrongState: checked meanwhile.
    """
    if not table.is_waiting:
        raise WrongState("复核过的考核表不能撤回，另建一张接替它。")
    try:
        demand(by, Act.RULES)
    except PermissionDenied:
        demand_check(by, Act.RULES)
    table.delete()
