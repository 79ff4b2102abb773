"""Brings a sheet in from the command line, by the page's own path: reads, shows what it would do, writes on demand."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from accounts.roles import WHO_MAY
from communities import imports
from communities.models import SheetImport
from communities.sheets import KINDS, Kind
from communities.sheets.files import reasons
from lib.periods import beijing_date

State = SheetImport.State


class Command(BaseCommand):
    help = "导入一张表，先列出会做什么；加 --apply 才写入。有错的行时什么也不写，退出码是 1。"

    def add_arguments(self, parser):
        parser.add_argument("kind", metavar="KIND", help="、".join(KINDS))
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--apply", action="store_true", help="没有错就写入")
        parser.add_argument("--by", metavar="用户名", help="谁导入的；不写就是第一位有权的人")

    def handle(self, *args, kind: str, file: Path, apply: bool, by: str | None, **options):
        if kind not in KINDS:
            raise CommandError(f"没有“{kind}”这种表。有：{'、'.join(KINDS)}")
        row = self._take_in(KINDS[kind], file, _who(KINDS[kind], by))
        imports.work(row, now=timezone.now())
        row.refresh_from_db()
        try:
            self._show(row)
            if apply:
                self._write(row)
        finally:
            if row.state in (State.READY, State.REFUSED):
                imports.abandon(row=row, now=timezone.now())

    def _take_in(self, kind: Kind, file: Path, by: User) -> SheetImport:
        try:
            data = file.read_bytes()
            return imports.take_in(kind=kind, file_name=file.name, data=data, by=by, now=timezone.now())
        except OSError as error:
            raise CommandError(f"读不了 {file}：{error.strerror}") from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error

    def _show(self, row: SheetImport) -> None:
        """The preview; bad rows end the command."""
        if row.state != State.READY:
            raise CommandError(row.says)
        found = imports.preview_of(row)
        if found["unknown"]:
            self.stdout.write(f"不认识、没有用的列：{'、'.join(found['unknown'])}")
        for line in found["new"]:
            self.stdout.write(f"新　 第 {line['number']} 行 {line['label']}")
        for line in found["changed"]:
            what = "；".join(f"{heading} {old} → {new}" for heading, old, new in line["what"])
            self.stdout.write(f"改　 第 {line['number']} 行 {line['label']}：{what}")
        for line in found["wrong"]:
            self.stderr.write(f"有错 第 {line['number']} 行 {line['label']}：{reasons(line)}")
        self.stdout.write(f"新的 {row.new} 行，要改的 {row.changed} 行，一样的 {row.same} 行，有错的 {row.wrong} 行。")
        if row.wrong:
            raise CommandError("有错的行改好再导入，什么也没有写。")

    def _write(self, row: SheetImport) -> None:
        imports.confirm(row=row, by=row.by, now=timezone.now())
        imports.work(row, now=timezone.now())
        row.refresh_from_db()
        if row.state != State.DONE:
            raise CommandError(row.says)
        self.stdout.write("写入了。")


def _who(kind: Kind, username: str | None) -> User:
    """The account that is named, or the first that may bring in this kind."""
    today = beijing_date(timezone.now())
    may = User.objects.with_role(*WHO_MAY[kind.act].make, today=today).order_by("pk")
    town = may.with_role("town_clerk", "town_head", "administrator", today=today)
    found = User.objects.filter(username=username).first() if username else town.first() or may.first()
    if found is None:
        raise CommandError(f"没有账号“{username}”。" if username else "还没有能导入这种表的账号，先开账号、授予角色。")
    return found
