"""The second step at the door for whoever handles the repair fund, and the sheets of codes that open it."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lib.periods import beijing_date
from lib.states import WrongState

from .. import code_sheets, sessions
from ..access import anyone, office_only, signed_in
from ..forms import OwnPasswordForm
from ..models import User
from ..roles import Act, demand

WAITS, HALF_WAY = "half-way", timedelta(minutes=10)
UNPROCESSABLE = 422


def half_way(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    """The password was right; the code is asked for next. Nobody is signed in yet."""
    request.session[WAITS] = {"user": user.pk, "at": timezone.now().timestamp(), "next": wanted}
    return redirect("accounts:second-step")


def _who(request: HttpRequest) -> User | None:
    """Whose password was typed here within the last ten minutes."""
    waits = request.session.get(WAITS)
    if not waits or timezone.now().timestamp() - waits["at"] > HALF_WAY.total_seconds():
        return None
    return User.objects.filter(pk=waits["user"], is_active=True).first()


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """The next code of the sheet; then one is in."""
    user, error = _who(request), ""
    if user is None:
        return redirect("accounts:sign-in")
    if request.method == "POST":
        try:
            code_sheets.enter(user=user, typed=request.POST.get("code", ""), now=timezone.now())
        except WrongState as wrong:
            error = str(wrong)
        else:
            return _in(request, user)
    context = {"number": code_sheets.next_number(user), "error": error, "no_sheet": code_sheets.NO_SHEET}
    return render(request, "accounts/second_step.html", context, status=UNPROCESSABLE if error else 200)


def _in(request: HttpRequest, user: User) -> HttpResponse:
    wanted = request.session.pop(WAITS)["next"]
    sessions.begin(request, user)
    left = code_sheets.left(user)
    if left <= code_sheets.FEW:
        messages.warning(request, f"登录验证码还剩 {left} 个，请在“我的”里换一张新的。")
    return redirect(wanted or settings.LOGIN_REDIRECT_URL)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def code_sheet(request: HttpRequest) -> HttpResponse:
    """One's own sheet: how many are left, and a new one against the password."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _sheet(request, request.user)
    context = {
        "form": form,
        "is_asked": code_sheets.is_asked(request.user, today=beijing_date(timezone.now())),
        "left": code_sheets.left(request.user),
    }
    return render(request, "accounts/code_sheet.html", context, status=UNPROCESSABLE if form.errors else 200)


@office_only
@require_safe
def code_sheet_list(request: HttpRequest) -> HttpResponse:
    """Everybody whose post asks for codes, with how many are left."""
    demand(request.user, Act.CODE_SHEET)
    people = code_sheets.people(today=beijing_date(timezone.now()))
    return render(request, "accounts/code_sheet_list.html", {"people": people})


@office_only
@require_http_methods(["GET", "HEAD", "POST"])
def code_sheet_new(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator prints a sheet for a person who stands before them."""
    demand(request.user, Act.CODE_SHEET)
    user = get_object_or_404(code_sheets.people(today=beijing_date(timezone.now())), pk=pk)
    code_sheets.demand_another(user=user, by=request.user)
    if request.method == "POST":
        return _sheet(request, user)
    return render(request, "accounts/code_sheet_new.html", {"person": user})


def _sheet(request: HttpRequest, user: User) -> HttpResponse:
    """The sheet, once: no browser keeps it, and nothing else holds the codes."""
    codes = code_sheets.issue(user=user, by=request.user, now=timezone.now())
    own = user.pk == request.user.pk
    context = {"person": user, "codes": codes, "back": "accounts:me" if own else "accounts:code-sheet-list"}
    response = render(request, "accounts/_code_sheet_paper.html", context)
    add_never_cache_headers(response)
    return response
