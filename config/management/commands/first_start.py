"""``manage.py first_start``: what a start needs to find in the database. ``script/server`` calls it after ``migrate``.

An empty database becomes the demo town; with ``--real`` it gets its first administrator. Otherwise nothing happens.
"""

import ipaddress
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts import passwords
from accounts.demo import is_demo
from accounts.models import RoleGrant, User
from accounts.people import fill_pinyin
from accounts.roles import Role
from lib.periods import beijing_date
from portal.demo import town

USERNAME = "admin"
DEMO_STAYS_HOME = (
    "演示镇只在本机开：它的账号不用密码。请去掉 HOST（或者写 HOST=127.0.0.1）再启动；"
    "要给别人用，换一个空的数据库，加 --real。"
)
DEMO_IS_NOT_REAL = "这个数据库是演示镇，改不成正式的。请换一个空的数据库（或者换一个文件夹）再加 --real 启动。"
OTHERS_DATABASE = "DATABASE_URL 指的数据库是空的，现在放进演示数据。正式使用请换一个空的数据库，加 --real。"
SLIP = """
┌────────────────────────────────────────────────────────────┐
  第一位系统管理员，只显示这一次：

      用户名    {username}
      密码      {password}

  24 小时内登录，登录后要先改密码。接着请：
    1. 在“系统管理”里给镇物业办负责人开账号，授予角色；
    2. 给经办人、物管站的人开账号，由负责人复核；
    3. 登记村居（物管站）、小区、物业企业和合同；
    4. 写上每个小区由哪位干部联系，干部就可以开始巡查。
└────────────────────────────────────────────────────────────┘
"""


class Command(BaseCommand):
    help = "首次启动：空的数据库放进演示数据；加 --real 则建第一位系统管理员。"

    def add_arguments(self, parser):
        parser.add_argument("--real", action="store_true", help="不用演示数据")
        parser.add_argument("--host", default="127.0.0.1", help="网页服务的地址")

    def handle(self, *args, real, host, **options):
        if is_demo():
            self._demand(not real, DEMO_IS_NOT_REAL)
            self._demand(is_loopback(host), DEMO_STAYS_HOME)
        elif real and awaits_first_sign_in():
            self.stdout.write(SLIP.format(username=USERNAME, password=first_administrator(now=timezone.now())))
        elif town.is_empty():
            self._demand(is_loopback(host), DEMO_STAYS_HOME)
            self._demo()

    def _demand(self, holds: bool, sentence: str) -> None:
        if not holds:
            self.stderr.write(sentence)
            sys.exit(1)

    def _demo(self) -> None:
        if not settings.EMBEDDED:
            self.stdout.write(OTHERS_DATABASE)
        self.stdout.write("数据库是空的，先建一个演示镇，大约要几十秒。正式使用请加 --real。")
        call_command("demo", stdout=self.stdout)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def awaits_first_sign_in() -> bool:
    """The database is empty, or holds nobody but a first administrator who has never signed in."""
    if town.is_empty():
        return True
    alone = User.objects.count() == 1
    return alone and User.objects.filter(username=USERNAME, must_change_password=True).exists()


@transaction.atomic
def first_administrator(*, now) -> str:
    """Opens the account ``admin``, or finds it unused, and returns its one-time password, which is kept nowhere."""
    user = User.objects.filter(username=USERNAME).first() or User(username=USERNAME, name="系统管理员")
    fill_pinyin(user)
    user.save()
    held = {"user": user, "role": Role.ADMINISTRATOR, "origin": RoleGrant.Origin.SETUP}
    RoleGrant.objects.get_or_create(**held, defaults={"first_day": beijing_date(now), "reason": "首次启动"})
    return passwords.give_one_time(user=user, now=now)
