"""Communities of a campaign: the matrix, who takes part, teams, one community with its steps."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import firm_only, office_only
from accounts.roles import Act, demand, may
from communities import duties
from inspections.models import Finding
from lib import workbook
from lib.workbook import Column

from .. import acceptance, campaign_page, help_requests, journal, planning, self_checks, steps, teams
from .. import matrix as matrices
from ..forms import AcceptForm, MatrixFilter, PlacesForm, StepForm, TeamForm
from ..kinds import ACCEPT, LOOK_BACK, SELF_CHECK, CampaignState, StepState
from ..models import Campaign, CampaignPlace, StepEvent, Team
from .acts import UNPROCESSABLE, act_page, asked, done, form_methods, posted, readers, seen, seen_place, today

# ---------------------------------------------------------------- the matrix


def _matrix(request: HttpRequest, campaign: Campaign) -> tuple[MatrixFilter, list[matrices.Row]]:
    places = CampaignPlace.objects.visible_to(request.user)
    numbers = campaign.places.exclude(batch=None).order_by("batch").values_list("batch", flat=True).distinct()
    form = MatrixFilter(request.GET, batches=list(numbers))
    return form, [row for row in matrices.rows(campaign, form.narrow(places)) if form.shows(row)]


@readers
@require_safe
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Communities × steps, what is left first."""
    campaign = seen(request, pk)
    form, rows = _matrix(request, campaign)
    context = {
        "campaign": campaign,
        "form": form,
        "rows": rows,
        "total": matrices.total(rows),
        "batches": matrices.batches(rows),
        "today": today(),
    }
    return render(request, "campaigns/matrix.html", context)


@readers
@require_safe
def matrix_export(request: HttpRequest, pk: int) -> HttpResponse:
    """What the matrix shows, as a sheet."""
    campaign = seen(request, pk)
    _, rows = _matrix(request, campaign)
    columns = [Column("小区", 26), Column("批次", 6), *(Column(step.name, 12) for step in campaign.ordered_steps)]
    columns += [Column("自查、检查出", 12), Column("还剩", 8)]
    lines = [
        [row.place.community.name, row.place.batch or "", *(cell.label for cell in row.cells), row.found, row.left]
        for row in rows
    ]
    return workbook.response(f"{campaign}-{today()}.xlsx", title="各小区进度", columns=columns, rows=lines)


# ---------------------------------------------------------------- who takes part


@office_only
@form_methods
def places_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Communities by a pasted list or a sheet."""
    demand(request.user, Act.CAMPAIGN)
    campaign = seen(request, pk)
    form, new = PlacesForm(posted(request), request.FILES or None), []

    def add(*, communities, batch, by, now, **_):
        new.append(planning.add_places(campaign=campaign, communities=communities, batch=batch, by=by, now=now))

    if done(request, form, add):
        messages.success(request, f"加了 {new[0]} 个小区。" if new[0] else "名单里的小区都已经在这次行动里。")
        return redirect(campaign)
    return act_page(request, form, back=campaign.get_absolute_url(), title=f"{campaign}：加小区", act="加上")


@office_only
@form_methods
def place_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A community takes no part after all."""
    demand(request.user, Act.CAMPAIGN)
    place = seen_place(request, pk)
    words = {"title": f"{place}不参加{place.campaign}", "act": "去掉", "text": "没有记录的才能去掉。"}
    to = {"back": place.get_absolute_url(), "after": place.campaign}
    return asked(request, partial(planning.remove_place, place=place), "去掉了。", **to, **words)


@office_only
@form_methods
def team_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.CAMPAIGN)
    return _team(request, seen(request, pk), None)


@office_only
@form_methods
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """A team is written anew."""
    demand(request.user, Act.CAMPAIGN)
    rows = Team.objects.filter(campaign__in=Campaign.objects.visible_to(request.user)).select_related("campaign")
    row = get_object_or_404(rows, pk=pk)
    return _team(request, row.campaign, row)


def _team(request: HttpRequest, campaign: Campaign, row: Team | None) -> HttpResponse:
    people = duties.who_may_patrol(request.user, today=today())
    initial = (
        {"name": row.name, "leader": row.leader, "members": list(row.members.all()), "places": list(row.places.all())}
        if row
        else {"name": f"第{campaign.teams.count() + 1}组"}
    )
    form = TeamForm(posted(request), initial=initial, campaign=campaign, people=people)

    @transaction.atomic  # a team whose communities are refused is none
    def form_team(*, name, leader, members, places, by, now):
        made = teams.form(campaign=campaign, team=row, name=name, leader=leader, members=members, by=by, now=now)
        gone = made.places.exclude(pk__in=[place.pk for place in places])
        teams.assign(team=None, places=gone, by=by, now=now)
        teams.assign(team=made, places=places, by=by, now=now)

    if done(request, form, form_team):
        messages.success(request, "记下了。批准以后，组员在检查那几天可以巡查这些小区。")
        return redirect(campaign)
    title = f"{campaign}：{row or '加检查组'}"
    text = "组员去查写的是平常的巡查，不用另外写。验收要由检查组以外的人来做。"
    return act_page(request, form, back=campaign.get_absolute_url(), title=title, act="保存", text=text)


@office_only
@form_methods
def team_dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.CAMPAIGN)
    rows = Team.objects.filter(campaign__in=Campaign.objects.visible_to(request.user)).select_related("campaign")
    row = get_object_or_404(rows, pk=pk)
    words = {"title": f"去掉{row}", "act": "去掉", "text": "它查的小区就没有检查组了。"}
    to = {"back": reverse("campaigns:team", args=[pk]), "after": row.campaign}
    return asked(request, partial(teams.dissolve, team=row), "去掉了。", **to, **words)


# ---------------------------------------------------------------- one community


@readers
@require_safe
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """A community's part: its steps with their buttons, what was found, its lists."""
    row = seen_place(request, pk)
    campaign = seen(request, row.campaign_id)
    (line,) = matrices.rows(campaign, CampaignPlace.objects.filter(pk=pk))
    cells = [(cell, _button(request, row, cell)) for cell in line.cells]
    next_step, next_url = next(((cell.step, url) for cell, url in cells if cell.state != StepState.DONE), (None, ""))
    shown = Finding.objects.visible_to(request.user).standing().filter(campaign_findings__place=row)
    context = {
        "place": row,
        "campaign": campaign,
        "today": today(),
        "row": line,
        "turn": campaign_page.place_turn(campaign, line, today()),
        "cells": cells,
        "next_step": next_step,
        "next_url": next_url,
        "findings": shown.with_row_parts().order_by("state", "-found_on", "-pk")[:50],
        "problems": row.problems.prefetch_related("measures"),
        "items": self_checks.lines(row),
        "patrols": may(request.user, Act.PATROL) and campaign.is_running,
        "plans": may(request.user, Act.CAMPAIGN),
        "asks": campaign.is_running and help_requests.may_ask(request.user, row),
        "writes_journal": campaign.is_running and journal.may_write(request.user, row),
        "events": _story(row),
    }
    return render(request, "campaigns/place.html", context)


def _button(request: HttpRequest, row: CampaignPlace, cell: matrices.Cell) -> str:
    """The address of the page where this person records the step; nothing for others."""
    if not (row.campaign.is_running or (cell.step.code == LOOK_BACK and row.campaign.state == CampaignState.ENDED)):
        return ""
    if cell.step.code == ACCEPT:
        return reverse("campaigns:accept", args=[row.pk]) if acceptance.may_accept(request.user, row) else ""
    if not steps.may_record(request.user, row, cell.step):
        return ""
    if cell.step.code == SELF_CHECK:
        return reverse("campaigns:self-check", args=[row.pk])
    return reverse("campaigns:step", args=[row.pk, cell.step.pk])


def _story(row: CampaignPlace):
    rows = StepEvent.objects.filter(place_step__place=row).select_related("place_step__step", "by")
    return rows.order_by("-at", "-pk")[:40]


@readers
@form_methods
def step(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """How far the community is with a step."""
    row = seen_place(request, pk)
    which = get_object_or_404(row.campaign.steps.select_related("phase", "campaign"), pk=step)
    steps.demand_recorder(request.user, row, which)
    known = row.place_steps.filter(step=which).first()
    initial = {"day": today(), "state": known.state if known else "done", "document": known.document if known else ""}
    form = StepForm(posted(request), initial=initial)
    if done(request, form, partial(steps.record, place=row, step=which)):
        messages.success(request, "记下了。")
        return redirect(row)
    return act_page(request, form, back=row.get_absolute_url(), title=f"{row}：{which}", act="记下", text=which.hint)


@readers
@form_methods
def self_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The firm looks at every item of the list; what it finds it reports as ever."""
    row = seen_place(request, pk)
    which = row.campaign.step(SELF_CHECK)
    if which is None:
        raise Http404
    steps.demand_recorder(request.user, row, which)
    fine = [int(key) for key in request.POST.getlist("fine") if key.isascii() and key.isdecimal() and len(key) < 19]
    problems = _checked(request, row, fine) if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        messages.success(request, "自查完成，记下了。")
        return redirect(row)
    reports = firm_only.admits(request.user)
    context = {"place": row, "lines": self_checks.lines(row, fine), "problems": problems, "reports": reports}
    return render(request, "campaigns/self_check.html", context, status=UNPROCESSABLE if problems else 200)


def _checked(request: HttpRequest, row: CampaignPlace, fine: list[int]) -> dict:
    """What is still missing, by item; nothing when it is done."""
    try:
        self_checks.finish(place=row, fine=fine, by=request.user, now=timezone.now())
    except ValidationError as error:
        return error.message_dict if hasattr(error, "error_dict") else {"all": error.messages}
    return {}


@readers
@form_methods
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Passed, or back to be put right."""
    row = seen_place(request, pk)
    if row.campaign.step(ACCEPT) is None:
        raise Http404
    acceptance.demand_acceptor(request.user, row)
    form = AcceptForm(posted(request), initial={"day": today()}, place=row)
    if done(request, form, partial(acceptance.accept, place=row)):
        passed = form.cleaned_data["passed"]
        messages.success(request, "验收合格，记下了。" if passed else "记下了，退回整改，抄告已经发出。")
        return redirect(row)
    text = f"{row.campaign}。检查组以外的人来验收。"
    return act_page(request, form, back=row.get_absolute_url(), title=f"验收{row}", act="记下结果", text=text)
