"""Photos on their way: taken in from anybody within limits, bound to a complaint, made smaller by the worker."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from lib import uploads

from .models import MOST_PHOTOS, Complaint, ComplaintPhoto


def receive(
    *,
    file: UploadedFile,
    client_id: UUID,
    by: User | None,
    now: datetime,
    kind: str = ComplaintPhoto.Kind.PROBLEM,
    taken_on: date | None = None,
    sha256: str = "",
) -> ComplaintPhoto:
    """Takes in one photo; the worker is told at once, and finds it by itself if the message is lost.

    Raises:
        BadPhoto: with a sentence for the person.
    """
    from .tasks import process_photos

    sent = {"client_id": client_id, "sha256": sha256, "taken_on": taken_on, "kind": kind}
    photo = uploads.receive(ComplaintPhoto, file=file, by=by, now=now, **sent)
    transaction.on_commit(process_photos.delay, robust=True)  # a broker that is away keeps nobody from sending
    return photo


def missing(manifest: dict[UUID, str]) -> list[UUID]:
    """Those photos of a manifest (client id → SHA-256 of what was sent) that are not here as they were sent."""
    here = dict(ComplaintPhoto.objects.filter(client_id__in=manifest).values_list("client_id", "sha256"))
    return [key for key, digest in manifest.items() if key not in here or digest not in ("", here[key])]


def bind(complaint: Complaint, client_ids: Sequence[UUID], *, kind: str = ComplaintPhoto.Kind.PROBLEM) -> None:
    """The complaint shows these photos, after those of the kind that it shows already.

    Whoever knows a photo's number has sent it: it is 122 random bits that never left the phone otherwise.

    Raises:
        ValidationError: one has not come, cannot be used, is another complaint's, or there are too many.
    """
    if not client_ids:
        return
    rows = ComplaintPhoto.objects.filter(client_id__in=client_ids, complaint=None).select_for_update()
    free = {photo.client_id: photo for photo in rows}
    _demand_all(free, client_ids)
    first = complaint.photos.filter(kind=kind).count()
    if first + len(free) > MOST_PHOTOS:
        raise ValidationError({"photos": f"最多 {MOST_PHOTOS} 张照片，已经有 {first} 张。"})
    for position, client_id in enumerate(dict.fromkeys(client_ids), first):
        photo = free[client_id]
        photo.complaint, photo.kind, photo.position = complaint, kind, position
    ComplaintPhoto.objects.bulk_update(free.values(), ["complaint", "kind", "position"])


def _demand_all(free: dict[UUID, ComplaintPhoto], client_ids: Sequence[UUID]) -> None:
    if set(client_ids) - free.keys():
        raise ValidationError({"photos": "有照片还没传完，等它传好，或者删掉它再提交。"})
    if refused := [photo for photo in free.values() if photo.state == ComplaintPhoto.State.REFUSED]:
        raise ValidationError({"photos": refused[0].refusal})


# ---------------------------------------------------------------- the worker's part


def process_waiting() -> int:
    """Makes pictures and thumbnails of what has come in."""
    return uploads.process_waiting(ComplaintPhoto)


def forget_loose(*, now: datetime) -> int:
    """Deletes photos of complaints that were never sent in, a month after they came."""
    return uploads.forget_loose(ComplaintPhoto, now=now)
