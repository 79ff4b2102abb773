"""Pages of a campaign: who sees them, what they offer, bad input, constant queries. Issue 10 §1, §3, §4"""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns import lists, matrix, planning
from campaigns.models import Campaign, CampaignPlace, Phase, Problem, Task, Team
from communities.models import Community
from inspections.models import CheckItem
from lib import workbook
from lib.workbook import Column
from tests import queries
from tests.campaigns.conftest import CHECKING, MONDAY, day
from tests.campaigns.test_steps import finding, write

pytestmark = pytest.mark.django_db


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def words(answer) -> str:
    return answer.content.decode()


# ---------------------------------------------------------------- who sees what


def test_a_draft_is_the_offices_alone(as_, draft, clerk, leader, station_head, cadre, firm, community):
    planning.add_places(campaign=draft, communities=[community], by=clerk, now=MONDAY)
    for user, status in ((clerk, 200), (leader, 200), (station_head, 404), (cadre, 404), (firm, 404)):
        assert page(as_(user), "campaigns:detail", draft.pk).status_code == status


def test_those_whose_community_takes_part_see_it(
    as_, campaign, place, firm, cadre, station_head, make_user, neighbour_community
):
    there = campaign.places.get(community=neighbour_community)
    for user in (firm, cadre, station_head):
        assert page(as_(user), "campaigns:detail", campaign.pk).status_code == 200
        assert page(as_(user), "campaigns:place", place.pk).status_code == 200
        assert page(as_(user), "campaigns:place", there.pk).status_code == 404
        assert there.community.name not in words(page(as_(user), "campaigns:matrix", campaign.pk))


def test_a_member_of_the_team_sees_the_community(as_, place, other_cadre):
    assert page(as_(other_cadre), "campaigns:place", place.pk).status_code == 200


def test_a_firm_that_takes_no_part_gets_404(as_, draft, clerk, town_head, community, other_firm):
    planning.add_places(campaign=draft, communities=[community], by=clerk, now=MONDAY)
    planning.propose(campaign=draft, by=clerk, now=MONDAY)
    planning.approve(campaign=draft, by=town_head, now=MONDAY)
    assert page(as_(other_firm), "campaigns:detail", draft.pk).status_code == 404


def test_who_may_read_but_not_plan_gets_403(as_, campaign, town_head, leader):
    task = campaign.tasks.first()
    for name, args in (
        ("campaigns:write", [campaign.pk]),
        ("campaigns:phases", [campaign.pk]),
        ("campaigns:task-act", [task.pk, "finish"]),
    ):
        assert page(as_(town_head), name, *args).status_code == 403
        assert page(as_(leader), name, *args).status_code == 403


def test_wrong_methods(as_clerk, campaign):
    assert as_clerk.post(campaign.get_absolute_url()).status_code == 405
    assert page(as_clerk, "campaigns:press", campaign.pk, "propose").status_code == 405
    assert as_clerk.delete(reverse("campaigns:new")).status_code == 405


@pytest.mark.parametrize("name", ["act", "press"])
def test_an_unknown_act_is_not_there(as_clerk, campaign, name):
    assert as_clerk.post(reverse(f"campaigns:{name}", args=[campaign.pk, "dance"])).status_code == 404
    assert page(as_clerk, "campaigns:task-act", campaign.tasks.first().pk, "dance").status_code == 404
    assert page(as_clerk, "campaigns:phase-act", campaign.ordered_phases[0].pk, "dance").status_code == 404


# ---------------------------------------------------------------- lists


def test_the_list_finds_and_filters(as_clerk, campaign, draft):
    assert campaign.title in words(page(as_clerk, "campaigns:campaign-list"))
    assert campaign.title in words(page(as_clerk, "campaigns:campaign-list", q="楼道"))
    assert "没有这样的专项行动" in words(page(as_clerk, "campaigns:campaign-list", q="没有的事"))
    assert "没有这样的专项行动" in words(page(as_clerk, "campaigns:campaign-list", state="ended"))
    assert page(as_clerk, "campaigns:campaign-list", kind="nonsense", state="?", page="x").status_code == 200


def test_the_matrix_takes_constant_queries(as_clerk, campaign, village, clerk):
    url = reverse("campaigns:matrix", args=[campaign.pk])
    as_clerk.get(url)
    few = queries.of(as_clerk, url)
    kind = Community.Kind.SETTLEMENT
    more = [Community.objects.create(name=f"小区{n}", village_committee=village, kind=kind) for n in range(30)]
    planning.add_places(campaign=campaign, communities=more, by=clerk, now=MONDAY)
    assert queries.of(as_clerk, url) == few
    detail = campaign.get_absolute_url()
    few = queries.of(as_clerk, detail)
    CampaignPlace.objects.filter(community__in=more[:20]).delete()
    assert queries.of(as_clerk, detail) == few


def test_the_matrix_lists_what_is_left_first_and_filters(as_clerk, campaign, place, neighbour_community, cadre, firm):
    from campaigns import found

    finding(place, cadre)
    found.pull(now=CHECKING)
    rows = matrix.rows(campaign, campaign.places.all())
    assert [row.left for row in rows] == [1, 0] and rows[0].place == place
    rectify = next(cell for cell in rows[0].cells if cell.step.code == "RECTIFY")
    assert rectify.label == "进行中"
    assert matrix.total(rows).left == 1
    through = words(page(as_clerk, "campaigns:matrix", campaign.pk, only="through"))
    assert "没有这样的小区" in through
    only = words(page(as_clerk, "campaigns:matrix", campaign.pk, q=neighbour_community.name))
    assert neighbour_community.name in only and f">{place.community.name}<" not in only


def test_the_matrix_as_a_sheet(as_clerk, campaign):
    answer = page(as_clerk, "campaigns:matrix-export", campaign.pk)
    assert answer.status_code == 200 and b"".join(answer.streaming_content)[:2] == b"PK"


def test_a_snapshot_can_be_kept(campaign, place, clerk):
    write(place, "SELF_CHECK", clerk)
    kept = matrix.snapshot(campaign, day("2026-11-26"))
    assert kept["day"] == "2026-11-26" and kept["done"][0] == 1 and len(kept["rows"]) == 2


# ---------------------------------------------------------------- planned by pages


def test_from_a_template_to_an_approved_plan(as_clerk, as_town_head, community, neighbour_community):
    made = as_clerk.post(reverse("campaigns:new"), {"template": "plan6", "starts_on": "2026-12-01"})
    campaign = Campaign.objects.get()
    assert made.url == campaign.get_absolute_url() and campaign.first_day == day("2026-12-01")
    names = {"names": f"{community.name}\n{neighbour_community.name}"}
    as_clerk.post(reverse("campaigns:places-add", args=[campaign.pk]), names)
    as_clerk.post(reverse("campaigns:press", args=[campaign.pk, "propose"]))
    assert "批准" in words(as_town_head.get(campaign.get_absolute_url()))
    as_town_head.post(reverse("campaigns:press", args=[campaign.pk, "approve"]))
    campaign.refresh_from_db()
    assert campaign.state == "approved" and campaign.places.count() == 2


def test_a_blank_plan_needs_title_and_kind(as_clerk):
    answer = as_clerk.post(reverse("campaigns:new"), {"title": ""})
    assert answer.status_code == 422 and "写上行动的名称" in words(answer) and "选一个种类" in words(answer)
    answer = as_clerk.post(reverse("campaigns:new"), {"template": "plan6"})
    assert answer.status_code == 422 and "写上从哪天开始" in words(answer)
    as_clerk.post(reverse("campaigns:new"), {"title": "停车秩序", "kind": "quarter"})
    assert Campaign.objects.get().title == "停车秩序"


def phases_typed(*rows):
    typed = {"phase-TOTAL_FORMS": len(rows), "phase-INITIAL_FORMS": 0}
    for n, row in enumerate(rows):
        typed |= {f"phase-{n}-{key}": value for key, value in row.items()}
    return typed


def test_phases_on_a_page(as_clerk, clerk, now):
    bare = planning.begin(title="堆物", kind="quarter", by=clerk, now=now)
    url = reverse("campaigns:phases", args=[bare.pk])
    one = {"name": "一", "first_day": "2026-12-01", "last_day": "2026-12-03"}
    gap = {"name": "二", "first_day": "2026-12-08", "last_day": "2026-12-09"}
    answer = as_clerk.post(url, phases_typed(one, gap))
    assert answer.status_code == 422 and "要从“一”的最后一天" in words(answer) and "2026-12-08" in words(answer)
    answer = as_clerk.post(url, phases_typed(one, {"must": "没写名称"}))
    assert answer.status_code == 422 and "写上阶段的名称" in words(answer)
    assert as_clerk.post(url, phases_typed(one, gap | {"first_day": "2026-12-04"})).status_code == 302
    assert Phase.objects.count() == 2 and as_clerk.get(url).status_code == 200


def test_head_and_bodies_on_pages(as_clerk, draft):
    item = CheckItem.objects.get(code="HYG1", last_day=None)
    head = {"title": "改名", "kind": "quarter", "standards": "路面干净\n无垃圾死角", "items": [item.pk]}
    assert as_clerk.post(reverse("campaigns:write", args=[draft.pk]), head).status_code == 302
    draft.refresh_from_db()
    assert draft.standards == ["路面干净", "无垃圾死角"] and list(draft.items.all()) == [item]
    url = reverse("campaigns:bodies", args=[draft.pk])
    gone = as_clerk.post(url, {"lead": "镇物业办", "lead_whom": "office"})
    assert gone.status_code == 422 and "有任务的单位不能去掉" in words(gone)
    Task.objects.all().delete()
    assert as_clerk.post(url, {"lead": "镇物业办", "lead_whom": "office", "stations": "村居"}).status_code == 302
    assert {body.name for body in draft.bodies.all()} == {"镇物业办", "村居"}


def test_tasks_on_pages(as_clerk, campaign, draft, as_firm):
    url = reverse("campaigns:task-new", args=[campaign.pk])
    lead = campaign.bodies.get(is_lead=True).pk
    off = as_clerk.post(url, {"text": "清楼道", "lead": lead, "due_on": "2026-11-28"})
    assert off.status_code == 422 and "是休息日" in words(off) and "清楼道" in words(off)
    assert as_clerk.post(url, {"text": "清楼道", "lead": lead, "due_on": "2026-11-27"}).status_code == 302
    task = Task.objects.get(text="清楼道")
    assert as_clerk.get(task.get_absolute_url()).status_code == 200
    assert as_firm.get(task.get_absolute_url()).status_code == 200
    act = lambda doing, **typed: as_clerk.post(reverse("campaigns:task-act", args=[task.pk, doing]), typed)  # noqa: E731
    assert act("extend", due_on="2026-12-01", reason="等设备").status_code == 302
    assert act("finish", done_on="2026-11-16", result="").status_code == 422
    assert act("finish", done_on="2026-11-16", result="清完了").status_code == 302
    assert act("reopen", reason="又堆上了").status_code == 302
    assert "原来" not in words(as_clerk.get(task.get_absolute_url()))
    task.refresh_from_db()
    assert task.done_on is None and task.extensions.count() == 1


def test_a_task_of_a_draft_is_changed_and_removed(as_clerk, draft):
    task = draft.tasks.first()
    url = reverse("campaigns:task-write", args=[task.pk])
    assert as_clerk.get(url).status_code == 200
    lead = draft.bodies.get(is_lead=True).pk
    assert as_clerk.post(url, {"text": "改过的", "lead": lead, "when": "随时"}).status_code == 302
    assert as_clerk.post(reverse("campaigns:task-remove", args=[task.pk])).url == draft.get_absolute_url()
    assert not Task.objects.filter(pk=task.pk).exists()


def test_extended_and_ended_on_pages(as_, as_clerk, campaign, clerk, monday):
    phase = campaign.ordered_phases[-1]
    url = reverse("campaigns:phase-act", args=[phase.pk, "extend"])
    assert as_clerk.post(url, {"last_day": "2026-11-29", "reason": "雪"}).status_code == 422
    assert as_clerk.post(url, {"last_day": "2026-12-02", "reason": "雪"}).status_code == 302
    assert "原来到" in words(as_clerk.get(campaign.get_absolute_url()))
    end = reverse("campaigns:act", args=[campaign.pk, "end"])
    assert "还没有结束" in words(as_clerk.post(end, {"summary": "好"}))
    monday.move_to(CHECKING.replace(day=3, month=12))
    client = as_(clerk)  # the first session has run out
    assert client.post(end, {"summary": "清了 212 处"}).status_code == 302
    assert "清了 212 处" in words(client.get(campaign.get_absolute_url()))


def test_sent_back_with_a_reason_and_copied(as_clerk, as_town_head, draft, campaign):
    planning_url = reverse("campaigns:copy", args=[campaign.pk])
    assert as_clerk.post(planning_url, {"title": "再来", "starts_on": "2027-01-11"}).status_code == 302
    new = Campaign.objects.get(title="再来")
    as_clerk.post(reverse("campaigns:press", args=[new.pk, "propose"]))
    back = reverse("campaigns:act", args=[new.pk, "send-back"])
    assert as_town_head.post(back, {"reason": ""}).status_code == 422
    assert as_town_head.post(back, {"reason": "少一个小区"}).status_code == 302
    assert "少一个小区" in words(as_clerk.get(new.get_absolute_url()))


# ---------------------------------------------------------------- communities and teams


def test_names_that_nobody_knows_are_told_and_kept(as_clerk, draft, community):
    url = reverse("campaigns:places-add", args=[draft.pk])
    typed = f"{community.name}\n{community.name}\n没有的小区"
    answer = as_clerk.post(url, {"names": typed})
    said = words(answer)
    assert (
        answer.status_code == 422 and "第 3 行：台账里没有“没有的小区”" in said and "第 2 行" in said and "重复" in said
    )
    assert "没有的小区" in said and not draft.places.exists()
    assert "写上小区的名称" in words(as_clerk.post(url, {}))


def test_a_sheet_with_unknown_names(as_clerk, draft, community):
    file = BytesIO()
    rows = [[1, community.name], [2, "没有的小区"]]
    workbook.write(file, title="名单", columns=[Column("序号"), Column("小区名称")], rows=rows)
    url = reverse("campaigns:places-add", args=[draft.pk])
    answer = as_clerk.post(url, {"file": SimpleUploadedFile("名单.xlsx", file.getvalue())})
    assert answer.status_code == 422 and "第 3 行：台账里没有“没有的小区”" in words(answer)
    assert community.name in words(answer)
    answer = as_clerk.post(url, {"file": SimpleUploadedFile("名单.xlsx", b"\x00nonsense")})
    assert answer.status_code == 422 and not draft.places.exists()


def test_a_community_in_two_batches_on_the_page(as_clerk, draft, community):
    url = reverse("campaigns:places-add", args=[draft.pk])
    assert as_clerk.post(url, {"names": community.name, "batch": 1}).status_code == 302
    answer = as_clerk.post(url, {"names": community.name, "batch": 2})
    assert answer.status_code == 422 and "一个小区只能在一批" in words(answer)
    place = draft.places.get()
    assert "第 1 批，1 个" in words(as_clerk.get(draft.get_absolute_url()))
    assert as_clerk.post(reverse("campaigns:place-remove", args=[place.pk])).url == draft.get_absolute_url()
    assert not draft.places.exists()


def test_a_community_with_records_stays(as_clerk, place, clerk):
    write(place, "SELF_CHECK", clerk)
    as_clerk.post(reverse("campaigns:place-remove", args=[place.pk]))
    assert CampaignPlace.objects.filter(pk=place.pk).exists()


def test_a_team_needs_leader_and_members(as_clerk, draft, cadre, community, clerk):
    planning.add_places(campaign=draft, communities=[community], by=clerk, now=MONDAY)
    url = reverse("campaigns:team-new", args=[draft.pk])
    answer = as_clerk.post(url, {"name": "一组"})
    assert answer.status_code == 422 and "选一位组长" in words(answer) and "至少选一名组员" in words(answer)
    typed = {"name": "一组", "leader": cadre.pk, "members": [cadre.pk], "places": [draft.places.get().pk]}
    assert as_clerk.post(url, typed).status_code == 302
    team = Team.objects.get()
    assert draft.places.get().team == team
    change = reverse("campaigns:team", args=[team.pk])
    assert as_clerk.get(change).status_code == 200
    assert as_clerk.post(change, typed | {"name": "第一组", "places": []}).status_code == 302
    assert draft.places.get().team is None
    assert as_clerk.post(reverse("campaigns:team-dissolve", args=[team.pk])).url == draft.get_absolute_url()
    assert not Team.objects.exists()


# ---------------------------------------------------------------- one community


def test_steps_on_pages(as_, place, station_head, cadre):
    step = place.campaign.steps.get(code="RECTIFY")
    url = reverse("campaigns:step", args=[place.pk, step.pk])
    assert page(as_(cadre), "campaigns:step", place.pk, step.pk).status_code == 403
    client = as_(station_head)
    typed = {"state": "stuck", "day": "2026-11-16", "text": ""}
    answer = client.post(url, typed)
    assert answer.status_code == 422 and "行动从" in words(answer)
    assert url in words(page(client, "campaigns:place", place.pk))


def test_the_self_check_on_its_page(as_, place, firm, cadre, monday):
    url = reverse("campaigns:self-check", args=[place.pk])
    assert as_(cadre).get(url).status_code == 403
    monday.move_to(CHECKING.replace(day=24))
    client = as_(firm)
    keys = [str(item.pk) for item in place.campaign.items.in_order()]
    answer = client.post(url, {"fine": [*keys[1:], "x", "9" * 30]})
    assert answer.status_code == 422 and "还有 1 项没看" in words(answer) and words(answer).count("checked") == 6
    assert client.post(url, {"fine": keys}).status_code == 302
    assert place.place_steps.get(step__code="SELF_CHECK").state == "done"


def test_the_acceptance_on_its_page(as_, place, town_head, other_cadre, clerk, monday):
    url = reverse("campaigns:accept", args=[place.pk])
    assert as_(other_cadre).get(url).status_code == 403
    monday.move_to(CHECKING)
    write(place, "SELF_CHECK", clerk)
    write(place, "INSPECT", clerk)
    client = as_(town_head)
    assert client.post(url, {"day": "2026-11-26"}).status_code == 422
    assert "点出哪些问题" in words(client.post(url, {"passed": "no", "day": "2026-11-26", "text": "还有堆物"}))
    assert client.post(url, {"passed": "yes", "day": "2026-11-26"}).status_code == 302
    assert place.place_steps.get(step__code="ACCEPT").state == "done"


# ---------------------------------------------------------------- three lists


def test_the_three_lists_on_pages(as_, campaign, place, station_head, clerk, leader):
    client = as_(station_head)
    url = reverse("campaigns:problem-new", args=[campaign.pk])
    half = {"text": "三幢堆物", "place": place.pk, "person": "王站长", "measures": "上门劝"}
    answer = client.post(url, half)
    assert answer.status_code == 422 and "责任人和日期一起写" in words(answer) and "三幢堆物" in words(answer)
    assert client.post(url, half | {"due_on": "2026-11-27"}).status_code == 302
    row = Problem.objects.get()
    listed = words(page(client, "campaigns:problem-list", campaign.pk))
    assert "三幢堆物" in listed and "上门劝" in listed and "王站长" in listed
    assert "没有这样的问题" in words(page(client, "campaigns:problem-list", campaign.pk, state="lacking"))
    assert "没有这样的问题" in words(page(client, "campaigns:problem-list", campaign.pk, q="没有"))
    change = reverse("campaigns:problem", args=[row.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, half | {"person": "", "measures": ""}).status_code == 302
    assert "三清单未齐" in words(as_(leader).get(campaign.get_absolute_url()))
    settle = reverse("campaigns:problem-settle", args=[row.pk])
    assert "三清单未齐" in words(client.post(settle, {"done_on": "2026-11-16", "result": "好了"}))
    assert client.post(reverse("campaigns:problem-strike", args=[row.pk])).status_code == 302
    assert not Problem.objects.exists()


def test_the_lists_as_a_sheet_and_its_queries(as_clerk, campaign, place, clerk):
    for n in range(3):
        lists.put(campaign=campaign, text=f"问题{n}", place=place, measures=["办"], by=clerk, now=MONDAY)
    url = reverse("campaigns:problem-list", args=[campaign.pk])
    as_clerk.get(url)
    few = queries.of(as_clerk, url)
    for n in range(12):
        lists.put(campaign=campaign, text=f"又{n}", place=place, measures=["办"], by=clerk, now=MONDAY)
    assert queries.of(as_clerk, url) == few
    assert page(as_clerk, "campaigns:problem-export", campaign.pk).status_code == 200
