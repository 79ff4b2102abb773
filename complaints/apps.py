from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = "投诉"

    def ready(self) -> None:
        from . import mailbox, messages, sheets

        messages.register_messages()
        mailbox.register_messages()
        sheets.register_sheets()
