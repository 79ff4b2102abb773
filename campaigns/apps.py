from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "专项行动"

    def ready(self) -> None:
        from . import deadline_messages, messages

        messages.register_messages()
        deadline_messages.register_messages()
