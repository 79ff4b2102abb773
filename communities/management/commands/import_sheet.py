"""Brings a sheet in from the command line, by the page's own path: reads, shows what it would do, writes on demand."""

import time
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.roles import WHO_MAY
from communities import imports
from communities.models import SheetImport
from communities.sheets import KINDS, Kind
from lib.periods import beijing_date
from lib.table_files import MOST_BYTES, first_rows

State = SheetImport.State
TOWN = ("town_clerk", "town_head", "administrator")


class Command(BaseCommand):
    help = "导入一张表，先列出会做什么；加 --apply 才写入。有错的行时什么也不写，退出码是 1。"

    def add_arguments(self, parser):
        kinds = "、".join(f"{name}（{kind.title}）" for name, kind in KINDS.items())
        parser.add_argument("kind", metavar="KIND", help=f"种类：{kinds}")
        parser.add_argument("file", metavar="FILE", type=Path, help=".xlsx、.xls 或 CSV")
        parser.add_argument("--apply", action="store_true", help="没有错就写入")
        parser.add_argument("--by", metavar="用户名", help="谁导入的；不写就是第一位有权的人")

    def handle(self, *args, kind: str, file: Path, apply: bool, by: str | None, **options):
        row = self._take_in(_kind(kind), file, by)
        try:
            self._wait(row)
            self._show(row)
            if apply:
                self._write(row)
        finally:
            if row.state in (State.READY, State.REFUSED):
                imports.abandon(row=row, now=timezone.now())

    def _take_in(self, kind: Kind, file: Path, by: str | None) -> SheetImport:
        data, user = _read(file), _who(kind, by)
        self.stdout.write(f"{kind.title}，{file.name}，以 {user.name}（{user.username}）的名义。")
        try:
            return imports.take_in(kind=kind, file_name=file.name, data=data, by=user, now=timezone.now())
        except PermissionDenied as error:
            raise CommandError(str(error)) from error

    def _wait(self, row: SheetImport) -> None:
        """Until its step is done, by this process or by a worker that took it up first."""
        imports.work(row, now=timezone.now())
        row.refresh_from_db()
        while row.is_working:
            time.sleep(0.5)
            imports.work(row, now=timezone.now())
            row.refresh_from_db()

    def _show(self, row: SheetImport) -> None:
        """The preview; bad rows end the command."""
        if row.state != State.READY:
            raise CommandError(row.says)
        found = imports.preview_of(row)
        if found["unknown"]:
            self.stdout.write(f"不认识、没有用的列：{'、'.join(found['unknown'])}")
        for line in found["new"]:
            what = "，".join(f"{heading} {value}" for heading, value in line["what"])
            self.stdout.write(f"新的 第 {line['number']} 行 {line['label']}：{what}")
        self._more(row.new, found["new"], "新的")
        for line in found["changed"]:
            what = "；".join(f"{heading} {old} → {new}" for heading, old, new in line["what"])
            self.stdout.write(f"要改 第 {line['number']} 行 {line['label']}：{what}")
        self._more(row.changed, found["changed"], "要改的")
        self._show_bad_rows(row)
        self.stdout.write(f"新的 {row.new} 行，要改的 {row.changed} 行，一样的 {row.same} 行，有错的 {row.wrong} 行。")
        if row.wrong:
            raise CommandError("有错的行改好再导入，什么也没有写。")

    def _more(self, number: int, listed: list, what: str) -> None:
        if number > len(listed):
            self.stdout.write(f"{what}还有 {number - len(listed)} 行没有列出。")

    def _show_bad_rows(self, row: SheetImport) -> None:
        """All of them."""
        if row.wrong:
            with default_storage.open(row.bad_rows) as file:
                for number, reasons, *_ in first_rows(file.read())[1:]:
                    self.stdout.write(f"有错 第 {number} 行：{reasons}")

    def _write(self, row: SheetImport) -> None:
        imports.confirm(row=row, by=row.by, now=timezone.now())
        self._wait(row)
        if row.state != State.DONE:
            raise CommandError(row.says)
        self.stdout.write("写入了。")


def _kind(name: str) -> Kind:
    """A kind by its name, or by its Chinese title."""
    known = KINDS | {kind.title: kind for kind in KINDS.values()}
    if kind := known.get(name) or known.get(name.replace("_", "-")):
        return kind
    raise CommandError(f"没有“{name}”这种表。有：{'、'.join(KINDS)}")


def _read(file: Path) -> bytes:
    if not file.is_file():
        raise CommandError(f"没有 {file} 这个文件。")
    if file.stat().st_size > MOST_BYTES:
        raise CommandError(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分成几个文件再导入。")
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} 打不开：{error.strerror}。") from error


def _who(kind: Kind, username: str | None) -> User:
    """The account that is named, or the first that may bring in this kind."""
    today = beijing_date(timezone.now())
    may = User.objects.with_role(*WHO_MAY[kind.act].make, today=today).order_by("pk")
    town = may.with_role(*TOWN, today=today)
    found = User.objects.filter(username=username).first() if username else town.first() or may.first()
    if found is None:
        raise CommandError(f"没有账号“{username}”。" if username else "还没有能导入这种表的账号，先开账号、授予角色。")
    return found
