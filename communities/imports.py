"""Bringing a sheet in: a file is taken, read into a preview, confirmed, and written, all of it or nothing.

Small files are done while the person waits, large ones by the worker. The row of the import says how far it is, so
that one may leave the page; two imports at once are written one after the other; what changed since somebody looked
is compared and shown again before it is written.
"""

import json
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pghistory
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.roles import demand
from lib.states import move
from lib.table_files import BadFile

from .models import SheetExport, SheetImport
from .sheets import KINDS, Kind, Line
from .sheets.engine import Comparison, examine

log = logging.getLogger("linzhi")
State = SheetImport.State
SMALL = 256 * 1024  # bytes that are read while one waits
SHOWN = 200  # lines of each sort that the preview holds
LOCK = 0x5EE7  # of imports, one at a time
CHANGED = "您看过以后，台账里有的行变了。下面是重新比对的结果，请再看一遍再确认。"
REFUSED_BY_RULES = "写入的时候和台账里的规则冲突，什么也没有写：{}"
MOMENT = "现在已经不是这一步了，请看看最新的状态。"


def kind_named(name: str) -> Kind | None:
    return KINDS.get(name)


@transaction.atomic
def take_in(*, kind: Kind, file_name: str, data: bytes, by: User, now: datetime) -> SheetImport:
    """Takes a file; it is read by `work`.

    Raises:
        PermissionDenied: the kind is not for ``by``.
    """
    demand(by, kind.act)
    row = SheetImport(kind=kind.name, file_name=file_name[:200], size=len(data), by=by, at=now)
    row.stored = secrets.token_hex(16)
    row.save()
    _store(row.file, data)
    return row


def work(row: SheetImport, *, now: datetime) -> None:
    """Does the next step of an import if nobody else does: reads it, or writes it. Twice is once."""
    step = {State.WAITING: (State.READING, _read), State.CONFIRMED: (State.WRITING, _write)}
    step |= {State.READING: step[State.WAITING], State.WRITING: step[State.CONFIRMED]}
    if row.state not in step:
        return
    to, act = step[row.state]
    claimed = SheetImport.objects.to_do(now).filter(pk=row.pk, state=row.state).update(state=to, claimed_at=now)
    if claimed:
        row.refresh_from_db()
        _explained(act, row, now=now)


def _explained(act, row: SheetImport, *, now: datetime) -> None:
    """A fault that nobody thought of ends the import with a sentence, or it would be tried for ever."""
    try:
        act(row, now=now)
    except Exception:
        log.exception("sheet import %s", row.pk)
        says = f"处理这个文件时出了意料之外的错，台账没有变。请把文件和编号 {row.pk} 告诉系统管理员。"
        SheetImport.objects.filter(pk=row.pk).exclude(state=State.DONE).update(state=State.REFUSED, says=says)


def work_on_waiting(*, now: datetime) -> None:
    """The worker's round: everything that waits, the oldest first."""
    for row in SheetImport.objects.to_do(now).select_related("by"):
        work(row, now=now)


# ---------------------------------------------------------------- read


def _read(row: SheetImport, *, now: datetime) -> None:
    note(row, 1, 3)
    try:
        found = compare(row, now=now)
    except BadFile as error:
        _refuse(row, str(error))
    else:
        note(row, 2, 3)
        _show(row, found, says="")


def compare(row: SheetImport, *, now: datetime) -> Comparison:
    """The file of an import against what stands now."""
    with default_storage.open(row.file) as file:
        data = file.read()
    return examine(KINDS[row.kind], data, by=row.by, now=now)


def _refuse(row: SheetImport, says: str) -> None:
    SheetImport.objects.filter(pk=row.pk, state=row.state).update(state=State.REFUSED, says=says[:300])
    forget_files(row)


def _show(row: SheetImport, found: Comparison, *, says: str) -> None:
    """The preview into the store, its numbers into the row."""
    _store(row.preview, json.dumps(preview(found), ensure_ascii=False).encode())
    what = {"state": State.READY, "fingerprint": found.fingerprint(), "says": says, **found.counts()}
    SheetImport.objects.filter(pk=row.pk, state=row.state).update(**what)


def preview(found: Comparison) -> dict[str, Any]:
    """What the page shows, in words: headings, and of each sort of line as many as one reads. All bad rows stay."""
    kind = found.kind
    return {
        "sheet": found.sheet.name,
        "unknown": found.unknown[:20],
        "columns": [kind.heading(name) for name in found.places],
        "new": [_new(kind, line) for line in found.of("new")[:SHOWN]],
        "changed": [_changed(kind, line) for line in found.of("changed")[:SHOWN]],
        "wrong": [_wrong(found, line) for line in found.of("wrong")],
    }


def _new(kind: Kind, line: Line) -> dict[str, Any]:
    said = [
        [kind.heading(name), shown(kind, name, value)]
        for name, value in line.values.items()
        if value is not None and value != () and name not in kind.key
    ]
    return {"number": line.number, "label": kind.label(line.values), "what": said}


def _changed(kind: Kind, line: Line) -> dict[str, Any]:
    said = [
        [kind.heading(name), shown(kind, name, old) or "（空）", shown(kind, name, new)]
        for name, (old, new) in line.changes.items()
    ]
    return {"number": line.number, "label": kind.label(line.values), "what": said}


def _wrong(found: Comparison, line: Line) -> dict[str, Any]:
    kind = found.kind
    row = found.sheet.rows[line.number - 1]
    cells = [str(row[place]) if place < len(row) else "" for place in found.places.values()]
    said = [[kind.heading(name), sentence] for name, sentence in line.wrong]
    return {"number": line.number, "label": kind.label(line.values), "what": said, "cells": cells}


def shown(kind: Kind, name: str, value: Any) -> str:
    """A value in a preview; personal data with stars."""
    column = kind.column(name)
    words = column.words(value) if value is not None else ""
    return stars(words) if column.private and words else words


def stars(words: str) -> str:
    """王*兰, 138****8000; what has stars already stays."""
    if "*" in words:
        return words
    keep = 1 if len(words) < 7 else 3
    tail = words[-keep:] if len(words) > 2 else ""
    return f"{words[:keep]}{'*' * max(1, min(4, len(words) - keep - len(tail)))}{tail}"


def preview_of(row: SheetImport) -> dict[str, Any] | None:
    """The preview that was stored, or None when it is gone."""
    if not default_storage.exists(row.preview):
        return None
    with default_storage.open(row.preview) as file:
        return json.loads(file.read())


# ---------------------------------------------------------------- confirm and write


def confirm(*, row: SheetImport, by: User, now: datetime) -> None:
    """Whoever brought the file says that it is to be written.

    Raises:
        WrongState: it has rows that are wrong, or it is past this step.
    """
    demand(by, KINDS[row.kind].act)
    move(row, to={"state": State.CONFIRMED, "says": ""}, else_=MOMENT, state=State.READY, wrong=0)


def _write(row: SheetImport, *, now: datetime) -> None:
    note(row, 1, 3)
    try:
        with transaction.atomic(), pghistory.context(user=row.by_id, reason=f"导入 {row.file_name}"[:200]):
            _one_at_a_time()
            found = compare(row, now=now)
            note(row, 2, 3)
            if found.fingerprint() != row.fingerprint or found.counts()["wrong"]:
                _show(row, found, says=CHANGED)
                return
            found.kind.write(found.to_write, by=row.by, now=now)
            connection.check_constraints()
            SheetImport.objects.filter(pk=row.pk).update(state=State.DONE, done_at=now, claimed_at=None)
    except (BadFile, ValidationError, IntegrityError) as error:
        SheetImport.objects.filter(pk=row.pk).update(state=State.READY, says=_why(error)[:300])
        return
    forget_files(row)


def _one_at_a_time() -> None:
    """Two imports at once: the second waits until the first is in, and then compares with what it brought."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10min'; SET LOCAL statement_timeout = '15min'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return REFUSED_BY_RULES.format("".join(error.messages))
    if isinstance(error, IntegrityError):
        return REFUSED_BY_RULES.format(getattr(getattr(error.__cause__, "diag", None), "message_primary", ""))
    return str(error)


def abandon(*, row: SheetImport, now: datetime) -> None:
    """It is not brought in after all; the file is erased.

    Raises:
        WrongState: it is being written, or is over.
    """
    where = {"state__in": [State.WAITING, State.READY, State.REFUSED, State.CONFIRMED]}
    move(row, to={"state": State.ABANDONED}, else_=MOMENT, **where)
    forget_files(row)


def forget_left_lying(*, now: datetime) -> None:
    """What nobody confirmed for a week is given up, and its file erased."""
    for row in SheetImport.objects.left_lying(now):
        abandon(row=row, now=now)


def forget_files(row: SheetImport) -> None:
    for name in (row.file, row.preview):
        default_storage.delete(name)


def _store(name: str, data: bytes) -> None:
    default_storage.delete(name)
    default_storage.save(name, ContentFile(data))


# ---------------------------------------------------------------- how far


def note(row: SheetImport, done: int, total: int) -> None:
    """How far a large one is; in the cache, because what is being written is one transaction."""
    cache.set(f"sheet-import:{row.pk}", (done, total), 3600)


def progress(row: SheetImport) -> tuple[int, int]:
    return cache.get(f"sheet-import:{row.pk}") or (0, 3)


# ---------------------------------------------------------------- take out


@transaction.atomic
def take_out(*, kind: Kind, wanted: dict[str, Any], why: str, by: User, now: datetime) -> Sequence[dict[str, Any]]:
    """The rows that the user sees and wants, in the values of the sheet; that they were taken is on record.

    Raises:
        PermissionDenied: the kind is not for ``by``.
        ValidationError: personal data without a reason; by field.
    """
    demand(by, kind.act)
    if any(column.private for column in kind.columns) and not why.strip():
        raise ValidationError({"why": "表里有个人信息，写一句为什么导出。"})
    rows = list(kind.rows(by, **wanted))
    said = "，".join(str(value) for value in wanted.values())
    SheetExport.objects.create(kind=kind.name, wanted=said[:200], rows=len(rows), by=by, at=now, why=why.strip()[:200])
    return rows
