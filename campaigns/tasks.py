"""What runs by itself; each may run twice, late, or on two workers at once."""

from celery import shared_task
from django.utils import timezone

from . import deadlines, found, steps


@shared_task
def sweep_deadlines() -> None:
    deadlines.sweep(now=timezone.now())


@shared_task
def follow_patrols() -> None:
    now = timezone.now()
    found.pull(now=now)
    steps.settle_from_patrols(now=now)
