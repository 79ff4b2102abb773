"""楼幢长 and the people of the registry."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import people
from accounts.models import Address, User
from accounts.roles import STAFF

from .. import heads, person_roles
from ..models import BuildingHead, Person
from .base import InForce, LinkForm, LinkRows, OfCommunity, RegistryForm, RegistryRows, Seen, link_to_add


class HeadForm(LinkForm):
    check = staticmethod(heads.check)
    check_end = staticmethod(heads.check_end)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "recommended_by" in self.fields:
            self.fields["recommended_by"].help_text = "业主代表推荐的，写上是谁推荐的；自荐的空着。"


@admin.register(BuildingHead)
class BuildingHeadAdmin(LinkRows):
    form = HeadForm
    begin = staticmethod(lambda cleaned, **say: heads.appoint(**cleaned, **say))
    end = staticmethod(lambda row, last_day, **say: heads.end(head=row, last_day=last_day, **say))
    take_back = staticmethod(lambda row, **say: heads.take_back(head=row, **say))
    list_display = ["community", "building", "stairwell_name", "person", "phone", "origin", "first_day", "last_day"]
    list_display += ["state"]
    list_filter = [InForce, "origin", OfCommunity]
    list_select_related = ["community", "building", "stairwell", "person__phone"]
    search_fields = ["person__name", "community__name", "community__pinyin", "community__initials"]
    search_help_text = "姓名，或者小区的名称、拼音、首字母"
    ordering = ["community__pinyin", "community", "building__code", "-first_day"]
    autocomplete_fields = ["person"]
    readonly_fields = ["new_person"]
    fields = ["building", "stairwell", "person", "new_person", "origin", "recommended_by", "appointed_on"]
    fields += ["first_day", "last_day"]

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [name for name in fields if name != "new_person"] if obj else fields

    def get_changeform_initial_data(self, request):
        return {"appointed_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    @admin.display(description="名单里没有")
    def new_person(self, row):
        return link_to_add(Person, "先登记这个人（姓名、电话），再回来聘任")

    @admin.display(description="单元", ordering="stairwell")
    def stairwell_name(self, row):
        return row.stairwell.name if row.stairwell else "整幢"

    @admin.display(description="电话")
    def phone(self, row):
        return row.person.phone.masked if row.person.phone else "没有"


class PersonForm(RegistryForm):
    """What stands there is shown with stars; what is typed takes its place. Reading in full is another page."""

    named = forms.CharField(
        label="姓名", max_length=60, required=False, help_text="已有的只显示中间打星号的；要改就写新的，不改就空着。"
    )
    number = forms.CharField(
        label="电话", max_length=20, required=False, help_text="只显示中间打星号的号码；要换就写新的，不换就空着。"
    )

    def clean_named(self) -> str:
        named = self.cleaned_data["named"].strip()
        if not named and not self.instance.name:
            raise ValidationError("写上姓名。")
        self.instance.name = named or self.instance.name
        return named

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].replace(" ", "")
        if number and not Address.objects.filter(kind=Address.Kind.PHONE, value=number).exists():
            try:
                Address(kind=Address.Kind.PHONE, value=number).full_clean()
            except ValidationError as error:
                raise ValidationError(error.messages) from error
        return number


class Headships(Seen):
    model = BuildingHead
    fields = ["community", "building", "stairwell", "first_day", "last_day"]


@admin.register(Person)
class PersonAdmin(RegistryRows):
    form = PersonForm
    deletable = True
    list_display = ["masked", "phone_masked", "user"]
    list_select_related = ["phone", "user"]
    search_fields = ["name", "pinyin", "initials"]
    search_help_text = "姓名、拼音或首字母"
    ordering = ["pinyin", "pk"]
    fields = ["masked", "named", "phone_masked", "number", "user"]
    readonly_fields = ["masked", "phone_masked"]
    inlines = [Headships]

    def get_fields(self, request, obj=None):
        seen, typed = {"masked", "phone_masked"}, {"named", "number"}
        hidden = typed if not self._may_act(request) else seen if obj is None else set()
        return [name for name in super().get_fields(request, obj) if name not in hidden]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Accounts of residents; people of the office and of stations are not chosen here."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.exclude(grants__role__in=STAFF).order_by("pinyin", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="姓名", ordering="pinyin")
    def masked(self, row):
        return row.masked

    @admin.display(description="电话")
    def phone_masked(self, row):
        return row.phone.masked if row.phone else "没有"

    def save_model(self, request, obj, form, change):
        if form.cleaned_data["number"]:
            obj.phone = people.address(Address.Kind.PHONE, form.cleaned_data["number"])
        if form.cleaned_data["named"]:
            obj.pinyin = ""  # of the name before
        user, obj.user_id = form.cleaned_data["user"], form.initial.get("user")
        person_roles.give_account(person=obj, user=user, now=timezone.now())
