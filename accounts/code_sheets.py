"""Who makes, checks or approves in the repair fund shows a printed one-time code after the password (decision 14).

No app is needed: an administrator prints a sheet of codes once, face to face; each opens the door once, in order. The
database holds hashes made with a key outside it. A session exists only after both factors.
"""

import secrets
import unicodedata
from datetime import date, datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.crypto import constant_time_compare

from lib.periods import beijing_date
from lib.sealed import fingerprint
from lib.states import WrongState, first_come

from .models import CodeSheet, RoleGrant, SheetCode, User
from .roles import FUND, Act, demand, demand_other

ON_A_SHEET, DIGITS, FEW = 20, 8, 5
TRIES_A_DAY, DAY = 10, 24 * 60 * 60
NO_SHEET = "您的岗位登录要用纸上的验证码，您还没有能用的。请当面找系统管理员领一张。"
WRONG = "验证码不对。看清楚要的是第几个，再输一遍。"


def is_asked(user: User, *, today: date) -> bool:
    """Whether somebody is asked for a code: they handle the fund today, or are to later."""
    return RoleGrant.objects.not_ended(today).filter(user=user, role__in=FUND).exists()


def people(*, today: date) -> QuerySet[User]:
    """Everybody who is asked, with ``left``: how many codes of their sheet are not used."""
    asked = RoleGrant.objects.not_ended(today).filter(role__in=FUND).values("user")
    unused = Q(code_sheets__ended_at=None, code_sheets__codes__used_at=None)
    left = Count("code_sheets__codes", filter=unused)
    return User.objects.filter(pk__in=asked, is_active=True).annotate(left=left).order_by("pinyin", "pk")


def left(user: User) -> int:
    return _unused(user).count()


def next_number(user: User) -> int | None:
    """Which code of the sheet is asked for; None when there is none left."""
    return _unused(user).values_list("n", flat=True).first()


def _unused(user: User) -> QuerySet[SheetCode]:
    return SheetCode.objects.filter(sheet__user=user, sheet__ended_at=None, used_at=None).order_by("n")


@transaction.atomic
def issue(*, user: User, by: User, now: datetime) -> list[str]:
    """Makes a new sheet and ends the old one; returns its codes, to be printed now: nothing else holds them.

    Args:
        by: an administrator, or the person themselves, whose password the page has just asked for.

    Raises:
        PermissionDenied: neither; an administrator does not print their own by this way.
        WrongState: the person's post needs no codes, or two sheets at once.
    """
    if by.pk != user.pk:
        demand(by, Act.CODE_SHEET)
    if not is_asked(user, today=beijing_date(now)):
        raise WrongState("这个人的岗位登录不用验证码。")
    CodeSheet.objects.filter(user=user, ended_at=None).update(ended_at=now)
    with first_come("刚才已经发了一张，先看看是不是已经打印了。"):
        sheet = CodeSheet.objects.create(user=user, issued_by=by, issued_at=now)
    codes = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" for _ in range(ON_A_SHEET)]
    rows = [SheetCode(sheet=sheet, n=n, code_hash=_hash(sheet, n, code)) for n, code in enumerate(codes, start=1)]
    SheetCode.objects.bulk_create(rows)
    return codes


def demand_another(*, user: User, by: User) -> None:
    """Raises PermissionDenied for whoever may not print somebody else's sheet, or means their own."""
    demand(by, Act.CODE_SHEET)
    demand_other(by, user.pk)


def _hash(sheet: CodeSheet, n: int, code: str) -> str:
    return fingerprint(f"code sheet {sheet.pk} {n} {code}")


def enter(*, user: User, typed: str, now: datetime) -> None:
    """The next code of the sheet was typed; it is used now.

    Raises:
        WrongState: none is left, the code is not right, or the sheet was guessed at too often today.
    """
    code = _unused(user).select_related("sheet").first()
    if code is None:
        raise WrongState(NO_SHEET)
    tried = f"code-sheet:{code.sheet_id}:{beijing_date(now)}"  # a new sheet begins anew
    cache.add(tried, 0, DAY)
    if cache.incr(tried) > TRIES_A_DAY:
        raise WrongState("今天试得太多了，请明天再来，或者当面找系统管理员换一张。")
    plain = "".join(unicodedata.normalize("NFKC", typed).split())
    right = constant_time_compare(_hash(code.sheet, code.n, plain), code.code_hash)
    if not right or not SheetCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now):
        raise WrongState(WRONG)
    cache.delete(tried)
