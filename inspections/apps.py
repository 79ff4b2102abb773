from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "巡查"

    def ready(self) -> None:
        from . import notice_messages, reminders

        reminders.register_messages()
        notice_messages.register_messages()
