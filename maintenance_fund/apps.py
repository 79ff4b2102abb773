from django.apps import AppConfig


class MaintenanceFundConfig(AppConfig):
    name = "maintenance_fund"
    verbose_name = "维修资金"

    def ready(self) -> None:
        from . import alarms, disclosure, renewal_course

        alarms.register_messages()
        disclosure.register_messages()
        renewal_course.register_messages()
