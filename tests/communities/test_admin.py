"""The registry in the admin: whose rows, whose acts, sentences at their fields, the history, the export."""

import io
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts import history
from accounts.admin_rows import registered
from accounts.models import RoleGrant
from accounts.roles import Role
from communities import models
from communities.models import (
    Building,
    BuildingHead,
    CadreLeave,
    Community,
    Contract,
    Equipment,
    FirmPost,
    PatrolDuty,
    Person,
    ServiceState,
    StationPost,
    Unit,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TABLES = [page.model for page in registered() if page.opts.app_label == "communities"]


def address(model, what: str, *args) -> str:
    return reverse(f"admin:communities_{model._meta.model_name}_{what}", args=args)


@pytest.fixture
def as_office(as_, clerk):
    return as_(clerk)


@pytest.fixture
def newcomer(make_user):
    return make_user("xinlai", "新来的")


@pytest.fixture
def one_of_each(town, building, neighbour_community, other_station_head, today):
    """A row in every table, in the station's community and in another's."""
    other = Building.objects.create(community=neighbour_community, code="01", name="1幢")
    for place in (building, other):
        where = {"community": place.community, "building": place}
        stairwell = place.stairwells.create(code="1", name="1单元")
        Unit.objects.create(**where, stairwell=stairwell, code="1-0101", area_centi=8956)
        person = Person.objects.create(name="王桂兰")
        BuildingHead.objects.create(**where, person=person, origin="self", appointed_on=today, first_day=today)
        Equipment.objects.create(**where, kind="lift", name="1号梯", first_day=today, inspect_by=today)
        ServiceState.objects.create(community=place.community, kind="firm", first_day=today)
    for duty in PatrolDuty.objects.all():
        CadreLeave.objects.create(user=duty.user, first_day=today, last_day=today)


# These live on pages of the portal, where those whom they concern work with them.
ON_PAGES = {
    getattr(models, name)
    for name in """Handover HandoverPart HandoverEvent ActionItem OwnersCommittee
CommitteeMember CommitteeElection CommitteeConcern PartyBranch ExitHandover ExitItem Record RecordFile
FirmStaff Certificate
LetterBatch ActivationCode AccountLink FeeMonth SupervisedAccount SupervisedMonth
ResidentGroup ModelNomination Investment ClaimedProblem ClaimEvent
Ownership PersonReading PersonCorrection SheetImport SheetExport""".split()
}


def test_every_table_is_there():
    named = {getattr(models, name) for name in models.__all__}
    assert {*TABLES, models.Stairwell} | ON_PAGES == named


# ---------------------------------------------------------------- whose rows


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.model_name)
def test_lists_and_rows_open(table, one_of_each, as_office, as_station_head):
    for browser in (as_office, as_station_head):
        assert browser.get(address(table, "changelist")).status_code == 200
    for row in table.objects.all()[:2]:
        assert as_office.get(address(table, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.model_name)
def test_a_stations_own_rows_only(table, one_of_each, as_station_head, station_head):
    found = as_station_head.get(address(table, "changelist")).context["cl"].queryset
    own = table.objects.visible_to(station_head)
    assert set(found.values_list("pk", flat=True)) == set(own.values_list("pk", flat=True))
    if table not in (models.Firm, models.ExportColumn, models.ArchiveHeading):  # the town's, for all who come in
        assert 0 < own.count() < table.objects.count()
    for row in table.objects.exclude(pk__in=own.values("pk")):
        answer = as_station_head.get(address(table, "change", row.pk), follow=True)
        assert "不存在" in answer.content.decode()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.model_name)
def test_lists_take_a_constant_number_of_queries(table, one_of_each, as_office, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        as_office.get(address(table, "changelist"))


@pytest.mark.parametrize("who", ["cadre", "firm", "leader", "resident"])
def test_no_place_for_others(who, request, town, as_):
    answer = as_(request.getfixturevalue(who)).get(address(Community, "changelist"))
    assert answer.status_code == 302


def test_an_administrator_only_looks(administrator, town, as_, community):
    browser = as_(administrator)
    assert browser.get(address(Community, "change", community.pk)).status_code == 200
    assert browser.get(address(Community, "add")).status_code == 403
    assert browser.post(address(Community, "change", community.pk), {}).status_code == 403


@pytest.mark.parametrize("model", [models.VillageCommittee, models.Firm, StationPost])
def test_what_is_the_towns_a_station_only_reads(model, town, as_station_head, village, firm_row):
    assert as_station_head.get(address(model, "add")).status_code == 403


def test_searching_by_pinyin_and_initials(town, as_office):
    for words in ("songyuan", "syxq", "松苑", Community.objects.get(name="演示·松苑小区").code):
        found = as_office.get(address(Community, "changelist"), {"q": words}).context["cl"].queryset
        assert [row.name for row in found] == ["演示·松苑小区"], words


# ---------------------------------------------------------------- filters


def listed(browser, model, **arguments) -> set:
    return set(browser.get(address(model, "changelist"), arguments).context["cl"].queryset)


def test_buildings_without_head(building, community, as_office, today):
    other = Building.objects.create(community=community, code="04", name="4幢")
    person = Person.objects.create(name="何桂香")
    BuildingHead.objects.create(
        community=community, building=other, person=person, origin="self", appointed_on=today, first_day=today
    )
    assert listed(as_office, Building, head="no") == {building}
    assert listed(as_office, Building, head="yes") == {other}


def test_what_is_in_force_today(town, community, neighbour_community, as_office, days_ago):
    old = Contract.objects.get(community=community)
    Contract.objects.filter(pk=old.pk).update(last_day=days_ago(1))
    assert listed(as_office, Contract, today="over") == {old}
    assert {row.community for row in listed(as_office, Contract, today="now")} == {neighbour_community}


def test_communities_without_cadre_or_firm(community, neighbour_community, other_cadre, firm_row, as_office):
    assert listed(as_office, Community, missing="cadre") == {community}
    assert listed(as_office, Community, missing="firm") == {neighbour_community}


def test_units_of_one_community(one_of_each, community, as_office):
    assert {unit.community for unit in listed(as_office, Unit, community=community.pk)} == {community}
    assert listed(as_office, Unit, community="abc") == set(Unit.objects.all())


def test_inspections_due(community, as_office, today):
    days = {"kind": "lift", "first_day": today, "community": community}
    over = Equipment.objects.create(name="1", inspect_by=today - DAY, **days)
    soon = Equipment.objects.create(name="2", inspect_by=today + 30 * DAY, **days)
    Equipment.objects.create(name="3", inspect_by=today + 31 * DAY, **days)
    assert listed(as_office, Equipment, due="over") == {over}
    assert listed(as_office, Equipment, due="soon") == {over, soon}


# ---------------------------------------------------------------- links go through their subjects


def duty(community, user, first_day, last_day="", kind="linked") -> dict:
    return {"community": community.pk, "user": user.pk, "kind": kind, "first_day": first_day, "last_day": last_day}


def errors_of(answer) -> dict:
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


def test_a_link_makes_the_role(newcomer, community, as_station_head, today):
    answer = as_station_head.post(address(PatrolDuty, "add"), duty(community, newcomer, today))
    assert answer.status_code == 302
    assert PatrolDuty.objects.get().user == newcomer
    assert RoleGrant.objects.get(user=newcomer).role == Role.CADRE


def test_two_linked_cadres_are_explained_in_the_form(cadre, newcomer, community, as_station_head, today):
    answer = as_station_head.post(address(PatrolDuty, "add"), duty(community, newcomer, today))
    assert "已经有联系干部" in str(errors_of(answer))
    assert PatrolDuty.objects.count() == 1


def test_a_station_and_a_day_that_has_passed(newcomer, community, as_station_head, days_ago):
    answer = as_station_head.post(address(PatrolDuty, "add"), duty(community, newcomer, days_ago(2)))
    assert "镇物业办" in str(errors_of(answer)["first_day"])


def test_ending_a_link_ends_the_role(newcomer, community, as_station_head, today):
    as_station_head.post(address(PatrolDuty, "add"), duty(community, newcomer, today))
    row = PatrolDuty.objects.get()
    answer = as_station_head.post(address(PatrolDuty, "change", row.pk), {"last_day": today, "why": "调走了"})
    assert answer.status_code == 302
    assert PatrolDuty.objects.get().last_day == today == RoleGrant.objects.get(user=newcomer).last_day
    assert history.changes_of(row)[0].reason == "调走了"


def test_who_and_where_do_not_change(cadre, newcomer, community, as_station_head, today):
    row = PatrolDuty.objects.get()
    form = {**duty(community, newcomer, today), "last_day": today}
    as_station_head.post(address(PatrolDuty, "change", row.pk), form)
    row.refresh_from_db()
    assert (row.user, row.first_day) == (cadre, date(2020, 1, 1))


def test_what_has_begun_is_not_deleted(cadre, as_station_head):
    row = PatrolDuty.objects.get()
    assert as_station_head.post(address(PatrolDuty, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_what_has_not_begun_is_taken_back(newcomer, community, as_station_head, today):
    as_station_head.post(address(PatrolDuty, "add"), duty(community, newcomer, today + DAY))
    row = PatrolDuty.objects.get()
    assert as_station_head.post(address(PatrolDuty, "delete", row.pk), {"post": "yes"}).status_code == 302
    assert not PatrolDuty.objects.exists() and not RoleGrant.objects.filter(withdrawn_at=None, user=newcomer).exists()


def test_a_contract_over_another(community, other_firm_row, firm_row, as_station_head, today):
    form = {"community": community.pk, "firm": other_firm_row.pk, "kind": "owners", "first_day": today}
    answer = as_station_head.post(address(Contract, "add"), form)
    assert "已经有物业合同" in str(errors_of(answer))


def test_lengthening_a_contract_into_the_next(community, firm_row, other_firm_row, as_office, today):
    """Community and firm are closed on this form; the constraint is asked all the same."""
    first = Contract.objects.get(community=community)
    Contract.objects.filter(pk=first.pk).update(last_day=today)
    Contract.objects.create(community=community, firm=other_firm_row, kind="owners", first_day=today + DAY)
    answer = as_office.post(address(Contract, "change", first.pk), {"last_day": today + 5 * DAY})
    assert "已经有物业合同" in str(errors_of(answer))


def test_service_changes_hands_in_one_step(community, as_station_head, today):
    ServiceState.objects.create(community=community, kind="firm", first_day=today - 300 * DAY)
    form = {"community": community.pk, "kind": "self_governed", "body": "", "first_day": today}
    answer = as_station_head.post(address(ServiceState, "add"), form)
    assert "自治小组" in str(errors_of(answer))
    answer = as_station_head.post(address(ServiceState, "add"), {**form, "body": "松苑自治小组"})
    assert answer.status_code == 302
    assert [row.last_day for row in ServiceState.objects.order_by("first_day")] == [today - DAY, None]


def test_a_firms_person(newcomer, firm_row, as_station_head, today):
    form = {"firm": firm_row.pk, "user": newcomer.pk, "kind": "manager", "first_day": today}
    assert as_station_head.post(address(FirmPost, "add"), form).status_code == 302
    assert RoleGrant.objects.get(user=newcomer).role == Role.FIRM_MANAGER


def test_leave(cadre, as_station_head, today):
    form = {"user": cadre.pk, "first_day": today, "last_day": today}
    assert as_station_head.post(address(CadreLeave, "add"), form).status_code == 302
    assert "已经记过请假" in str(errors_of(as_station_head.post(address(CadreLeave, "add"), form)))


def test_a_stations_people(other_station_head, village, as_office, today):
    form = {"village_committee": village.pk, "user": other_station_head.pk, "kind": "clerk", "first_day": today}
    assert "先请系统管理员授予" in str(errors_of(as_office.post(address(StationPost, "add"), form)))
    assert as_office.post(address(StationPost, "add"), {**form, "kind": "head"}).status_code == 302


def test_a_buildings_head(building, newcomer, as_station_head, today):
    person = {"named": "何桂香", "number": "199 0010 0001", "user": newcomer.pk}
    assert as_station_head.post(address(Person, "add"), person).status_code == 302
    form = {"building": building.pk, "person": Person.objects.get().pk, "origin": "recommended"}
    form |= {"appointed_on": today, "first_day": today}
    assert "哪些业主代表" in str(errors_of(as_station_head.post(address(BuildingHead, "add"), form)))
    assert as_station_head.post(address(BuildingHead, "add"), {**form, "origin": "self"}).status_code == 302
    assert RoleGrant.objects.get(user=newcomer).role == Role.BUILDING_HEAD
    page = as_station_head.get(address(BuildingHead, "changelist")).content.decode()
    assert "199****0001" in page and "19900100001" not in page


# ---------------------------------------------------------------- places


def test_a_unit_is_typed_in_square_metres(building, as_station_head):
    form = {"building": building.pk, "code": "03-1-0502", "use": "dwelling", "area": "89.56", "sale_state": "sold"}
    assert as_station_head.post(address(Unit, "add"), form).status_code == 302
    unit = Unit.objects.get()
    assert (unit.area_centi, unit.community) == (8956, building.community)
    assert "已经有这个房号" in str(errors_of(as_station_head.post(address(Unit, "add"), form)))


def community_form(community, **changes) -> dict:
    form = {"name": community.name, "village_committee": community.village_committee_id, "kind": community.kind}
    for name in ("contracts", "service_states", "duties", "buildings"):
        form |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    return form | changes


def test_buildings_are_typed_on_the_communitys_page(community, building, as_station_head):
    rows = {"buildings-TOTAL_FORMS": 2, "buildings-INITIAL_FORMS": 1, "buildings-0-id": building.pk}
    rows |= {"buildings-0-community": community.pk, "buildings-0-code": "03", "buildings-0-name": "3幢"}
    rows |= {"buildings-1-community": community.pk, "buildings-1-code": "03", "buildings-1-name": "三幢"}
    where = address(Community, "change", community.pk)
    answer = as_station_head.post(where, community_form(community, **rows))
    assert answer.status_code == 200 and "重复" in str(answer.context["errors"])
    rows["buildings-1-code"] = "04"
    assert as_station_head.post(where, community_form(community, **rows)).status_code == 302
    assert community.buildings.count() == 2


def test_the_history_says_who_and_why(community, as_station_head, station_head):
    form = community_form(community, built_year=2009, why="照档案改")
    assert as_station_head.post(address(Community, "change", community.pk), form).status_code == 302
    change = history.changes_of(community)[0]
    assert (change.by, change.reason) == (station_head, "照档案改")
    assert ("建成年份", "2008", "2009") in change.what
    page = as_station_head.get(address(Community, "history", community.pk)).content.decode()
    assert "照档案改" in page and "2009" in page


def test_the_sign_at_the_gate_is_not_typed(community, as_office):
    code = community.code
    as_office.post(address(Community, "change", community.pk), community_form(community, code="ABCDEF"))
    assert Community.objects.get(pk=community.pk).code == code


def test_what_was_used_is_not_deleted(one_of_each, building, as_office):
    page = as_office.post(address(Building, "delete", building.pk), {"post": "yes"}).content.decode()
    assert Building.objects.filter(pk=building.pk).exists()
    assert "1-0101" in page


def test_what_was_never_used_is(community, as_office):
    building = Building.objects.create(community=community, code="09", name="9幢")
    assert as_office.post(address(Building, "delete", building.pk), {"post": "yes"}).status_code == 302
    assert not Building.objects.filter(pk=building.pk).exists()


def test_a_community_is_never_deleted(community, as_office):
    assert as_office.post(address(Community, "delete", community.pk), {"post": "yes"}).status_code == 403


def test_no_deletion_in_bulk():
    for table in TABLES:
        assert "delete_selected" not in dict(admin.site._registry[table].actions or [])


def test_somebody_was_quicker(community, firm_row, as_office, today, monkeypatch):
    """What slips between question and answer is a sentence, not a fault."""
    from communities import contracts
    from communities.admin.firms import ContractForm

    monkeypatch.setattr(ContractForm, "examine", lambda self: None)
    monkeypatch.setattr(contracts, "check", lambda row, **say: None)
    form = {"community": community.pk, "firm": firm_row.pk, "kind": "owners", "first_day": today, "open_items": "stays"}
    monkeypatch.setattr(Contract, "validate_constraints", lambda self, exclude=None: None)
    answer = as_office.post(address(Contract, "add"), form, follow=True)
    assert answer.status_code == 200 and "已经有物业合同" in answer.content.decode()


# ---------------------------------------------------------------- export


def exported(answer) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue()))
    return book.get_sheet_by_index(0).to_python()


def test_the_filtered_list_as_a_workbook(town, community, as_office, clerk):
    Community.objects.filter(pk=community.pk).update(name='=HYPERLINK("x")')
    answer = as_office.post(address(Community, "export") + "?kind__exact=settlement")
    rows = exported(answer)
    assert rows[0][:3] == ["名称", "所属村居", "类别"] and len(rows) == 2
    assert rows[1][0] == '=HYPERLINK("x")' and rows[1][2] == "安置类"
    entry = LogEntry.objects.get(user=clerk)
    assert "导出 1 行" in entry.change_message and "settlement" in entry.change_message


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.model_name)
def test_every_list_can_be_taken_along(table, one_of_each, as_office):
    rows = exported(as_office.post(address(table, "export")))
    assert len(rows) == table.objects.count() + 1


def test_a_station_takes_its_own_rows(one_of_each, as_station_head, community):
    assert [row[0] for row in exported(as_station_head.post(address(Community, "export")))[1:]] == [community.name]


def test_opening_the_address_takes_nothing(town, as_office):
    assert as_office.get(address(Community, "export")).status_code == 405
    assert not LogEntry.objects.exists()


# ---------------------------------------------------------------- somebody with two roles


@pytest.fixture
def clerk_and_cadre(station_clerk, other_cadre, neighbour_community):
    """A station's clerk who also patrols a community of another station: seen, but not kept."""
    PatrolDuty.objects.filter(user=other_cadre).delete()
    RoleGrant.objects.create(user=station_clerk, role=Role.CADRE, first_day=date(2020, 1, 1), origin="link")
    PatrolDuty.objects.create(user=station_clerk, community=neighbour_community, first_day=date(2020, 1, 1))
    return station_clerk


def test_patrolling_a_community_is_not_keeping_its_registry(clerk_and_cadre, neighbour_community, as_, newcomer, today):
    browser = as_(clerk_and_cadre)
    where = address(Community, "change", neighbour_community.pk)
    assert browser.get(where).status_code == 200
    assert browser.post(where, community_form(neighbour_community)).status_code == 403
    form = {"community": neighbour_community.pk, "kind": "lift", "name": "1号梯", "first_day": today}
    assert "不归您的物管站" in str(errors_of(browser.post(address(Equipment, "add"), form)))
    form = duty(neighbour_community, newcomer, today, last_day=today, kind="substitute")
    assert browser.post(address(PatrolDuty, "add"), form).status_code == 403


def test_which_village_a_community_belongs_to_the_town_decides(community, other_village, as_station_head, as_office):
    form = community_form(community, village_committee=other_village.pk)
    as_station_head.post(address(Community, "change", community.pk), form)
    assert Community.objects.get(pk=community.pk).village_committee == community.village_committee
    as_office.post(address(Community, "change", community.pk), form)
    assert Community.objects.get(pk=community.pk).village_committee == other_village


def test_the_history_says_lists_in_words(community, as_station_head):
    """Nothing chosen is nothing, and what is chosen is called by its name."""
    first = history.changes_of(community)[0]
    assert "特点" not in [column for column, _, _ in first.what]
    community.tags = ["old", "model"]
    community.save()
    assert ("特点", "（空）", "老旧小区、示范") in history.changes_of(community)[0].what


# ---------------------------------------------------------------- the first page


def test_the_first_page_is_a_list_of_tasks(as_station_head, as_office):
    first, second, *_ = as_station_head.get(reverse("admin:index")).context["app_list"]
    assert (first["name"], second["name"]) == ("小区和房屋", "谁联系、谁代班、谁请假")
    assert [table["object_name"] for table in first["models"]][:3] == ["Community", "Building", "Unit"]


def test_every_table_has_a_task(as_office, as_, administrator):
    for client in (as_office, as_(administrator)):
        groups = client.get(reverse("admin:index")).context["app_list"]
        assert not [group["name"] for group in groups if group["name"] == "小区台账"]
        tables = [table["object_name"] for group in groups for table in group["models"]]
        assert len(tables) == len(set(tables)) and {"Rule", "Community"} <= set(tables)
