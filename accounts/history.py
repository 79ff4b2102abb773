"""变更记录: what django-pghistory noted about a row, as sentences a person can read."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Model
from pghistory.core import event_models

from .models import User

NOTHING = (None, "", [])


class Change(NamedTuple):
    at: datetime
    by: User | None
    reason: str
    what: list[tuple[str, str, str]]  # column, before, after; for a new row before is empty


def changes_of(row: Model) -> list[Change]:
    """The changes of a row that is followed, the latest first; nothing for a table that is not."""
    followed = event_models(tracks_model=type(row))
    if not followed:
        return []
    events = list(followed[0].objects.filter(pgh_obj_id=row.pk).select_related("pgh_context").order_by("pgh_id"))
    people = User.objects.in_bulk({pk for event in events if (pk := _who(event))})
    before, changes = None, []
    for event in events:
        if what := _differences(before, event):
            changes.append(Change(event.pgh_created_at, people.get(_who(event)), _why(event), what))
        before = event
    return changes[::-1]


def _who(event) -> int | None:
    return (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None


def _why(event) -> str:
    return (event.pgh_context.metadata or {}).get("reason", "") if event.pgh_context else ""


def _differences(before, after) -> list[tuple[str, str, str]]:
    return [
        (str(field.verbose_name), _words(before, field) if before else "", _words(after, field))
        for field in after._meta.concrete_fields
        if not field.name.startswith("pgh_") and field.name != "id" and _differ(before, after, field)
    ]


def _differ(before, after, field) -> bool:
    now = getattr(after, field.attname)
    return now not in NOTHING if before is None else now != getattr(before, field.attname)


def _words(event, field) -> str:
    value = getattr(event, field.attname)
    if value in NOTHING:
        return "（空）"
    if isinstance(value, list):
        return "、".join(str(dict(field.base_field.flatchoices).get(one, one)) for one in value)
    if field.choices:
        return str(getattr(event, f"get_{field.name}_display")())
    if field.is_relation:
        return str(getattr(event, field.name, None) or value)
    return ("是" if value else "否") if isinstance(value, bool) else str(value)
