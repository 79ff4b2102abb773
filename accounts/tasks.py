"""What runs by itself. Each task calls a function with the present moment."""

from celery import shared_task
from django.utils import timezone

from . import sending, sessions


@shared_task
def send_messages() -> None:
    sending.send_due(timezone.now())


@shared_task
def clear_sessions() -> None:
    sessions.clear(now=timezone.now())
