"""Photos of complaints, sent by people who need no account."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lib.uploads import Photo

from ..querysets import ComplaintPhotoQuerySet
from .cases import Complaint

MOST_PHOTOS = 9


class ComplaintPhoto(Photo):
    """A photo of what is complained about, or of how it was put right; it arrives before what it belongs to."""

    class Kind(models.TextChoices):
        PROBLEM = "problem", "反映的"
        AFTER = "after", "办好后"

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人", editable=False
    )
    kind = models.CharField("拍的是", max_length=7, choices=Kind, default=Kind.PROBLEM)
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name="投诉"
    )
    position = models.PositiveSmallIntegerField("第几张", default=0)

    objects = ComplaintPhotoQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "投诉照片", "投诉照片"
        ordering = ["kind", "position", "pk"]
        indexes = [
            models.Index(fields=["id"], name="complaint_photo_waiting", condition=Q(original_kept=True)),
            models.Index(fields=["received_at"], name="complaint_photo_loose", condition=Q(complaint=None)),
        ]
        constraints = [
            # nine places, each taken once: at most nine photos of a kind
            models.CheckConstraint(
                condition=Q(position__lt=MOST_PHOTOS),
                name="complaint_photo_nine",
                violation_error_message=f"最多 {MOST_PHOTOS} 张照片。",
            ),
            models.UniqueConstraint(fields=["complaint", "kind", "position"], name="complaint_photo_place"),
        ]

    @property
    def alt(self) -> str:
        return f"{self.get_kind_display()}：{self.complaint.get_category_display()}" if self.complaint else "照片"
