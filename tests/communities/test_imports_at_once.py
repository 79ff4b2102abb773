"""Imports that meet, and processes that are killed while they work on one: all of a sheet is written, or nothing."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from communities import imports
from communities.models import Ownership, Person, SheetImport, Unit
from communities.sheets import KINDS
from tests.at_once import at_once
from tests.communities.sheet_files import HEAD, a_unit, xlsx

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
KILLED_BEFORE_STATEMENT = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.utils import timezone
from communities import imports
from communities.models import SheetImport
settings.MEDIA_ROOT, left = sys.argv[3], int(sys.argv[2])
def die(execute, *call):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(*call)
row = SheetImport.objects.get(pk=sys.argv[1])
with connection.execute_wrapper(die):
    imports.work(row, now=timezone.now())
"""


@pytest.fixture
def sent(clerk, now):
    """``sent(rows…)``: an import of units that waits to be read."""

    def sent(*rows) -> SheetImport:
        data = xlsx(HEAD, *rows)
        return imports.take_in(kind=KINDS["units"], file_name="户.xlsx", data=data, by=clerk, now=now)

    return sent


@pytest.fixture
def confirmed(sent, now):
    def confirmed(*rows) -> SheetImport:
        row = sent(*rows)
        imports.work(row, now=now)
        row.refresh_from_db()
        imports.confirm(row=row, by=row.by, now=now)
        return row

    return confirmed


def work_in_another_process(row: SheetImport, *, killed_before: int, media: str) -> int:
    """How a process ended that works on an import and is killed before its n-th statement."""
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "LINZHI_TEST_DATABASE": connection.settings_dict["NAME"]}
    command = [sys.executable, "-c", KILLED_BEFORE_STATEMENT, str(row.pk), str(killed_before), media]
    return subprocess.run(command, cwd=ROOT, env=os.environ | own, timeout=60).returncode


@pytest.fixture
def media(settings, tmp_path, monkeypatch):
    """A folder that this process and those it starts share."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return str(settings.MEDIA_ROOT)


def test_killed_while_it_writes_there_is_nothing_or_all(confirmed, community, media, now):
    row = confirmed(*(a_unit(community, room=str(room), phone=f"1380013{room:04}") for room in range(101, 141)))
    kills = 0
    for statement in (4, 8, 12, 16, 20, 24, 28, 32, 400):
        end = work_in_another_process(row, killed_before=statement, media=media)
        row.refresh_from_db()
        if row.state == "done":
            break
        kills += end == -signal.SIGKILL
        assert (row.state, Unit.objects.count(), Person.objects.count()) == ("writing", 0, 0)
    assert kills >= 5
    assert (Unit.objects.count(), Ownership.objects.count(), Person.objects.count()) == (40, 40, 40)
    imports.work_on_waiting(now=now)
    assert Unit.objects.count() == 40


def test_killed_while_it_reads_somebody_else_reads(sent, community, media, now):
    row = sent(a_unit(community))
    assert work_in_another_process(row, killed_before=6, media=media) == -signal.SIGKILL
    row.refresh_from_db()
    assert row.state == "reading"
    imports.work_on_waiting(now=now)
    row.refresh_from_db()
    assert (row.state, row.new) == ("ready", 1)


def test_who_works_on_an_import_is_alone_at_it(sent, community, now):
    row = sent(a_unit(community))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [imports.LOCK, row.pk])
        ends = at_once(lambda: imports.work_on_waiting(now=now))
        row.refresh_from_db()
        assert (ends, row.state) == ([None], "waiting")
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [imports.LOCK, row.pk])
    imports.work_on_waiting(now=now)
    row.refresh_from_db()
    assert row.state == "ready"


def test_two_at_once_are_written_one_after_the_other(confirmed, community, now):
    floors = range(101, 131), range(201, 231)
    rows = [confirmed(*(a_unit(community, room=str(room)) for room in rooms)) for rooms in floors]
    at_once(*(lambda row=row: imports.work(row, now=now) for row in rows))
    imports.work_on_waiting(now=now)
    assert {row.state for row in SheetImport.objects.all()} == {"done"}
    assert Unit.objects.count() == 60


def test_two_of_the_same_at_once_are_written_once_and_the_other_is_told(confirmed, community, now):
    rows = [confirmed(*(a_unit(community, room=str(room)) for room in range(101, 131))) for _ in range(2)]
    at_once(*(lambda row=row: imports.work(row, now=now) for row in rows))
    imports.work_on_waiting(now=now)
    assert Unit.objects.count() == Person.objects.count() == 30
    states = {row.state: row for row in SheetImport.objects.all()}
    assert states.keys() == {"done", "ready"}
    assert "请再看一遍" in states["ready"].says and states["ready"].same == 30


def test_one_import_taken_up_by_two_is_written_once(confirmed, community, now):
    row = confirmed(*(a_unit(community, room=str(room)) for room in range(101, 131)))
    assert at_once(*(lambda: imports.work_on_waiting(now=now) for _ in range(4))) == [None] * 4
    row.refresh_from_db()
    assert (row.state, Unit.objects.count()) == ("done", 30)


def test_rows_that_somebody_else_holds_are_told(confirmed, community, clerk, now, settings):
    """A lock that does not come in time ends the import with a sentence; confirmed again it is written."""
    imports.work(confirmed(a_unit(community)), now=now)
    row = confirmed(a_unit(community, area="95"))
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                list(Unit.objects.select_for_update())
                held.set()
                go_on.wait(20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        imports.work(row, now=now)
    finally:
        go_on.set()
        holder.join()
    row.refresh_from_db()
    assert row.state == "ready" and "再确认一次" in row.says
    imports.confirm(row=row, by=clerk, now=now)
    imports.work(row, now=now)
    assert Unit.objects.get().area_centi == 9500


def test_the_command_and_a_worker_do_not_disturb_each_other(community, clerk, tmp_path):
    file = tmp_path / "户.xlsx"
    file.write_bytes(xlsx(HEAD, *(a_unit(community, room=str(room)) for room in range(101, 161))))
    over = threading.Event()

    def worker() -> None:
        while not over.is_set():
            imports.work_on_waiting(now=timezone.now())

    def command() -> None:
        try:
            call_command("import_sheet", "units", str(file), "--apply")
        finally:
            over.set()

    assert at_once(command, worker) == [None, None]
    assert Unit.objects.count() == 60
