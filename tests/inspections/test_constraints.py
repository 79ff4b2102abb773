"""Each constraint and trigger of the patrols by its name: what would break it is refused by the database itself."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from communities.models import Building
from inspections.models import (
    CheckItem,
    DayNumber,
    Finding,
    MissedWeekReason,
    Patrol,
    PatrolAnswer,
    PatrolPhoto,
    PatrolRemark,
    PatrolVersion,
    RouteStop,
)
from tests.inspections.phone import MONDAY, NOW, day, finding, sent_photo, sent_photos

pytestmark = pytest.mark.django_db


def refused_by(name: str, write, *args, **kwargs) -> None:
    """Writing is refused by that constraint, at once or when the transaction would end."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write(*args, **kwargs)
        connection.check_constraints()
    assert error.value.__cause__.diag.constraint_name == name


def changed(row, **columns):
    return lambda: type(row)._base_manager.filter(pk=row.pk).update(**columns)


# ---------------------------------------------------------------- the check list


def check_item(**columns) -> CheckItem:
    """A further item, entered by one person and checked by another."""
    people = [User.objects.get_or_create(username=name, name=name)[0] for name in ("luru", "fuhe")]
    made = {"entered_by": people[0], "entered_at": NOW, "checked_by": people[1], "checked_at": NOW}
    kept = {"code": "NEW1", "category": "hyg", "text": "新的", "severity": "general", "first_day": MONDAY}
    return CheckItem(**{**made, **kept, **columns})


def test_check_item_days():
    refused_by("check_item_days", check_item(last_day=day("2026-11-15")).save)


def test_check_item_once():
    """HYG1 holds since 2004 without an end."""
    refused_by("check_item_once", check_item(code="HYG1").save)


def test_an_item_that_waits_stands_in_nobodys_way():
    check_item(code="HYG1", checked_by=None, checked_at=None).save()


def test_check_item_two_people():
    one = check_item().entered_by
    refused_by("check_item_two_people", check_item(checked_by=one).save)


def test_check_item_by_somebody():
    refused_by("check_item_by_somebody", check_item(entered_by=None).save)


def test_check_item_checked_by_somebody():
    refused_by("check_item_checked_by_somebody", check_item(checked_by=None).save)


@pytest.mark.parametrize("code", ["H1", "hyg1", "HYG", "HYG1234"])
def test_check_item_code_shape(code):
    refused_by("check_item_code_shape", check_item(code=code).save)


# ---------------------------------------------------------------- patrols


def copy(patrol, **columns) -> Patrol:
    """A further patrol like this one."""
    new = Patrol.objects.get(pk=patrol.pk)
    new.pk, new.client_id, new.number = None, uuid.uuid4(), "巡20261119-7777"
    for name, value in columns.items():
        setattr(new, name, value)
    return new


def test_inspections_patrol_client_id_key(patrol):
    refused_by("inspections_patrol_client_id_key", copy(patrol, client_id=patrol.client_id).save)


def test_inspections_patrol_number_key(patrol):
    refused_by("inspections_patrol_number_key", copy(patrol, number=patrol.number).save)


def test_patrol_not_from_the_future(patrol):
    later = NOW + timedelta(seconds=1)
    refused_by("patrol_not_from_the_future", copy(patrol, occurred_at=later).save)


def test_patrol_void_reason(patrol):
    refused_by("patrol_void_reason", changed(patrol, state="voided"))


def test_patrol_doubt_settled_by_somebody(patrol, station_head):
    who = {"doubt_settled_by": station_head, "doubt_settled_at": NOW}
    for columns in (
        {"doubt": "old", "doubt_settled": "left"},
        {"doubt": "old", "doubt_settled_by": station_head},
        {"doubt_settled": "left", **who},
    ):
        refused_by("patrol_doubt_settled_by_somebody", changed(patrol, **columns))
    changed(patrol, doubt="old", doubt_settled="left", **who)()


def test_patrol_answer_once(patrol):
    refused_by("patrol_answer_once", PatrolAnswer(patrol=patrol, category="hyg", result="ok").save)


def test_patrol_version_once(patrol, cadre):
    version = {"patrol": patrol, "number": 1, "content": {}, "replaced_by": cadre, "reason": "写错了"}
    PatrolVersion.objects.create(**version)
    refused_by("patrol_version_once", PatrolVersion(**version).save)


def test_patrol_remark_says_something(patrol, cadre):
    refused_by("patrol_remark_says_something", PatrolRemark(patrol=patrol, by=cadre, text="").save)


def test_inspections_daynumber_pkey(db):
    DayNumber.objects.create(day=MONDAY, last=1)
    refused_by("inspections_daynumber_pkey", lambda: DayNumber.objects.create(day=MONDAY, last=2))


@pytest.mark.parametrize(
    "columns",
    [
        {"number": "巡20261119-0002"},
        {"client_id": uuid.uuid4()},
        {"submitted_at": NOW + timedelta(days=1)},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_patrol_kept(patrol, columns):
    with pytest.raises(IntegrityError, match="不能改"), transaction.atomic():
        changed(patrol, **columns)()


def test_patrol_kept_with_its_community_and_person(patrol, neighbour_community, other_cadre):
    for columns in ({"community": neighbour_community}, {"user": other_cadre}):
        with pytest.raises(IntegrityError, match="不能改"), transaction.atomic():
            changed(patrol, **columns)()


def test_patrol_kept_once_it_is_voided(patrol):
    changed(patrol, state="voided", void_reason="写错了")()
    with pytest.raises(IntegrityError, match="不能恢复"), transaction.atomic():
        changed(patrol, state="submitted", void_reason="")()


def test_patrol_kept_from_deletion(visit, cadre, community):
    patrol = visit(cadre, community, "2026-11-18 09:00")
    patrol.answers.all().delete()
    with pytest.raises(IntegrityError, match="只能作废"), transaction.atomic():
        Patrol.objects.filter(pk=patrol.pk)._raw_delete("default")


# ---------------------------------------------------------------- routes


def test_route_stop_once(cadre, community):
    RouteStop.objects.create(user=cadre, community=community, position=0)
    refused_by("route_stop_once", RouteStop(user=cadre, community=community, position=1).save)


# ---------------------------------------------------------------- missed weeks


def reason(cadre, community, **columns) -> MissedWeekReason:
    return MissedWeekReason(user=cadre, community=community, by=cadre, **{"monday": MONDAY, "reason": "台风"} | columns)


def test_missed_week_is_a_week(cadre, community):
    refused_by("missed_week_is_a_week", reason(cadre, community, monday=day("2026-11-17")).save)


def test_missed_week_says_why(cadre, community):
    refused_by("missed_week_says_why", reason(cadre, community, reason="").save)


# ---------------------------------------------------------------- findings


def test_inspections_finding_client_id_key(a_finding):
    twin = Finding.objects.get(pk=a_finding.pk)
    twin.pk = None
    refused_by("inspections_finding_client_id_key", twin.save)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "closed"},
        {"closed_on": day("2026-11-19")},
        {"state": "closed", "closed_on": day("2026-11-18")},
        {"state": "withdrawn", "withdrawn_reason": "写错了", "closed_on": day("2026-11-19")},
    ],
)
def test_finding_closed_when(a_finding, columns):
    refused_by("finding_closed_when", changed(a_finding, **columns))


def test_finding_on_the_spot_is_closed(a_finding):
    refused_by("finding_on_the_spot_is_closed", changed(a_finding, handling="on_the_spot"))


def test_finding_withdrawn_why(a_finding):
    refused_by("finding_withdrawn_why", changed(a_finding, state="withdrawn"))


def test_finding_says_what(a_finding):
    refused_by("finding_says_what", changed(a_finding, text=""))


def test_finding_patrol_here(a_finding, neighbour_community):
    """The patrol lies in the finding's own community (with patrol_of_its_community, to which it points)."""
    refused_by("finding_patrol_here", changed(a_finding, community=neighbour_community))


def test_finding_building_here(a_finding, neighbour_community):
    there = Building.objects.create(community=neighbour_community, code="01", name="1幢")
    refused_by("finding_building_here", changed(a_finding, building=there))


# ---------------------------------------------------------------- photos


@pytest.fixture
def on_the_spot(cadre, community, send) -> Finding:
    row = send(cadre, community, finding(handling="on_the_spot", after=sent_photos(cadre, 1))).findings.get()
    connection.check_constraints()
    return row


@pytest.fixture
def without_notice(a_finding) -> Finding:
    """The same finding once more, for a department: nothing but its photo keeps it from being settled on the spot."""
    a_finding.pk, a_finding.client_id, a_finding.handling = None, uuid.uuid4(), "transfer"
    a_finding.save(force_insert=True)
    return a_finding


def test_on_the_spot_has_photo(without_notice):
    spot = {"handling": "on_the_spot", "state": "closed", "closed_on": without_notice.found_on}
    refused_by("on_the_spot_has_photo", changed(without_notice, **spot))


def test_on_the_spot_has_photo_that_is_shown(without_notice, cadre):
    PatrolPhoto.objects.filter(pk=sent_photo(cadre).pk).update(finding=without_notice, kind="after", dropped=True)
    spot = {"handling": "on_the_spot", "state": "closed", "closed_on": without_notice.found_on}
    refused_by("on_the_spot_has_photo", changed(without_notice, **spot))


@pytest.mark.parametrize("columns", [{"dropped": True}, {"kind": "problem"}, {"finding": None}])
def test_on_the_spot_keeps_photo(on_the_spot, columns):
    refused_by("on_the_spot_has_photo", changed(on_the_spot.photos.get(), **columns))


def test_on_the_spot_keeps_photo_from_deletion(on_the_spot):
    refused_by("on_the_spot_has_photo", on_the_spot.photos.get().delete)


def test_the_worker_may_still_touch_such_a_photo(on_the_spot):
    changed(on_the_spot.photos.get(), state="ready", width=80, height=60)()
    connection.check_constraints()


def test_patrol_photo_one_owner(patrol, a_finding, cadre):
    refused_by("patrol_photo_one_owner", changed(sent_photo(cadre), finding=a_finding, patrol=patrol))


def test_patrol_photo_nine(a_finding, cadre):
    refused_by("patrol_photo_nine", changed(sent_photo(cadre), finding=a_finding, position=9))


def test_patrol_photo_of_finding(a_finding, cadre):
    first, second = sent_photo(cadre), sent_photo(cadre)
    changed(first, finding=a_finding)()
    refused_by("patrol_photo_of_finding", changed(second, finding=a_finding))
    changed(second, finding=a_finding, dropped=True)()


def test_patrol_photo_of_patrol(patrol, cadre):
    first, second = sent_photo(cadre), sent_photo(cadre)
    changed(first, patrol=patrol)()
    refused_by("patrol_photo_of_patrol", changed(second, patrol=patrol))


@pytest.mark.parametrize("column", ["client_id", "name"])
def test_a_photos_numbers_are_its_own(cadre, column):
    first, second = sent_photo(cadre), sent_photo(cadre)
    refused_by(f"inspections_patrolphoto_{column}_key", changed(second, **{column: getattr(first, column)}))


# ---------------------------------------------------------------- what is never changed

SEALED = ["patrolversion", "patrolremark", "findingevent", "missedweekreason", "checkitemevent"]


TRIGGERS = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"


@pytest.fixture
def sealed_rows(patrol, a_finding, cadre, community):
    """A row in each sealed table."""
    PatrolVersion.objects.create(patrol=patrol, number=1, content={}, replaced_by=cadre, reason="写错了")
    PatrolRemark.objects.create(patrol=patrol, by=cadre, text="补一句")
    reason(cadre, community).save()
    check_item().save()


@pytest.mark.parametrize("table", SEALED)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_application_may_not_change(sealed_rows, table, change):
    with pytest.raises(DatabaseError, match=r"permission denied|不能改"), transaction.atomic():
        connection.cursor().execute(change.format(f"inspections_{table}"))


@pytest.mark.parametrize("table", SEALED)
def test_nor_does_the_owner_by_mistake(owner, table):
    """The triggers ``sealed_rows`` and ``sealed_table`` of each table."""
    owner.execute(TRIGGERS, [f"inspections_{table}"])
    assert {"sealed_rows", "sealed_table"} <= {name for (name,) in owner.fetchall()}
    with pytest.raises(DatabaseError, match="不能改也不能删"):
        owner.execute(f"TRUNCATE inspections_{table} CASCADE")
