"""交接单: the list, the slip, its paper, and the pages of its acts; five questions each. Issue 4 §4"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from communities import handovers
from communities.models import ActionItem, BuildingHead, Community, Handover, PatrolDuty, Person
from inspections.models import CheckItem, Finding
from tests.lib.pdf_text import characters

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = reverse("portal:handover")


@pytest.fixture
def slip(cadre, community, other_cadre, station_head, today, now):
    named = {community: other_cadre}
    return handovers.start(user=cadre, first_day=today + DAY, successors=named, by=station_head, now=now)


@pytest.fixture
def finding(community, cadre, today):
    item = CheckItem.objects.first()
    say = {"handling": "notice", "severity": "general", "found_by": cadre, "found_on": today}
    return Finding.objects.create(community=community, item=item, text="3幢门口积水", **say)


def at(name: str, row) -> str:
    return reverse(name, args=[row.pk])


def page(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# ---------------------------------------------------------------- the list


def test_the_list_says_who_has_not_confirmed(slip, as_station_head, as_cadre, cadre, other_cadre):
    for client in (as_station_head, as_cadre):
        words = page(client, LIST)
        assert f"还没确认：{cadre}、{other_cadre}" in words


def test_others_find_none(slip, as_firm, as_, other_station_head, leader):
    for client in (as_firm, as_(other_station_head), as_(leader)):
        assert "没有交接单" in page(client, LIST)


def test_whoever_keeps_the_registry_opens_one(slip, as_station_head, as_cadre, cadre):
    assert at("portal:handover-new", cadre) in page(as_station_head, LIST)
    assert "给谁开交接单" not in page(as_cadre, LIST)


def test_the_desk_counts_them(slip, as_station_head, as_, other_station_head):
    assert "交接单等双方确认" in page(as_station_head, reverse("portal:office"))
    assert "交接单等双方确认" not in page(as_(other_station_head), reverse("portal:office"))


def test_the_list_is_only_to_be_looked_at(as_cadre, stranger):
    assert as_cadre.post(LIST).status_code == 405
    assert stranger.get(LIST).status_code == 302


def test_queries_of_the_list(slip, as_clerk, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        as_clerk.get(LIST)


# ---------------------------------------------------------------- opening one


def test_opening(cadre, community, other_cadre, as_station_head, today):
    form = as_station_head.get(at("portal:handover-new", cadre)).context["form"]
    assert form.initial["first_day"] == today + DAY
    typed = {"first_day": today + DAY, f"to-{community.pk}": other_cadre.pk}
    answer = as_station_head.post(at("portal:handover-new", cadre), typed)
    slip = Handover.objects.get()
    assert answer["Location"] == slip.get_absolute_url()
    assert slip.parts.get().user == other_cadre


def test_a_link_that_was_changed_is_proposed(slip, cadre, community, other_cadre, as_station_head, station_head, now):
    handovers.withdraw(handover=slip, reason="重开", by=station_head, now=now)
    form = as_station_head.get(at("portal:handover-new", cadre)).context["form"]
    assert form.fields[f"to-{community.pk}"].initial == str(other_cadre.pk)
    assert form.initial["first_day"] == slip.first_day


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "至少给一个小区"),
        ({"first_day": ""}, "写上日期"),
        ({"first_day": "2020-01-01", "to": "other"}, "前一天不由"),
        ({"to": "999999999"}, "从名单里选"),
    ],
)
def test_what_is_wrong_is_said_and_kept(typed, words, cadre, community, other_cadre, as_station_head, today):
    to = {"other": other_cadre.pk}.get(typed.get("to"), typed.get("to", ""))
    sent = {"first_day": typed.get("first_day", today + DAY), f"to-{community.pk}": to}
    answer = as_station_head.post(at("portal:handover-new", cadre), sent)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert answer.context["form"].data["first_day"] == str(sent["first_day"]) and not Handover.objects.exists()


def test_whose_it_is_not(cadre, as_, other_station_head, administrator, as_cadre, as_station_head):
    where = at("portal:handover-new", cadre)
    assert as_(other_station_head).get(where).status_code == 404
    assert as_(administrator).get(where).status_code == 403
    assert as_cadre.get(where).status_code == 403
    assert as_station_head.put(where).status_code == 405


# ---------------------------------------------------------------- the slip


@pytest.fixture
def full(slip, finding, community, building, firm_row, cadre, today, now):
    """A slip with everything on it."""
    person = Person.objects.create(name="何桂香")
    days = {"appointed_on": today, "first_day": today}
    BuildingHead.objects.create(community=community, building=building, person=person, origin="self", **days)
    handovers.promise(handover=slip, community=community, text="月底前看漏水", due_on=today, by=cadre, now=now)
    return slip


EVERYTHING = ["演示·松苑小区", "0/", "没有记录", "3幢门口积水", "月底前看漏水", "0578-8800201", "何*香"]


@pytest.mark.parametrize("who", ["cadre", "other_cadre", "station_head", "clerk"])
def test_the_slip(full, firm_row, as_, request, who):
    words = page(as_(request.getfixturevalue(who)), full.get_absolute_url())
    for part in [*EVERYTHING, firm_row.phone]:
        assert part in words
    assert "何桂香" not in words


def test_the_predecessor_is_told_of_the_phone(slip, as_cadre, as_other_cadre):
    assert "只在您的手机里" in page(as_cadre, slip.get_absolute_url())
    assert "只在您的手机里" not in page(as_other_cadre, slip.get_absolute_url())


def test_from_the_day_on_the_predecessor_sees_the_slip_but_not_the_community(full, cadre, as_, today, now):
    PatrolDuty.objects.filter(user=cadre).update(last_day=today - DAY)
    words = page(as_(cadre), full.get_absolute_url())
    assert "演示·松苑小区" in words and "已经交出去" in words and "3幢门口积水" not in words


def test_a_successor_of_a_withdrawn_slip_sees_nothing_of_it(full, as_other_cadre, station_head, now):
    handovers.withdraw(handover=full, reason="开错了", by=station_head, now=now)
    words = page(as_other_cadre, full.get_absolute_url())
    assert "已撤销" in words and "3幢门口积水" not in words


def test_what_unannounced_patrols_found_is_the_offices(full, finding, clerk, as_other_cadre, as_clerk, now, today):
    from inspections.models import Patrol

    moments = {"occurred_at": now, "occurred_on": today, "submitted_at": now, "submitted_on": today, "submit_by": today}
    covert = Patrol.objects.create(
        number="暗1", community=finding.community, user=clerk, kind=Patrol.Kind.COVERT, **moments
    )
    Finding.objects.filter(pk=finding.pk).update(patrol=covert)
    assert "3幢门口积水" not in page(as_other_cadre, full.get_absolute_url())
    assert "3幢门口积水" in page(as_clerk, full.get_absolute_url())


def test_a_successor_sees_their_part_only(cadre, community, village, other_cadre, make_user, as_, clerk, today, now):
    second = Community.objects.create(name="演示·桂花园", village_committee=village, kind="other")
    PatrolDuty.objects.create(user=cadre, community=second, first_day=today - 30 * DAY)
    named = {community: other_cadre, second: make_user("xin", "新干部")}
    slip = handovers.start(user=cadre, first_day=today + DAY, successors=named, by=clerk, now=now)
    words = page(as_(other_cadre), slip.get_absolute_url())
    assert community.name in words and second.name not in words


@pytest.mark.parametrize("name", ["portal:handover-slip", "portal:handover-paper"])
def test_strangers_find_no_slip(name, slip, as_, other_station_head, leader, firm, stranger, as_cadre):
    for user in (other_station_head, leader, firm):
        assert as_(user).get(at(name, slip)).status_code == 404
    assert stranger.get(at(name, slip)).status_code == 302
    assert as_cadre.post(at(name, slip)).status_code == 405


def test_queries_of_the_slip(full, finding, community, as_clerk, cadre, today, now, django_assert_max_num_queries):
    for number in range(20):
        finding.pk, finding.client_id = None, uuid4()
        finding.save(force_insert=True)
        say = {"due_on": today, "by": cadre, "now": now}
        handovers.promise(handover=full, community=community, text=f"第{number}件", **say)
    with django_assert_max_num_queries(32):
        words = as_clerk.get(full.get_absolute_url()).content.decode()
    assert "全部 21 个" in words


def test_the_paper_says_of_the_phone_what_was_said(full, as_cadre, cadre, now):
    assert "□" in characters(as_cadre.get(at("portal:handover-paper", full)).content)
    handovers.hand(handover=full, phone_is_empty=True, by=cadre, now=now)
    assert "□" not in characters(as_cadre.get(at("portal:handover-paper", full)).content)


def test_the_paper(full, as_cadre):
    answer = as_cadre.get(at("portal:handover-paper", full))
    assert answer["Content-Type"] == "application/pdf"
    assert set("包区干部交接单3幢门口积水月底前看漏水何*香") <= characters(answer.content)


# ---------------------------------------------------------------- confirming


def test_both_confirm(slip, as_cadre, as_other_cadre):
    where = at("portal:handover-confirm", slip)
    assert as_cadre.post(where, {"phone_is_empty": "on"})["Location"] == slip.get_absolute_url()
    assert "确认接班" in page(as_other_cadre, where)
    as_other_cadre.post(where)
    slip.refresh_from_db()
    assert slip.state == "confirmed"
    assert "双方都确认了" in page(as_cadre, slip.get_absolute_url())


def test_without_the_tick(slip, as_cadre):
    answer = as_cadre.post(at("portal:handover-confirm", slip))
    assert answer.status_code == 422 and "没交的巡查交上来" in answer.content.decode()


def test_a_second_time_is_told(slip, as_other_cadre):
    as_other_cadre.post(at("portal:handover-confirm", slip))
    answer = as_other_cadre.post(at("portal:handover-confirm", slip), follow=True)
    assert "已经确认过了" in answer.content.decode()


def test_onlookers_do_not_confirm(slip, as_station_head, as_, other_station_head, as_cadre):
    where = at("portal:handover-confirm", slip)
    assert as_station_head.post(where).status_code == as_station_head.get(where).status_code == 403
    assert as_(other_station_head).post(where).status_code == 404
    assert as_cadre.delete(where).status_code == 405


def test_opening_the_page_confirms_nothing(slip, as_cadre, as_other_cadre):
    as_cadre.get(at("portal:handover-confirm", slip)), as_other_cadre.get(at("portal:handover-confirm", slip))
    assert slip.events.count() == 1


def test_a_predecessor_whose_role_has_ended_still_confirms(slip, cadre, as_cadre):
    from accounts.models import RoleGrant

    RoleGrant.objects.filter(user=cadre).update(last_day=slip.first_day - 3 * DAY)
    assert as_cadre.post(at("portal:handover-confirm", slip), {"phone_is_empty": "on"}).status_code == 302
    slip.refresh_from_db()
    assert slip.handed_at


# ---------------------------------------------------------------- promises, withdrawing


def test_a_promise(slip, community, as_cadre, as_station_head, as_, other_station_head, today):
    where = at("portal:handover-promise", slip)
    typed = {"community": community.pk, "text": "看漏水", "due_on": today}
    assert as_station_head.post(where, typed).status_code == 403
    assert as_(other_station_head).post(where, typed).status_code == 404
    assert as_cadre.put(where).status_code == 405
    assert as_cadre.post(where, typed).status_code == 302
    assert ActionItem.objects.get().text == "看漏水"


def test_a_promise_that_cannot_be_read(slip, as_cadre, neighbour_community, today):
    typed = {"community": neighbour_community.pk, "text": "一件事", "due_on": today - DAY}
    answer = as_cadre.post(at("portal:handover-promise", slip), typed)
    words = answer.content.decode()
    assert answer.status_code == 422 and "这张交接单上" in words and "一件事" in words


def test_a_promise_is_kept(full, as_cadre, as_other_cadre, as_, other_station_head):
    where = at("portal:promise-done", ActionItem.objects.get())
    assert as_other_cadre.post(where).status_code == 403  # linked from tomorrow on
    assert as_(other_station_head).post(where).status_code == 404
    assert as_cadre.get(where).status_code == 405
    assert as_cadre.post(where)["Location"] == full.get_absolute_url()
    assert "办好了" in page(as_cadre, full.get_absolute_url())


def test_withdrawing(slip, as_station_head, as_, other_station_head, administrator, as_cadre):
    where = at("portal:handover-withdraw", slip)
    assert as_(other_station_head).post(where, {"reason": "x"}).status_code == 404
    assert as_(administrator).post(where, {"reason": "x"}).status_code == 403
    assert as_cadre.get(where).status_code == 403
    assert as_station_head.put(where).status_code == 405
    assert as_station_head.post(where).status_code == 422
    assert as_station_head.post(where, {"reason": "日子写错了"}).status_code == 302
    slip.refresh_from_db()
    assert slip.state == "withdrawn"
    assert "日子写错了" in page(as_station_head, slip.get_absolute_url())


def test_messages_lead_to_the_slip(slip, as_other_cadre):
    words = page(as_other_cadre, reverse("accounts:inbox"))
    assert "陈国平的交接单等确认" in words and "演示·松苑小区" in words
