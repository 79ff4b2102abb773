"""The town looks again: stations' sheets and exemptions, drawn so that anybody can draw the same. DOMAIN D.1, D.3"""

from datetime import date, datetime
from random import Random

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand
from communities.models import Community
from lib.states import WrongState, move
from rulebook import rules

from .kinds import SheetState
from .models import Charge, ScoreSheet, SheetEvent, SpotCheck
from .points import written
from .revisions import note

ASSESSED = (SheetState.TO_CHECK, SheetState.CHECKED, SheetState.PUBLISHED)


@transaction.atomic
def draw(*, month: date, seed: str, by: User, now: datetime) -> list[SpotCheck]:
    """Draws sheets that stations have assessed, and exemptions of the whole town: as many as the rules say.

    Args:
        month: its first day.
        seed: what the draw begins with; the same seed and the same month draw the same.

    Raises:
        PermissionDenied: not the town's office.
        WrongState: nothing assessed yet, or drawn before.
    """
    demand(by, Act.SPOT_CHECK)
    if SpotCheck.objects.filter(month=month).exists():
        raise WrongState("这个月已经抽过了。")
    rows = ScoreSheet.objects.of_month(month).current().filter(state__in=ASSESSED)
    sheets = list(rows.exclude(kind=Community.Kind.SETTLEMENT).order_by("pk"))
    charges = list(Charge.objects.filter(sheet__in=rows).exclude(exempt="").select_related("sheet").order_by("pk"))
    if not (sheets or charges):
        raise WrongState("这个月还没有认定完的考核，过几天再抽。")
    chance = Random(f"{seed} {month}")  # noqa: S311 — a draw that others can repeat
    picked = [(sheet, None, len(sheets)) for sheet in _some(chance, sheets, rules.on(month, "score.spot_sheets"))]
    some = _some(chance, charges, rules.on(month, "score.spot_exemptions"))
    picked += [(charge.sheet, charge, len(charges)) for charge in some]
    given = {"month": month, "seed": seed, "drawn_by": by, "drawn_at": now}
    return SpotCheck.objects.bulk_create(
        SpotCheck(sheet=sheet, charge=charge, community_id=sheet.community_id, drawn_from=number, **given)
        for sheet, charge, number in picked
    )


def _some(chance: Random, rows: list, number: int) -> list:
    return chance.sample(rows, min(number, len(rows)))


@transaction.atomic
def answer(*, check: SpotCheck, same: bool, note_: str, score_deci: int | None = None, by: User, now: datetime) -> None:
    """What the town saw. A difference stands beside the station's score; putting it right is a version of its own.

    Raises:
        PermissionDenied: not the town's office.
        ValidationError: by whoever assessed or checked it, no words, or a difference without points; by field.
        WrongState: answered before.
    """
    demand(by, Act.SPOT_CHECK)
    if by.pk in (check.sheet.assessed_by_id, check.sheet.checked_by_id):
        raise ValidationError({"note": "抽查由没经手这一份的人做。"})
    if not note_.strip():
        raise ValidationError({"note": "写上看到了什么。"})
    if not same and check.charge_id is None and score_deci is None:
        raise ValidationError({"score": "有差别的，写上抽查的得分。"})
    result = SpotCheck.Result.SAME if same else SpotCheck.Result.DIFFERENT
    to = {"result": result, "score_deci": score_deci, "note": note_.strip()[:500], "by": by, "at": now}
    move(check, result="", to=to, else_="这一条刚才已经有人查过了。")
    words = "和原来一致" if same else f"有差别{f'，抽查 {written(score_deci)} 分' if score_deci is not None else ''}"
    note(check.sheet, SheetEvent.Kind.SAMPLED, by=by, now=now, text=f"{words}：{note_.strip()}")
