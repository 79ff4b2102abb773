"""A database of its own for each bench, made by the migrations, on servers that stop with the process."""

import os
import signal
import sys
from collections.abc import Callable


def use(name: str, fill: Callable[[], None] | None = None, *, anew: bool = False) -> None:
    """Sets Django up on the database ``linzhi_bench_<name>``; an empty one is migrated and filled, in one transaction.

    Args:
        anew: drops what an earlier run left. (To begin all of them anew, delete ``var/bench``.)
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ["BENCH_DATABASE"] = name = f"linzhi_bench_{name}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what a bench started goes with it
    import django

    django.setup()
    _make(name, anew)
    if fill:
        _fill(fill)


def _make(name: str, anew: bool) -> None:
    from django.core.management import call_command

    with _postgres() as cursor:
        if anew:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {name}")
    call_command("migrate", verbosity=0)


def _postgres():
    """A cursor of the owner outside any database of ours."""
    import psycopg
    from django.db import connection

    from config import embedded

    embedded.start_and_leave()
    settings = connection.settings_dict
    return psycopg.connect(
        host=settings["HOST"], user=settings["OWNER"]["USER"], dbname="postgres", autocommit=True
    ).cursor()


def _fill(fill: Callable[[], None]) -> None:
    from django.db import connection, transaction

    from accounts.models import User

    if User.objects.exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        fill()
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
