"""A town's own plan templates: read from a file, tried, kept; the source's come by migration and stay. Issue 10 §1"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from accounts.models import RoleGrant, User
from accounts.roles import Role
from lib.periods import DAY, beijing_date

from . import plan_templates, planning
from .models import Body, Campaign, Phase, PlanTemplate, Step, Task

COLUMNS = {"code", "title", "source", "body"}
MIGRATIONS = Path(__file__).parent / "migrations"


def as_data(template: PlanTemplate) -> dict[str, Any]:
    """A template as its file has it."""
    return {name: getattr(template, name) for name in ("code", "title", "source", "body")}


@cache
def of_the_source() -> frozenset[str]:
    """The codes of the templates that come with the project."""
    files = (json.loads(file.read_text(encoding="utf-8")) for file in MIGRATIONS.glob("templates_v*.json"))
    return frozenset(row["code"] for rows in files for row in rows)


def parsed(text: str) -> dict[str, Any]:
    """What a file says.

    Raises:
        ValidationError: it is no JSON, or not the whole of a template.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValidationError(f"文件不是 JSON：{error}") from error
    if not isinstance(data, dict) or not data.keys() >= COLUMNS - {"source"} or data.keys() - COLUMNS:
        raise ValidationError(
            "文件里要有 code、title、body，可以有 source，别的不要。照“campaign_template 编号”打印的写。"
        )
    if not all(isinstance(data.get(name, ""), str) for name in ("code", "title", "source")):
        raise ValidationError("code、title、source 都写成文字。")
    return data


@transaction.atomic
def keep(*, data: dict[str, Any], now: datetime) -> tuple[PlanTemplate, bool]:
    """Keeps a town's own template, the old one of its code replaced, after it was checked and opened for a trial.

    Returns:
        The template, and whether it is new.

    Raises:
        ValidationError: with a sentence for each thing that is wrong, or a code of the source's templates.
    """
    if data["code"] in of_the_source():
        raise ValidationError(f"“{data['code']}”是原来就有的模板，不能换。换一个编号存成自己的。")
    with _spoken():
        plan_templates.check(data["body"])
    row = PlanTemplate.objects.filter(code=data["code"]).first()
    is_new, row = row is None, row or PlanTemplate(code=data["code"])
    row.title, row.source, row.body = data["title"], data.get("source", ""), data["body"]
    row.full_clean()
    row.save()
    _try(row, now)
    return row, is_new


STUMBLES = (DataError, IntegrityError, TypeError, AttributeError, ValueError, KeyError)


@contextmanager
def _spoken() -> Iterator[None]:
    """What stumbles over a value in the wrong place says so, a constraint in its own words."""
    try:
        yield
    except STUMBLES as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        named = {rule.name: rule for model in (Phase, Task, Step, Body, Campaign) for rule in model._meta.constraints}
        if broken in named:
            raise ValidationError(str(named[broken].get_violation_error_message())) from error
        said = str(error).splitlines()[0]
        raise ValidationError(f"照这个模板开不出方案，看看有没有字数太长、写错地方的：{said}") from error


def _try(template: PlanTemplate, now: datetime) -> None:
    """Opens a draft from it and takes it back: what the database would refuse later is told now."""
    with _spoken(), transaction.atomic():
        opened_for_trial(template, now)
        transaction.set_rollback(True)


def opened_for_trial(template: PlanTemplate | str, now: datetime) -> Campaign:
    """A draft that begins on the template's own first day, by nobody; its caller takes it back."""
    if isinstance(template, str):
        template = PlanTemplate.objects.filter(code=template).first() or template
    user = User.objects.create(username="trial-of-template", name="试排方案")
    yesterday = beijing_date(now) - DAY
    RoleGrant.objects.create(user=user, role=Role.TOWN_CLERK, first_day=yesterday, origin="setup")
    starts_on = plan_templates.anchor(template.body) if isinstance(template, PlanTemplate) else yesterday
    return planning.open_from_template(template=template, starts_on=starts_on, by=user, now=now)
