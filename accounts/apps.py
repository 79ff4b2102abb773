from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号与通知"

    def ready(self) -> None:
        from . import emails, grants, password_resets, phones, sending  # noqa: F401  they register their kinds of messages
