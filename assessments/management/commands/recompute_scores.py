"""``manage.py recompute_scores --check``: all scores, proposals, bookings and balances computed again."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments import recompute, scoring


class Command(BaseCommand):
    help = "重算考核。--check 只核对全部历史，列出每一处不同；不带它，把近一年算到最新。"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只核对，不改")

    def handle(self, *, check: bool, **options):
        if check:
            return self._check()
        self.stdout.write(f"算了 {scoring.compute_recent(now=timezone.now())} 个月")
        return None

    def _check(self) -> None:
        found = 0
        for difference in recompute.differences():
            found += 1
            self.stdout.write(str(difference))
        if found:
            raise CommandError(f"{found} 处不同")
        self.stdout.write("全部一致")
