from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "巡查"

    def ready(self) -> None:
        from communities import contacts

        from . import notice_messages, reminders, sheets, transfers

        reminders.register_messages()
        notice_messages.register_messages()
        sheets.register_sheets()
        contacts.register("部门", transfers.lines_to_call)
