from django.apps import AppConfig


class MaintenanceFundConfig(AppConfig):
    name = "maintenance_fund"
    verbose_name = "维修资金"

    def ready(self) -> None:
        from . import alarms

        alarms.register_messages()
