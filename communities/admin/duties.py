"""Who patrols where, leave, who sits at which station."""

from django.contrib import admin
from django.utils import timezone

from accounts.roles import OFFICE, Act, Role

from .. import duties, posts
from ..models import CadreLeave, PatrolDuty, StationPost
from .base import InForce, LinkForm, LinkRows, OfCommunity


class DutyForm(LinkForm):
    check = staticmethod(duties.check_link)
    check_end = staticmethod(duties.check_end)


@admin.register(PatrolDuty)
class PatrolDutyAdmin(LinkRows):
    form = DutyForm
    begin = staticmethod(lambda cleaned, **say: duties.link(**cleaned, **say))
    end = staticmethod(lambda row, last_day, **say: duties.end_link(duty=row, last_day=last_day, **say))
    take_back = staticmethod(lambda row, **say: duties.take_back(duty=row, **say))
    list_display = ["community", "user", "kind", "first_day", "last_day", "state"]
    list_filter = [InForce, "kind", OfCommunity]
    list_select_related = ["community", "user"]
    search_fields = ["community__name", "community__pinyin", "community__initials", "user__name", "user__pinyin"]
    search_help_text = "小区或干部的名字、拼音、首字母"
    ordering = ["community__pinyin", "community", "-first_day"]
    autocomplete_fields = ["community"]
    fields = ["community", "user", "kind", "first_day", "last_day"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["queryset"] = duties.who_may_patrol(request.user, today=timezone.localdate())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class LeaveForm(LinkForm):
    check = staticmethod(duties.check_leave)


@admin.register(CadreLeave)
class CadreLeaveAdmin(LinkRows):
    """Leave is recorded and taken back, never changed."""

    form = LeaveForm
    viewers = OFFICE | {Role.STATION_HEAD, Role.STATION_CLERK}
    begin = staticmethod(lambda cleaned, **say: duties.record_leave(**cleaned, **say))
    take_back = staticmethod(lambda row, **say: duties.take_back_leave(leave=row, **say))
    list_display = ["user", "first_day", "last_day", "state"]
    list_filter = [InForce]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__pinyin"]
    search_help_text = "干部的名字或拼音"
    ordering = ["-first_day"]
    fields = ["user", "first_day", "last_day"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["queryset"] = duties.cadres_of(request.user, today=timezone.localdate())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        return False


class StationPostForm(LinkForm):
    check = staticmethod(posts.check_station_post)
    check_end = staticmethod(posts.check_station_end)


@admin.register(StationPost)
class StationPostAdmin(LinkRows):
    form = StationPostForm
    act = Act.REGISTRY_TOWN
    begin = staticmethod(lambda cleaned, **say: posts.take_station_post(**cleaned, **say))
    end = staticmethod(lambda row, last_day, **say: posts.end_station_post(post=row, last_day=last_day, **say))
    take_back = staticmethod(lambda row, **say: posts.take_back_station_post(post=row, **say))
    list_display = ["village_committee", "user", "kind", "first_day", "last_day", "state"]
    list_filter = [InForce, "kind", ("village_committee", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["village_committee", "user"]
    search_fields = ["user__name", "user__pinyin", "village_committee__name", "village_committee__pinyin"]
    search_help_text = "人或村居的名字、拼音"
    ordering = ["village_committee__pinyin", "-kind", "-first_day"]
    fields = ["village_committee", "user", "kind", "first_day", "last_day"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["queryset"] = posts.who_may_sit(today=timezone.localdate())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
