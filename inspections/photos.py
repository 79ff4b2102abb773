"""Photos on their way: taken in one by one ahead of the record, made smaller by the worker, forgotten when unused."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from lib import uploads
from lib.background import wake

from .models import PatrolPhoto

LOOSE_DAYS = timedelta(days=30)  # a draft may wait that long on a phone
A_BATCH = 100


def receive(
    *, file: UploadedFile, client_id: UUID, kind: str, taken_on: date | None, sha256: str, by: User, now: datetime
) -> PatrolPhoto:
    """Takes in one photo; the worker is told at once, and finds it by itself if the message is lost.

    Raises:
        BadPhoto: with a sentence for the person.
    """
    from .tasks import process_photos

    photo = uploads.receive(
        PatrolPhoto, file=file, client_id=client_id, by=by, now=now, sha256=sha256, taken_on=taken_on, kind=kind
    )
    transaction.on_commit(lambda: wake(process_photos))
    return photo


def process_waiting() -> int:
    """Makes pictures and thumbnails of what has come in; several workers share the work."""
    waiting = PatrolPhoto.objects.unprocessed()[:A_BATCH]
    for photo in waiting:
        uploads.process(photo)
    return len(waiting)


def forget_loose(*, now: datetime) -> int:
    """Deletes photos of records that were never sent in, a month after they came."""
    old = PatrolPhoto.objects.loose().filter(received_at__lt=now - LOOSE_DAYS)
    for photo in old:
        uploads.remove(photo)
    return len(old)
