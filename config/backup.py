"""Backups that are known to come back: ``script/backup`` and ``script/restore_drill``. docs/operations.md

A backup is a folder named after its moment: ``database.dump`` (pg_dump's custom form), ``media/``, and in
``manifest.json`` the fingerprint of the dump. It gets its name when it is whole: one that was cut off has none.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

from config import embedded

MANIFEST, DUMP, MEDIA = "manifest.json", "database.dump", "media"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    match sys.argv[1:]:
        case ["backup", folder]:
            print(f"备份好了：{backup(Path(folder))}")
        case ["drill", *folder]:
            sys.exit(drill(Path(*folder) if folder else None))
        case ["come-back", folder]:
            sys.exit(not come_back(newest(Path(folder))))
        case _:
            sys.exit("怎么用：script/backup 文件夹；script/restore_drill [文件夹]")


# ---------------------------------------------------------------- backing up


def backup(folder: Path) -> Path:
    """Writes one backup below the folder and returns where it is; whole or not there at all."""
    from django.conf import settings

    began = datetime.now(UTC)
    name = began.strftime("%Y%m%dT%H%M%SZ")
    making = folder / f".{name}.making"
    making.mkdir(parents=True, mode=0o700)
    _postgres("pg_dump", "--format=custom", f"--file={making / DUMP}", _owner()["NAME"])
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir():
        shutil.copytree(media, making / MEDIA)
    manifest = {"began": began.isoformat(), "sha256": _digest(making / DUMP), "rows": _rows()}
    (making / MANIFEST).write_text(json.dumps(manifest))
    making.rename(folder / name)
    return folder / name


def newest(folder: Path) -> Path:
    """The newest whole backup in a folder, or the folder itself if it is one."""
    if (folder / MANIFEST).exists():
        return folder
    whole = sorted(path.parent for path in folder.glob(f"[0-9]*/{MANIFEST}"))
    return whole[-1] if whole else sys.exit(f"{folder} 里没有完整的备份。")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


# ---------------------------------------------------------------- coming back


def drill(folder: Path | None) -> int:
    """Restores a backup, a fresh one if none is given, on a server of its own that is made for it and removed again.

    Returns:
        0 when it came back whole.
    """
    with TemporaryDirectory() as temporary:
        place = folder or backup(Path(temporary) / "backups")
        alone = {"EMBEDDED_DIR": f"{temporary}/var", "DATABASE_URL": "", "MIGRATE_DATABASE_URL": "", "REDIS_URL": ""}
        command = [sys.executable, "-m", "config.backup", "come-back", str(place.resolve())]
        return subprocess.run(command, env={**os.environ, **alone}, check=False).returncode


def come_back(place: Path) -> bool:
    """Restores into the empty database of this process's settings, and proves the ledger there.

    Returns:
        Whether the dump is the one that was written, no table came back empty, and the ledger is right.
    """
    manifest, began = json.loads((place / MANIFEST).read_text()), time.monotonic()
    if manifest["sha256"] != _digest(place / DUMP):
        print("备份文件和它的校验值不一样，不能用。")
        return False
    _postgres("pg_restore", "--exit-on-error", f"--dbname={_owner()['NAME']}", str(place / DUMP))
    return _is_sound(manifest, began)


def _is_sound(manifest: dict, began: float) -> bool:
    from maintenance_fund import verification

    report, rows = verification.verify(), _rows()
    seconds = time.monotonic() - began
    age = datetime.now(UTC) - datetime.fromisoformat(manifest["began"])
    print(f"备份的时间 {manifest['began']}（{age.total_seconds():.0f} 秒前），恢复和核对用了 {seconds:.1f} 秒")
    print(f"{len(rows)} 张表 {sum(rows.values())} 行；账本 {report.transactions} 张凭证 {report.lines} 行")
    fewer = [table for table, number in manifest["rows"].items() if rows.get(table, 0) < 1 <= number]
    for problem in [*report.wrong, *(f"表 {table} 恢复后是空的" for table in fewer)]:
        print(f"不对：{problem}")
    return not report.wrong and not fewer


def _rows() -> dict[str, int]:
    """How many rows each table has; of a living database a few more than the dump made a moment ago."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [table for (table,) in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


# ---------------------------------------------------------------- PostgreSQL's own programs


def _owner() -> dict:
    from django.db import connection

    connection.ensure_connection()  # starts the embedded server if it is that
    return {**connection.settings_dict, **(connection.settings_dict.get("OWNER") or {})}


def _postgres(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs as the owner; the password goes by the environment, not by the command line."""
    owner = _owner()
    environment = {**os.environ, "PGUSER": owner["USER"], "PGHOST": owner["HOST"], "PGPORT": str(owner["PORT"] or 5432)}
    environment |= {"PGPASSWORD": owner.get("PASSWORD") or "", "PGOPTIONS": "-c statement_timeout=0"}
    # The embedded server's own: the newest that the project knows, and a dump may be taken of older servers.
    subprocess.run([embedded.pg_program(program), *arguments], env=environment, check=True)


if __name__ == "__main__":
    main()
