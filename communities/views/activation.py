"""Owners' accounts: opened with a printed code or at the desk, the owner's own page, leaving."""

from datetime import date
from functools import partial

from django.contrib import auth, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits, phones, sessions
from accounts.access import anyone, office_only, resident_only, station_only
from accounts.roles import Act, demand
from accounts.views import slip
from lib.dated import holding
from lib.paging import page_of
from lib.periods import beijing_date
from lib.states import WrongState

from .. import activation
from ..forms import AccountForm, CodeForm, DeskForm, LettersForm, OwnerFilter
from ..models import AccountLink, ActivationCode, Community, LetterBatch, Ownership, Person
from .acts import UNPROCESSABLE, act_page, attempt, done, posted

keepers = station_only | office_only
form_methods = require_http_methods(["GET", "HEAD", "POST"])
TYPED = "activation-code"  # the fingerprint of the code, in the session between the two pages
LIST = "communities:activation-list"


def _today() -> date:
    return beijing_date(timezone.now())


# ---------------------------------------------------------------- with the letter


@anyone
@form_methods
def activate(request: HttpRequest) -> HttpResponse:
    """The first page: the code from the letter."""
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid() and _is_right(request, form):
        return redirect("communities:activate-account")
    return render(request, "communities/activate.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


def _is_right(request: HttpRequest, form: CodeForm) -> bool:
    """Whether the code is live; each try counts, for the address and for the whole site."""
    try:
        limits.take("activate", request, each=20, all_=600, seconds=3600)
    except limits.TooMany:
        form.add_error("code", "试得太多了，过一小时再来，或者带上证件到物管站当面开通。")
        return False
    kept = activation.fingerprint(form.cleaned_data["code"])
    if activation.find(kept, now=timezone.now()) is None:
        form.add_error("code", activation.NOT_FOUND)
        return False
    request.session[TYPED] = kept
    return True


@anyone
@form_methods
def activate_account(request: HttpRequest) -> HttpResponse:
    """The second page: for whom the code is; their number and password, or the account they are signed in to."""
    kept = request.session.get(TYPED, "")
    code = activation.find(kept, now=timezone.now())
    if code is None:
        messages.warning(request, "先写开通码。")
        return redirect("communities:activate")
    own = request.user.is_authenticated
    form = None if own else AccountForm(posted(request))
    if request.method == "POST" and (own or form.is_valid()) and _opened(request, kept, form):
        return redirect("accounts:phone")
    owned = Ownership.objects.on(_today()).filter(person=code.person).select_related("unit__community")
    context = {"form": form, "person": code.person, "owned": owned, "own": own}
    wrong = form is not None and form.errors
    return render(request, "communities/activate_account.html", context, status=UNPROCESSABLE if wrong else 200)


def _opened(request: HttpRequest, kept: str, form: AccountForm | None) -> bool:
    """Opens the account and signs its owner in; the code to the phone is on its way."""
    typed = {"mobile": form.cleaned_data["mobile"], "password": form.cleaned_data["password"]} if form else {}
    try:
        user = activation.activate(kept=kept, user=None if form else request.user, now=timezone.now(), **typed)
    except ValidationError as error:
        _show(request, form, error)
        return False
    request.session.pop(TYPED, None)
    if form:
        sessions.begin(request, user)
        _send_code(request, user)
    messages.success(request, "账号开通了。" if form else "开通了，您的房子在“我的房子”里。")
    return True


def _show(request: HttpRequest, form: AccountForm | None, error: ValidationError) -> None:
    if form is None:
        messages.warning(request, "".join(error.messages))
        return
    for name, sentences in error.message_dict.items():
        form.add_error(name if name in form.fields else None, sentences)


def _send_code(request: HttpRequest, user) -> None:
    try:
        phones.ask(user=user, now=timezone.now())
        request.session["phone-code"] = True
    except WrongState as error:
        messages.warning(request, str(error))


# ---------------------------------------------------------------- the owner's own pages


@resident_only
@require_safe
def own_units(request: HttpRequest) -> HttpResponse:
    """我的房子: what the owner owns today, with whom to call; nobody else's data."""
    owned = Ownership.objects.on(_today()).filter(person__user=request.user)
    rows = list(owned.select_related("unit__community__village_committee", "unit__building").order_by("unit__code"))
    units = [row.unit_id for row in rows]
    owners = Ownership.objects.on(_today()).filter(unit__in=units).values_list("unit").annotate(Count("person"))
    number = dict(owners.order_by())
    for row in rows:
        row.others = number[row.unit_id] - 1
    link = AccountLink.objects.open().filter(user=request.user).first()
    return render(request, "communities/own_units.html", {"rows": rows, "link": link, "today": _today()})


@resident_only
@form_methods
def account_leave(request: HttpRequest) -> HttpResponse:
    """The owner ends the account: one page, one button."""
    if request.method == "POST":
        activation.leave(user=request.user, now=timezone.now())
        auth.logout(request)
        messages.success(request, "业主账号停用了。房子的登记不变；以后要用，再到物管站要一封信。")
        return redirect("communities:contacts")
    text = "停用以后不能再用它登录、看自己的房子。房子的登记不变，以后随时可以再开。"
    return act_page(
        request, None, title="停用业主账号", act="停用", text=text, back=reverse("communities:own-units"), danger=True
    )


# ---------------------------------------------------------------- the desk


@keepers
@require_safe
def activation_list(request: HttpRequest) -> HttpResponse:
    """How many owners have an account, community by community; letters that can be fetched."""
    words = request.GET.get("q", "").replace("\0", "")[:50]
    on, path = holding(_today(), "units__ownerships__"), "units__ownerships__person"
    owners = on & ~Q(units__ownerships__how=Ownership.How.DEVELOPER)
    rows = Community.objects.kept_by(request.user).standing(_today()).search(words).order_by("pinyin", "pk")
    rows = rows.annotate(
        owner_count=Count(path, filter=owners, distinct=True),
        opened=Count(path, filter=owners & Q(units__ownerships__person__user__isnull=False), distinct=True),
    )
    batches = LetterBatch.objects.visible_to(request.user).select_related(
        "community", "building", "asked_by", "handed_by"
    )
    context = {"page": page_of(rows, request.GET.get("page")), "batches": batches[:10], "words": words}
    return render(request, "communities/activation_list.html", context)


@keepers
@form_methods
def letters_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.REGISTRY)
    community = get_object_or_404(Community.objects.kept_by(request.user), pk=pk)
    form = LettersForm(posted(request), buildings=community.buildings.filter(ended_on=None))
    if done(request, form, partial(activation.ask_for_letters, community=community)):
        messages.success(request, "在做了，做好会通知您。可以离开这一页。")
        return redirect(LIST)
    text = "给还没有账号的业主每人一封，旧的开通码作废。做好以后只能取一次，一小时内不取就销毁。"
    return act_page(request, form, title=f"{community}做开通信", act="做信", text=text, back=reverse(LIST))


@keepers
@require_POST
def letters_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Hands the paper out, once; the answer is kept by no browser."""
    demand(request.user, Act.REGISTRY)
    batch = get_object_or_404(LetterBatch.objects.visible_to(request.user).select_related("community"), pk=pk)
    paper = activation.hand_out(batch=batch, by=request.user, now=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="kaitongxin-{batch.pk}.pdf"'}
    answer = HttpResponse(paper, content_type="application/pdf", headers=headers)
    add_never_cache_headers(answer)
    return answer


@keepers
@require_safe
def owner_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The owners of a community, found by name or unit, to open an account at the desk or to end one."""
    demand(request.user, Act.REGISTRY)
    community = get_object_or_404(Community.objects.kept_by(request.user), pk=pk)
    form = OwnerFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = Ownership.objects.on(_today()).filter(unit__community=community).exclude(how=Ownership.How.DEVELOPER)
    for word in (wanted.get("q") or "").split():
        named = (
            Q(person__name__icontains=word) | Q(person__pinyin__icontains=word) | Q(person__initials__icontains=word)
        )
        rows = rows.filter(named | Q(unit__code__icontains=word))
    if wanted.get("only"):
        rows = rows.filter(person__user__isnull=wanted["only"] == "no")
    live = ActivationCode.objects.live(timezone.now()).filter(person=OuterRef("person"))
    rows = rows.annotate(has_code=Exists(live)).select_related("unit", "person__user", "person__phone")
    page = page_of(rows.order_by("unit__code", "pk"), request.GET.get("page"))
    return render(request, "communities/owner_list.html", {"community": community, "form": form, "page": page})


def _owner(request: HttpRequest, pk: int) -> Person:
    kept = Ownership.objects.on(_today()).filter(unit__community__in=Community.objects.kept_by(request.user))
    return get_object_or_404(Person.objects.filter(pk__in=kept.values("person")), pk=pk)


@keepers
@form_methods
def desk_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens an account for the owner who stands here: who saw which document is noted; the slip is shown once."""
    demand(request.user, Act.REGISTRY)
    person = _owner(request, pk)
    form = DeskForm(posted(request), initial={"mobile": person.phone.value if person.phone else ""})
    opened = {}

    def act(known, **typed):
        opened["pair"] = activation.open_at_desk(person=person, **typed)

    if done(request, form, act):
        return slip(request, *opened["pair"], done=reverse(LIST), done_words="业主拿好了，回去")
    text = "业主本人带证件来。开好以后给一张纸条，上面是一次性密码，24 小时内登录。"
    return act_page(request, form, title=f"给{person.masked}当面开通", act="开通", text=text, back=reverse(LIST))


@keepers
@form_methods
def account_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends an owner's account from the desk."""
    demand(request.user, Act.REGISTRY)
    person = _owner(request, pk)
    link = get_object_or_404(AccountLink.objects.open().select_related("person", "user"), person=person)
    end = partial(activation.end_by_office, link=link)
    if request.method == "POST" and attempt(request, end, "账号停用了，登录都已退出。"):
        return redirect(LIST)
    words = {"title": f"停用{person.masked}的账号", "act": "停用", "danger": True}
    text = "业主自己要求、已经去世，或者开错了人，才在这里停。房子的登记不变。"
    return act_page(request, None, text=text, back=reverse(LIST), **words)
