"""Who works for a firm on the spot, their certificates, and the tables for the superior platform. R10, 方案四"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse

from accounts.models import User
from accounts.roles import Act, demand, may
from lib import workbook
from lib.periods import beijing_date

from . import days, posts, takings
from .committees import address_of
from .models import Certificate, Community, Contract, ExportColumn, Firm, FirmStaff, Person


def may_keep(by: User, firm: Firm, *, today: date) -> bool:
    """A firm keeps its own people; the office those of all, a station those of firms under contract there."""
    if Firm.objects.employing(by).filter(pk=firm.pk).exists():
        return True
    return may(by, Act.REGISTRY) and posts.firms_of(by, today=today).filter(pk=firm.pk).exists()


def demand_keep(by: User, firm: Firm, *, today: date) -> None:
    """Raises PermissionDenied when the firm's people are not theirs to keep."""
    demand(by, Act.FIRM_STAFF)
    if not may_keep(by, firm, today=today):
        raise PermissionDenied("这家企业的人员不归您登记。")


def places_of(firm: Firm, *, today: date) -> QuerySet[Community]:
    """Communities that the firm serves today, where its people may be posted."""
    return Community.objects.filter(pk__in=Contract.objects.on(today).filter(firm=firm).values("community"))


@transaction.atomic
def take(*, firm: Firm, name: str, first_day: date, number: str = "", by: User, now: datetime, **columns) -> FirmStaff:
    """Somebody works for the firm from a day on.

    Args:
        number: their telephone, which only office, station and firm see.
        columns: job, community, badge, has_uniform.

    Raises:
        PermissionDenied: not theirs to keep.
        ValidationError: already there, a second project manager, a number that is none; by field.
    """
    demand_keep(by, firm, today=beijing_date(now))
    days.locked(firm)
    try:
        phone = address_of(number)
    except ValidationError as error:
        raise ValidationError({"number": error.messages}) from error
    known = Person.objects.filter(name=name, phone=phone, employments__firm=firm).first() if phone else None
    person = known or Person.objects.create(name=name, phone=phone)
    row = FirmStaff(firm=firm, person=person, first_day=first_day, **columns)
    row.full_clean()
    row.save()
    return row


def amend(*, staff: FirmStaff, by: User, now: datetime, **columns) -> None:
    """Another job or place, a badge, the last day.

    Raises:
        PermissionDenied: not theirs to keep.
        ValidationError: as `take`.
    """
    demand_keep(by, staff.firm, today=beijing_date(now))
    for name, value in columns.items():
        setattr(staff, name, value)
    staff.full_clean()
    staff.save()


def add_certificate(*, staff: FirmStaff, by: User, now: datetime, **columns) -> Certificate:
    """A certificate of somebody's, or the same one with a later day: then the row is brought up to date.

    Raises:
        PermissionDenied: not theirs to keep.
        ValidationError: over before it was issued; by field.
    """
    demand_keep(by, staff.firm, today=beijing_date(now))
    same = {"staff": staff, "name": columns.get("name"), "number": columns.get("number", "")}
    row = Certificate.objects.filter(**same).first() or Certificate(**same)
    for name, value in columns.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return row


# ---------------------------------------------------------------- for the superior platform

KINDS = {
    ExportColumn.Field.COMMUNITY_COUNT: workbook.WHOLE,
    ExportColumn.Field.STAFF_COUNT: workbook.WHOLE,
    ExportColumn.Field.CERTIFIED_COUNT: workbook.WHOLE,
    ExportColumn.Field.FIRST_DAY: workbook.DAY,
    ExportColumn.Field.VALID_UNTIL: workbook.DAY,
}


def export(sheet: str, *, by: User, today: date) -> FileResponse:
    """Firms, or their people, in the columns of the superior platform; who took them away is noted.

    Raises:
        PermissionDenied: not the town's office.
    """
    demand(by, Act.REGISTRY_TOWN)
    columns = list(ExportColumn.objects.filter(sheet=sheet))
    found = list((_firms if sheet == ExportColumn.Sheet.FIRM else _people)(today))
    title = ExportColumn.Sheet(sheet).label
    takings.note(by, title, len(found), table=Firm)
    heads = [workbook.Column(column.heading, 20, KINDS.get(column.field, workbook.TEXT)) for column in columns]
    rows = ([row.get(column.field) for column in columns] for row in found)
    return workbook.response(f"{title}{today:%Y%m%d}.xlsx", title=title, columns=heads, rows=rows)


def _firms(today: date) -> Iterator[dict]:
    staff = defaultdict(list)
    for person in FirmStaff.objects.on(today).prefetch_related("certificates"):
        staff[person.firm_id].append(person)
    places = _served(today)
    for firm in Firm.objects.filter(ended_on=None):
        certified = [person for person in staff[firm.pk] if _valid(person, today)]
        yield _of_firm(firm, places) | {"staff_count": len(staff[firm.pk]), "certified_count": len(certified)}


def _served(today: date) -> dict[int, list[str]]:
    """The names of the communities that each firm serves today."""
    places = defaultdict(list)
    for contract in Contract.objects.on(today).select_related("community").order_by("community__pinyin"):
        places[contract.firm_id].append(contract.community.name)
    return places


def _of_firm(firm: Firm, places: dict[int, list[str]]) -> dict:
    return {
        "firm_name": firm.name,
        "uscc": firm.uscc,
        "address": firm.address,
        "phone": firm.phone,
        "duty_phone": firm.duty_phone,
        "communities": "、".join(places[firm.pk]),
        "community_count": len(places[firm.pk]),
    }


def _valid(person: FirmStaff, today: date) -> list[Certificate]:
    return [certificate for certificate in person.certificates.all() if not certificate.is_over(today)]


def _people(today: date) -> Iterator[dict]:
    places = _served(today)
    rows = FirmStaff.objects.on(today).select_related("firm", "person", "community").prefetch_related("certificates")
    for row in rows.order_by("firm__pinyin", "job", "pk"):
        valid = _valid(row, today)
        ends = [certificate.valid_until for certificate in valid if certificate.valid_until]
        yield _of_firm(row.firm, places) | {
            "name": row.person.name,
            "job": row.get_job_display(),
            "where": row.community.name if row.community else "",
            "badge": row.badge,
            "first_day": row.first_day,
            "certificates": "；".join(f"{c.name} {c.number}".strip() for c in valid),
            "valid_until": min(ends, default=None),
        }
