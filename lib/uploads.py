"""Photos that people send: taken as they are, then re-encoded by the worker without anything that tells where.

An app makes its own table of :class:`Photo` with a key to what the photo shows, takes files in with :func:`receive`
and lets its worker call :func:`process` for every row of ``.unprocessed()``. Only the application reads the folder
(``MEDIA_ROOT``); pages get pictures from a view that starts at ``.visible_to(user)`` and ends with :func:`response`.
"""

import hashlib
import logging
import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse

from lib import pictures
from lib.periods import beijing_date
from lib.pictures import BadPhoto, open_bounded, shrink

LOOSE_DAYS = timedelta(days=30)  # a draft may wait that long on a phone
A_BATCH = 100
MOST_BYTES = 30 * 1024 * 1024
NOTHING = "这张照片是空的，请重新选一张。"
TOO_BIG = "照片超过 30 MB，请用手机相机重拍一张，或先缩小再传。"
CHANGED_ON_THE_WAY = "照片没有传完整，请再传一次。"
TAKEN = "这张照片的编号已经用过，请重新选一次。"
log = logging.getLogger("linzhi.photos")


class PhotoQuerySet(models.QuerySet):
    def unprocessed(self):
        """Photos whose original still waits for the worker, oldest first."""
        return self.filter(original_kept=True).order_by("pk")

    def ready(self):
        return self.filter(state=Photo.State.READY)


def random_name() -> str:
    return secrets.token_hex(16)


class Photo(models.Model):
    """A photo that was sent in. Its files have random names and are the same whenever they are made again."""

    class State(models.TextChoices):
        RECEIVED = "received", "正在处理"
        READY = "ready", "可以看"
        REFUSED = "refused", "不能用"

    client_id = models.UUIDField("手机上的编号", unique=True, editable=False)
    name = models.CharField("文件名", max_length=32, unique=True, default=random_name, editable=False)
    sha256 = models.CharField("收到时的指纹", max_length=64, editable=False)
    size = models.PositiveIntegerField("收到时的字节数", editable=False)
    state = models.CharField("状态", max_length=8, choices=State, default=State.RECEIVED, editable=False)
    refusal = models.CharField("不能用的原因", max_length=200, blank=True, editable=False)
    original_kept = models.BooleanField("原图还在", default=True, editable=False)
    width = models.PositiveIntegerField("宽", default=0, editable=False)
    height = models.PositiveIntegerField("高", default=0, editable=False)
    taken_on = models.DateField("拍摄日期", null=True, blank=True, editable=False)
    received_at = models.DateTimeField("收到时间", editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人", editable=False
    )

    objects = PhotoQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"照片 {self.client_id}"

    @property
    def original(self) -> str:
        return f"{self._folder}/{self.name}.original"

    @property
    def picture(self) -> str:
        return f"{self._folder}/{self.name}.jpg"

    @property
    def thumbnail(self) -> str:
        return f"{self._folder}/{self.name}.small.jpg"

    @property
    def _folder(self) -> str:
        return f"{self._meta.label_lower}/{self.name[:2]}"

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY


# ---------------------------------------------------------------- taking in


def receive(
    model: type[Photo],
    *,
    file: UploadedFile,
    client_id: UUID,
    by,
    now: datetime,
    sha256: str = "",
    taken_on: date | None = None,
    **columns,
) -> Photo:
    """Takes a photo in, as it is, without decoding it. Sent twice under one client id, it is taken once.

    Args:
        by: who sends it; None for somebody without an account, where the table lets them.
        sha256: what the sender computed; empty if the sender did not.
        taken_on: the capture date that the browser read before it shrank the photo.
        columns: further columns of the app's own table.

    Raises:
        BadPhoto: too big, no photo, other than announced, or the client id is already another photo's.
    """
    data = _read(file)
    digest = hashlib.sha256(data).hexdigest()
    if sha256 and sha256.lower() != digest:
        raise BadPhoto(CHANGED_ON_THE_WAY)
    open_bounded(data)
    day = taken_on if taken_on and taken_on <= beijing_date(now) else None
    what_came = {"sha256": digest, "size": len(data), "taken_on": day, "received_at": now, "uploaded_by": by}
    with transaction.atomic():  # the row is seen when its file is whole
        photo, new = model._default_manager.get_or_create(client_id=client_id, defaults={**columns, **what_came})
        if new:
            _write(photo.original, data)
    if photo.uploaded_by_id != (by and by.pk) or photo.sha256 != digest:
        raise BadPhoto(TAKEN)
    return photo


def _read(file: UploadedFile) -> bytes:
    if not file.size:
        raise BadPhoto(NOTHING)
    if file.size > MOST_BYTES:
        raise BadPhoto(TOO_BIG)
    file.seek(0)
    return file.read()


# ---------------------------------------------------------------- the worker's part


def process(photo: Photo) -> None:
    """Makes the picture and the thumbnail, then deletes the original. Run twice or by two workers, it is done once.

    A file that cannot be used becomes REFUSED with its reason; nothing is raised for it.
    """
    rows = type(photo)._default_manager
    with transaction.atomic():
        row = rows.select_for_update(skip_locked=True, of=("self",)).filter(pk=photo.pk, original_kept=True).first()
        if row is None:
            return
        if row.state == Photo.State.RECEIVED:
            _settle(row)
    default_storage.delete(row.original)
    rows.filter(pk=row.pk).update(original_kept=False)
    photo.refresh_from_db()


def process_waiting(model: type[Photo]) -> int:
    """Processes some of a table's photos that wait; several workers share them. Returns how many were taken up."""
    waiting = model._default_manager.unprocessed()[:A_BATCH]
    for photo in waiting:
        try:
            process(photo)
        except Exception:  # one that fails must not keep the others waiting; it is tried again each minute
            log.exception("photo %s was not processed", photo.pk)
    return len(waiting)


@transaction.atomic
def forget_loose(model: type[Photo], *, now: datetime) -> int:
    """Deletes a table's photos that nothing was made of, a month after they came; returns how many."""
    loose = model._default_manager.loose().filter(received_at__lt=now - LOOSE_DAYS)
    old = list(loose.select_for_update(skip_locked=True))
    for photo in old:
        remove(photo)
    return len(old)


def _settle(row: Photo) -> None:
    try:
        shrunk = shrink(_stored(row.original))
    except BadPhoto as error:
        row.state, row.refusal = Photo.State.REFUSED, str(error)
    else:
        _write(row.picture, shrunk.picture)
        _write(row.thumbnail, shrunk.thumbnail)
        row.state, (row.width, row.height) = Photo.State.READY, shrunk.size
        if shrunk.taken_on and shrunk.taken_on <= beijing_date(row.received_at):
            row.taken_on = shrunk.taken_on
    row.save(update_fields=["state", "refusal", "width", "height", "taken_on"])


def capture_date(photo: Photo) -> date | None:
    """The day noted by the camera in an original that still waits for the worker; None where nothing tells."""
    if not photo.original_kept:
        return None
    try:
        return pictures.capture_date(_stored(photo.original))
    except BadPhoto:
        return None


# ---------------------------------------------------------------- files


def response(photo: Photo, *, small: bool = False) -> FileResponse:
    """The picture or its thumbnail for a browser. The caller has asked who may see the row."""
    file = default_storage.open(photo.thumbnail if small else photo.picture)
    answer = FileResponse(file, content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def remove(photo: Photo) -> None:
    """Deletes a photo that was never used, row first, then its files."""
    files = photo.original, photo.picture, photo.thumbnail
    photo.delete()
    for file in files:
        default_storage.delete(file)


def _write(name: str, data: bytes) -> None:
    default_storage.delete(name)  # left by a worker that was killed
    default_storage.save(name, ContentFile(data))


def _stored(name: str) -> bytes:
    try:
        with default_storage.open(name) as file:
            return file.read()
    except FileNotFoundError as error:
        raise BadPhoto(CHANGED_ON_THE_WAY) from error
