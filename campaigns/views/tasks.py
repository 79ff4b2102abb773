"""Tasks of a campaign and the duties of a year: one of them, written, finished, extended."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import office_only
from accounts.roles import Act, demand, may

from .. import extensions, task_list
from ..forms import ReasonForm, TaskExtendForm, TaskFinishForm, TaskForm
from ..models import Task
from .acts import act_page, asked, done, form_methods, posted, readers, seen, today


def _seen(request: HttpRequest, pk: int) -> Task:
    rows = Task.objects.visible_to(request.user).with_row_parts().select_related("done_by")
    return get_object_or_404(rows, pk=pk)


@readers
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose turn it is, until when, how it ended; its earlier days."""
    row = _seen(request, pk)
    plans = may(request.user, Act.CAMPAIGN)
    context = {
        "task": row,
        "today": today(),
        "is_late": row.campaign.is_running and row.is_late(today()),
        "extensions": row.extensions.select_related("by"),
        "runs": plans and row.campaign.is_running,
        "writes": plans and row.campaign.is_editable,
    }
    return render(request, "campaigns/task.html", context)


@office_only
@form_methods
def task_new(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, Act.CAMPAIGN)
    campaign = seen(request, pk)
    form = TaskForm(posted(request), campaign=campaign, initial={"lead": campaign.lead})
    if done(request, form, partial(task_list.put, campaign=campaign)):
        messages.success(request, "任务加上了。")
        return redirect(campaign)
    return act_page(request, form, back=campaign.get_absolute_url(), title=f"{campaign}：加任务", act="加上")


DOING = {
    "finish": (TaskFinishForm, task_list.finish, "办好了", "办好了"),
    "extend": (TaskExtendForm, extensions.extend_task, "延期", "延期"),
    "reopen": (ReasonForm, task_list.reopen, "没有办好，接着办", "接着办"),
}


@office_only
@form_methods
def task_act(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """One of the acts about a task that need a word."""
    if doing not in DOING:
        raise Http404
    demand(request.user, Act.CAMPAIGN)
    row = _seen(request, pk)
    kind, do, title, button = DOING[doing]
    form = kind(posted(request), initial={"done_on": today()})
    if done(request, form, partial(do, task=row)):
        messages.success(request, "记下了。")
        return redirect(row)
    text = f"要有：{row.evidence}" if doing == "finish" and row.evidence else ""
    return act_page(request, form, back=row.get_absolute_url(), title=f"{row}：{title}", act=button, text=text)


@office_only
@form_methods
def task_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A task of a draft goes."""
    demand(request.user, Act.CAMPAIGN)
    row = _seen(request, pk)
    words = {"title": f"去掉任务：{row}", "act": "去掉"}
    to = {"back": row.get_absolute_url(), "after": row.campaign}
    return asked(request, partial(task_list.remove, task=row), "去掉了。", **to, **words)


@office_only
@form_methods
def task_write(request: HttpRequest, pk: int) -> HttpResponse:
    """A task of a draft is written anew."""
    demand(request.user, Act.CAMPAIGN)
    row = _seen(request, pk)
    form = TaskForm(posted(request), campaign=row.campaign, initial=TaskForm.of(row))
    if done(request, form, partial(task_list.put, campaign=row.campaign, task=row)):
        return redirect(row)
    return act_page(request, form, back=row.get_absolute_url(), title=f"改任务：{row}", act="保存")
