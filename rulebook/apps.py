from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "rulebook"
    verbose_name = "规则"

    def ready(self) -> None:
        from rulebook import catalogue, missing_years, working_hours  # noqa: F401 — keys and kinds of messages

        working_hours.hand_in()
