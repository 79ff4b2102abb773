"""Bringing a sheet in: a file is taken, read into a preview, confirmed, and written, all of it or nothing.

Small files are done while the person waits, large ones by the worker. Whoever works on an import holds a lock of its
connection on it: who dies leaves the lock, and the next round takes the import up where it stood. Two imports at once
are written one after the other; what changed since somebody looked is compared and shown again before it is written.
"""

import json
import logging
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import pghistory
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import IntegrityError, OperationalError, connection, transaction

from accounts.models import User
from accounts.roles import demand
from lib import workbook
from lib.states import move
from lib.table_files import BadFile, is_light

from .models import SheetExport, SheetImport
from .sheets import KINDS, Kind, Line, files, progress
from .sheets.engine import Comparison, examine

log = logging.getLogger("linzhi")
State = SheetImport.State
SHOWN = 200  # lines of each sort that the preview holds
LOCK = 0x5EE7  # of imports: of one by its key, of those that are written one at a time
TOLD_EVERY = 0.3  # seconds
CHANGED = "您看过以后，台账里有的行变了。下面是重新比对的结果，请再看一遍再确认。"
REFUSED_BY_RULES = "写入的时候和台账里的规则冲突，什么也没有写：{}"
MOMENT = "现在已经不是这一步了，请看看最新的状态。"
BUSY = "别人正在改同样的行，这一次没有读成。台账没有变，过一会儿再传一次。"
BUSY_WRITING = "别人正在改同样的行，什么也没有写。过一会儿再确认一次。"
UNFORESEEN = "处理这个文件时出了意料之外的错，台账没有变。请把文件和编号 {} 告诉系统管理员。"


@transaction.atomic
def take_in(*, kind: Kind, file_name: str, data: bytes, by: User, now: datetime) -> SheetImport:
    """Takes a file; it is read by `work`, at once or in the background as the row says.

    Raises:
        PermissionDenied: the kind is not for ``by``.
    """
    demand(by, kind.act)
    row = SheetImport(kind=kind.name, file_name=file_name[:200], size=len(data), by=by, at=now)
    row.in_background = len(data) > kind.at_once or not is_light(data)
    row.stored = secrets.token_hex(16)
    row.save()
    _store(row.file, data)
    return row


def work(row: SheetImport, *, now: datetime) -> None:
    """Does the next step of an import if nobody else does: reads it, or writes it. Twice is once."""
    with _alone(row) as alone:
        if not alone:
            return
        row.refresh_from_db()
        if row.state in (State.WAITING, State.READING):
            _step(row, State.READING, _read, now=now, busy=(State.REFUSED, BUSY))
        elif row.state in (State.CONFIRMED, State.WRITING):
            _step(row, State.WRITING, _write, now=now, busy=(State.READY, BUSY_WRITING))


@contextmanager
def _alone(row: SheetImport) -> Iterator[bool]:
    """Whether nobody else works on this import; who dies at it lets go of it."""
    key = [LOCK, row.pk % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        (alone,) = cursor.fetchone()
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def _step(row: SheetImport, to: str, act: Callable, *, now: datetime, busy: tuple[str, str]) -> None:
    """One step; a fault that nobody thought of ends the import with a sentence, or it would be tried for ever."""
    if not SheetImport.objects.filter(pk=row.pk, state=row.state).update(state=to):
        return
    row.state = to
    try:
        with progress.told_to(_noting(row)):
            act(row, now=now)
    except OperationalError:
        log.exception("sheet import %s", row.pk)
        _end(row, *busy)
    except Exception:
        log.exception("sheet import %s", row.pk)
        _end(row, State.REFUSED, UNFORESEEN.format(row.pk))


def _end(row: SheetImport, state: str, says: str) -> None:
    SheetImport.objects.filter(pk=row.pk, state=row.state).update(state=state, says=says[:300])
    if state == State.REFUSED:
        forget_files(row)


def work_on_waiting(*, now: datetime) -> None:
    """The worker's round: everything that waits, the oldest first, and what somebody died at."""
    for row in SheetImport.objects.to_do().select_related("by"):
        work(row, now=now)


# ---------------------------------------------------------------- read


def _read(row: SheetImport, *, now: datetime) -> None:
    try:
        found = compare(row, now=now)
    except BadFile as error:
        _end(row, State.REFUSED, str(error))
    else:
        _show(row, found, says="")


def compare(row: SheetImport, *, now: datetime) -> Comparison:
    """The file of an import against what stands now."""
    with default_storage.open(row.file) as file:
        data = file.read()
    return examine(KINDS[row.kind], data, by=row.by, now=now)


def _show(row: SheetImport, found: Comparison, *, says: str) -> None:
    """The preview and the bad rows into the store, their numbers into the row; nothing stays of what was given up."""
    _store(row.preview, json.dumps(preview(found), ensure_ascii=False).encode())
    _store_bad_rows(row, found)
    what = {"state": State.READY, "fingerprint": found.fingerprint(), "says": says, **found.counts()}
    if not SheetImport.objects.filter(pk=row.pk, state=row.state).update(**what):
        forget_files(row)


def _store_bad_rows(row: SheetImport, found: Comparison) -> None:
    """As a file to mend."""
    default_storage.delete(row.bad_rows)
    if not (wrong := found.of("wrong")):
        return
    columns, rows = files.bad_rows(found, progress.each(wrong, "列出有错的"))
    with tempfile.TemporaryFile() as file:
        workbook.write(file, title="有错的行", columns=columns, rows=rows)
        file.seek(0)
        default_storage.save(row.bad_rows, File(file))


def preview(found: Comparison) -> dict[str, Any]:
    """What the page shows, in words: of each sort of line as many as one reads."""
    kind = found.kind
    return {
        "sheet": found.sheet.name,
        "unknown": found.unknown[:20],
        "new": [_new(kind, line) for line in found.of("new")[:SHOWN]],
        "changed": [_changed(kind, line) for line in found.of("changed")[:SHOWN]],
        "wrong": [_wrong(kind, line) for line in found.of("wrong")[:SHOWN]],
    }


def _new(kind: Kind, line: Line) -> dict[str, Any]:
    said = [
        [kind.heading(name), _became(kind, line, name, value)]
        for name, value in line.values.items()
        if value is not None and value != () and name not in kind.key
    ]
    return {"number": line.number, "label": kind.label(line.values), "what": said}


def _became(kind: Kind, line: Line, name: str, value: Any) -> str:
    """A value of a new row; where it changes what it belongs to, what that was."""
    old = shown(kind, name, line.changes[name][0]) if name in line.changes else ""
    return f"{old} → {shown(kind, name, value)}" if old else shown(kind, name, value)


def _changed(kind: Kind, line: Line) -> dict[str, Any]:
    said = [
        [kind.heading(name), shown(kind, name, old) or "（空）", shown(kind, name, new)]
        for name, (old, new) in line.changes.items()
    ]
    return {"number": line.number, "label": kind.label(line.values), "what": said}


def _wrong(kind: Kind, line: Line) -> dict[str, Any]:
    said = [[kind.heading(name), sentence] for name, sentence in line.wrong]
    return {"number": line.number, "label": kind.label(line.values), "what": said}


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
    """All of it, or nothing; while another import is being written it waits for the next round."""
    try:
        with transaction.atomic(), pghistory.context(user=row.by_id, reason=f"导入 {row.file_name}"[:200]):
            if not _is_the_only_one():
                SheetImport.objects.filter(pk=row.pk, state=row.state).update(state=State.CONFIRMED)
                return
            found = compare(row, now=now)
            if found.fingerprint() != row.fingerprint or found.counts()["wrong"]:
                _show(row, found, says=CHANGED)
                return
            found.kind.write(found.to_write, by=row.by, now=now)
            progress.tell("核对", len(found.to_write), len(found.to_write))
            connection.check_constraints()
            SheetImport.objects.filter(pk=row.pk).update(state=State.DONE, done_at=now)
    except (BadFile, ValidationError, IntegrityError) as error:
        _end(row, State.READY, _why(error))
        return
    forget_files(row)


def _is_the_only_one() -> bool:
    """Whether no other import is being written until the end of this transaction, which may take its time."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '15min'")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]


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
    move(row, to={"state": State.ABANDONED}, else_=MOMENT, state__in=SheetImport.GIVEN_UP_FROM)
    forget_files(row)


def forget_left_lying(*, now: datetime) -> None:
    """What nobody confirmed for a week is given up, and its file erased."""
    for row in SheetImport.objects.left_lying(now):
        abandon(row=row, now=now)


def forget_files(row: SheetImport) -> None:
    for name in (row.file, row.preview, row.bad_rows):
        default_storage.delete(name)


def _store(name: str, data: bytes) -> None:
    default_storage.delete(name)
    default_storage.save(name, ContentFile(data))


# ---------------------------------------------------------------- how far


def _noting(row: SheetImport) -> progress.Listener:
    """Notes how far an import is, in the cache: what is being written is one transaction that nobody else sees into."""
    last = 0.0

    def note(doing: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > TOLD_EVERY:
            last = time.monotonic()
            with suppress(Exception):  # a cache that is away is not the import's concern
                cache.set(f"sheet-import:{row.pk}", (doing, done, total), 3600)

    return note


def how_far(row: SheetImport) -> tuple[str, int, int] | None:
    """What is being done to it, rows done and rows in all; None when nothing was heard yet."""
    return cache.get(f"sheet-import:{row.pk}")


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
