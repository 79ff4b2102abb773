"""What runs by itself. Each task calls a function with the present moment."""

from celery import shared_task
from django.utils import timezone

from . import activation, imports
from .models import LetterBatch


@shared_task
def make_letters() -> None:
    for batch in LetterBatch.objects.filter(state=LetterBatch.State.WAITING).order_by("pk"):
        activation.make_letters(batch=batch, now=timezone.now())


@shared_task
def erase_letters() -> None:
    activation.erase_old_papers(now=timezone.now())


@shared_task
def settle_accounts() -> None:
    activation.settle(now=timezone.now())


@shared_task
def work_on_sheets() -> None:
    imports.work_on_waiting(now=timezone.now())


@shared_task
def forget_sheets() -> None:
    imports.forget_left_lying(now=timezone.now())
