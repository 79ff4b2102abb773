from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = "小区台账"

    def ready(self) -> None:
        from accounts import password_resets, scopes, shared_phones

        from . import activation, handovers, posts
        from .models import VillageCommittee
        from .sheets import kinds

        password_resets.register_scope(posts.people_of_station)
        password_resets.register_scope(activation.owners_of_station)
        shared_phones.register_people(posts.people_of_manager)
        handovers.register_messages()
        activation.register_messages()
        kinds.register_all()
        stations = VillageCommittee.objects.filter(ended_on=None)
        scopes.register("communities.villagecommittee", "物管站", stations.all)
