"""What runs by itself; each may run twice, late, or on two workers at once."""

from celery import shared_task
from django.utils import timezone

from . import alarms, heads, renewals


@shared_task
def publish_heads() -> None:
    heads.publish()


@shared_task
def prove_ledger() -> None:
    alarms.prove(now=timezone.now())


@shared_task
def settle_renewals() -> None:
    renewals.settle(now=timezone.now())
