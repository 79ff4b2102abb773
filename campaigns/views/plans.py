"""Plans: the list, one campaign, and what is done about its plan."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import office_only
from accounts.roles import Act, demand, demand_check, may
from lib.paging import page_of

from .. import campaign_page, copies, extensions, planning
from ..forms import (
    BeginForm,
    BodiesForm,
    CampaignFilter,
    CopyForm,
    EndForm,
    EventForm,
    HeadForm,
    PhaseExtendForm,
    PhaseFormSet,
    ReasonForm,
)
from ..models import Campaign, Phase
from .acts import (
    UNPROCESSABLE,
    act_page,
    attempt,
    done,
    form_methods,
    insiders,
    posted,
    quarter_readers,
    readers,
    seen,
    today,
)


@readers
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Campaigns that the person sees, those that run first."""
    form = CampaignFilter(request.GET)
    rows = form.narrow(Campaign.objects.visible_to(request.user)).with_row_parts()
    page = page_of(rows.order_by("-made_at", "-pk"), request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(row, row.phases_on(today()) if row.is_running else []) for row in page.object_list],
        "may_plan": may(request.user, Act.CAMPAIGN),
        "opens_calendar": insiders.admits(request.user),
        "opens_quarters": quarter_readers.admits(request.user),
    }
    return render(request, "campaigns/campaign_list.html", context)


@readers
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Phases, what is to be finished now, which community lags, tasks, what was decided."""
    campaign = seen(request, pk)
    return render(request, "campaigns/detail.html", campaign_page.content(campaign, request.user, today=today()))


# ---------------------------------------------------------------- begun and written


@office_only
@form_methods
def new(request: HttpRequest) -> HttpResponse:
    """A draft from a template or from nothing."""
    demand(request.user, Act.CAMPAIGN)
    form = BeginForm(posted(request))
    made = []

    def begin(*, template, starts_on, title, kind, by, now):
        said = {"title": title, "by": by, "now": now}
        if template is None:
            made.append(planning.begin(kind=kind, **said))
        else:
            made.append(planning.open_from_template(template=template, starts_on=starts_on, **said))

    if done(request, form, begin):
        messages.success(request, "草案有了。看看阶段、任务和小区，再报批。")
        return redirect(made[0])
    text = "照模板开的，阶段、任务、步骤、标准都带出来，日期照开始的日子排。"
    return act_page(request, form, back=reverse("campaigns:campaign-list"), title="新的专项行动", act="起草", text=text)


def _draft(request: HttpRequest, pk: int) -> Campaign:
    """A plan that may still be written; others are told so on their page."""
    demand(request.user, Act.CAMPAIGN)
    return seen(request, pk)


@office_only
@form_methods
def write(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _draft(request, pk)
    form = HeadForm(posted(request), initial=HeadForm.of(campaign), day=today())
    if done(request, form, partial(planning.write, campaign=campaign)):
        return redirect(campaign)
    return act_page(request, form, back=campaign.get_absolute_url(), title="名称、目标、标准", act="保存")


@office_only
@form_methods
def bodies(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _draft(request, pk)
    form = BodiesForm(posted(request), initial=BodiesForm.of(list(campaign.bodies.all())))
    if done(request, form, lambda by, now, **_: planning.set_bodies(campaign=campaign, **form.said, by=by, now=now)):
        return redirect(campaign)
    text = "提醒谁：到期前提醒这些人；别的单位没有账号，由镇物业办打电话。"
    return act_page(request, form, back=campaign.get_absolute_url(), title="牵头和配合单位", act="保存", text=text)


@office_only
@form_methods
def phases(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _draft(request, pk)
    initial = [PhaseFormSet.form.of(phase) for phase in campaign.ordered_phases]
    forms = PhaseFormSet(posted(request), initial=initial, prefix="phase")
    problems = []
    if request.method == "POST" and forms.is_valid():
        try:
            planning.set_phases(campaign=campaign, rows=forms.rows, by=request.user, now=timezone.now())
        except ValidationError as error:
            problems = error.messages
        else:
            return redirect(campaign)
    wrong = request.method == "POST"
    context = {"campaign": campaign, "forms": forms, "problems": problems}
    return render(request, "campaigns/phases.html", context, status=UNPROCESSABLE if wrong else 200)


@office_only
@form_methods
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The next one from this one, with what was left unfinished."""
    demand(request.user, Act.CAMPAIGN)
    campaign = seen(request, pk)
    form, made = CopyForm(posted(request), initial={"title": campaign.title}), []
    if done(request, form, lambda **typed: made.append(copies.copy(campaign=campaign, **typed))):
        messages.success(request, "草案有了，没办完的任务和没做完的小区都带过来了。")
        return redirect(made[0])
    return act_page(request, form, back=campaign.get_absolute_url(), title=f"照{campaign}再开一次", act="起草")


# ---------------------------------------------------------------- proposed, approved, ended

BUTTONS = {
    "propose": (planning.propose, "报上去了，等负责人批准。"),
    "approve": (planning.approve, "批准了，有关的物管站、物业和检查组都会收到通知。"),
}
FORMS = {
    "send-back": (ReasonForm, planning.send_back, "退回修改", "退回"),
    "end": (EndForm, planning.end, "结束行动", "结束"),
}


@office_only
@require_POST
def press(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """One of the acts that need no more than a button."""
    if doing not in BUTTONS:
        raise Http404
    campaign = seen(request, pk)
    act, said = BUTTONS[doing]
    attempt(request, partial(act, campaign=campaign), said)
    return redirect(campaign)


@office_only
@form_methods
def act(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """One of the acts that need a word."""
    if doing not in FORMS:
        raise Http404
    campaign = seen(request, pk)
    kind, do, title, button = FORMS[doing]
    _demand_actor(request, campaign, doing)
    form = kind(posted(request))
    if done(request, form, partial(do, campaign=campaign)):
        messages.success(request, "记下了。")
        return redirect(campaign)
    return act_page(request, form, back=campaign.get_absolute_url(), title=f"{campaign}：{title}", act=button)


def _demand_actor(request: HttpRequest, campaign: Campaign, doing: str) -> None:
    """403 for somebody who may read but not act; the act itself asks again."""
    if doing == "end":
        demand(request.user, Act.CAMPAIGN)
    elif campaign.made_by_id != request.user.pk:
        demand_check(request.user, Act.CAMPAIGN)


# ---------------------------------------------------------------- phases of an approved plan

MOVES = {
    "extend": (PhaseExtendForm, extensions.extend_phase, "延期", "延期"),
    "event": (EventForm, extensions.event_came, "等的事情到了", "写上"),
}


@office_only
@form_methods
def phase_act(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """A phase is extended, or what it waited for has come."""
    if doing not in MOVES:
        raise Http404
    demand(request.user, Act.CAMPAIGN)
    rows = Phase.objects.filter(campaign__in=Campaign.objects.visible_to(request.user)).select_related("campaign")
    phase = get_object_or_404(rows, pk=pk)
    kind, do, title, button = MOVES[doing]
    form = kind(posted(request))
    if done(request, form, partial(do, phase=phase)):
        messages.success(request, "记下了，原来的日期留着。")
        return redirect(phase.campaign)
    what = f"{phase}：{phase.waits_for}" if doing == "event" else f"{phase}：{title}"
    return act_page(request, form, back=phase.campaign.get_absolute_url(), title=what, act=button)
