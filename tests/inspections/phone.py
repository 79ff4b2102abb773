"""What a phone sends: the patrol form as it is posted, entries as they reach the subject, photos."""

import itertools
import uuid
from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections import photos
from inspections.entries import Entry, FindingEntry
from inspections.models import ASKED, Category, CheckItem, Notice, NoticeRound, PatrolPhoto
from lib.periods import BEIJING
from tests.lib.photos import encoded, jpeg, scene

SMALL_JPEG = jpeg(80, 60)


def beijing(words: str) -> datetime:
    """``beijing("2026-11-19 10:00")`` as Beijing's clock shows it."""
    return datetime.fromisoformat(words).replace(tzinfo=BEIJING)


def day(words: str) -> date:
    return date.fromisoformat(words)


NOW = beijing("2026-11-19 10:00")  # a Thursday; the week is 11-16 to 11-22
MONDAY = day("2026-11-16")


def item(code: str) -> CheckItem:
    return CheckItem.objects.get(code=code)


# ---------------------------------------------------------------- as the subject gets it

FINE = {category.value: "ok" for category in ASKED}


def entry(community, *findings: FindingEntry, occurred="2026-11-19 10:00", client_id=None, **more) -> Entry:
    """A patrol in which everything that was asked is fine, but for the findings."""
    answers = FINE | {finding.item.category: "finding" for finding in findings} | more.pop("answers", {})
    moment = beijing(occurred) if isinstance(occurred, str) else occurred
    return Entry(client_id or uuid.uuid4(), community, moment, answers, findings, **more)


def finding(code="PIL1", text="3幢1单元楼道堆纸箱", **more) -> FindingEntry:
    """A finding of the check list's own severity that goes to the firm."""
    what = item(code)
    kept = {"client_id": uuid.uuid4(), "severity": what.severity, "handling": "notice", "field": "pile-0", **more}
    return FindingEntry(item=what, text=text, **kept)


def end(rows, **columns) -> None:
    """Findings end in a way that does not matter here; what was sent of them is withdrawn, unsigned as it is."""
    sent = Notice.objects.open().filter(finding__in=rows)
    NoticeRound.objects.open().filter(notice__in=sent).update(outcome="ended")
    sent.update(state="withdrawn", withdrawn_reason="不用办了")
    rows.update(**columns)


# ---------------------------------------------------------------- as the form posts it


def sheet(*findings: dict, step="submit", client_id=None, occurred_on="2026-11-19", **answers) -> dict:
    """The posted form: all that was asked is fine unless said otherwise. Findings are made by `posted_finding`."""
    data = {
        "client_id": str(client_id or uuid.uuid4()),
        "occurred_on": occurred_on,
        "places": "",
        "note": "",
        "photos": "",
        "step": step,
        **FINE,
    }
    for category in Category:
        own = [fields for fields in findings if fields["category"] == category]
        data |= _formset(category.value, own)
        if own:
            data[category.value] = "finding"
    return data | answers


def _formset(prefix: str, findings: list[dict]) -> dict:
    data = {f"{prefix}-TOTAL_FORMS": max(1, len(findings)), f"{prefix}-INITIAL_FORMS": 0}
    for number, fields in enumerate(findings):
        data |= {f"{prefix}-{number}-{name}": value for name, value in fields.items() if name != "category"}
    return data


def posted_finding(code="PIL1", text="3幢1单元楼道堆纸箱", **more) -> dict:
    what = item(code)
    kept = {"client_id": str(uuid.uuid4()), "item": what.pk, "text": text, "handling": "notice", **more}
    return {"category": what.category, **kept}


# ---------------------------------------------------------------- photos

names = itertools.count(1)


def upload(data: bytes = SMALL_JPEG, name: str | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name or f"{next(names)}.jpg", data, "image/jpeg")


def sent_photo(by, *, data: bytes = SMALL_JPEG, now=NOW, **more) -> PatrolPhoto:
    """A photo that has come and waits for its record."""
    kept = {"kind": "problem", "taken_on": None, "sha256": "", **more}
    return photos.receive(file=upload(data), client_id=uuid.uuid4(), by=by, now=now, **kept)


UNDATED = encoded(scene(80, 60), "JPEG")


def fresh_photos(by, number: int = 1, **more) -> list[uuid.UUID]:
    """Photos that do not tell when they were taken, as evidence of something put right."""
    return sent_photos(by, number, data=UNDATED, **more)


def sent_photos(by, number: int, **more) -> list[uuid.UUID]:
    return [sent_photo(by, **more).client_id for _ in range(number)]
