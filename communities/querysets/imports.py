"""Who sees which import and export, and what the worker takes up."""

from datetime import datetime, timedelta

from django.db import models

from .registry import is_office

KEPT = timedelta(days=7)


class SheetImportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SheetImportQuerySet":
        """One's own imports; what the file holds is seen by whoever brought it."""
        return self.filter(by=user) if user.is_authenticated else self.none()

    def to_do(self) -> "SheetImportQuerySet":
        """What waits to be read or written, and what somebody is at, or died at: `imports.work` tells these apart."""
        return self.filter(state__in=["waiting", "reading", "confirmed", "writing"]).order_by("pk")

    def to_confirm(self) -> "SheetImportQuerySet":
        """Read and waiting for whoever brought it; bad rows are mended in the file and sent anew."""
        return self.filter(state="ready")

    def left_lying(self, now: datetime) -> "SheetImportQuerySet":
        """Looked at a week ago and neither confirmed nor given up."""
        return self.filter(state__in=["ready", "refused"], at__lt=now - KEPT)


class SheetExportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SheetExportQuerySet":
        """The office sees who took what; everybody else their own."""
        if not user.is_authenticated:
            return self.none()
        return self if is_office(user) else self.filter(by=user)
