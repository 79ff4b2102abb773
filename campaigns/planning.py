"""A campaign's plan: begun, written, proposed by one, approved by another, extended with a reason, ended. H.1, H.2

While it is a draft everything may be changed; from its approval on, days move by `extensions` only.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from accounts.roles import Act, demand, demand_check, demand_other
from communities.models import Community
from inspections.models import CheckItem
from lib.periods import beijing_date
from lib.refusals import spoken
from lib.states import WrongState, move
from lib.typed_days import demand_near

from . import messages, plan_templates, teams
from .kinds import OVER, CampaignState
from .models import Body, Campaign, CampaignEvent, CampaignPlace, Phase, PlanTemplate, Step, Task

State, Kind = CampaignState, CampaignEvent.Kind
CHANGED = "刚才有人改过这份方案，看看现在是哪一步。"
NOT_DRAFT = "方案已经报批或者批准，不能再改。要改日期用“延期”。"
AN_AGE = 30 * 366  # days: so far back lie the plans that the templates are taken from


def note(campaign: Campaign, kind: str, by: User | None, now: datetime, text: str = "") -> None:
    """One line more in what happened to the campaign."""
    CampaignEvent.objects.create(campaign=campaign, kind=kind, by=by, at=now, text=text.strip()[:300])


def demand_draft(campaign: Campaign, by: User) -> None:
    """Locks the plan for one writer at a time.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: it was proposed or approved.
    """
    demand(by, Act.CAMPAIGN)
    if Campaign.objects.select_for_update().get(pk=campaign.pk).state != State.DRAFT:
        raise WrongState(NOT_DRAFT)


def demand_running(campaign: Campaign) -> None:
    """Raises WrongState unless the campaign is approved and not ended."""
    if Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk).state != State.APPROVED:
        raise WrongState("行动还没批准，或者已经结束。")


# ---------------------------------------------------------------- begun


@transaction.atomic
def begin(*, title: str, kind: str, by: User, now: datetime, **more: Any) -> Campaign:
    """A draft with nothing in it.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: no title; by field.
    """
    demand(by, Act.CAMPAIGN)
    items = more.pop("items", ())
    campaign = Campaign(title=title.strip(), kind=kind, made_by=by, made_at=now, **more)
    campaign.full_clean()
    campaign.save()
    campaign.items.set(items)
    note(campaign, Kind.DRAFTED, by, now)
    return campaign


@transaction.atomic
def open_from_template(
    *, template: PlanTemplate | str, starts_on: date, title: str = "", by: User, now: datetime
) -> Campaign:
    """A draft with a template's phases, bodies, tasks and steps, its days shifted to the wanted start.

    Args:
        template: the template or its code, for instance ``plan3``.
        starts_on: what the first day that the template names becomes.
        title: instead of the template's own.

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: no such template, a start in another age; by field.
    """
    if isinstance(template, str):
        found = PlanTemplate.objects.filter(code=template).first()
        if found is None:
            raise ValidationError({"template": f"没有编号是“{template}”的模板。"})
        template = found
    demand_near([starts_on], beijing_date(now), field="starts_on", most=AN_AGE)
    body = template.body
    say = {key: body.get(key) or default for key, default in (("basis", ""), ("goal", ""), ("standards", []))}
    items = CheckItem.objects.asked_on(max(starts_on, beijing_date(now))).filter(code__in=body.get("items", []))
    campaign = begin(
        title=title or body["title"], kind=body["kind"], template=template, items=items, **say, by=by, now=now
    )
    _fill(campaign, body, plan_templates.shifted(body, starts_on))
    return campaign


def _fill(campaign: Campaign, body: dict, day: Callable[[str | None], date | None]) -> None:
    bodies = _bodies(campaign, body["lead"], body["assist"])
    phases = {}
    with spoken():
        for no, row in enumerate(body["phases"], 1):
            days = {"first_day": day(row.get("first")), "last_day": day(row.get("last")), "days": row.get("days")}
            said = {key: row.get(key) or "" for key in ("code", "name", "waits_for", "must")}
            phases[row.get("code")] = Phase.objects.create(campaign=campaign, no=no, **days, **said)
    for row in body.get("tasks", []):
        said = {key: row.get(key) or "" for key in ("text", "when", "standard", "evidence")}
        lead = bodies[row.get("lead") or body["lead"]["name"]]
        due, phase = day(row.get("due")), phases.get(row.get("phase"))
        task = Task.objects.create(campaign=campaign, phase=phase, lead=lead, due_on=due, **said)
        task.assists.set(bodies[name] for name in row.get("assist") or [])
    for no, row in enumerate(body.get("steps", []), 1):
        said = {key: row[key] for key in ("code", "name", "doer", "requires", "needs_document", "hint") if key in row}
        Step.objects.create(campaign=campaign, no=no, phase=phases.get(row.get("phase")), **said)


def _bodies(campaign: Campaign, lead: dict, assist: Iterable[dict]) -> dict[str, Body]:
    made = [Body(campaign=campaign, is_lead=True, **lead), *(Body(campaign=campaign, **one) for one in assist)]
    return {body.name: body for body in Body.objects.bulk_create(made)}


# ---------------------------------------------------------------- written


@transaction.atomic
def write(*, campaign: Campaign, items: Iterable[CheckItem], by: User, now: datetime, **said: Any) -> None:
    """Title, kind, basis, number, goal, standards and what is looked at.

    Raises:
        PermissionDenied, WrongState: as `demand_draft`.
        ValidationError: by field.
    """
    demand_draft(campaign, by)
    for name, value in said.items():
        setattr(campaign, name, value)
    campaign.full_clean()
    campaign.save(update_fields=list(said))
    campaign.items.set(items)


@transaction.atomic
def set_bodies(*, campaign: Campaign, lead: dict, assist: Sequence[dict], by: User, now: datetime) -> None:
    """Who leads and who assists. A body that has a task stays.

    Args:
        lead, assist: ``name`` and ``whom`` (`kinds.Whom`) of each.

    Raises:
        PermissionDenied, WrongState: as `demand_draft`.
        ValidationError: two of one name, or one is gone that has a task; by field.
    """
    demand_draft(campaign, by)
    wanted = [{**lead, "is_lead": True}, *({**one, "is_lead": False} for one in assist)]
    names = [one["name"].strip() for one in wanted]
    if len(set(names)) < len(names):
        raise ValidationError({"assist": "同一个单位写了两次。"})
    known = {body.name: body for body in campaign.bodies.all()}
    campaign.bodies.update(is_lead=False)
    try:
        campaign.bodies.exclude(name__in=names).delete()
    except ProtectedError as error:
        raise ValidationError({"assist": "有任务的单位不能去掉，先把任务改给别的单位。"}) from error
    for one, name in zip(wanted, names, strict=True):
        body = known.get(name) or Body(campaign=campaign, name=name)
        body.is_lead, body.whom = one["is_lead"], one["whom"]
        body.full_clean()
        body.save()


@transaction.atomic
def set_phases(*, campaign: Campaign, rows: Sequence[dict], by: User, now: datetime) -> None:
    """The phases in their order; one that is no longer among them is gone, if nothing hangs on it.

    Args:
        rows: each with ``name`` and, as there is, ``pk``, ``first_day``, ``last_day``, ``waits_for``, ``days``,
            ``must``.

    Raises:
        PermissionDenied, WrongState: as `demand_draft`.
        ValidationError: days that do not follow one another, too far away, or a phase is gone on which something
            hangs.
    """
    demand_draft(campaign, by)
    if not rows:
        raise ValidationError("至少要一个阶段。")
    demand_near((row.get(key) for row in rows for key in ("first_day", "last_day")), beijing_date(now))
    known = {phase.pk: phase for phase in campaign.phases.all()}
    kept = {row["pk"] for row in rows if row.get("pk") in known}
    for pk in known.keys() - kept:
        _delete_phase(known[pk])
    with spoken():
        for no, row in enumerate(rows, 1):
            phase = known.get(row.get("pk")) or Phase(campaign=campaign)
            phase.no = no
            for name in ("name", "first_day", "last_day", "waits_for", "days", "must"):
                setattr(phase, name, row.get(name, "" if name in ("name", "waits_for", "must") else None))
            phase.full_clean(exclude=["campaign", "no"])  # the order is whole when all are written
            phase.save()


def _delete_phase(phase: Phase) -> None:
    try:
        phase.delete()
    except ProtectedError as error:
        raise ValidationError(f"“{phase}”下面已经有任务、步骤或者清单，不能删。先把它们移到别的阶段。") from error


@transaction.atomic
def add_places(
    *, campaign: Campaign, communities: Iterable[Community], batch: int | None = None, by: User, now: datetime
) -> int:
    """Communities take part, in a batch where there are batches; returns how many are new.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign has ended.
        ValidationError: one of them stands in another batch.
    """
    demand(by, Act.CAMPAIGN)
    if Campaign.objects.select_for_update().get(pk=campaign.pk).state == State.ENDED:
        raise WrongState(OVER)
    known = {place.community_id: place for place in campaign.places.select_related("community")}
    elsewhere = [known[c.pk] for c in communities if c.pk in known and known[c.pk].batch != batch]
    if elsewhere:
        names = "、".join(f"{place}（第 {place.batch} 批）" if place.batch else str(place) for place in elsewhere)
        raise ValidationError({"names": f"{names}已经在这次行动里，一个小区只能在一批。要换批，先去掉再加。"})
    new = [community for community in communities if community.pk not in known]
    CampaignPlace.objects.bulk_create(CampaignPlace(campaign=campaign, community=c, batch=batch) for c in new)
    if campaign.state == State.APPROVED and new:
        note(campaign, Kind.CHANGED, by, now, f"加了 {len(new)} 个小区")
    return len(new)


@transaction.atomic
def remove_place(*, place: CampaignPlace, by: User, now: datetime) -> None:
    """A community takes no part after all, and nobody has a duty there; one of which something was recorded stays.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: the campaign has ended.
        ValidationError: something was recorded of it.
    """
    demand(by, Act.CAMPAIGN)
    teams.assign(team=None, places=[place], by=by, now=now)
    try:
        place.delete()
    except ProtectedError as error:
        raise ValidationError(f"{place}已经有记录，不能去掉。") from error


# ---------------------------------------------------------------- proposed and approved


@transaction.atomic
def propose(*, campaign: Campaign, by: User, now: datetime) -> None:
    """The draft goes to the head of the office.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: it was proposed before.
        ValidationError: no lead body or no phase.
    """
    demand(by, Act.CAMPAIGN)
    with spoken():
        move(campaign, state=State.DRAFT, to={"state": State.PROPOSED}, else_=CHANGED)
    note(campaign, Kind.PROPOSED, by, now)
    messages.proposed(campaign, now=now)


@transaction.atomic
def send_back(*, campaign: Campaign, reason: str, by: User, now: datetime) -> None:
    """It needs more work: back to its author, who may also take it back.

    Raises:
        PermissionDenied: neither author nor head.
        WrongState: approved or taken back in the meantime.
    """
    if campaign.made_by_id != by.pk:
        demand_check(by, Act.CAMPAIGN)
    move(campaign, state=State.PROPOSED, to={"state": State.DRAFT}, else_=CHANGED)
    note(campaign, Kind.SENT_BACK, by, now, reason)
    messages.sent_back(campaign, by, now=now)


@transaction.atomic
def approve(*, campaign: Campaign, by: User, now: datetime) -> None:
    """The plan stands: its teams get their duties, its days move only by extension.

    Raises:
        PermissionDenied: not the head of the office, or its author.
        WrongState: no longer waiting.
    """
    demand_check(by, Act.CAMPAIGN)
    demand_other(by, campaign.made_by_id)
    to = {"state": State.APPROVED, "approved_by": by, "approved_at": now}
    move(campaign, state=State.PROPOSED, to=to, else_=CHANGED)
    note(campaign, Kind.APPROVED, by, now)
    teams.settle_duties(campaign, by=by, now=now)
    messages.approved(campaign, now=now)


# ---------------------------------------------------------------- ended


@transaction.atomic
def end(*, campaign: Campaign, summary: str, by: User, now: datetime) -> None:
    """It is over, with its summary.

    Raises:
        PermissionDenied: not the office's clerk.
        WrongState: it does not run.
        ValidationError: its last phase is not over, or no summary; by field.
    """
    demand(by, Act.CAMPAIGN)
    demand_running(campaign)
    today, last = beijing_date(now), campaign.phases.order_by("no").last()  # as it stands, not as a page showed it
    if last.last_day is None or last.last_day > today:
        raise ValidationError("最后一个阶段还没有结束。")
    if not summary.strip():
        raise ValidationError({"summary": "写一段总结。"})
    to = {"state": State.ENDED, "ended_on": today, "summary": summary.strip()}
    move(campaign, state=State.APPROVED, to=to, else_=CHANGED)
    note(campaign, Kind.ENDED, by, now)
