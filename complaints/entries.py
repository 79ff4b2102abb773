"""What a complaint consists of before it has a number, and whether it can be taken in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError

from accounts.people import plain_number
from communities.models import Building, Community

from .kinds import Category, Source, Urgency
from .models import MOST_PHOTOS, Complaint
from .models.cases import MOST_CHARACTERS

MOBILE = re.compile(r"^1\d{10}$")
LANDLINE = re.compile(r"^(0\d{2,3})?[2-9]\d{6,7}$")
BAD_PHONE = "手机号是 11 位数字，座机写上区号，比如 0578-8800123。看看是不是少写了一位。"
NEEDS_PHONE = frozenset({Source.ONLINE, Source.PHONE})


@dataclass(frozen=True)
class Who:
    """Who complains, as they said it; ``for_whom`` and ``relation`` where one writes on another's behalf (代报)."""

    name: str = ""
    phone: str = ""
    room: str = ""
    for_whom: str = ""
    relation: str = ""
    firm_may_call: bool = False
    wants_no_answer: bool = False


@dataclass(frozen=True)
class Entry:
    """A complaint as it comes in. ``client_id`` is made by the phone, so that one that is sent twice is one.

    ``from_ledger``: it was open before this system; it may lack a number, and staff are not told as of something new.
    ``hidden``: neighbours who meet the same thing do not see its place and picture.
    """

    community: Community
    text: str
    category: str
    place: str = ""
    building: Building | None = None
    source: str = Source.ONLINE
    urgency: str = Urgency.NORMAL
    who: Who = field(default_factory=Who)
    photos: Sequence[UUID] = ()
    client_id: UUID = field(default_factory=uuid4)
    platform_number: str = ""
    platform_due: date | None = None
    from_ledger: bool = False
    hidden: bool = False


def phone_number(typed: str) -> str:
    """A telephone number as it is kept, mobile or landline; nothing stays nothing.

    Raises:
        ValidationError: it is none.
    """
    plain = plain_number(typed)
    if plain and not (MOBILE.match(plain) or LANDLINE.match(plain)):
        raise ValidationError(BAD_PHONE)
    return plain


def check(entry: Entry) -> None:
    """Raises ValidationError, by field, with sentences that say how to mend it."""
    wrong = {name: sentence for name, sentence in _faults(entry) if sentence}
    if wrong:
        raise ValidationError(wrong)


def _faults(entry: Entry):
    yield "text", _fault_of_text(entry.text.strip())
    yield "phone", _fault_of_phone(entry)
    yield "category", "" if entry.category in Category.values else "选一个类别，不知道就选“其他”。"
    yield "building", _fault_of_building(entry)
    yield "photos", f"最多 {MOST_PHOTOS} 张照片。" if len(entry.photos) > MOST_PHOTOS else ""
    yield "platform_number", _fault_of_order(entry)


def _fault_of_text(text: str) -> str:
    if not text:
        return "写一句出了什么事，比如“北门垃圾桶满了两天没人收”。"
    return (
        f"写了 {len(text)} 个字，最多 {MOST_CHARACTERS} 个字。请写短一些，或者打电话说。"
        if len(text) > MOST_CHARACTERS
        else ""
    )


def _fault_of_phone(entry: Entry) -> str:
    try:
        number = phone_number(entry.who.phone)
    except ValidationError as error:
        return error.messages[0]
    needed = entry.source in NEEDS_PHONE and not entry.from_ledger
    return "写上电话，好把结果告诉您。" if needed and not number else ""


def _fault_of_building(entry: Entry) -> str:
    elsewhere = entry.building and entry.building.community_id != entry.community.pk
    return "这幢楼不在这个小区，请重新选。" if elsewhere else ""


def _fault_of_order(entry: Entry) -> str:
    number = entry.platform_number.strip()
    if number and Complaint.objects.filter(platform_number=number).exists():
        return "这个 12345 工单已经登记过。"
    return "写上 12345 工单号，回填时要用。" if entry.source == Source.HOTLINE and not number else ""
