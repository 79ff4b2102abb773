"""The pages of notices: each works, explains bad input, keeps strangers and onlookers out, takes its methods only."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities.models import FirmPost
from inspections import extensions, notices, objections, root_causes, self_reports, transfers
from inspections.models import Dissuasion, Finding, Notice, PatrolPhoto, RootCause, Transfer
from lib.table_files import read
from tests import queries
from tests.inspections.phone import NOW, UNDATED, beijing, day, finding, fresh_photos, item, sent_photos
from tests.lib.pdf_text import characters

pytestmark = pytest.mark.django_db


def url(name, row=None, **more) -> str:
    return reverse(name, kwargs={"pk": row.pk, **more} if row else more)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def ids(photos) -> str:
    return ",".join(map(str, photos))


@pytest.fixture
def as_station_clerk(as_, station_clerk):
    return as_(station_clerk)


@pytest.fixture
def as_other_firm(as_, other_firm):
    return as_(other_firm)


# ---------------------------------------------------------------- reading


def test_notice_detail_says_whose_turn_it_is(as_cadre, as_firm, notice):
    page = as_cadre.get(url("inspections:notice-detail", notice)).content.decode()
    assert "等演示·安居物业签收" in page and "抄告〔2026〕0001号" in page and "发出抄告" in page
    page = as_firm.get(url("inspections:notice-detail", notice)).content.decode()
    assert url("inspections:notice-receive", notice) in page and "打电话催" not in page


def test_notice_detail_of_a_late_one(as_cadre, notice, thursday):
    thursday.move_to(beijing("2026-11-30 10:00"))
    assert "已逾期 3 天" in as_cadre.get(url("inspections:notice-detail", notice)).content.decode()


def test_notice_detail_of_a_late_recheck_is_no_fault_of_the_firms(as_cadre, replied, thursday):
    thursday.move_to(beijing("2026-12-01 10:00"))
    assert "不算物业逾期" in as_cadre.get(url("inspections:notice-detail", replied)).content.decode()


def test_notice_detail_after_the_contract_changed(as_station_head, received, community, firm_row, other_firm_row):
    community.contracts.update(last_day=day("2026-11-18"))
    community.contracts.create(firm=other_firm_row, kind="owners", first_day=day("2026-11-19"))
    page = as_station_head.get(url("inspections:notice-detail", received)).content.decode()
    assert "现在负责这个小区的是演示·和顺物业" in page and url("inspections:notice-hand-on", received) in page
    assert as_station_head.post(url("inspections:notice-hand-on", received)).status_code == 302
    assert Notice.objects.open().get().firm == other_firm_row


@pytest.mark.parametrize(
    "name", ["inspections:notice-detail", "inspections:notice-print", "inspections:notice-receive"]
)
def test_a_stranger_gets_404(as_other_firm, notice, name):
    assert as_other_firm.get(url(name, notice)).status_code == 404


def test_notice_print_is_a_paper(as_firm, replied):
    found = characters(as_firm.get(url("inspections:notice-print", replied)).content)
    assert set("物业服务问题抄告单〔〕号楼道堆纸箱自签收之日起5个工作日林志明清走了") <= found


def test_notice_list_of_a_firm_shows_what_it_must_answer(as_firm, as_other_firm, notice):
    page = as_firm.get(url("inspections:notice-list")).content.decode()
    assert "楼道堆纸箱" in page and "待回复（1）" in page
    assert "没有要回复的抄告" in as_other_firm.get(url("inspections:notice-list")).content.decode()


def test_notice_list_of_staff(as_cadre, as_clerk, replied):
    for client in (as_cadre, as_clerk):
        assert "楼道堆纸箱" in client.get(url("inspections:notice-list")).content.decode()
        assert "没有逾期的" in client.get(url("inspections:notice-list") + "?show=overdue").content.decode()


def test_the_menu_counts_what_waits_for_this_person(as_cadre, as_firm, as_clerk, replied):
    counted = 'class="n">1<'
    assert counted in as_cadre.get(url("inspections:notice-list")).content.decode()
    assert counted not in as_clerk.get(url("inspections:notice-list")).content.decode()
    nav = as_firm.get(url("inspections:notice-list")).content.decode()
    assert "待回复（" not in nav


def test_register_counts_and_filters(as_clerk, closed_notice, cadre, community, send):
    send(cadre, community, finding("HYG1", "路面脏"))
    page = as_clerk.get(url("inspections:register")).content.decode()
    assert "50.0%" in page and "2 份里办结 1 份" in page
    assert "路面脏" not in as_clerk.get(url("inspections:register") + "?state=closed").content.decode()
    assert "路面脏" not in as_clerk.get(url("inspections:register") + "?q=0001").content.decode()
    assert "没有这样的抄告" in as_clerk.get(url("inspections:register") + "?state=overdue").content.decode()
    assert as_clerk.get(url("inspections:register") + "?firm=x&state=y&first=z&q=%00").status_code == 200


@pytest.mark.parametrize("query", [{}, {"q": "0001 松苑"}, {"state": "overdue"}, {"state": "unsettled"}], ids=str)
@pytest.mark.parametrize("name", ["register", "register-summary"])
def test_register_queries_stay_the_same(as_clerk, notice, cadre, community, send, name, query):
    few = queries.of(as_clerk, url(f"inspections:{name}"), query)
    send(cadre, community, *[finding("HYG1", f"第 {n} 处", field=f"hyg-{n}") for n in range(10)])
    assert queries.of(as_clerk, url(f"inspections:{name}"), query) == few <= 13


def test_register_numbers_are_the_rows_behind_them(as_clerk, closed_notice, cadre, community, send, clerk):
    """What is with a department is not settled and stands in the rows behind the number."""
    other = send(cadre, community, finding("HYG1", "路面脏")).findings.get()
    transfer = transfers.draft(finding=other, by=clerk, now=NOW)
    later = (NOW + timedelta(20)).date()
    transfers.send(
        transfer=transfer, department=transfer.department, document_no="1", expected_on=later, by=clerk, now=NOW
    )
    page = as_clerk.get(url("inspections:register"), {"state": "unsettled"}).content.decode()
    assert "路面脏" in page and "纸箱" not in page
    assert "路面脏" not in as_clerk.get(url("inspections:register"), {"state": "open"}).content.decode()


def test_register_summary_by_community_and_by_firm(
    as_clerk, as_firm, as_other_firm, closed_notice, cadre, send, firm_row
):
    send(cadre, closed_notice.community, finding("HYG1", "路面脏"))
    page = as_clerk.get(url("inspections:register-summary")).content.decode()
    assert "演示·松苑小区" in page and "50.0%" in page and f"community={closed_notice.community_id}" in page
    page = as_clerk.get(url("inspections:register-summary"), {"by": "firm"}).content.decode()
    assert "演示·安居物业" in page and f"firm={firm_row.pk}" in page
    rows = as_clerk.get(url("inspections:register") + f"?&firm={firm_row.pk}").content.decode()
    assert "路面脏" in rows and "2 份里办结 1 份" in rows
    assert "演示·松苑小区" in as_firm.get(url("inspections:register-summary")).content.decode()
    assert "还没有抄告" in as_other_firm.get(url("inspections:register-summary")).content.decode()
    assert as_clerk.get(url("inspections:register-summary"), {"by": "x", "page": "y"}).status_code == 200
    assert as_clerk.post(url("inspections:register-summary")).status_code == 405


def test_register_export_holds_the_same_rows(as_clerk, closed_notice):
    answer = as_clerk.get(url("inspections:register-export") + "?state=closed")
    rows = list(next(read(b"".join(answer.streaming_content))).rows)
    assert any("抄告〔2026〕0001号" in str(row) for row in rows)


# ---------------------------------------------------------------- the firm's acts


def test_notice_receive(as_firm, as_cadre, notice):
    assert "自签收之日起 5 个工作日" in as_firm.get(url("inspections:notice-receive", notice)).content.decode()
    assert fresh(notice).state == "issued"  # looking writes nothing
    assert as_cadre.post(url("inspections:notice-receive", notice)).status_code == 403
    assert as_firm.put(url("inspections:notice-receive", notice)).status_code == 405
    assert as_firm.post(url("inspections:notice-receive", notice)).status_code == 302
    assert fresh(notice).state == "received"
    again = as_firm.post(url("inspections:notice-receive", notice), follow=True)
    assert "已经签收" in again.content.decode()


def test_notice_receive_many(as_firm, notice, cadre, community, send, other_firm_row):
    more = send(cadre, community, finding("HYG1", "路面脏")).findings.get().notices.get()
    answer = as_firm.post(url("inspections:notice-receive-many"), {"notices": [notice.pk, more.pk]}, follow=True)
    assert "签收了 2 份" in answer.content.decode()
    assert not Notice.objects.filter(state="issued").exists()
    answer = as_firm.post(url("inspections:notice-receive-many"), {}, follow=True)
    assert "先勾上" in answer.content.decode()
    answer = as_firm.post(url("inspections:notice-receive-many"), {"notices": ["x", 99]}, follow=True)
    assert answer.status_code == 200


def test_notice_receive_paper(as_station_clerk, as_cadre, cadre, community, firm_row, send):
    notice = send(cadre, community, finding("HYG1", "路面脏")).findings.get().notices.get()
    answer = as_cadre.post(url("inspections:notice-receive-paper", notice), {"signer": "老林"})
    assert answer.status_code == 422 and "签了字" in answer.content.decode() and "老林" in answer.content.decode()
    row = {"signer": "老林", "photos": ids(sent_photos(cadre, 1))}
    assert as_cadre.post(url("inspections:notice-receive-paper", notice), row).status_code == 302
    assert fresh(notice).state == "received"


def test_notice_receive_paper_is_not_for_firms_with_an_account(as_cadre, notice):
    assert as_cadre.get(url("inspections:notice-receive-paper", notice)).status_code == 403


def test_notice_plan(as_firm, as_cadre, notice):
    answer = as_firm.post(
        url("inspections:notice-plan", notice), {"person": "林", "limit_on": "2026-12-31", "measure": "搬"}
    )
    assert answer.status_code == 422 and "期限写" in answer.content.decode()
    assert as_cadre.get(url("inspections:notice-plan", notice)).status_code == 403
    good = {"person": "林志明", "limit_on": "2026-11-20", "measure": "搬走。"}
    assert as_firm.post(url("inspections:notice-plan", notice), good).status_code == 302
    assert fresh(notice).plan_person == "林志明"


def test_notice_interim(as_firm, major):
    assert as_firm.post(url("inspections:notice-interim", major), {"text": ""}).status_code == 422
    assert as_firm.post(url("inspections:notice-interim", major), {"text": "拉了线"}).status_code == 302
    assert fresh(major).interim_text == "拉了线"


def test_notice_reply(as_firm, as_cadre, received, firm):
    assert as_cadre.get(url("inspections:notice-reply", received)).status_code == 403
    answer = as_firm.post(url("inspections:notice-reply", received), {"text": "清走了纸箱"})
    assert answer.status_code == 422
    assert "至少要一张" in answer.content.decode() and "清走了纸箱" in answer.content.decode()
    row = {"text": "清走了", "photos": ids(fresh_photos(firm))}
    assert as_firm.post(url("inspections:notice-reply", received), row).status_code == 302
    assert fresh(received).state == "replied"


def test_notice_reply_asks_for_the_plan_first(as_firm, notice, firm):
    notices.receive(notice=notice, by=firm, now=NOW)
    assert as_firm.get(url("inspections:notice-reply", notice)).url == url("inspections:notice-plan", notice)


def test_notice_reply_without_scripts(as_firm, received):
    """A browser that runs none sends the files with the form."""
    file = SimpleUploadedFile("1.jpg", UNDATED, "image/jpeg")
    assert as_firm.post(url("inspections:notice-reply", received), {"text": "清了", "files": file}).status_code == 302
    assert received.round.photos.count() == 1


@pytest.mark.parametrize("data", [b"", b"no photo", b"\xff\xd8\xff\xe0 broken"])
def test_notice_reply_with_what_is_no_photo(as_firm, received, data):
    file = SimpleUploadedFile("1.jpg", data, "image/jpeg")
    answer = as_firm.post(url("inspections:notice-reply", received), {"text": "清了", "files": file})
    assert answer.status_code == 422 and fresh(received).state == "received"


def test_notice_extension_and_its_decision(as_firm, as_station_head, as_clerk, received):
    assert (
        as_firm.post(url("inspections:notice-extension", received), {"days": "99", "reason": "等"}).status_code == 422
    )
    assert (
        as_firm.post(url("inspections:notice-extension", received), {"days": "5", "reason": "等业主"}).status_code
        == 302
    )
    assert as_clerk.get(url("inspections:notice-extension-decide", received)).status_code == 403
    page = as_station_head.get(url("inspections:notice-extension-decide", received)).content.decode()
    assert "等业主" in page and "checked" not in page
    assert as_station_head.post(url("inspections:notice-extension-decide", received), {}).status_code == 422
    assert (
        as_station_head.post(url("inspections:notice-extension-decide", received), {"decision": "yes"}).status_code
        == 302
    )
    assert fresh(received).due_on == day("2026-12-03")


def test_notice_objection_and_its_decision(as_firm, as_cadre, as_clerk, received):
    assert as_cadre.get(url("inspections:notice-objection", received)).status_code == 403
    assert as_firm.post(url("inspections:notice-objection", received), {"text": ""}).status_code == 422
    assert as_firm.post(url("inspections:notice-objection", received), {"text": "不是我们"}).status_code == 302
    assert as_clerk.post(url("inspections:notice-objection-decide", received), {"decision": "yes"}).status_code == 422
    row = {"decision": "yes", "answer": "核实过"}
    assert as_clerk.post(url("inspections:notice-objection-decide", received), row).status_code == 302
    assert fresh(received).state == "withdrawn"


def test_self_report_new(as_firm, as_other_firm, firm, community):
    row = {
        "client_id": str(uuid.uuid4()),
        "community": community.pk,
        "item": item("HYG1").pk,
        "text": "垃圾桶坏了",
        "finish_on": "2026-11-20",
    }
    assert as_firm.get(url("inspections:self-report-new")).status_code == 200
    assert as_firm.post(url("inspections:self-report-new"), row).status_code == 422  # no photo
    assert as_other_firm.post(url("inspections:self-report-new"), row).status_code == 422  # not theirs to choose
    whole = row | {"photos": ids(sent_photos(firm, 1))}
    for _ in range(2):  # a second tap is no second report
        assert as_firm.post(url("inspections:self-report-new"), whole).status_code == 302
    notice = Notice.objects.get()
    assert (notice.state, notice.finding.source) == ("received", "self_report")
    assert self_reports.is_exempt(notice, today=day("2026-11-20"))
    assert not self_reports.is_exempt(notice, today=day("2026-11-21"))  # not kept


def test_the_same_place_reported_again_soon_is_not_exempt(firm, community, building):
    say = {"community": community, "item": item("HYG1"), "text": "垃圾桶坏了", "building": building, "by": firm}
    told = []
    for when in ("2026-10-20 10:00", "2026-11-18 10:00", "2026-12-19 10:00"):
        now = beijing(when)
        shown = sent_photos(firm, 1, now=now)
        told.append(self_reports.report(client_id=uuid.uuid4(), finish_on=now.date(), photos=shown, now=now, **say))
    first, soon, later = (self_reports.is_exempt(notice, today=notice.issued_on) for notice in told)
    assert (first, soon, later) == (True, False, True)  # 29 and 31 days after the one before


def test_dissuasion_new_and_accepted(as_firm, as_cadre, notice, firm):
    address = url("inspections:dissuasion-new") + f"?finding={notice.finding_id}"
    row = {
        "community": notice.community_id,
        "kind": "dissuaded",
        "text": "业主堆的",
        "person": "林",
        "day": "2026-11-19",
    }
    assert as_firm.post(address, row).status_code == 422
    assert as_firm.post(address, row | {"photos": ids(sent_photos(firm, 1))}).status_code == 302
    told = Dissuasion.objects.get()
    assert as_firm.post(url("inspections:dissuasion-accept", told)).status_code == 403
    assert "等干部认可" in as_cadre.get(url("inspections:dissuasion-list")).content.decode()
    assert as_cadre.post(url("inspections:dissuasion-accept", told)).status_code == 302
    assert Finding.objects.get(pk=notice.finding_id).dissuaded


# ---------------------------------------------------------------- staff's acts


def test_notice_call(as_cadre, notice):
    assert as_cadre.post(url("inspections:notice-call", notice), {"who": "林"}).status_code == 422
    assert as_cadre.post(url("inspections:notice-call", notice), {"who": "林", "said": "明天来"}).status_code == 302
    assert "林接：明天来" in as_cadre.get(url("inspections:notice-detail", notice)).content.decode()


def test_notice_withdraw_and_issue_again(as_cadre, as_station_head, notice):
    assert as_station_head.get(url("inspections:notice-withdraw", notice)).status_code == 403
    assert as_cadre.post(url("inspections:notice-withdraw", notice), {"reason": ""}).status_code == 422
    assert as_cadre.post(url("inspections:notice-withdraw", notice), {"reason": "看错了"}).status_code == 302
    page = as_cadre.get(notice.finding.get_absolute_url()).content.decode()
    assert reverse("inspections:notice-issue", args=[notice.finding_id]) in page
    assert as_cadre.post(reverse("inspections:notice-issue", args=[notice.finding_id])).status_code == 302
    assert Notice.objects.open().count() == 1


def test_recheck_side_by_side(as_cadre, as_firm, replied):
    address = url("inspections:recheck") + f"?n={replied.pk}"
    page = as_cadre.get(address).content.decode()
    assert "整改后" in page and "纸箱清走了" in page and "checked" not in page
    assert as_firm.get(address).status_code == 403
    assert as_cadre.get(url("inspections:recheck")).status_code == 302
    assert as_cadre.get(url("inspections:recheck") + "?n=999999").status_code == 404
    answer = as_cadre.post(address, {"note": "看过了"})
    assert answer.status_code == 422 and "选合格或者不合格" in answer.content.decode()
    assert "看过了" in answer.content.decode()
    assert as_cadre.post(address, {"passed": "no"}).status_code == 422
    assert as_cadre.post(address, {"passed": "yes"}).status_code == 302
    assert fresh(replied).state == "closed"


def test_recheck_of_a_major_one_by_its_issuer(as_cadre, replied_major):
    answer = as_cadre.get(url("inspections:recheck") + f"?n={replied_major.pk}")
    assert answer.status_code == 403 and "不能只由" in answer.content.decode()


def waited(notice, **more):
    moment = "2026-11-19T02:00:00Z"
    return {
        "client_id": str(uuid.uuid4()),
        "c": notice.pk,
        "passed": "yes",
        "written_at": moment,
        "sent_at": moment,
        "manifest": "{}",
        **more,
    }


def test_recheck_receive_once(as_cadre, replied, cadre):
    photo = fresh_photos(cadre)
    row = waited(replied, photos=ids(photo), manifest=f'{{"{photo[0]}": ""}}')
    for _ in range(2):
        answer = as_cadre.post(url("inspections:recheck-receive"), row)
        assert answer.status_code == 200 and answer.json()["number"] == "抄告〔2026〕0001"
    assert replied.events.filter(kind="passed").count() == 1


def test_recheck_receive_asks_for_photos_that_are_not_here(as_cadre, replied):
    missing = str(uuid.uuid4())
    answer = as_cadre.post(
        url("inspections:recheck-receive"), waited(replied, photos=missing, manifest=f'{{"{missing}": ""}}')
    )
    assert answer.status_code == 409 and answer.json()["missing"] == [missing]


def test_recheck_receive_says_why_not(as_cadre, as_other_cadre, replied, replied_major):
    assert as_other_cadre.post(url("inspections:recheck-receive"), waited(replied)).status_code == 403
    assert as_cadre.post(url("inspections:recheck-receive"), waited(replied_major)).status_code == 403
    assert as_cadre.post(url("inspections:recheck-receive"), waited(replied, passed="")).status_code == 422
    assert as_cadre.post(url("inspections:recheck-receive"), waited(replied)).status_code == 200
    second = as_cadre.post(url("inspections:recheck-receive"), waited(replied))
    assert second.status_code == 422 and "已经有人复查" in second.json()["error"]


def test_recheck_offline_is_the_same_for_everybody(stranger, as_cadre, replied):
    assert "纸箱" not in stranger.get(url("inspections:recheck-offline")).content.decode()
    kit = as_cadre.get(reverse("inspections:patrol-kit")).json()
    assert [row["number"] for row in kit["rechecks"]] == ["抄告〔2026〕0001号"]


def test_the_cadres_home_and_the_patrol_form_list_what_waits(as_cadre, replied, community):
    address = url("inspections:recheck") + f"?n={replied.pk}"
    assert address in as_cadre.get(reverse("inspections:week")).content.decode()
    assert address in as_cadre.get(reverse("inspections:patrol-new") + f"?c={community.pk}").content.decode()


def test_notice_fixed(as_cadre, as_station_head, replied):
    assert as_station_head.get(url("inspections:notice-fixed", replied)).status_code == 403
    assert as_cadre.post(url("inspections:notice-fixed", replied), {"fixed": "no"}).status_code == 422
    assert (
        as_cadre.post(url("inspections:notice-fixed", replied), {"fixed": "no", "text": "自行车还在"}).status_code
        == 302
    )
    assert "自行车还在" in as_station_head.get(url("inspections:recheck") + f"?n={replied.pk}").content.decode()


# ---------------------------------------------------------------- departments and causes


def test_transfer_new_sent_and_settled(as_clerk, as_cadre, received):
    assert as_cadre.get(reverse("inspections:transfer-new", args=[received.finding_id])).status_code == 403
    assert as_clerk.post(reverse("inspections:transfer-new", args=[received.finding_id])).status_code == 302
    row = Transfer.objects.get()
    assert "等镇物业办发出" in as_cadre.get(url("inspections:transfer", row)).content.decode()
    assert as_clerk.post(url("inspections:transfer-send", row), {"department": row.department_id}).status_code == 422
    sent = {"department": row.department_id, "document_no": "7号", "expected_on": "2026-12-03"}
    assert as_clerk.post(url("inspections:transfer-send", row), sent).status_code == 302
    assert "等部门" in as_clerk.get(url("inspections:transfer-list") + "?state=sent").content.decode()
    assert as_clerk.post(url("inspections:transfer-settle", row), {"answer": ""}).status_code == 422
    assert as_clerk.post(url("inspections:transfer-settle", row), {"answer": "拆了"}).status_code == 302
    assert fresh(received).state == "closed"


def test_transfer_drop(as_clerk, received, clerk):
    row = transfers.draft(finding=received.finding, by=clerk, now=NOW)
    assert as_clerk.post(url("inspections:transfer-drop", row), {"reason": "物业能办"}).status_code == 302
    assert fresh(row).state == "dropped"


@pytest.fixture
def cause(cadre, community, firm, building, send) -> RootCause:
    """The fourth time in the same house."""
    for n in range(4):
        send(
            cadre,
            community,
            finding(text=f"第 {n} 次堆纸箱", building=building),
            now=beijing(f"2026-11-{10 + n} 10:00"),
        )
    return RootCause.objects.get()


def test_the_fourth_time_is_a_task_and_no_notice(cause):
    assert Notice.objects.count() == 3 and cause.findings.get().text == "第 3 次堆纸箱"


def test_root_cause_accepted_and_finished(cause, as_station_head, as_cadre):
    assert "治本单" in as_cadre.get(url("inspections:root-cause-list")).content.decode()
    assert "第 0 次堆纸箱" in as_cadre.get(url("inspections:root-cause", cause)).content.decode()
    assert as_cadre.post(url("inspections:root-cause-accept", cause)).status_code == 403
    assert as_station_head.post(url("inspections:root-cause-accept", cause), {"task": "装门"}).status_code == 422
    row = {"task": "装门", "person": "林志明", "due_on": "2026-12-10"}
    assert as_station_head.post(url("inspections:root-cause-accept", cause), row).status_code == 302
    assert as_station_head.post(url("inspections:root-cause-finish", cause), {"result": "装好了"}).status_code == 302
    assert cause.findings.get().state == "closed"


def test_root_cause_declined_sends_the_notice(cause, as_station_head):
    assert as_station_head.post(url("inspections:root-cause-decline", cause)).status_code == 302
    assert Notice.objects.count() == 4


def test_another_one_joins_the_same_task(cause, cadre, community, building, send):
    send(cadre, community, finding(text="又来", building=building), now=beijing("2026-11-18 10:00"))
    assert RootCause.objects.count() == 1 and cause.findings.count() == 2


def test_a_place_that_nobody_named_is_no_place(cadre, community, firm, send):
    for n in range(5):
        send(cadre, community, finding(text=f"院子里第 {n} 次"), now=beijing(f"2026-11-{10 + n} 10:00"))
    assert not RootCause.objects.exists() and Notice.objects.count() == 5


def test_said_to_be_fine_and_then_not(as_cadre, as_station_head, as_firm, cadre, community, firm, send):
    send(cadre, community, now=beijing("2026-11-18 09:00"))
    send(cadre, community, finding(text="一天后堆满了"), now=beijing("2026-11-19 09:00"))
    words = "不久又出问题"
    assert words in as_cadre.get(reverse("inspections:week")).content.decode()
    assert words in as_station_head.get(reverse("portal:office")).content.decode()


# ---------------------------------------------------------------- residents


def test_community_fixed_shows_no_free_text_and_no_photo_by_itself(
    stranger, as_cadre, as_firm, cadre, community, firm_row, send
):
    send(cadre, community, finding(text="王桂兰家门口堆纸箱", photos=sent_photos(cadre, 1)))
    photo = PatrolPhoto.objects.get()
    PatrolPhoto.objects.update(state="ready", original_kept=False)
    address = url("inspections:community-fixed", code=community.code)
    page = stranger.get(address).content.decode()
    assert "楼道内堆放杂物" in page and "王桂兰" not in page and "<img" not in page
    assert stranger.get(url("inspections:public-photo", client_id=photo.client_id)).status_code == 404
    assert as_firm.post(url("inspections:photo-public", client_id=photo.client_id)).status_code == 403
    assert as_cadre.post(url("inspections:photo-public", client_id=photo.client_id)).status_code == 302
    assert "<img" in stranger.get(address).content.decode()
    assert stranger.get(url("inspections:community-fixed", code="ZZZZZZ")).status_code == 404


def test_somebody_who_left_sees_no_more(as_firm, notice, firm):
    FirmPost.objects.filter(user=firm).update(last_day=day("2026-11-18"))
    assert as_firm.get(url("inspections:notice-detail", notice)).status_code in (403, 404)


def test_messages_lead_to_the_pages(as_firm, as_cadre, as_clerk, replied, clerk, firm):
    extensions.most_days(replied)
    objections.window(replied)
    root_causes.is_due(replied.finding)
    for client in (as_firm, as_cadre):
        page = client.get(reverse("accounts:inbox")).content.decode()
        assert "抄告〔2026〕0001号" in page
