"""The words of accounts: grants in force, messages due, people one may look up."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q

from lib.dated import DatedQuerySet

from .roles import OFFICE, STAFF


class UserQuerySet(models.QuerySet):
    def visible_to(self, user) -> "UserQuerySet":
        """The office sees every account; everybody else sees their own."""
        return self if not OFFICE.isdisjoint(user.roles) else self.filter(pk=user.pk)

    def with_role(self, *roles, today: date) -> "UserQuerySet":
        """Active accounts that hold one of the roles on the day."""
        from .models import RoleGrant

        held = RoleGrant.objects.in_force(today).filter(role__in=roles)
        return self.filter(is_active=True, pk__in=held.values("user"))


class RoleGrantQuerySet(DatedQuerySet):
    def in_force(self, day: date) -> "RoleGrantQuerySet":
        """Grants whose days hold the day; a staff role counts only when a second person has checked it."""
        checked = Q(checked_at__isnull=False) | ~Q(origin="person") | ~Q(role__in=STAFF)
        return self.on(day).filter(checked, withdrawn_at__isnull=True)

    def to_check(self) -> "RoleGrantQuerySet":
        """Staff roles that wait for the town head."""
        return self.filter(origin="person", role__in=STAFF, checked_at__isnull=True, withdrawn_at__isnull=True)

    def visible_to(self, user) -> "RoleGrantQuerySet":
        return self if not OFFICE.isdisjoint(user.roles) else self.filter(user=user)


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MessageQuerySet":
        """A message belongs to its recipient alone."""
        return self.filter(user=user)

    def inbox(self, *, now: datetime) -> "MessageQuerySet":
        """What a person finds in the inbox: due, newest first."""
        return self.filter(channel="inbox", due__lte=now).order_by("-due", "-pk")

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at__isnull=True)

    def to_send(self, *, now: datetime) -> "MessageQuerySet":
        """Waiting messages of outward channels whose time has come, the oldest first."""
        return self.filter(state="waiting", due__lte=now, next_try__lte=now).exclude(channel="inbox").order_by(F("due"))
