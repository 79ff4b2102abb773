"""The words of accounts: grants in force, messages due, people one may look up."""

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

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

    def matching(self, words: str) -> "UserQuerySet":
        """People whose name, pinyin, user name or mobile number holds the words; no words, everybody."""
        for word in words.split():
            found = Q(name__icontains=word) | Q(pinyin__icontains=word) | Q(username__icontains=word)
            self = self.filter(found | Q(mobile__value__contains=word))
        return self


class RoleGrantQuerySet(DatedQuerySet):
    def in_force(self, day: date) -> "RoleGrantQuerySet":
        """Grants whose days hold the day; a staff role counts only when a second person has checked it."""
        checked = Q(checked_at__isnull=False) | ~Q(origin="person") | ~Q(role__in=STAFF)
        return self.on(day).filter(checked, withdrawn_at__isnull=True)

    def not_ended(self, today: date) -> "RoleGrantQuerySet":
        """What somebody holds today or is to hold later, checked or not yet."""
        return self.filter(Q(last_day__isnull=True) | Q(last_day__gte=today), withdrawn_at__isnull=True)

    def to_check(self) -> "RoleGrantQuerySet":
        """Staff roles that wait for the town head."""
        return self.filter(origin="person", role__in=STAFF, checked_at__isnull=True, withdrawn_at__isnull=True)

    def to_review(self, today: date) -> "RoleGrantQuerySet":
        """Staff roles in force that began before this year and that nobody has looked at in it."""
        from .models import RoleReview

        seen = RoleReview.objects.filter(grant=OuterRef("pk"), year=today.year)
        old = self.in_force(today).filter(role__in=STAFF, first_day__lt=date(today.year, 1, 1))
        return old.filter(~Exists(seen), user__is_active=True)

    def visible_to(self, user) -> "RoleGrantQuerySet":
        return self if not OFFICE.isdisjoint(user.roles) else self.filter(user=user)


class RoleReviewQuerySet(models.QuerySet):
    def visible_to(self, user) -> "RoleReviewQuerySet":
        return self if not OFFICE.isdisjoint(user.roles) else self.filter(grant__user=user)


class SharedPhoneQuerySet(models.QuerySet):
    def open(self, *, now: datetime) -> "SharedPhoneQuerySet":
        """Those whose time is not over and whose manager has an account in use."""
        return self.filter(until__gt=now, opened_by__is_active=True)

    def visible_to(self, user) -> "SharedPhoneQuerySet":
        """A shared phone is the business of whoever opened it."""
        return self.filter(opened_by=user)


class PasswordResetQuerySet(models.QuerySet):
    def waiting(self) -> "PasswordResetQuerySet":
        """Asked by one administrator; another has not approved yet."""
        return self.filter(issued_at__isnull=True, withdrawn_at__isnull=True)

    def visible_to(self, user) -> "PasswordResetQuerySet":
        """The office sees all; others those that they gave and those of their own account."""
        return self if not OFFICE.isdisjoint(user.roles) else self.filter(Q(asked_by=user) | Q(user=user))


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MessageQuerySet":
        """A message belongs to its recipient alone; the office sees whether it went out, in the admin."""
        return self if not OFFICE.isdisjoint(user.roles) else self.filter(user=user)

    def inbox(self, user, *, now: datetime) -> "MessageQuerySet":
        """What a person finds in their own inbox: due, newest first."""
        return self.filter(user=user, channel="inbox", due__lte=now).order_by("-due", "-pk")

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at__isnull=True)

    def on_the_way(self) -> "MessageQuerySet":
        """Outward messages of which nobody knows yet how they end."""
        return self.filter(state__in=["waiting", "sending"])

    def to_send(self, *, now: datetime) -> "MessageQuerySet":
        """Outward messages whose time has come, the longest waiting first; claims that died are among them."""
        return self.on_the_way().filter(next_try__lte=now).order_by("next_try", "pk")

    def on_lines(self, names) -> "MessageQuerySet":
        """Messages that take one of these ways outward: ``email``, ``sms``, ``robot-12``."""
        robots = [int(name.partition("-")[2]) for name in names if name.startswith("robot-")]
        return self.filter(Q(channel__in=set(names) & {"email", "sms"}) | Q(robot__in=robots))


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DeliveryQuerySet":
        """The office sees every try, everybody else those to themselves."""
        return self if not OFFICE.isdisjoint(user.roles) else self.filter(message__user=user)

    def perhaps_twice(self) -> "DeliveryQuerySet":
        """Tries that followed one of which nobody knows whether it arrived: what may have come twice."""
        from .models import Delivery

        before = Delivery.objects.filter(message=OuterRef("message"), number__lt=OuterRef("number"), outcome="unclear")
        return self.filter(Exists(before), outcome__in=["sent", "unclear"])


class LineQuerySet(models.QuerySet):
    def visible_to(self, user) -> "LineQuerySet":
        return self if not OFFICE.isdisjoint(user.roles) else self.none()

    def down(self) -> "LineQuerySet":
        """Ways outward that failed so often that they rest."""
        return self.filter(down_since__isnull=False)

    def closed(self, *, now: datetime) -> "LineQuerySet":
        """Those that are down and not to be tried yet."""
        return self.filter(next_probe__gt=now)


class RobotQuerySet(models.QuerySet):
    def visible_to(self, user) -> "RobotQuerySet":
        return self if not OFFICE.isdisjoint(user.roles) else self.none()
