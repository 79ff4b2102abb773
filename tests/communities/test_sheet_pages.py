"""The pages of import and export, of a community's card, of a unit and its owners: STYLE's five questions each."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities import tasks
from communities.models import Ownership, Person, PersonReading, SheetExport, SheetImport, Unit
from communities.sheets import KINDS
from lib.table_files import BadFile, read
from tests.communities.sheet_files import xlsx

pytestmark = pytest.mark.django_db
HEAD = ["小区", "幢", "房号", "面积", "业主", "电话"]
CITIZEN = "110101194912311238"


@pytest.fixture
def as_office(as_, clerk):
    return as_(clerk)


def rows_of(community, *rooms: str):
    return HEAD, *([community.name, "3幢", room, "89.56", "王桂兰", "13800138000"] for room in rooms)


def send(client, data: bytes, kind: str = "units", name: str = "户.xlsx"):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("communities:import"), {"kind": kind, "file": file})


def page(client, row: SheetImport | None = None) -> str:
    row = row or SheetImport.objects.latest("pk")
    return client.get(row.get_absolute_url()).content.decode()


# ---------------------------------------------------------------- "communities:import"


def test_a_sheet_is_looked_at_and_then_written(as_office, community):
    assert send(as_office, xlsx(*rows_of(community, "501", "502"))).status_code == 302
    assert "确认，写入台账" in page(as_office) and not Unit.objects.exists()
    row = SheetImport.objects.get()
    assert as_office.post(row.get_absolute_url()).status_code == 302
    assert "导入好了" in page(as_office) and Unit.objects.count() == 2


def test_names_in_a_preview_have_stars(as_office, community):
    send(as_office, xlsx(*rows_of(community, "501")))
    shown = page(as_office)
    assert "王*兰" in shown and "138****000" in shown
    assert "王桂兰" not in shown and "13800138000" not in shown


def test_a_large_file_waits_for_the_worker(as_office, community, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(KINDS["units"].__class__, "at_once", 10)
    sent = []
    monkeypatch.setattr(tasks.work_on_sheets, "delay", lambda: sent.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        send(as_office, xlsx(*rows_of(community, "501")))
    assert sent and "可以离开这一页" in page(as_office)
    tasks.work_on_sheets()
    assert "确认，写入台账" in page(as_office)


def test_no_file_and_no_kind_are_asked_for(as_office):
    answer = as_office.post(reverse("communities:import"), {})
    assert answer.status_code == 422
    assert "选一个文件" in answer.content.decode() and "选一种" in answer.content.decode()


def test_who_may_not_bring_in_gets_403(as_, leader, cadre, firm, administrator):
    for user in (leader, cadre, firm):
        assert as_(user).get(reverse("communities:import")).status_code == 403
    assert as_(administrator).get(reverse("communities:import")).status_code == 200  # accounts of staff


def test_a_station_chooses_among_its_kinds(as_, station_head):
    shown = as_(station_head).get(reverse("communities:import")).content.decode()
    assert "户和业主" in shown and "物业企业和人员" not in shown
    answer = send(as_(station_head), xlsx(["名称"]), kind="firms")
    assert answer.status_code == 422


def test_wrong_methods(as_office, community):
    send(as_office, xlsx(*rows_of(community, "501")))
    row = SheetImport.objects.get()
    assert as_office.delete(reverse("communities:import")).status_code == 405
    assert as_office.get(reverse("communities:import-abandon", args=[row.pk])).status_code == 405


# ---------------------------------------------------------------- "communities:import-detail" and its files


def test_bad_rows_come_as_a_file_to_mend(as_office, community):
    head, good = rows_of(community, "501")
    send(as_office, xlsx(head, good, [community.name, "3幢", "502", "很大", "王桂兰", ""]))
    row = SheetImport.objects.get()
    assert "有一行错，就一行都不写" in page(as_office) and "确认，写入台账" not in page(as_office)
    answer = as_office.get(reverse("communities:import-bad-rows", args=[row.pk]))
    (sheet,) = read(b"".join(answer.streaming_content))
    assert sheet.rows[0][:2] == ["原表第几行", "哪里不对"]
    assert sheet.rows[1][0] == "3" and "89.56" in sheet.rows[1][1] and "很大" in sheet.rows[1]


def test_what_has_bad_rows_is_not_written(as_office, community):
    send(as_office, xlsx(HEAD, [community.name, "3幢", "502", "很大", "王桂兰", ""]))
    row = SheetImport.objects.get()
    as_office.post(row.get_absolute_url())
    assert SheetImport.objects.get().state == "ready"
    assert not Unit.objects.exists()


def test_another_person_gets_404(as_office, as_, town_head, community):
    send(as_office, xlsx(*rows_of(community, "501")))
    row = SheetImport.objects.get()
    assert as_(town_head).get(row.get_absolute_url()).status_code == 404
    assert as_(town_head).post(reverse("communities:import-abandon", args=[row.pk])).status_code == 404


def test_given_up_leaves_nothing(as_office, community):
    send(as_office, xlsx(*rows_of(community, "501")))
    row = SheetImport.objects.get()
    as_office.post(reverse("communities:import-abandon", args=[row.pk]))
    assert "台账没有变" in page(as_office)
    as_office.post(row.get_absolute_url())
    assert SheetImport.objects.get().state == "abandoned"


@pytest.mark.parametrize("kind", [*KINDS, "nothing"])
def test_templates_to_download(as_office, kind):
    answer = as_office.get(reverse("communities:import-template", args=[kind]))
    assert answer.status_code == (200 if kind in KINDS else 404)


# ---------------------------------------------------------------- "communities:export"


def test_an_export_says_why_and_is_on_record(as_office, community, unit_of_wang):
    address = reverse("communities:export")
    assert as_office.get(f"{address}?kind=units").status_code == 200
    refused = as_office.post(address, {"kind": "units"})
    assert refused.status_code == 422 and "写一句为什么" in refused.content.decode()
    answer = as_office.post(address, {"kind": "units", "community": community.pk, "why": "核对"})
    (sheet,) = read(b"".join(answer.streaming_content))
    assert "王桂兰" in sheet.rows[1] and CITIZEN not in str(sheet.rows)
    record = SheetExport.objects.get()
    assert (record.kind, record.rows, record.why, record.wanted) == ("units", 1, "核对", community.name)


def test_a_record_of_an_export_stays(as_office, unit_of_wang):
    """Sealed: communities_sheetexport."""
    from django.db import DatabaseError, transaction

    as_office.post(reverse("communities:export"), {"kind": "units", "why": "核对"})
    with pytest.raises(DatabaseError), transaction.atomic():
        SheetExport.objects.all().delete()


def test_constraints_of_an_import(clerk, now):
    from django.db import IntegrityError, transaction

    row = {"kind": "units", "file_name": "x", "size": 1, "by": clerk, "at": now}
    for name, more in [
        ("sheet_import_done_when", {"state": "done"}),
        ("sheet_import_all_or_nothing", {"state": "confirmed", "wrong": 1}),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            SheetImport.objects.create(stored=name, **row, **more)


# ---------------------------------------------------------------- "communities:detail", "communities:unit"


@pytest.fixture
def unit_of_wang(community, building):
    unit = Unit.objects.create(community=community, building=building, code="03-1-0502", area_centi=8956)
    person = Person(name="王桂兰")
    person.set_number("citizen", CITIZEN)
    person.save()
    Ownership.objects.create(unit=unit, person=person, first_day="2020-01-01")
    return unit


def test_the_card_of_a_community(as_office, as_, unit_of_wang, community, cadre, station_head, other_station_head):
    address = reverse("communities:detail", args=[community.pk])
    assert "王*兰" in as_office.get(address).content.decode()
    assert "王*兰" in as_(station_head).get(address).content.decode()
    shown = as_(cadre).get(address).content.decode()
    assert "03-1-0502" in shown and "王*兰" not in shown
    assert as_(other_station_head).get(address).status_code == 404
    assert as_office.post(address).status_code == 405
    assert "没有这样的户" in as_office.get(f"{address}?q=99-9").content.decode()


def test_a_units_page(as_office, as_, unit_of_wang, cadre, resident, neighbour_resident):
    address = reverse("communities:unit", args=[unit_of_wang.pk])
    shown = as_office.get(address).content.decode()
    assert "王*兰" in shown and "110101********1238" in shown and "王桂兰" not in shown
    assert "只给本人" in as_(cadre).get(address).content.decode()
    assert as_(resident).get(address).status_code == 404
    Person.objects.update(user=resident)
    assert "王*兰" in as_(resident).get(address).content.decode()
    assert as_(neighbour_resident).get(address).status_code == 404
    assert as_office.post(address).status_code == 405


@pytest.fixture
def neighbour_resident(make_user):
    from accounts.roles import Role

    return make_user("linju", "邻居", Role.RESIDENT)


def test_the_list_of_units_is_a_constant_number_of_queries(
    as_office, community, building, unit_of_wang, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = reverse("communities:detail", args=[community.pk])
    with CaptureQueriesContext(connection) as few:
        as_office.get(address)
    units = [Unit(community=community, building=building, code=f"04-{n:04}", area_centi=1) for n in range(20)]
    Unit.objects.bulk_create(units)
    with django_assert_num_queries(len(few)):
        as_office.get(address)


# ---------------------------------------------------------------- "communities:unit-transfer"


def sale(*owners: dict, **typed) -> dict:
    rows = {f"owner-{n}-{key}": value for n, owner in enumerate(owners) for key, value in owner.items()}
    management = {"owner-TOTAL_FORMS": 4, "owner-INITIAL_FORMS": 0}
    return {"how": "purchase", "paper": "演示证第1号", "first_day": "2026-03-01", **management, **rows, **typed}


def test_a_sale_is_recorded(as_office, unit_of_wang):
    address = reverse("communities:unit-transfer", args=[unit_of_wang.pk])
    assert as_office.get(address).status_code == 200
    answer = as_office.post(address, sale({"name": "李建国", "phone": "138 0013 8001"}, {"name": "陈平"}))
    assert answer.status_code == 302
    present = Ownership.objects.filter(last_day=None)
    assert {(row.person.name, row.share_text) for row in present} == {("李建国", "1/2"), ("陈平", "1/2")}
    shown = as_office.get(unit_of_wang.get_absolute_url()).content.decode()
    assert "以前的业主" in shown


@pytest.mark.parametrize(
    ("owners", "typed", "says"),
    [
        ([{"name": "李建国"}], {"paper": ""}, "凭据"),
        ([], {}, "写上新业主"),
        ([{"name": "李建国", "number": "110101194912311230"}], {}, "校验码"),
        ([{"name": "李建国", "number": CITIZEN}], {}, "另一个名字"),
        ([{"name": "李建国", "share": "1/2"}, {"name": "陈平", "share": "1/3"}], {}, "一整份"),
        ([{"phone": "13800138000"}], {}, "写上姓名"),
        ([{"name": "李建国"}], {"first_day": "2019-01-01"}, "要在这之后"),
    ],
)
def test_what_a_sale_needs(as_office, unit_of_wang, owners, typed, says):
    answer = as_office.post(reverse("communities:unit-transfer", args=[unit_of_wang.pk]), sale(*owners, **typed))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Ownership.objects.get().last_day is None


def test_who_sells(as_, unit_of_wang, cadre, other_station_head, leader):
    address = reverse("communities:unit-transfer", args=[unit_of_wang.pk])
    assert as_(cadre).get(address).status_code == 403
    assert as_(leader).get(address).status_code == 403
    assert as_(other_station_head).get(address).status_code == 404


# ---------------------------------------------------------------- "communities:person-read"


def test_reading_in_full_asks_why(as_office, as_, unit_of_wang, other_station_head, cadre):
    person = Person.objects.get()
    address = reverse("communities:person-read", args=[person.pk])
    assert "王桂兰" not in as_office.get(f"{address}?back={unit_of_wang.pk}").content.decode()
    assert as_office.post(address, {"why": ""}).status_code == 422
    shown = as_office.post(address, {"why": "核对选票"}).content.decode()
    assert "王桂兰" in shown and CITIZEN in shown
    assert PersonReading.objects.get().why == "核对选票"
    assert as_(other_station_head).get(address).status_code == 404
    assert as_(cadre).get(address).status_code == 403
    assert as_office.delete(address).status_code == 405


# ---------------------------------------------------------------- files that are none


def test_a_broken_upload_gets_its_sentence(as_office):
    send(as_office, b"PK\x03\x04 broken", name="坏.xlsx")
    assert "另存为 .xlsx" in page(as_office)
    with pytest.raises(BadFile):
        list(read(io.BytesIO(b"").getvalue()))
