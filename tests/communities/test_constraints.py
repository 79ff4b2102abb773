"""Each constraint of the registry by its name: what would break it is refused by the database itself."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from communities.models import (
    Building,
    BuildingHead,
    CadreLeave,
    Community,
    Contract,
    Equipment,
    Firm,
    FirmPost,
    PatrolDuty,
    Person,
    ServiceState,
    Stairwell,
    StationPost,
    Unit,
    VillageCommittee,
)

pytestmark = pytest.mark.django_db
D1, D2, D3 = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def refused_by(name: str, *rows) -> None:
    """Writing the rows is refused by that constraint, at once or when the transaction would end."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        for row in rows:
            row.save()
        connection.check_constraints()
    assert error.value.__cause__.diag.constraint_name == name


def in_order(model, **columns):
    return model(first_day=D2, last_day=D1, **columns)


def twice(model, **columns):
    """The second begins on the last day of the first, which still counts."""
    return model(first_day=D1, last_day=D2, **columns), model(first_day=D2, **columns)


def test_village_committee_name(village):
    refused_by("village_committee_name", VillageCommittee(name=village.name))


def test_community_name(community, village):
    refused_by("community_name", Community(name=community.name, village_committee=village, kind="other"))


@pytest.mark.parametrize("code", ["ABC123", "ABCDO2", "ABCDE", "abcdef"])
def test_community_code_shape(village, code):
    refused_by("community_code_shape", Community(name="新", code=code, village_committee=village, kind="other"))


def test_a_code_never_changes_and_no_community_is_deleted(community):
    for change in (
        lambda: Community.objects.filter(pk=community.pk).update(code="ABCDEF"),
        lambda: Community.objects.filter(pk=community.pk).delete(),
    ):
        Building.objects.all().delete()
        with pytest.raises(IntegrityError, match="定了就不能改"), transaction.atomic():
            change()


def test_service_state_days(community):
    refused_by("service_state_days", in_order(ServiceState, community=community, kind="firm"))


def test_service_state_once(community):
    refused_by("service_state_once", *twice(ServiceState, community=community, kind="firm"))


def test_service_state_body(community):
    refused_by("service_state_body", ServiceState(community=community, kind="assigned", first_day=D1))


def test_building_code(building, community):
    refused_by("building_code", Building(community=community, code=building.code, name="别的"))


def test_stairwell_code(building):
    Stairwell.objects.create(building=building, code="1", name="1单元")
    refused_by("stairwell_code", Stairwell(building=building, code="1", name="一单元"))


def unit(**columns):
    return Unit(**{"code": "03-1-0101", "area_centi": 8956, **columns})


def test_unit_code(building, community):
    unit(community=community, building=building).save()
    refused_by("unit_code", unit(community=community, building=building))


def test_unit_building_here(building, neighbour_community):
    refused_by("unit_building_here", unit(community=neighbour_community, building=building))


def test_unit_stairwell_here(building, community):
    other = Building.objects.create(community=community, code="04", name="4幢")
    stairwell = Stairwell.objects.create(building=other, code="1", name="1单元")
    refused_by("unit_stairwell_here", unit(community=community, building=building, stairwell=stairwell))


def test_equipment_days(community):
    refused_by("equipment_days", in_order(Equipment, community=community, kind="lift", name="1号梯"))


def test_equipment_inspection_days(community):
    lift = Equipment(community=community, kind="lift", name="1号梯", first_day=D1, inspected_on=D2, inspect_by=D2)
    refused_by("equipment_inspection_days", lift)


def test_equipment_building_here(building, neighbour_community):
    row = Equipment(community=neighbour_community, building=building, kind="lift", name="1号梯", first_day=D1)
    refused_by("equipment_building_here", row)


def test_firm_code_is_given_once(firm_row):
    with pytest.raises(IntegrityError), transaction.atomic():
        Firm.objects.create(name="另一家", uscc=firm_row.uscc)


def test_contract_days(community, firm_row):
    refused_by("contract_days", in_order(Contract, community=community, firm=firm_row, kind="owners"))


def test_contract_one_firm(neighbour_community, firm_row, other_firm_row):
    row = Contract(community=neighbour_community, firm=firm_row, kind="owners", first_day=D1, last_day=D2)
    refused_by("contract_one_firm", row)


def test_firm_post_days(firm_row, cadre):
    refused_by("firm_post_days", in_order(FirmPost, firm=firm_row, user=cadre, kind="staff"))


def test_firm_post_once(firm_row, cadre):
    refused_by("firm_post_once", *twice(FirmPost, firm=firm_row, user=cadre, kind="staff"))


def test_patrol_duty_days(community, clerk):
    refused_by("patrol_duty_days", in_order(PatrolDuty, community=community, user=clerk, kind="team"))


def test_patrol_duty_one_linked(community, cadre, clerk):
    refused_by("patrol_duty_one_linked", PatrolDuty(community=community, user=clerk, first_day=D1, last_day=D1))


def test_patrol_duty_one_substitute(community, clerk, town_head):
    days = {"first_day": D1, "last_day": D2, "community": community, "kind": "substitute"}
    refused_by("patrol_duty_one_substitute", PatrolDuty(user=clerk, **days), PatrolDuty(user=town_head, **days))


def test_patrol_duty_once(community, cadre):
    refused_by("patrol_duty_once", PatrolDuty(community=community, user=cadre, kind="team", first_day=D1))


def test_cadre_leave_days(cadre):
    refused_by("cadre_leave_days", in_order(CadreLeave, user=cadre))


def test_cadre_leave_once(cadre):
    first = CadreLeave(user=cadre, first_day=D1, last_day=D2)
    refused_by("cadre_leave_once", first, CadreLeave(user=cadre, first_day=D2, last_day=D3))


def test_cadre_leave_ends(cadre):
    refused_by("cadre_leave_ends", CadreLeave(user=cadre, first_day=D1))


def test_station_post_days(village, clerk):
    refused_by("station_post_days", in_order(StationPost, village_committee=village, user=clerk, kind="clerk"))


def test_station_post_once(village, clerk):
    refused_by("station_post_once", *twice(StationPost, village_committee=village, user=clerk, kind="clerk"))


@pytest.fixture
def head(building):
    person = Person.objects.create(name="王桂兰")
    return {
        "community": building.community,
        "building": building,
        "person": person,
        "origin": "self",
        "appointed_on": D1,
    }


def test_building_head_days(head):
    refused_by("building_head_days", in_order(BuildingHead, **head))


def test_building_head_one(head):
    refused_by("building_head_one", *twice(BuildingHead, **head))


def test_building_head_one_a_stairwell(head, building):
    stairwell = Stairwell.objects.create(building=building, code="1", name="1单元")
    refused_by("building_head_one_a_stairwell", *twice(BuildingHead, stairwell=stairwell, **head))


def test_building_head_recommended_by(head):
    refused_by("building_head_recommended_by", BuildingHead(**{**head, "origin": "recommended"}, first_day=D1))


def test_building_head_appointed_first(head):
    refused_by("building_head_appointed_first", BuildingHead(**{**head, "appointed_on": D2}, first_day=D1))


def test_head_building_here(head, neighbour_community):
    refused_by("head_building_here", BuildingHead(**{**head, "community": neighbour_community}, first_day=D1))


def test_head_stairwell_here(head, community):
    other = Building.objects.create(community=community, code="04", name="4幢")
    stairwell = Stairwell.objects.create(building=other, code="1", name="1单元")
    refused_by("head_stairwell_here", BuildingHead(**head, stairwell=stairwell, first_day=D1))


@pytest.mark.parametrize("table", ["community", "unit", "contract", "patrolduty", "buildinghead"])
def test_the_history_is_sealed(community, table):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE communities_{table}event SET pgh_label = ''")


def test_a_deletion_is_noted(building):
    pk = building.pk
    building.delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label FROM communities_buildingevent WHERE pgh_obj_id = %s ORDER BY pgh_id", [pk])
        assert [label for (label,) in cursor.fetchall()] == ["insert", "delete"]
