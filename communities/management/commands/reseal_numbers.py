"""Changes the key of the identity numbers: docs/operations.md says when and how."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from communities import identity_keys
from lib.sealed import Unreadable


class Command(BaseCommand):
    help = "换证件号码的密钥：用 IDENTITY_KEY_BEFORE 解开，用 IDENTITY_KEY 重新封好，一次做完，中途出错什么也不变。"

    def handle(self, *args, **options):
        before = settings.IDENTITY_KEY_BEFORE
        if not before or before == settings.IDENTITY_KEY:
            raise CommandError("请把原来的密钥写在 IDENTITY_KEY_BEFORE，新的写在 IDENTITY_KEY，两个不能一样。")
        try:
            done, already = identity_keys.reseal(before=before)
        except Unreadable as error:
            raise CommandError(f"人员 {error} 的号码两个密钥都解不开，什么也没有改。核对原来的密钥再试。") from error
        self.stdout.write(f"换好了 {done} 个号码，{already} 个原来就是新密钥。现在可以去掉 IDENTITY_KEY_BEFORE。")
