"""Firms: people with certificates, uniform and badge, project managers, the platform's tables. R10"""

import io
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from communities import firm_staff
from communities.models import Certificate, ExportColumn, FirmStaff, Person
from tests import queries

from .test_constraints import in_order, refused_by, twice

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = reverse("communities:firm-list")


@pytest.fixture
def staff(firm_row, firm, community, days_ago, now):
    return firm_staff.take(
        firm=firm_row, name="周师傅", number="13900000001", first_day=days_ago(30), job="repair", community=community,
        badge="018", has_uniform=True, by=firm, now=now,
    )  # fmt: skip


def certificate(staff, by, now, **columns) -> Certificate:
    typed = {"name": "电工证", "number": "D1", "issued_on": None, "valid_until": None, **columns}
    return firm_staff.add_certificate(staff=staff, by=by, now=now, **typed)


def test_a_firm_keeps_its_own_people(
    firm_row, firm, other_firm, station_head, other_station_head, clerk, cadre, today, now
):
    say = {"firm": firm_row, "first_day": today, "job": "order", "now": now}
    for number, by in enumerate((firm, station_head, clerk)):
        assert firm_staff.take(name=f"员工{number}", by=by, **say)
    for by in (other_firm, other_station_head, cadre):
        with pytest.raises(PermissionDenied):
            firm_staff.take(name="外人", by=by, **say)


def test_one_project_manager_a_community(firm_row, firm, community, today, now):
    say = {"firm": firm_row, "first_day": today, "job": "manager", "by": firm, "now": now}
    with pytest.raises(ValidationError, match="哪个小区"):
        firm_staff.take(name="甲", **say)
    firm_staff.take(name="甲", community=community, **say)
    with pytest.raises(ValidationError, match="已经有项目负责人"):
        firm_staff.take(name="乙", community=community, **say)


def test_the_same_person_comes_back(staff, firm_row, firm, today, now):
    firm_staff.amend(staff=staff, last_day=today - DAY, by=firm, now=now)
    again = firm_staff.take(
        firm=firm_row, name="周师傅", number="139 0000 0001", first_day=today, job="repair", by=firm, now=now
    )
    assert again.person == staff.person and Person.objects.filter(name="周师傅").count() == 1


@pytest.mark.parametrize(("left", "found"), [(-1, True), (30, True), (31, False)])
def test_certificates_that_end(staff, firm, today, now, left, found):
    row = certificate(staff, firm, now, valid_until=today + left * DAY)
    assert Certificate.objects.running_out(today=today, within=30).exists() is found
    assert row.is_over(today) is (left < 0)


def test_a_new_certificate_with_the_same_number_replaces_the_day(staff, firm, today, now):
    certificate(staff, firm, now, valid_until=today)
    certificate(staff, firm, now, valid_until=today + 900 * DAY)
    assert Certificate.objects.get().valid_until == today + 900 * DAY


# ---------------------------------------------------------------- constraints


def test_staff(firm_row, community):
    person = Person.objects.create(name="周师傅")
    of = {"firm": firm_row, "person": person, "job": "order"}
    refused_by("firm_staff_days", in_order(FirmStaff, **of))
    refused_by("firm_staff_once", *twice(FirmStaff, **of))
    refused_by("firm_staff_manager_where", FirmStaff(first_day="2026-01-01", **{**of, "job": "manager"}))
    other = {**of, "job": "manager", "community": community, "person": Person.objects.create(name="吴师傅")}
    first, _ = twice(FirmStaff, **{**other, "person": person})
    _, second = twice(FirmStaff, **other)
    refused_by("firm_staff_one_manager", first, second)


def test_certificates(staff, today):
    of = {"staff": staff, "name": "电工证", "number": "D1"}
    refused_by("certificate_once", Certificate(**of), Certificate(**of))
    refused_by("certificate_days", Certificate(**of, issued_on=today, valid_until=today - DAY))


def test_headings(db):
    refused_by("export_column_place", ExportColumn(sheet="firm", position=1, heading="又一列"))
    refused_by("export_column_of_sheet", ExportColumn(sheet="firm", position=99, heading="姓名", field="name"))


# ---------------------------------------------------------------- the platform's tables


def sheet(client, name) -> list[list]:
    book = b"".join(client.get(reverse("communities:credit-export", args=[name])))
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()


def test_the_platforms_columns(staff, firm, firm_row, other_firm_row, as_clerk, today, now):
    certificate(staff, firm, now, valid_until=today + 100 * DAY)
    certificate(staff, firm, now, name="高空证", number="G1", valid_until=today - DAY)
    head, *rows = sheet(as_clerk, "firm")
    assert head[:2] == ["企业名称", "统一社会信用代码"]
    row = next(row for row in rows if row[0] == firm_row.name)
    assert row[1] == firm_row.uscc and row[5] == "演示·松苑小区" and row[6:9] == [1, 1, 1]
    head, row = sheet(as_clerk, "staff")
    assert row[0] == "周师傅" and row[3] == "维修" and row[7] == "电工证 D1" and row[8] == today + 100 * DAY
    assert LogEntry.objects.filter(object_repr="导出从业人员信用信息").exists()


def test_headings_are_the_offices_to_change(staff, as_clerk):
    ExportColumn.objects.filter(sheet="staff", position__gt=2).delete()
    ExportColumn.objects.filter(sheet="staff", position=1).update(heading="从业者")
    ExportColumn.objects.filter(sheet="staff", position=2).update(field="", heading="政治面貌")
    assert sheet(as_clerk, "staff") == [["从业者", "政治面貌"], ["周师傅", ""]]


def test_no_such_table(as_clerk, as_station_head):
    assert as_clerk.get(reverse("communities:credit-export", args=["x"])).status_code == 404
    assert as_station_head.get(reverse("communities:credit-export", args=["firm"])).status_code == 403


# ---------------------------------------------------------------- pages


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def test_the_list_and_one_firm(staff, firm, firm_row, as_station_head, today, now):
    certificate(staff, firm, now, valid_until=today - DAY)
    page = as_station_head.get(LIST).content.decode()
    assert "演示·松苑小区" in page and "1 人" in page and "有到期的" in page
    assert list(as_station_head.get(LIST, {"only": "over"}).context["page"]) == [firm_row]
    assert firm_row not in as_station_head.get(LIST, {"only": "nobody"}).context["page"]
    page = as_station_head.get(at("communities:firm-detail", firm_row.pk)).content.decode()
    assert "周师傅" in page and "018" in page and "已到期" in page and "139****0001" in page


def test_bent_addresses(staff, as_station_head):
    assert as_station_head.get(LIST, {"only": "x", "page": "x", "q": "\0"}).status_code == 200


def test_a_firm_types_its_people(firm_row, as_firm, community, today):
    where = at("communities:staff-new", firm_row.pk)
    answer = as_firm.post(where, {"name": "周师傅", "job": "manager", "first_day": today})
    assert answer.status_code == 422 and "周师傅" in answer.content.decode() and "哪个小区" in answer.content.decode()
    data = {"name": "周师傅", "job": "manager", "community": community.pk, "first_day": today}
    assert as_firm.post(where, data).status_code == 302
    row = FirmStaff.objects.get()
    where = at("communities:certificate-new", row.pk)
    assert as_firm.post(where, {"name": ""}).status_code == 422
    assert as_firm.post(where, {"name": "项目经理证", "valid_until": "2030-01-01"}).status_code == 302
    where = at("communities:staff-amend", row.pk)
    assert as_firm.post(where, {"job": "manager", "last_day": today - DAY}).status_code == 422
    assert as_firm.post(where, {"job": "order", "last_day": today}).status_code == 302


def test_whose_people(staff, as_, other_firm, other_station_head, cadre, leader):
    for name in ("communities:staff-amend", "communities:certificate-new"):
        assert as_(other_firm).get(at(name, staff.pk)).status_code == 404
        assert as_(other_station_head).get(at(name, staff.pk)).status_code == 404
        for user in (cadre, leader):
            assert as_(user).get(at(name, staff.pk)).status_code == 403


def test_a_cadre_sees_no_people(staff, firm_row, as_, cadre):
    page = as_(cadre).get(at("communities:firm-detail", firm_row.pk)).content.decode()
    assert "周师傅" not in page


def test_the_list_takes_the_same_queries(staff, firm_row, as_clerk, days_ago):
    few = queries.of(as_clerk, LIST), queries.of(as_clerk, at("communities:firm-detail", firm_row.pk))
    for number in range(8):
        person = Person.objects.create(name=f"员工{number}")
        row = FirmStaff.objects.create(firm=firm_row, person=person, job="order", first_day=days_ago(3))
        Certificate.objects.create(staff=row, name="证")
    assert (queries.of(as_clerk, LIST), queries.of(as_clerk, at("communities:firm-detail", firm_row.pk))) == few
