"""What runs by itself."""

from celery import shared_task
from django.utils import timezone

from rulebook import missing_years


@shared_task
def warn_missing_year() -> None:
    missing_years.warn(now=timezone.now())
