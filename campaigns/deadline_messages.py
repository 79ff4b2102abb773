"""The words in which deadlines are told, made when they are read. DOMAIN H.2, issue 10 §5"""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts import notifications
from accounts.models import Message
from accounts.notifications import Text
from accounts.roles import FIRM, STATION, Role
from lib.periods import BEIJING, beijing_date
from lib.text import day_words, listed

from . import lateness
from .kinds import Whom
from .messages import GROUP
from .models import Campaign, Phase, PlaceStep, QuarterReport, Task
from .quarters import words

PLAN, PLAN_LATE = "campaign-plan-missing", "campaign-plan-late"
PHASE, TASK, LATE = "campaign-phase", "campaign-task-due", "campaign-late"
LOOK, DISPATCH, REPORT = "campaign-look-back", "campaign-dispatch-missing", "campaign-quarter-report"
MOST_WORDS = 300


def about_quarter(quarter: date) -> tuple[str, str]:
    return "campaigns.quarter", quarter.isoformat()


def about_morning(day: date) -> tuple[str, str]:
    return "campaigns.morning", day.isoformat()


# ---------------------------------------------------------------- texts


def _plan(message: Message) -> Text:
    quarter = words(date.fromisoformat(message.about_key))
    body = "一季至少一次专项整治，方案在季度第一个月里批准。可以照模板开，也可以接着上一次；确实不开展的，写上原因。"
    return Text(f"{quarter}还没有批准的专项整治方案", body, reverse("campaigns:quarter-list"))


def _plan_late(message: Message) -> Text:
    quarter = words(date.fromisoformat(message.about_key))
    body = "季度的第一个月已经过去，方案该批了。尽快报批；确实不开展的，写上原因。"
    return Text(f"{quarter}的专项整治方案过了时间没批", body, reverse("campaigns:quarter-list"))


def _phase(message: Message) -> Text:
    phase: Phase = message.thing
    until = f"到 {day_words(phase.last_day)}" if phase.last_day else f"到{phase.waits_for or '上一阶段结束'}"
    body = f"{until}。这个阶段要做完：{phase.must}" if phase.must else f"{until}。"
    return Text(f"{phase.campaign}：{phase}开始了", body, phase.campaign.get_absolute_url())


def _task(message: Message) -> Text:
    task: Task = message.thing
    call = "没有账号，请打电话提醒" if task.lead.whom == Whom.OUTSIDE else "牵头"
    parts = [f"{day_words(task.due_on)} 前办好" if task.due_on else task.when, f"{task.lead}{call}"]
    if task.done_on:
        parts = [f"已经办好了：{task.result}"]
    elif task.standard:
        parts.append(f"达到：{task.standard}")
    return Text(f"快到期：{task}", f"{task.campaign}。{'；'.join(parts)}。", task.get_absolute_url())


def _late(message: Message) -> Text:
    day, url = date.fromisoformat(message.about_key), f"{reverse('campaigns:calendar')}?only=late"
    if day != beijing_date(timezone.now()):
        return Text(f"{day_words(day)}逾期没办的", "那天早上的提醒。点开看现在还有哪些。", url)
    tasks = lateness.tasks_of(message.user, day).order_by("due_on", "pk").values_list("text", flat=True)
    problems = lateness.problems_of(message.user, day).order_by("due_on", "pk").values_list("text", "person")
    names = [*tasks, *(f"{text}（{person}）" for text, person in problems)]
    if not names:
        return Text("逾期的都办好了", "早上列出来的已经办好，或者改了日期。", url)
    return Text(
        f"专项行动有 {len(names)} 项逾期没办", f"{listed(names, MOST_WORDS)}。办好了就登记，天天提醒到办好。", url
    )


def _look(message: Message) -> Text:
    row: PlaceStep = message.thing
    body = f"{row.place.campaign}验收合格几周了，再去看一次，有没有反弹，记在这个小区的“{row.step}”里。"
    return Text(f"{row.place}该{row.step}了", body, row.place.get_absolute_url())


def _dispatch(message: Message) -> Text:
    campaign: Campaign = message.thing
    month = message.due.astimezone(BEIJING).month
    body = "每月一调度：进度、质量、卡在哪里、定了什么，记一份。"
    return Text(f"{campaign}：{month}月的调度还没记", body, campaign.get_absolute_url())


def _report(message: Message) -> Text:
    report: QuarterReport = message.thing
    rows, reason = report.figures["campaigns"], report.figures["reason"]
    if report.figures["is_held"]:
        body = "；".join(
            f"{row['title']}：任务办好 {row['tasks_done']} 项，逾期 {row['tasks_late']} 项" for row in rows
        )
    else:
        body = f"未开展。{reason or '还没写原因。'}"
    return Text(f"{words(report.quarter)}专项整治小结", body, report.get_absolute_url())


OFFICE = frozenset({Role.TOWN_CLERK, Role.TOWN_HEAD})
LOCAL = STATION | {Role.TOWN_CLERK}


def register_messages() -> None:
    """Called once at start."""
    for kind, title, text, related, roles in (
        (PLAN, "季度方案没批", _plan, None, OFFICE),
        (PLAN_LATE, "季度方案过了时间", _plan_late, None, OFFICE),
        (PHASE, "阶段开始", _phase, ("campaign",), LOCAL | FIRM | {Role.CADRE, Role.TOWN_HEAD}),
        (TASK, "任务快到期", _task, ("campaign", "lead"), LOCAL | FIRM),
        (LATE, "每天早上逾期没办的", _late, None, LOCAL),
        (LOOK, "回头看到期", _look, ("place__community", "place__campaign", "step"), LOCAL | FIRM | {Role.CADRE}),
        (DISPATCH, "调度没记", _dispatch, (), frozenset({Role.TOWN_CLERK})),
        (REPORT, "季度小结", _report, (), OFFICE | {Role.LEADER}),
    ):
        notifications.register(kind, title, text, related=related, group=GROUP, roles=frozenset(roles))
