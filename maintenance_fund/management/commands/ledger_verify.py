"""``manage.py ledger_verify [--community KEY]``: proves the ledger from its rows; 1 and the first wrong row if not."""

import sys
import time

from django.core.management.base import BaseCommand

from maintenance_fund import verification


class Command(BaseCommand):
    help = "从每一行重新算一遍维修资金账：借贷、余额、凭证号、校验链、公布过的校验值；第一处不对的会写明在哪里。"

    def add_arguments(self, parser):
        parser.add_argument("--community", type=int, help="只查一个小区（主键）。")

    def handle(self, *args, community=None, **options):
        began = time.monotonic()
        report = verification.verify(community)
        for wrong in report.wrong:
            self.stderr.write(self.style.ERROR(f"不对：{wrong}"))
        seconds = time.monotonic() - began
        size = f"{report.communities} 个小区 {report.transactions} 张凭证 {report.lines} 行"
        result = f"有 {len(report.wrong)} 处不对" if report.wrong else "全对"
        self.stdout.write(f"{size}，{seconds:.1f} 秒，{result}")
        if report.wrong:
            sys.exit(1)
