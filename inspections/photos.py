"""Photos on their way: taken in one by one ahead of the record, bound to it, made smaller by the worker, forgotten
when unused."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from lib import uploads

from .entries import TOO_MANY_PHOTOS, Refused
from .models import MOST_PHOTOS, Dissuasion, Finding, NoticeRound, Patrol, PatrolPhoto

NOT_HERE_YET = "有照片还没传完，等它传好，或者删掉它再提交。"


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
    transaction.on_commit(process_photos.delay, robust=True)  # a broker that is away keeps nobody from sending
    return photo


def missing(manifest: dict[UUID, str], *, by: User) -> list[UUID]:
    """Those photos of a manifest (client id → SHA-256 of what was sent) that are not here as they were sent."""
    mine = PatrolPhoto.objects.filter(uploaded_by=by, client_id__in=manifest)
    here = dict(mine.values_list("client_id", "sha256"))
    return [key for key, digest in manifest.items() if key not in here or digest not in ("", here[key])]


# ---------------------------------------------------------------- bound to what they show


def bind_to_finding(finding: Finding, *, photos: Sequence[UUID], after: Sequence[UUID], by: User, field: str) -> None:
    """A finding shows these photos from now on, in this order; those taken out stay in the older version.

    Raises:
        Refused: one of them has not come, cannot be used, or is another's; named by ``field``.
    """
    shown = PatrolPhoto.objects.filter(finding=finding)
    problem = _free(photos, shown, by, f"{field}-photos")
    done = _free(after, shown, by, f"{field}-after")
    shown.update(dropped=True)
    kinds = [PatrolPhoto.Kind.PROBLEM] * len(problem) + [PatrolPhoto.Kind.AFTER] * len(done)
    _bind([*problem, *done], kinds, finding=finding)


def bind_to_patrol(patrol: Patrol, *, photos: Sequence[UUID], by: User) -> None:
    """The same for the photos of the record as a whole."""
    shown = PatrolPhoto.objects.filter(patrol=patrol)
    found = _free(photos, shown, by, "photos")
    shown.update(dropped=True)
    _bind(found, [PatrolPhoto.Kind.PROBLEM] * len(found), patrol=patrol)


def bind_to_round(
    turn: NoticeRound, *, kind: str, photos: Sequence[UUID], by: User, not_before: date | None = None
) -> None:
    """A round of a notice shows these photos of one kind from now on; they stay.

    Raises:
        Refused: one of them has not come, cannot be used, is another's, or was taken before ``not_before``.
    """
    if len(photos) > MOST_PHOTOS:
        raise Refused({"photos": TOO_MANY_PHOTOS})
    found = _free(photos, PatrolPhoto.objects.none(), by, "photos")
    for photo in found:
        _demand_taken_since(photo, not_before)
    _bind(found, [kind] * len(found), round=turn)


def _demand_taken_since(photo: PatrolPhoto, day: date | None) -> None:
    """A photo that tells its day must not be older than what it answers; one that tells none is taken, and marked."""
    taken_on = photo.taken_on or uploads.capture_date(photo)
    if day and taken_on and taken_on < day:
        raise Refused({"photos": f"有一张照片是 {taken_on} 拍的，在抄告之前。请拍现在的样子再传。"})


def bind_to_dissuasion(dissuasion: Dissuasion, *, photos: Sequence[UUID], by: User) -> None:
    """The same for a dissuasion, without asking for the day."""
    found = _free(photos, PatrolPhoto.objects.none(), by, "photos")
    _bind(found, [PatrolPhoto.Kind.PROBLEM] * len(found), dissuasion=dissuasion)


def _free(client_ids: Sequence[UUID], shown, by: User, field: str) -> list[PatrolPhoto]:
    """The photos, held for this transaction: of this sender, usable, and not bound to anything else."""
    if not client_ids:
        return []
    bound_here = set(shown.values_list("pk", flat=True))
    mine = PatrolPhoto.objects.filter(uploaded_by=by, client_id__in=client_ids).select_for_update()
    free = {photo.client_id: photo for photo in mine if photo.is_loose or photo.pk in bound_here}
    if missing := set(client_ids) - free.keys():
        raise Refused({field: NOT_HERE_YET if len(missing) == 1 else f"{len(missing)} 张{NOT_HERE_YET[1:]}"})
    if refused := [photo for photo in free.values() if photo.state == PatrolPhoto.State.REFUSED]:
        raise Refused({field: refused[0].refusal})
    return [free[client_id] for client_id in client_ids]


def _bind(photos: Sequence[PatrolPhoto], kinds: Sequence[str], **owner) -> None:
    for position, (photo, kind) in enumerate(zip(photos, kinds, strict=True)):
        bound = {"kind": kind, "position": position, "dropped": False, **owner}
        for column, value in bound.items():
            setattr(photo, column, value)
    PatrolPhoto.objects.bulk_update(photos, ["kind", "position", "dropped", *owner])


# ---------------------------------------------------------------- the worker's part


def process_waiting() -> int:
    """Makes pictures and thumbnails of what has come in."""
    return uploads.process_waiting(PatrolPhoto)


def forget_loose(*, now: datetime) -> int:
    """Deletes photos of records that were never sent in, a month after they came."""
    return uploads.forget_loose(PatrolPhoto, now=now)
