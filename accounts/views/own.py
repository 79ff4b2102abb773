"""The pages of one's own account, the inbox, and passwords reset on the spot."""

from django.conf import settings
from django.contrib import auth, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import (
    choices,
    code_sheets,
    demo,
    emails,
    grants,
    notifications,
    password_resets,
    passwords,
    people,
    phones,
    quiet,
    roles,
    sessions,
    shared_phones,
)
from ..access import anyone, office_only, signed_in, signed_in_also_by_code, station_only
from ..forms import EmailForm, FindPersonForm, HoursForm, PasswordForm, ResetForm, RoleFilter, SignInForm
from ..models import Message, PasswordReset, RoleGrant, User
from ..roles import Act
from .code_sheets import half_way

PER_PAGE = 25
RESET_ACTS = (Act.RESET_LOCAL, Act.RESET_STAFF, Act.RESET_GUARDED)
UNPROCESSABLE = 422

# ---------------------------------------------------------------- the door


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request):
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if code_sheets.is_asked(form.user, today=timezone.localdate()):
            return half_way(request, form.user, _next(request))
        sessions.begin(request, form.user)
        return redirect(_next(request))
    context = {"form": form, "next": request.POST.get("next", request.GET.get("next", "")), "people": demo.people()}
    context["shared"] = shared_phones.here(request.COOKIES.get(shared_phones.COOKIE, ""), now=timezone.now())
    return render(request, "accounts/sign_in.html", context, status=_status(form))


def _next(request: HttpRequest) -> str:
    """Where somebody wanted to go; only inside the portal."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


def _status(form) -> int:
    return UNPROCESSABLE if form.is_bound and form.errors else 200


@anyone
@require_POST
def demo_sign_in(request):
    user = demo.person(request.POST.get("role", ""))
    if user is None:
        raise Http404("没有这个演示身份")
    sessions.begin(request, user)
    return redirect(settings.LOGIN_REDIRECT_URL)


@anyone
@require_POST
def sign_out(request):
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@anyone
@require_safe
@never_cache
def token(request):
    """Who is signed in here now and what a page must send with a POST: for what waited in the browser meanwhile."""
    return JsonResponse({"user": request.user.pk, "csrf": get_token(request)})


# ---------------------------------------------------------------- one's own account


@signed_in
@require_safe
def me(request):
    unread = notifications.unread_count(request.user, now=timezone.now())
    context = {
        "grants": people.grants_of(request.user, today=timezone.localdate()),
        "roles": [role for role in roles.Role if role in request.user.roles],
        "home_role": people.home_role(request),
        "unread_words": f"{unread} 条没看" if unread else "",
        "may_reset": _may_reset(request.user),
        "may_give_codes": roles.may(request.user, Act.CODE_SHEET),
        "is_asked": code_sheets.is_asked(request.user, today=timezone.localdate()),
        "may_review": office_only.admits(request.user),
        "may_share": roles.may(request.user, Act.SHARE_PHONE),
    }
    return render(request, "accounts/me.html", context)


def _may_reset(user: User) -> bool:
    return any(roles.may(user, act) for act in RESET_ACTS)


@signed_in
@require_POST
def role(request):
    if not people.look_through(request, request.POST.get("role", "")):
        raise PermissionDenied("您现在没有这个角色。")
    return redirect(settings.LOGIN_REDIRECT_URL)


@signed_in_also_by_code
@require_POST
def looks(request):
    """Large type and dark colours, as the person wishes them on every device; then back to the page they were on."""
    wanted = {name: request.POST[name] == "1" for name in people.LOOKS if name in request.POST}
    people.keep_looks(user=request.user, **wanted)
    return redirect(_next(request))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request):
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        passwords.change(user=request.user, password=form.cleaned_data["new"])
        sessions.keep(request, request.user)
        messages.success(request, "密码改好了。别处的登录都已退出。")
        return redirect("accounts:me")
    return render(request, "accounts/password_change.html", {"form": form}, status=_status(form))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def email(request):
    form = EmailForm(request.POST or None, initial={"email": request.user.email and request.user.email.value})
    if request.method == "POST" and form.is_valid():
        emails.ask(user=request.user, value=form.cleaned_data["email"], now=timezone.now())
        return redirect("accounts:email")
    return render(request, "accounts/email.html", {"form": form}, status=_status(form))


@signed_in
@require_POST
def email_confirm(request):
    emails.confirm(user=request.user, typed=request.POST.get("code", ""), now=timezone.now())
    messages.success(request, "邮箱确认了，以后通知也会发到这里。")
    return redirect("accounts:me")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request):
    if request.method == "POST":
        phones.ask(user=request.user, now=timezone.now())
        request.session["phone-code"] = True
        return redirect("accounts:phone")
    context = {"waits": phones.waits(request.user), "connected": phones.is_connected()}
    return render(request, "accounts/phone.html", {**context, "asked": request.session.get("phone-code")})


@signed_in
@require_POST
def phone_confirm(request):
    phones.confirm(user=request.user, typed=request.POST.get("code", ""), now=timezone.now())
    request.session.pop("phone-code", None)
    messages.success(request, "手机号确认了。要不要收短信，在“怎么通知我”里选。")
    return redirect("accounts:me")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request):
    form = HoursForm(request.POST or None, initial=quiet.own_of(request.user))
    if request.method == "POST" and form.is_valid():
        choices.keep(user=request.user, ticked=request.POST.getlist("want"), **form.cleaned_data)
        messages.success(request, "记下了。站内通知照常都有。")
        return redirect("accounts:channels")
    groups = choices.table(request.user, ticked=request.POST.getlist("want") if form.is_bound else None)
    context = {"form": form, "groups": groups, "hours": quiet.office_hours(timezone.localdate())}
    return render(request, "accounts/channels.html", context, status=_status(form))


@signed_in
@require_safe
def devices(request):
    shared = shared_phones.of(request.user, now=timezone.now())
    return render(request, "accounts/devices.html", {"sign_ins": sessions.of(request.user), "shared": shared})


@signed_in
@require_POST
def device_end(request, pk):
    sessions.end(get_object_or_404(request.user.sign_ins, pk=pk))
    messages.success(request, "那台设备已经退出登录。")
    return redirect("accounts:devices")


@signed_in
@require_POST
def devices_end_others(request):
    ended = sessions.end_all(user=request.user, but=request.session.session_key)
    messages.success(request, f"别的 {ended} 台设备都退出了登录。" if ended else "没有别的设备在登录。")
    return redirect("accounts:devices")


# ---------------------------------------------------------------- the inbox


@signed_in
@require_safe
def inbox(request):
    now = timezone.now()
    page = Paginator(Message.objects.inbox(request.user, now=now), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = notifications.read_texts(list(page.object_list))
    return render(
        request, "accounts/inbox.html", {"page": page, "unread": notifications.unread_count(request.user, now=now)}
    )


@signed_in
@require_POST
def message_open(request, pk):
    found = Message.objects.inbox(request.user, now=timezone.now()).filter(pk=pk)
    message = notifications.read_texts([get_object_or_404(found)])[0]
    notifications.mark_read(found, now=timezone.now())
    return redirect(message.text.url if message.text else "accounts:inbox")


@signed_in
@require_POST
def inbox_read(request):
    now = timezone.now()
    notifications.mark_read(Message.objects.inbox(request.user, now=now), now=now)
    return redirect("accounts:inbox")


# ---------------------------------------------------------------- who may what


@office_only
@require_safe
def role_list(request):
    """Who may what, since when, by whom; what is to be looked at this year. When somebody last came, only roughly."""
    today = timezone.localdate()
    form = RoleFilter(request.GET)
    rows = form.narrow(RoleGrant.objects.in_force(today), today=today)
    rows = rows.select_related("user", "granted_by", "checked_by").order_by("role", "user__pinyin", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    due = set(RoleGrant.objects.to_review(today).values_list("pk", flat=True))
    for grant in page.object_list:
        grant.came_last = people.came_last(grant.user, today=today)
        grant.is_due = grant.pk in due
    context = {"form": form, "page": page, "due": len(due), "year": today.year, "may_review": _may_review(request.user)}
    return render(request, "accounts/role_list.html", context)


def _may_review(user: User) -> bool:
    return roles.may(user, Act.GRANT) or roles.may_check(user, Act.GRANT)


@office_only
@require_POST
def role_review(request, pk):
    grant = get_object_or_404(RoleGrant.objects.visible_to(request.user).select_related("user"), pk=pk)
    grants.review(grant=grant, by=request.user, now=timezone.now())
    messages.success(request, f"记下了：{grant}今年看过，还需要。")
    return redirect("accounts:role-list")


# ---------------------------------------------------------------- passwords reset on the spot


@(station_only | office_only)
@require_safe
def password_reset_list(request):
    found = PasswordReset.objects.visible_to(request.user).select_related("user", "asked_by", "approved_by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    may_approve = roles.may_check(request.user, Act.RESET_GUARDED)
    context = {"page": page, "may_approve": may_approve, "may_reset": _may_reset(request.user)}
    return render(request, "accounts/password_reset_list.html", context)


@(station_only | office_only)
@require_safe
def password_reset_find(request):
    if not _may_reset(request.user):
        raise PermissionDenied("重置密码由站长、镇物业办负责人或系统管理员来办。")
    form = FindPersonForm(request.GET or None)
    words = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    found = (
        password_resets.resettable_by(request.user, today=timezone.localdate()).matching(words).order_by("pinyin", "pk")
    )
    page = Paginator(found.select_related("mobile"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/password_reset_find.html", {"form": form, "page": page})


@(station_only | office_only)
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset_new(request, pk):
    today = timezone.localdate()
    user = get_object_or_404(password_resets.resettable_by(request.user, today=today), pk=pk)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        _, password = password_resets.reset(user=user, by=request.user, reason=reason, now=now)
        return slip(request, user, password) if password else redirect("accounts:password-reset-list")
    by_two = password_resets.needs_two(user=user, by=request.user, today=today)
    context = {"form": form, "person": user, "by_two": by_two}
    return render(request, "accounts/password_reset_new.html", context, status=_status(form))


@office_only
@require_POST
def password_reset_approve(request, pk):
    record = get_object_or_404(PasswordReset.objects.visible_to(request.user), pk=pk)
    password = password_resets.approve(reset=record, by=request.user, now=timezone.now())
    return slip(request, record.user, password)


@office_only
@require_POST
def password_reset_withdraw(request, pk):
    record = get_object_or_404(PasswordReset.objects.visible_to(request.user), pk=pk)
    password_resets.withdraw(reset=record, by=request.user, now=timezone.now())
    messages.success(request, "撤回了。密码没有动。")
    return redirect("accounts:password-reset-list")


def slip(request: HttpRequest, user: User, password: str, **then: str) -> HttpResponse:
    """The slip with a one-time password, once: the answer is kept by no browser, and nothing else holds it.

    ``done`` and ``done_words`` say where to go from there; without them, home.
    """
    user.refresh_from_db()
    response = render(request, "accounts/slip.html", {"person": user, "password": password, **then})
    add_never_cache_headers(response)
    return response
