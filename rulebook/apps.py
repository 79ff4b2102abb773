from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "rulebook"
    verbose_name = "规则"

    def ready(self) -> None:
        from rulebook import catalogue, missing_years  # noqa: F401 — they declare keys and kinds of messages
