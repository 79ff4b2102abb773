from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "考核"

    def ready(self) -> None:
        from . import messages, rule_keys, sheets  # noqa: F401 — the room's rule keys become known

        messages.register_messages()
        sheets.register_sheets()
