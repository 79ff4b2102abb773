"""The pages of owners' committees and hand-over lists: the five questions of each."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from communities.models import (
    CommitteeConcern,
    CommitteeElection,
    CommitteeMember,
    Community,
    ExitHandover,
    OwnersCommittee,
    PartyBranch,
    Person,
)
from tests import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST, WATCH = reverse("communities:committee-list"), reverse("communities:committee-watch")


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def committee(community, days_ago, today):
    day = days_ago(20)
    return OwnersCommittee.objects.create(
        community=community, number=1, seats=3, elected_on=day, first_day=day, last_day=today + 1200 * DAY
    )


@pytest.fixture
def member(committee):
    person = Person.objects.create(name="王桂兰")
    return CommitteeMember.objects.create(
        committee=committee, person=person, post="chair", first_day=committee.first_day
    )


@pytest.fixture
def as_member(member, make_user, as_):
    from accounts.roles import Role

    Person.objects.filter(pk=member.person_id).update(user=make_user("wy", "王桂兰", Role.COMMITTEE_MEMBER))
    member.person.refresh_from_db()
    return as_(member.person.user)


# ---------------------------------------------------------------- lists


def test_the_list_says_what_is_missing(member, neighbour_community, as_clerk):
    page = text(as_clerk.get(LIST))
    assert (
        "1 个小区现在没有业委会" in page and "第 1 届，1/3 人" in page and "委员不满" in page and "主任 王桂兰" in page
    )


@pytest.mark.parametrize(
    ("state", "change", "found"),
    [
        ("in", {}, True),
        ("none", {}, False),
        ("ending", {}, False),
        ("ending", {"left": 60}, True),
        ("unfiled", {}, False),
        ("unfiled", {"elected": 31}, True),
        ("troubled", {}, False),
        ("troubled", {"concern": True}, True),
    ],
)
def test_each_state_lists_its_communities(committee, as_station_head, today, days_ago, state, change, found):
    if "left" in change:
        OwnersCommittee.objects.update(last_day=today + change["left"] * DAY)
    if "elected" in change:
        OwnersCommittee.objects.update(elected_on=days_ago(change["elected"]), first_day=days_ago(change["elected"]))
    if "concern" in change:
        CommitteeConcern.objects.create(committee=committee, kind="weak", reason="x", first_day=today)
    rows = as_station_head.get(LIST, {"state": state}).context["rows"]
    assert bool(rows) is found


def test_a_bent_address_shows_all(committee, as_station_head):
    for page in (LIST, WATCH):
        assert as_station_head.get(page, {"state": "x", "village": "x", "page": "x", "q": "\0"}).status_code == 200


def test_the_list_as_a_workbook(member, as_clerk):
    book = b"".join(as_clerk.get(at("communities:committee-list-export")))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[0][:4] == ["小区", "村居", "第几届", "主任"] and "王桂兰" in rows[1]


@pytest.mark.parametrize("page", [LIST, WATCH])
def test_lists_take_the_same_queries(page, member, village, today, as_clerk):
    few = queries.of(as_clerk, page)
    for number in range(8):
        place = Community.objects.create(name=f"演示·{number}", village_committee=village, kind="other")
        row = place.committees.create(number=1, seats=3, elected_on=today, first_day=today, last_day=today + 900 * DAY)
        row.members.create(person=Person.objects.create(name=f"委{number}"), post="chair", first_day=today)
        Community.objects.create(name=f"演示·空{number}", village_committee=village, kind="other")
    assert queries.of(as_clerk, page) == few


@pytest.mark.parametrize("page", [LIST, WATCH, at("communities:committee-list-export")])
def test_not_for_others(page, as_firm, as_, resident, stranger):
    assert as_firm.get(page).status_code == as_(resident).get(page).status_code == 403
    assert stranger.get(page).status_code == 302


def test_the_watch_list_shows_steps_with_days(community, as_station_head, days_ago):
    CommitteeElection.objects.create(community=community, kind="first", ready_on=days_ago(61), basis="入住过半")
    page = text(as_station_head.get(WATCH))
    assert "过了期限" in page and "成立筹备组" in page and "入住过半" in page


# ---------------------------------------------------------------- a member's home


def test_a_member_is_led_to_the_committee(as_member, committee):
    assert as_member.get(at("communities:own-committee")).url == committee.get_absolute_url()
    page = text(as_member.get(committee.get_absolute_url()))
    assert "记一条" in page and "提前结束" not in page


def test_without_a_seat_it_is_explained(as_member, committee, days_ago):
    CommitteeMember.objects.update(last_day=days_ago(1))
    assert "不在哪一届业委会里" in text(as_member.get(at("communities:own-committee")))


def test_only_members_have_one(as_station_head, committee):
    assert as_station_head.get(at("communities:own-committee")).status_code == 403


# ---------------------------------------------------------------- one committee and its acts


def test_who_reads_a_committee(committee, as_, cadre, other_cadre, station_head, other_station_head, leader, clerk):
    where = at("communities:committee-detail", committee.pk)
    for user, status in (
        (cadre, 200), (other_cadre, 404), (station_head, 200), (other_station_head, 404), (leader, 200), (clerk, 200),
    ):  # fmt: skip
        assert as_(user).get(where).status_code == status, user


def test_the_page_names_whose_turn_it_is(committee, as_station_head, days_ago, today):
    assert "业委会去备案" in text(as_station_head.get(committee.get_absolute_url()))
    OwnersCommittee.objects.update(elected_on=days_ago(40), first_day=days_ago(40))
    assert "还没备案，过了期限" in text(as_station_head.get(committee.get_absolute_url()))
    OwnersCommittee.objects.update(filed_on=today, filing_number="1")
    assert "发备案证明" in text(as_station_head.get(committee.get_absolute_url()))
    OwnersCommittee.objects.update(certificate_on=today)
    assert "任期内，已备案" in text(as_station_head.get(committee.get_absolute_url()))
    OwnersCommittee.objects.update(last_day=today + 30 * DAY)
    assert "准备换届" in text(as_station_head.get(committee.get_absolute_url()))


def test_registering_a_committee(community, as_station_head, today):
    where = at("communities:committee-new", community.pk)
    last = date(today.year + 4, today.month, min(today.day, 28))
    data = {"number": 1, "elected_on": today, "first_day": today, "last_day": last, "seats": 5}
    assert "5" in text(as_station_head.post(where, {**data, "last_day": "没定"}))
    answer = as_station_head.post(where, data)
    assert answer.status_code == 302 and OwnersCommittee.objects.get().community == community


def test_members_come_and_go(committee, as_station_head, today):
    where = at("communities:member-new", committee.pk)
    assert as_station_head.post(where, {"name": "何桂香"}).status_code == 422
    data = {"name": "何桂香", "number": "13900000009", "post": "member", "origin": "elected", "first_day": today}
    assert as_station_head.post(where, data).status_code == 302
    member = CommitteeMember.objects.get()
    assert as_station_head.post(at("communities:member-consent", member.pk), {"agrees": "yes"}).status_code == 302
    assert "13900000009（本人同意公布）" in text(as_station_head.get(committee.get_absolute_url()))
    end = at("communities:member-end", member.pk)
    assert as_station_head.post(end, {"last_day": today, "end_reason": ""}).status_code == 422
    assert as_station_head.post(end, {"last_day": today, "end_reason": "辞职"}).status_code == 302


def test_a_consent_without_number_is_explained(member, as_member):
    page = text(as_member.post(at("communities:member-consent", member.pk), {"agrees": "yes"}, follow=True))
    assert "还没有登记这位委员的电话" in page


def test_filing_on_the_page(committee, as_station_head, today):
    where = at("communities:committee-amend", committee.pk)
    assert "30 天内备案" in text(as_station_head.get(where))
    assert as_station_head.post(where, {"filed_on": today + DAY, "seats": 3}).status_code == 422
    assert as_station_head.post(where, {"filed_on": today, "filing_number": "备1", "seats": 3}).status_code == 302
    assert OwnersCommittee.objects.get().filing_number == "备1"


def test_a_concern_on_the_page(committee, as_station_head, today):
    where = at("communities:concern-new", committee.pk)
    data = {"kind": "weak", "reason": "半年没开会", "first_day": today}
    assert as_station_head.post(where, {**data, "reason": ""}).status_code == 422
    assert as_station_head.post(where, data).status_code == 302
    concern = CommitteeConcern.objects.get()
    assert "半年没开会" in text(as_station_head.get(committee.get_absolute_url()))
    assert as_station_head.post(at("communities:concern-settle", concern.pk), {"settled": "谈过了"}).status_code == 302
    concern.refresh_from_db()
    assert concern.last_day == today


def test_an_early_end_says_why(committee, as_station_head, today):
    from accounts import history

    where = at("communities:committee-end", committee.pk)
    assert as_station_head.post(where, {"last_day": today, "why": ""}).status_code == 422
    assert as_station_head.post(where, {"last_day": today, "why": "业主大会改选"}).status_code == 302
    assert history.changes_of(committee)[0].reason == "业主大会改选"
    assert ExitHandover.objects.get().committee == committee


def test_an_election_on_the_page(community, as_station_head, today, days_ago):
    data = {"kind": "first", "ready_on": days_ago(3), "basis": "入住过半"}
    where = at("communities:election-new", community.pk)
    assert as_station_head.post(where, {**data, "kind": ""}).status_code == 422
    assert as_station_head.post(where, data).status_code == 302
    row = CommitteeElection.objects.get()
    steps = at("communities:election-steps", row.pk)
    assert as_station_head.post(steps, {"assembly_on": today}).status_code == 422
    assert as_station_head.post(steps, {"group_on": today, "candidates": 7}).status_code == 302
    assert "候选 7 人" in text(as_station_head.get(WATCH))
    assert "先写上业主大会" in text(as_station_head.post(at("communities:election-finish", row.pk), follow=True))
    assert (
        as_station_head.post(at("communities:election-stop", row.pk), {"stopped_why": "业主不同意"}).status_code == 302
    )
    assert "业主不同意" in text(as_station_head.get(WATCH))


def test_a_branch_on_the_page(committee, community, cadre, as_station_head, today):
    where = at("communities:branch-new", community.pk)
    assert f"现在是{cadre}" in text(as_station_head.get(where))
    data = {"name": "松苑党支部", "first_day": today, "party_members": 4}
    assert as_station_head.post(where, data).status_code == 302
    assert PartyBranch.objects.get().secretary == cadre
    assert "松苑党支部" in text(as_station_head.get(committee.get_absolute_url()))


KEPT = ["communities:committee-amend", "communities:committee-end", "communities:member-new", "communities:concern-new"]


@pytest.mark.parametrize("name", KEPT)
def test_acts_are_the_registrars(name, committee, as_, other_station_head, administrator, leader, cadre):
    where = at(name, committee.pk)
    assert as_(other_station_head).get(where).status_code == 404
    assert as_(administrator).get(where).status_code == 403
    for user in (leader, cadre):
        assert as_(user).get(where).status_code == 403


@pytest.mark.parametrize("name", ["communities:committee-new", "communities:election-new", "communities:branch-new"])
def test_acts_for_communities_of_others(name, community, as_, other_station_head):
    assert as_(other_station_head).get(at(name, community.pk)).status_code == 404


@pytest.mark.parametrize("name", ["communities:member-consent", "communities:election-finish", "communities:exit-new"])
def test_buttons_only_take_posts(name, as_station_head):
    assert as_station_head.get(at(name, 1)).status_code == 405


# ---------------------------------------------------------------- hand-over lists


def test_a_list_from_beginning_to_end(community, firm_row, firm, as_station_head, as_, days_ago, today):
    contract = community.contracts.get()
    contract.last_day = days_ago(2)
    contract.save()
    assert "还没开清单" in text(as_station_head.get(at("communities:exit-list")))
    assert as_station_head.post(at("communities:exit-new", contract.pk)).status_code == 302
    row = ExitHandover.objects.get()
    where = at("communities:exit-detail", row.pk)
    assert "在移交" in text(as_station_head.get(at("communities:exit-list")))
    assert as_station_head.post(at("communities:exit-item-new", row.pk), {"kind": "", "name": ""}).status_code == 422
    assert (
        as_station_head.post(at("communities:exit-item-new", row.pk), {"kind": "papers", "name": "门禁卡"}).status_code
        == 302
    )
    assert as_station_head.post(at("communities:exit-item-answer", row.items.first().pk), {}).status_code == 422
    assert as_station_head.post(at("communities:exit-close", row.pk), {"witness": "社区"}).status_code == 422
    for item in row.items.all():
        data = {"handed_on": today, "quantity": "1"}
        assert as_station_head.post(at("communities:exit-item-answer", item.pk), data).status_code == 302
    assert as_station_head.post(at("communities:exit-close", row.pk), {"witness": "社区"}).status_code == 302
    assert "移交完成" in text(as_(firm).get(where)) and "监交人：社区" in text(as_(firm).get(where))


def test_a_contract_without_end_has_no_list(community, firm_row, as_station_head):
    page = as_station_head.post(at("communities:exit-new", community.contracts.get().pk), follow=True)
    assert "还没有结束日期" in text(page) and not ExitHandover.objects.exists()
