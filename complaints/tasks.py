"""What runs in the background; each may run twice, late, or on two workers at once."""

from celery import shared_task
from django.utils import timezone

from . import clock, contacts, findings, judging, photos, reminders


@shared_task
def process_photos() -> None:
    photos.process_waiting()


@shared_task
def forget_loose_photos() -> None:
    photos.forget_loose(now=timezone.now())


@shared_task
def remind_complaints() -> None:
    reminders.remind(now=timezone.now())


@shared_task
def run_clocks() -> None:
    clock.recompute()
    now = timezone.now()
    clock.end_long_waits(now=now)
    reminders.remind_on_site(now=now)


@shared_task
def close_unrated() -> None:
    judging.close_unrated(now=timezone.now())


@shared_task
def anonymise_contacts() -> None:
    contacts.anonymise(now=timezone.now())


@shared_task
def settle_from_findings() -> None:
    findings.settle_from_findings(now=timezone.now())
    findings.ask_whether_fixed()
