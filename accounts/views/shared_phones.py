"""A phone that several people of a firm use: the manager opens it and gives codes, the others come with theirs."""

from django.conf import settings
from django.contrib import auth, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.periods import beijing_date
from lib.states import WrongState

from .. import roles, sessions, shared_phones
from ..access import anyone, firm_only
from ..models import SharedPhone, SignIn
from ..models.shared_phones import HOURS
from ..roles import Act

UNPROCESSABLE = 422


def _here(request: HttpRequest) -> SharedPhone | None:
    return shared_phones.here(request.COOKIES.get(shared_phones.COOKIE, ""), now=timezone.now())


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def shared_phone(request: HttpRequest) -> HttpResponse:
    """Who are you: names on this phone, then the person's own six digits."""
    phone, error, status = _here(request), "", 200
    if phone and request.method == "POST":
        try:
            return _enter(request, phone)
        except WrongState as wrong:
            error, status = str(wrong), UNPROCESSABLE
    codes = list(shared_phones.codes_on(phone, now=timezone.now())) if phone else []
    chosen = next((one for one in codes if str(one.user_id) == request.POST.get("who", request.GET.get("who"))), None)
    context = {"phone": phone, "codes": codes, "chosen": chosen, "error": error, "over": shared_phones.OVER}
    return render(request, "accounts/shared_phone.html", context, status=status)


def _enter(request: HttpRequest, phone: SharedPhone) -> HttpResponse:
    who = request.POST.get("who", "")
    person = int(who) if who.isascii() and who.isdecimal() and len(who) < 19 else 0
    user = shared_phones.enter(phone=phone, person=person, typed=request.POST.get("code", ""), now=timezone.now())
    sessions.begin(request, user, phone=phone)
    return redirect(settings.LOGIN_REDIRECT_URL)


# ---------------------------------------------------------------- the manager


def _demand_manager(request: HttpRequest) -> None:
    """Giving codes needs the manager's own password on this phone, not a code."""
    roles.demand(request.user, Act.SHARE_PHONE)
    if request.shared_phone:
        raise PermissionDenied("发码要负责人用密码登录，不能凭码进来发。")


@firm_only
@require_safe
def shared_phone_people(request: HttpRequest) -> HttpResponse:
    """The people of the firm, who of them has a code on this phone, and the way to give one."""
    _demand_manager(request)
    phone = _here(request)
    phone = phone if phone and phone.opened_by_id == request.user.pk else None
    known = {code.user_id: code for code in phone.codes.all()} if phone else {}
    people = shared_phones.people_of(request.user, today=beijing_date(timezone.now()))
    rows = [(person, known.get(person.pk)) for person in people]
    ready = any(code and not code.is_over for _, code in rows)
    here = _sign_in(request)
    longer = phone and here and here.at > phone.signed_in_at
    context = {"phone": phone, "rows": rows, "ready": ready, "longer": longer}
    return render(request, "accounts/shared_phone_people.html", context)


def _sign_in(request: HttpRequest) -> SignIn | None:
    """The manager's sign-in with the password in this session."""
    return request.user.sign_ins.filter(session=request.session.session_key).first()


@firm_only
@require_POST
def shared_phone_open(request: HttpRequest) -> HttpResponse:
    _demand_manager(request)
    known = request.COOKIES.get(shared_phones.COOKIE, "")
    key = shared_phones.open_(sign_in=_sign_in(request), key=known, by=request.user, now=timezone.now())
    response = redirect("accounts:shared-phone-people")
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(shared_phones.COOKIE, key, HOURS, httponly=True, samesite="Lax", secure=secure)
    return response


@firm_only
@require_POST
def shared_phone_code(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's new code, shown once; for their eyes."""
    _demand_manager(request)
    now = timezone.now()
    person = get_object_or_404(shared_phones.people_of(request.user, today=beijing_date(now)), pk=pk)
    if (phone := _here(request)) is None:
        raise WrongState("先把这部手机开成共用的，再发码。")
    code = shared_phones.give_code(phone=phone, user=person, by=request.user, now=now)
    response = render(request, "accounts/shared_phone_code.html", {"person": person, "code": code, "phone": phone})
    add_never_cache_headers(response)
    return response


@firm_only
@require_POST
def shared_phone_hand_over(request: HttpRequest) -> HttpResponse:
    """The manager goes out, so that the phone can go round."""
    auth.logout(request)
    return redirect("accounts:shared-phone")


@firm_only
@require_POST
def shared_phone_end(request: HttpRequest, pk: int) -> HttpResponse:
    phone = get_object_or_404(SharedPhone.objects.visible_to(request.user), pk=pk)
    _demand_manager(request)
    shared_phones.end(phone)
    messages.success(request, f"{phone}不再共用，大家的码都作废了。")
    return redirect("accounts:devices")
