"""The words of owners' accounts."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.roles import Act, may


class LetterBatchQuerySet(models.QuerySet):
    def visible_to(self, user) -> "LetterBatchQuerySet":
        """Those of the communities whose registry the user keeps."""
        from ..models import Community

        return self.filter(community__in=Community.objects.kept_by(user)) if may(user, Act.REGISTRY) else self.none()

    def to_erase(self, made_until: datetime) -> "LetterBatchQuerySet":
        """Papers made until then that nobody took, and what a hand-out left behind."""
        old = Q(state="ready", ready_at__lte=made_until) | Q(state__in=["handed", "erased"])
        return self.filter(old, erased_at=None)


class ActivationCodeQuerySet(models.QuerySet):
    def live(self, now: datetime) -> "ActivationCodeQuerySet":
        return self.filter(used_at=None, voided_at=None, expires_at__gt=now)

    def visible_to(self, user) -> "ActivationCodeQuerySet":
        from ..models import LetterBatch

        return self.filter(batch__in=LetterBatch.objects.visible_to(user))


class AccountLinkQuerySet(models.QuerySet):
    def open(self) -> "AccountLinkQuerySet":
        return self.filter(ended_at=None)

    def visible_to(self, user) -> "AccountLinkQuerySet":
        """An owner their own; office and station those of the owners they see."""
        from ..models import Person

        if not user.is_authenticated:
            return self.none()
        seen = Q(user=user)
        if may(user, Act.REGISTRY):
            seen |= Q(person__in=Person.objects.visible_to(user))
        return self.filter(seen)
