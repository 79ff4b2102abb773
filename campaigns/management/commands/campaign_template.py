"""``manage.py campaign_template``: lists, prints and keeps plan templates, and opens a draft from one."""

import json
from datetime import date
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from campaigns import own_templates, planning
from campaigns.models import PlanTemplate


class Command(BaseCommand):
    help = (
        "不带参数列出方案模板；写上编号打印一个；--load 文件 检查并存下自己的模板；"
        "编号加 --starts-on 和 --by 开一份草案。有错时退出码是 1。"
    )

    def add_arguments(self, parser):
        parser.add_argument("code", nargs="?", metavar="编号", help="比如 plan3")
        parser.add_argument("--load", metavar="文件", type=Path, help="JSON，照“campaign_template 编号”打印的写")
        parser.add_argument("--starts-on", metavar="日期", help="从哪天开始，比如 2026-12-01")
        parser.add_argument("--by", metavar="用户名", help="谁起草的")

    def handle(self, *, code: str | None, load: Path | None, starts_on: str | None, by: str | None, **options):
        try:
            if load is not None:
                self._keep(load, code, starts_on or by)
            elif code is None:
                self._list()
            elif starts_on or by:
                self._open(code, starts_on, by)
            else:
                self._print(code)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error

    def _list(self) -> None:
        for row in PlanTemplate.objects.all():
            self.stdout.write(f"{row.code}\t{row.title}{f'（{row.source}）' if row.source else ''}")
            for phase in row.body["phases"]:
                first = phase.get("first") or (f"上一阶段后 {phase['days']} 天" if phase.get("days") else "")
                last = phase.get("last") or phase.get("waits_for") or ""
                self.stdout.write(f"    {phase.get('code', '')} {phase['name']} {first} 至 {last}".rstrip(" 至"))

    def _print(self, code: str) -> None:
        data = own_templates.as_data(_template(code))
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))

    def _keep(self, file: Path, *others) -> None:
        if any(others):
            raise CommandError("--load 只和文件一起用，编号写在文件里。")
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"打不开 {file}：{error}") from error
        template, is_new = own_templates.keep(data=own_templates.parsed(text), now=timezone.now())
        self.stdout.write(f"{template.code} {template}：{'存下了' if is_new else '换成新的了'}。")

    def _open(self, code: str, starts_on: str | None, by: str | None) -> None:
        if not (starts_on and by):
            raise CommandError("开草案要写 --starts-on 日期 和 --by 用户名。")
        day, user = _day(starts_on), User.objects.filter(username=by, is_active=True).first()
        if user is None:
            raise CommandError(f"没有用户名是“{by}”的在用账号。")
        template = _template(code)
        campaign = planning.open_from_template(template=template, starts_on=day, by=user, now=timezone.now())
        self.stdout.write(f"草案 {campaign.pk}：{campaign}")
        for phase in campaign.ordered_phases:
            self.stdout.write(f"    {phase} {phase.first_day or ''} 至 {phase.last_day or phase.waits_for}")


def _template(code: str) -> PlanTemplate:
    found = PlanTemplate.objects.filter(code=code).first()
    if found is None:
        codes = "、".join(PlanTemplate.objects.values_list("code", flat=True))
        raise CommandError(f"没有编号是“{code}”的模板，有的是：{codes}。")
    return found


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise CommandError(f"“{typed}”不是日期，写成 2026-12-01。") from error
