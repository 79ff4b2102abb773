"""The words of a firm's people on the spot."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.roles import OFFICE, STATION, Role
from lib.dated import DatedQuerySet
from lib.periods import DAY


class FirmStaffQuerySet(DatedQuerySet):
    def visible_to(self, user) -> "FirmStaffQuerySet":
        """Office and leaders see the people of every firm, a station those of firms under contract with it, a firm its
        own."""
        from ..models import Contract, Firm

        if not user.is_authenticated:
            return self.none()
        if not (OFFICE | {Role.LEADER}).isdisjoint(user.roles):
            return self
        seen = Q(firm__in=Firm.objects.employing(user))
        if not STATION.isdisjoint(user.roles):
            seen |= Q(firm__in=Contract.objects.visible_to(user).values("firm"))
        return self.filter(seen)


class CertificateQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CertificateQuerySet":
        from ..models import FirmStaff

        return self.filter(staff__in=FirmStaff.objects.visible_to(user))

    def running_out(self, *, today: date, within: int) -> "CertificateQuerySet":
        """Certificates of people at work that are over or end within so many days."""
        from ..models import FirmStaff

        at_work = FirmStaff.objects.on(today)
        return self.filter(staff__in=at_work, valid_until__lte=today + within * DAY)


class ExportColumnQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ExportColumnQuerySet":
        """The headings are the town's; whoever comes into the administration may read them."""
        return self if not (OFFICE | STATION).isdisjoint(user.roles) else self.none()


class ArchiveHeadingQuerySet(ExportColumnQuerySet):
    """As the platform's headings."""
