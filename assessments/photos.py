"""Photos of what was seen on the spot and of appeals: taken in ahead, bound to what they show, made smaller later."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from lib import uploads

from .models import AssessmentPhoto


def receive(
    *, file: UploadedFile, client_id: UUID, taken_on: date | None, sha256: str, by: User, now: datetime
) -> AssessmentPhoto:
    """Takes in one photo; the worker is told at once.

    Raises:
        BadPhoto: with a sentence for the person.
    """
    from .tasks import process_photos

    given = {"file": file, "client_id": client_id, "sha256": sha256, "taken_on": taken_on}
    photo = uploads.receive(AssessmentPhoto, **given, by=by, now=now)
    transaction.on_commit(process_photos.delay, robust=True)
    return photo


def missing(manifest: dict[UUID, str], *, by: User) -> list[UUID]:
    """Those photos of a manifest (client id → SHA-256 of what was sent) that are not here as they were sent."""
    here = dict(
        AssessmentPhoto.objects.filter(uploaded_by=by, client_id__in=manifest).values_list("client_id", "sha256")
    )
    return [key for key, digest in manifest.items() if key not in here or digest not in ("", here[key])]


def bind(client_ids: Sequence[UUID], *, by: User, **owner) -> None:
    """The photos belong to ``owner`` (manual=… or appeal=…) from now on, in this order.

    Raises:
        ValidationError: one has not come, cannot be used, or is another's.
    """
    mine = AssessmentPhoto.objects.loose().filter(uploaded_by=by, client_id__in=client_ids).select_for_update()
    free = {photo.client_id: photo for photo in mine}
    if set(client_ids) - free.keys():
        raise ValidationError({"photos": "有照片还没传完，等它传好，或者删掉它再提交。"})
    for position, client_id in enumerate(client_ids):
        photo = free[client_id]
        if photo.state == AssessmentPhoto.State.REFUSED:
            raise ValidationError({"photos": photo.refusal})
        AssessmentPhoto.objects.filter(pk=photo.pk).update(position=position, **owner)


def process_waiting() -> int:
    """Makes pictures and thumbnails of what has come in."""
    return uploads.process_waiting(AssessmentPhoto)


def forget_loose(*, now: datetime) -> int:
    """Deletes photos of what was never sent in, a month after they came."""
    return uploads.forget_loose(AssessmentPhoto, now=now)
