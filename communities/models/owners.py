"""Who owns which unit, with what share, from when to when. DOMAIN G.3

Personal data stands in `Person` alone, outside every history; an ownership holds its key, share, days and paper.
"""

from fractions import Fraction

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from accounts.models import Address, User
from lib import identity, pinyin, sealed
from lib.dated import Dated, in_order

from ..querysets import OwnershipQuerySet, PersonQuerySet, PersonReadingQuerySet
from .history import followed
from .places import Unit

UNREADABLE = "读不出"
MOST_SHARES = 1_000_000


class Person(models.Model):
    """Somebody of the registry, a person or a body: an owner, a building head, a developer.

    Personal data stands here alone, outside every history.
    """

    class Kind(models.TextChoices):
        PERSON = "person", "个人"
        BODY = "body", "单位"

    class Document(models.TextChoices):
        CITIZEN = "citizen", "居民身份证"
        USCC = "uscc", "统一社会信用代码"
        OTHER = "other", "护照或其他证件"

    kind = models.CharField("个人还是单位", max_length=6, choices=Kind, default=Kind.PERSON)
    name = models.CharField("姓名或名称", max_length=60)
    pinyin = models.CharField("拼音", max_length=200, blank=True, help_text="排序和搜索用，空着就自动生成。")
    initials = models.CharField("拼音首字母", max_length=60, blank=True, editable=False)
    phone = models.ForeignKey(
        Address, models.SET_NULL, null=True, blank=True, related_name="persons", verbose_name="电话"
    )
    address = models.CharField("通信地址", max_length=120, blank=True)
    document = models.CharField("证件", max_length=7, choices=Document, blank=True)
    number_sealed = models.BinaryField("证件号码（加密）", null=True, blank=True, editable=False)
    number_hash = models.CharField("证件号码的指纹", max_length=64, blank=True, editable=False)
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="person", verbose_name="账号"
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "人员", "人员"
        constraints = [
            models.UniqueConstraint(
                fields=["number_hash"],
                condition=~Q(number_hash=""),
                name="person_document_once",
                violation_error_message="这个证件号码已经登记在另一个人名下。",
            ),
            models.CheckConstraint(
                condition=Q(document="", number_sealed=None, number_hash="")
                | (~Q(document="") & Q(number_sealed__isnull=False) & ~Q(number_hash="")),
                name="person_document_whole",
            ),
            models.CheckConstraint(
                condition=(~Q(document="citizen") | Q(kind="person")) & (~Q(document="uscc") | Q(kind="body")),
                name="person_document_kind",
                violation_error_message="身份证是个人的，统一社会信用代码是单位的。",
            ),
        ]
        indexes = [
            GinIndex(*(OpClass(name, "gin_trgm_ops") for name in ("name", "pinyin", "initials")), name="person_words")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.fill_pinyin()
        super().save(*args, **kwargs)

    def fill_pinyin(self) -> None:
        """What a person has not typed; for ``bulk_create`` too."""
        key, initials = pinyin.of_name(self.name)
        self.pinyin, self.initials = self.pinyin or key[:200], initials[:60]

    def set_number(self, document: str, number: str) -> None:
        """Keeps the number of a document, in the form of `lib.identity.plain`, sealed; an empty one takes it away."""
        self.document = document if number else ""
        self.number_sealed = sealed.seal(number) if number else None
        self.number_hash = self.hash_of(document, number) if number else ""

    @staticmethod
    def hash_of(document: str, number: str) -> str:
        """What a person with this document is found by; ``number`` as `lib.identity.plain` gives it."""
        return sealed.fingerprint(f"{document} {number}")

    @property
    def number(self) -> str:
        """The number of the document, in full: for those alone who said why they read it (`PersonReading`)."""
        if self.number_sealed is None:
            return ""
        try:
            return sealed.unseal(self.number_sealed)
        except sealed.Unreadable:
            return UNREADABLE

    @property
    def number_masked(self) -> str:
        """110101********1237"""
        number = self.number
        return number if number in ("", UNREADABLE) else identity.masked(number)

    @property
    def masked(self) -> str:
        """王*兰; a body is no private person and keeps its name."""
        if self.kind == self.Kind.BODY:
            return self.name
        middle = "*" * max(1, len(self.name) - 2)
        return f"{self.name[:1]}{middle}{self.name[-1:] if len(self.name) > 2 else ''}"


@followed
class Ownership(Dated):
    """A person owns a unit, or a share of it, from a first to a last day.

    On each day on which a unit has owners at all, their shares make one whole, each of them once; a unit that is not
    sold or not handed over to its buyer is its developer's. The database asks that at the end of each transaction.
    """

    class How(models.TextChoices):
        DEVELOPER = "developer", "开发建设单位，还没售出交付"
        RECORDED = "recorded", "建台账时已是业主"
        PURCHASE = "purchase", "买卖"
        INHERITANCE = "inheritance", "继承"
        GIFT = "gift", "赠与"
        COURT = "court", "裁判"
        OTHER = "other", "其他"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="ownerships", verbose_name="户")
    person = models.ForeignKey(Person, models.PROTECT, related_name="ownerships", verbose_name="业主")
    share_numerator = models.PositiveIntegerField("份额分子", default=1)
    share_denominator = models.PositiveIntegerField("份额分母", default=1)
    how = models.CharField("怎么来的", max_length=11, choices=How, default=How.RECORDED)
    paper = models.CharField("凭据", max_length=100, blank=True, help_text="不动产权证号、合同号、裁判文书号。")

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "业主", "业主"
        ordering = ["unit", "-first_day", "pk"]
        constraints = [
            in_order("ownership_days"),
            models.CheckConstraint(
                condition=Q(
                    share_numerator__gte=1,
                    share_numerator__lte=F("share_denominator"),
                    share_denominator__lte=MOST_SHARES,
                ),
                name="ownership_share",
                violation_error_message="份额写成 1/2 这样，分子不大于分母。",
            ),
            models.CheckConstraint(
                condition=Q(how__in=["developer", "recorded"]) | ~Q(paper=""),
                name="ownership_paper",
                violation_error_message="写上凭据：不动产权证号、合同号或裁判文书号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.person.masked}"

    @property
    def share(self) -> Fraction:
        return Fraction(self.share_numerator, self.share_denominator)

    @property
    def share_text(self) -> str:
        """全部, or 1/2"""
        return "全部" if self.share == 1 else str(self.share)


class PersonReading(models.Model):
    """Somebody read a person's data in full, and why. Append-only."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="readings", verbose_name="谁的资料")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁看的")
    at = models.DateTimeField("时间")
    why = models.CharField("为什么看", max_length=200, error_messages={"blank": "写一句为什么要看。"})

    objects = PersonReadingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "看完整资料的记录", "看完整资料的记录"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(why=""), name="person_reading_says_why", violation_error_message="写一句为什么要看。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.person.masked}"


class PersonCorrection(models.Model):
    """What stood wrongly about a person was put right: which data, never what they were; who and why. Append-only."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections", verbose_name="谁的资料")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="谁更正的")
    at = models.DateTimeField("时间")
    what = models.CharField("更正了什么", max_length=40)
    why = models.CharField("为什么更正", max_length=200)

    objects = PersonReadingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = "更正资料的记录", "更正资料的记录"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(why="") & ~Q(what=""),
                name="person_correction_says_why",
                violation_error_message="写一句为什么更正。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.person.masked} {self.what}"
