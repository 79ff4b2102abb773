"""``manage.py demo``: the demo town, into an empty database only."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.demo import town


class Command(BaseCommand):
    help = "建一个演示镇（只能放进空的数据库，建好以后这个数据库就只能做演示）。"

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=town.SEED, help="同一个数、同一天，建出来的镇一样")
        parser.add_argument("--scale", type=float, default=1.0, help="建多大：1 是 8000 户、两年巡查")

    def handle(self, *args, seed, scale, **options):
        begun = time.monotonic()
        try:
            made = town.make(now=timezone.now(), seed=seed, scale=scale)
        except town.NotEmpty as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - begun
        self.stdout.write(
            f"演示镇建好了：{made.communities} 个小区、{made.units} 户、{made.patrols} 次巡查、"
            f"{made.findings} 个问题，用了 {seconds:.0f} 秒。"
        )
