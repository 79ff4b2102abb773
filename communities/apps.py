from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = "小区台账"

    def ready(self) -> None:
        from accounts import password_resets

        from . import handovers, posts

        password_resets.register_scope(posts.people_of_station)
        handovers.register_messages()
