from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "巡查"

    def ready(self) -> None:
        from . import reminders

        reminders.register_messages()
