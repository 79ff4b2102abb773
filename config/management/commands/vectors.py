"""``manage.py vectors FILE``: replays worked cases and says what differs."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config import vectors


class Command(BaseCommand):
    help = "Replays a file shaped like tests/data/vectors.json through the portal's own functions."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        result = vectors.replay(_cases(file))
        for found in result.differences:
            self.stdout.write(f"{found.case} {found.area}: expected {_json(found.expected)}, got {_json(found.got)}")
        for area, number in sorted(result.skipped.items()):
            self.stdout.write(f"skipped, not built yet: {area} ({number})")
        self.stdout.write(str(result))
        if result.differences:
            sys.exit(1)


def _cases(file: Path) -> list[dict]:
    try:
        cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CommandError(f"{file} is no file of cases: {error}") from error
    if not isinstance(cases, list):
        raise CommandError(f"{file} is no file of cases: cases is no list")
    for place, case in enumerate(cases, 1):
        if not _is_case(case):
            raise CommandError(f"{file} is no file of cases: case {place} has not area, input and expected")
    return cases


def _is_case(case) -> bool:
    shaped = isinstance(case, dict) and "expected" in case
    return shaped and isinstance(case.get("area"), str) and isinstance(case.get("input"), dict)


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False)
