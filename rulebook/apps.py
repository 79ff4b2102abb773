from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "rulebook"
    verbose_name = "规则"

    def ready(self) -> None:
        from rulebook import catalogue  # noqa: F401 — declares the keys of the plans
