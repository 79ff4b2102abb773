"""The order in which a cadre goes round."""

from django.db import models

from accounts.models import User
from communities.models import Community

from ..querysets import RouteStopQuerySet


class RouteStop(models.Model):
    """Where a community stands in a cadre's own order of going round. Nobody else sees it. Issue 4 §5"""

    user = models.ForeignKey(User, models.PROTECT, related_name="route_stops", verbose_name="干部")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name="小区")
    position = models.PositiveSmallIntegerField("第几个")

    objects = RouteStopQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "巡查顺序", "巡查顺序"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "community"], name="route_stop_once")]

    def __str__(self) -> str:
        return f"{self.position} {self.community}"
