"""What runs in the background; each may run twice, late, or on two workers at once."""

from celery import shared_task
from django.utils import timezone

from . import escalation, photos, reminders, takeovers, transfers, weeks


@shared_task
def process_photos() -> None:
    photos.process_waiting()


@shared_task
def forget_loose_photos() -> None:
    photos.forget_loose(now=timezone.now())


@shared_task
def remind_patrols() -> None:
    reminders.remind(now=timezone.now())


@shared_task
def summarise_week() -> None:
    reminders.summarise(now=timezone.now())


@shared_task
def extend_terms() -> None:
    weeks.extend_terms(now=timezone.now())


@shared_task
def sweep_notices() -> None:
    now = timezone.now()
    takeovers.follow_contracts(now=now)
    escalation.sweep(now=now)
    transfers.draft_waiting(now=now)


@shared_task
def follow_calendar() -> None:
    escalation.follow_calendar(now=timezone.now())
