"""The record sheet 巡查记录单: what a patrol says, for the page, the paper and the versions kept."""

from django.conf import settings
from django.db.models import Prefetch

from lib.paper import pdf
from lib.periods import BEIJING
from lib.text import day_words

from .models import Category, Finding, Patrol, PatrolPhoto

TEMPLATE = "inspections/patrol_record.typ"


def content(patrol: Patrol) -> dict:
    """Everything a record says, as plain words, so that a version reads the same for ever. Photos by their keys."""
    answers = {answer.category: answer.get_result_display() for answer in patrol.answers.all()}
    return {
        "number": patrol.number,
        "version": patrol.version,
        "community": patrol.community.name,
        "by": patrol.user.name,
        "kind": patrol.get_kind_display(),
        "occurred": f"{patrol.occurred_at.astimezone(BEIJING):%Y-%m-%d %H:%M}",
        "submitted": f"{patrol.submitted_at.astimezone(BEIJING):%Y-%m-%d %H:%M}",
        "places": patrol.places,
        "note": patrol.note,
        "answers": [[c.label, answers.get(c, "这次没看")] for c in Category],
        "findings": [_finding(finding) for finding in findings_of(patrol)],
        "photos": [photo.pk for photo in patrol.photos.shown()],
    }


def findings_of(patrol: Patrol):
    """The standing findings with item, building and the photos shown, in the order of the check list."""
    photos = Prefetch("photos", PatrolPhoto.objects.shown(), to_attr="shown_photos")
    rows = Finding.objects.standing().filter(patrol=patrol).select_related("item", "building", "firm")
    return rows.prefetch_related(photos).order_by("item__category_order", "pk")


def _finding(finding: Finding) -> dict:
    return {
        "category": finding.item.get_category_display(),
        "item": finding.item.text,
        "code": finding.item.code,
        "severity": finding.get_severity_display(),
        "severity_reason": finding.severity_reason,
        "place": finding.where,
        "text": finding.text,
        "handling": finding.get_handling_display(),
        "dissuaded": finding.dissuaded,
        "state": finding.get_state_display(),
        "photos": [photo.pk for photo in finding.shown_photos],
    }


def as_typed(patrol: Patrol) -> dict:
    """A patrol as the form's initial values, for a correction."""
    typed = {
        "client_id": patrol.client_id,
        "occurred_on": patrol.occurred_on,
        "places": patrol.places,
        "note": patrol.note,
        "photos": _numbers(patrol.photos.shown()),
    }
    typed |= {answer.category: answer.result for answer in patrol.answers.all()}
    for finding in findings_of(patrol):
        typed.setdefault(f"{finding.item.category}-findings", []).append(_finding_as_typed(finding))
    return typed


def _finding_as_typed(finding: Finding) -> dict:
    shown = {kind: [p for p in finding.shown_photos if p.kind == kind] for kind in PatrolPhoto.Kind}
    raised = finding.severity if finding.is_raised else ""
    columns = ("client_id", "text", "handling", "dissuaded", "severity_reason")
    return {name: getattr(finding, name) for name in columns} | {
        "item": finding.item_id,
        "building": finding.building_id,
        "severity": raised,
        "photos": _numbers(shown[PatrolPhoto.Kind.PROBLEM]),
        "after_photos": _numbers(shown[PatrolPhoto.Kind.AFTER]),
    }


def _numbers(photos) -> str:
    return ",".join(str(photo.client_id) for photo in photos)


def paper(patrol: Patrol) -> bytes:
    """The record sheet as a PDF, without photos: they stand on the page."""
    data = content(patrol) | {
        "organisation": settings.SITE["organisation"],
        "remarks": [[f"{r.at.astimezone(BEIJING):%Y-%m-%d %H:%M}", r.text] for r in patrol.remarks.all()],
        "voided": patrol.void_reason if patrol.state == Patrol.State.VOIDED else "",
        "day": day_words(patrol.occurred_on),
    }
    return pdf(TEMPLATE, data)
