"""The words of the rulebook."""

from django.db import models
from django.db.models import Case, Q, When

from accounts.roles import STAFF, Role

READERS = STAFF | {Role.CADRE}


class StaffQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All staff read the rules and the calendar, also what still waits for its check. DOMAIN D.7"""
        return self.none() if READERS.isdisjoint(user.roles) else self

    def checked(self):
        """Rows that count: those of migrations, and those that a second person has checked."""
        return self.filter(Q(origin="migration") | Q(checked_at__isnull=False))

    def waiting(self):
        """Rows that wait for the second person."""
        return self.filter(origin="person", checked_at__isnull=True)


class RuleQuerySet(StaffQuerySet):
    def of(self, key: str):
        """Every row of a key, the newest first."""
        return self.filter(key=key).order_by("-first_day")

    def in_town(self, jurisdictions: list[str]):
        """Rows of the installation's jurisdictions, the nearest first, then by first day."""
        order = Case(*(When(jurisdiction__code=code, then=place) for place, code in enumerate(jurisdictions)))
        return self.filter(jurisdiction__code__in=jurisdictions).order_by(order, "first_day")


class CalendarLoadQuerySet(StaffQuerySet):
    pass


class CalendarDayQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.none() if READERS.isdisjoint(user.roles) else self

    def of_year(self, year: int):
        return self.filter(date__year=year).order_by("date")

    def unlike_the_weekday(self):
        """Days that differ from Monday to Friday: holidays on weekdays and weekends made up for."""
        return self.filter(
            Q(is_workday=False, date__iso_week_day__lte=5) | Q(is_workday=True, date__iso_week_day__gt=5)
        )
