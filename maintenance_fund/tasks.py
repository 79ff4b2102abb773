"""What runs by itself; each may run twice, late, or on two workers at once."""

from celery import shared_task
from django.utils import timezone

from . import alarms, heads, renewal_course, renewal_papers, renewals


@shared_task
def publish_heads() -> None:
    heads.publish()


@shared_task
def prove_ledger() -> None:
    alarms.prove(now=timezone.now())


@shared_task
def settle_renewals() -> None:
    renewals.settle(now=timezone.now())


@shared_task
def make_renewal_papers() -> None:
    renewal_papers.make_waiting(now=timezone.now())


@shared_task
def remind_renewals() -> None:
    renewal_course.remind(now=timezone.now())


@shared_task
def follow_calendar() -> None:
    renewal_course.follow_calendar()
