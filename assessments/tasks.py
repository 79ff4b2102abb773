"""What runs by itself; each may run twice, late, or on two workers at once."""

from celery import shared_task
from django.utils import timezone

from . import bookings, credit, photos, reminders, replenishing, scoring


@shared_task
def compute_scores() -> None:
    scoring.compute_recent(now=timezone.now())


@shared_task
def book_scores() -> None:
    now = timezone.now()
    bookings.book_published(now=now)
    replenishing.chase(now=now)
    credit.propose(now=now)


@shared_task
def remind_scores() -> None:
    reminders.remind(now=timezone.now())


@shared_task
def process_photos() -> None:
    photos.process_waiting()


@shared_task
def forget_loose_photos() -> None:
    photos.forget_loose(now=timezone.now())
