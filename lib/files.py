"""Files that belong to an entry: scans, papers, tables. What one is, its content says, never its name.

An app makes its own table of :class:`StoredFile`, takes files in with :func:`receive`, and serves them from a view that
starts at ``.visible_to(user)`` and ends with :func:`response`. Pictures are re-encoded without their place.
"""

import hashlib
import io
import secrets
import zipfile
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse

from lib.pictures import BadPhoto, shrink

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
KINDS_IN_WORDS = "PDF、Word（docx）、Excel（xlsx）或照片"
OFFICE = {
    "word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def _random_name() -> str:
    return secrets.token_hex(16)


class StoredFile(models.Model):
    """A file as it was taken in, under a random name outside the web root."""

    name = models.CharField("存放名", max_length=32, unique=True, default=_random_name, editable=False)
    title = models.CharField("文件名", max_length=100)
    extension = models.CharField("类型", max_length=5, editable=False)
    size = models.PositiveIntegerField("字节数", editable=False)
    sha256 = models.CharField("指纹", max_length=64, editable=False)
    uploaded_at = models.DateTimeField("上传时间", editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人", editable=False
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        return f"{self._meta.label_lower}/{self.name[:2]}/{self.name}.{self.extension}"


def examine(file: UploadedFile) -> tuple[str, bytes]:
    """What a file is, and its bytes as they will be kept.

    Raises:
        ValidationError: empty, too big, of a kind that is not taken, broken, or with macros inside.
    """
    if not file.size:
        raise ValidationError(f"“{file.name}”是空的，请重新选一个。")
    if file.size > MOST_BYTES:
        raise ValidationError(f"“{file.name}”超过 {MOST_BYTES // 1024 // 1024} MB，请分开或者压缩后再传。")
    file.seek(0)
    data = file.read()
    if data.startswith(b"%PDF-"):
        return "pdf", data
    if data.startswith(b"PK\x03\x04"):
        return _office(file.name, data), data
    try:
        return "jpg", shrink(data).picture
    except BadPhoto as error:
        raise ValidationError(f"“{file.name}”打不开。能传的是 {KINDS_IN_WORDS}。") from error


def _office(name: str, data: bytes) -> str:
    """The extension of a Word or Excel file of today's kind, without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            inside = {part.filename: part.file_size for part in parts.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ValidationError(f"“{name}”坏了，打不开。请重新另存一份再传。") from error
    if any(part.endswith("vbaProject.bin") for part in inside) or sum(inside.values()) > MOST_UNPACKED:
        raise ValidationError(f"“{name}”带宏，或者展开后太大，不能收。请另存为不带宏的文件，或者存成 PDF。")
    for part, (extension, _) in OFFICE.items():
        if part in inside:
            return extension
    raise ValidationError(f"“{name}”是压缩包，不能收。能传的是 {KINDS_IN_WORDS}。")


def receive(model: type[StoredFile], *, file: UploadedFile, by, now: datetime, **columns) -> StoredFile:
    """Takes a file in; its row is seen when the file is whole.

    Raises:
        ValidationError: as :func:`examine`.
    """
    extension, data = examine(file)
    title = (file.name or "").rpartition(".")[0].replace("\0", "")[:90] or "附件"
    row = model(title=f"{title}.{extension}", extension=extension, uploaded_by=by, uploaded_at=now, **columns)
    row.size, row.sha256 = len(data), hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        row.save()
        default_storage.save(row.path, ContentFile(data))
    return row


def response(row: StoredFile) -> FileResponse:
    """The file as a download. The caller has asked who may see the row."""
    types = dict(OFFICE.values()) | {"pdf": "application/pdf", "jpg": "image/jpeg"}
    answer = FileResponse(
        default_storage.open(row.path), as_attachment=True, filename=row.title, content_type=types[row.extension]
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
