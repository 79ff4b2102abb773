"""求助函, plan 6 ⑵: asked by whoever serves the community, sent or dropped by the office, answered under a number."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Message
from campaigns import help_requests, planning
from campaigns.models import HelpRequest
from inspections.models import Department
from lib.states import WrongState
from tests.campaigns.conftest import MONDAY, at, day

pytestmark = pytest.mark.django_db
TUESDAY = at("2026-11-17 10:00")
ASKED = {"text": "围墙外夜宵摊占消防通道", "asks": "依法查处，清出通道"}


@pytest.fixture
def department() -> Department:
    return Department.objects.order_by("pk").first()


@pytest.fixture
def request_(place, firm) -> HelpRequest:
    return help_requests.ask(place=place, **ASKED, by=firm, now=MONDAY)


@pytest.fixture
def sent(request_, department, clerk) -> HelpRequest:
    said = {"department": department, "document": "荆物〔2026〕7号", "sent_on": day("2026-11-16")}
    help_requests.send(request=request_, **said, by=clerk, now=MONDAY)
    return request_


def act(client, row, doing, **typed):
    return client.post(reverse("campaigns:help-request-act", args=[row.pk, doing]), typed)


def told(kind, user) -> bool:
    return Message.objects.filter(kind=kind, user=user, channel="inbox").exists()


def test_from_the_firm_to_the_answer(place, as_firm, as_clerk, firm, clerk, department):
    address = reverse("campaigns:help-request-new", args=[place.pk])
    assert as_firm.get(address).status_code == 200
    assert as_firm.post(address, ASKED).status_code == 302
    row = HelpRequest.objects.get()
    assert told("campaign-help-asked", clerk)
    shown = as_clerk.get(row.get_absolute_url()).content.decode()
    assert "等镇物业办发出" in shown and "依法查处" in shown and "林志明" in shown
    assert row.get_absolute_url() == reverse("campaigns:help-request", args=[row.pk])
    said = {"department": department.pk, "document": "荆物〔2026〕7号", "sent_on": "2026-11-16"}
    assert act(as_clerk, row, "send", **said).status_code == 302
    assert told("campaign-help-sent", firm)
    shown = as_firm.get(row.get_absolute_url()).content.decode()
    assert "等部门答复" in shown and "荆物〔2026〕7号" in shown and "登记部门的答复" not in shown
    said = {"answer": "已责令清理", "answer_document": "综执〔2026〕9号", "settled_on": "2026-11-16"}
    assert act(as_clerk, row, "answer", **said).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answer_document, row.settled_on) == ("answered", "综执〔2026〕9号", day("2026-11-16"))
    assert told("campaign-help-settled", firm)
    shown = as_firm.get(row.get_absolute_url()).content.decode()
    assert "部门已答复" in shown and "综执〔2026〕9号" in shown


def test_the_messages_say_what_happened(sent, firm, clerk, as_firm):
    help_requests.answer(
        request=sent, answer="已清理", answer_document="口头", settled_on=day("2026-11-16"), by=clerk, now=MONDAY
    )
    shown = as_firm.get(reverse("accounts:inbox")).content.decode()
    assert "求助函发出了：演示·松苑小区" in shown and "部门已回复：已清理" in shown


def test_the_office_does_not_send_it(request_, as_clerk, firm):
    assert act(as_clerk, request_, "drop", reason="村居自己能清").status_code == 302
    request_.refresh_from_db()
    assert (request_.state, request_.answer) == ("dropped", "村居自己能清")
    assert told("campaign-help-settled", firm)
    assert "镇物业办没有发" in as_clerk.get(request_.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("doing", "typed", "words"),
    [
        ("send", {"document": "荆物〔2026〕7号", "sent_on": "2026-11-16"}, "选一个部门"),
        ("send", {"document": " ", "sent_on": "2026-11-16"}, "写上文号"),
        ("send", {"document": "荆物〔2026〕7号", "sent_on": "2026-11-17"}, "还没到这一天"),
        ("send", {"document": "荆物〔2026〕7号", "sent_on": "2026-11-15"}, "不能早于"),
        ("drop", {"reason": ""}, "写为什么不发"),
    ],
)
def test_what_an_act_needs(request_, department, as_clerk, doing, typed, words):
    said = {} if words == "选一个部门" else {"department": department.pk}
    answer = act(as_clerk, request_, doing, **said, **typed)
    shown = answer.content.decode()
    assert answer.status_code == 422 and words in shown
    assert typed.get("document", "").strip() in shown
    request_.refresh_from_db()
    assert request_.state == "asked"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"answer": ""}, "写部门怎么答复的"),
        ({"answer_document": ""}, "写上答复的文号"),
        ({"settled_on": "2026-11-15"}, "不能早于"),
        ({"settled_on": "2027-01-01"}, "还没到这一天"),
    ],
)
def test_what_an_answer_needs(sent, as_clerk, typed, words):
    said = {"answer": "已清理", "answer_document": "口头", "settled_on": "2026-11-16"}
    answer = act(as_clerk, sent, "answer", **said | typed)
    assert answer.status_code == 422 and words in answer.content.decode()


def test_asking_needs_words(place, as_firm):
    answer = as_firm.post(reverse("campaigns:help-request-new", args=[place.pk]), {"text": "有摊子", "asks": ""})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "写请部门做什么" in shown and "有摊子" in shown


def test_whoever_comes_second_is_told(sent, department, clerk):
    said = {"department": department, "document": "x", "sent_on": day("2026-11-16")}
    with pytest.raises(WrongState):
        help_requests.send(request=sent, **said, by=clerk, now=MONDAY)
    with pytest.raises(WrongState):
        help_requests.drop(request=sent, reason="x", by=clerk, now=MONDAY)
    with pytest.raises(ValidationError):
        help_requests.answer(
            request=sent, answer=" ", answer_document="x", settled_on=day("2026-11-16"), by=clerk, now=MONDAY
        )


def test_who_asks(place, station_head, clerk, cadre, other_firm, leader):
    for user in (station_head, clerk):
        help_requests.ask(place=place, **ASKED, by=user, now=MONDAY)
    for user in (cadre, other_firm, leader):
        with pytest.raises(PermissionDenied):
            help_requests.ask(place=place, **ASKED, by=user, now=MONDAY)


def test_not_when_it_is_over(campaign, place, firm, clerk):
    planning.end(campaign=campaign, summary="完了", by=clerk, now=at("2026-12-01 10:00"))
    with pytest.raises(WrongState):
        help_requests.ask(place=place, **ASKED, by=firm, now=at("2026-12-02 10:00"))


def test_who_reads_and_who_acts(request_, place, as_, cadre, leader, town_head, other_firm, other_station_head):
    new = reverse("campaigns:help-request-new", args=[place.pk])
    for user in (other_firm, other_station_head):
        assert as_(user).get(request_.get_absolute_url()).status_code == 404
        assert as_(user).get(new).status_code == 404
    for user in (cadre, leader, town_head):
        assert as_(user).get(request_.get_absolute_url()).status_code == 200
        assert act(as_(user), request_, "send").status_code == 403
    assert as_(leader).delete(request_.get_absolute_url()).status_code == 405
    assert as_(leader).get(reverse("campaigns:help-request-act", args=[request_.pk, "send"])).status_code == 403


def test_no_other_act(request_, as_clerk):
    assert act(as_clerk, request_, "nothing").status_code == 404


def test_the_list_is_narrowed(sent, place, clerk, as_clerk, as_, other_firm, campaign):
    other = help_requests.ask(place=place, text="下水接到河里", asks="接进污水管", by=clerk, now=MONDAY)
    address = reverse("campaigns:help-request-list")

    def shown(**asked):
        return as_clerk.get(address, asked).content.decode()

    assert "夜宵摊" in shown() and "下水" in shown()
    assert "夜宵摊" not in shown(state="asked") and "下水" in shown(state="asked")
    assert "下水" not in shown(q="荆物") and "夜宵摊" in shown(q="荆物")
    assert "夜宵摊" in shown(q="松苑") and "没有这样的求助函" in shown(q="滨湖")
    assert "夜宵摊" in shown(campaign=campaign.pk) and "夜宵摊" in shown(campaign="x", state="x")
    help_requests.drop(request=other, reason="x", by=clerk, now=MONDAY)
    assert "下水" not in shown() and "下水" in shown(state="all")
    assert "夜宵摊" not in as_(other_firm).get(address).content.decode()


@pytest.mark.parametrize("state", ["asked", "sent"])
def test_the_letter(request, state, as_clerk, as_firm):
    row = request.getfixturevalue("request_" if state == "asked" else "sent")
    for client in (as_clerk, as_firm):
        answer = client.get(reverse("campaigns:help-request-paper", args=[row.pk]))
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


def test_constraints(request_, sent):
    """help_request_whole, help_request_sent_whole, help_request_settled_how"""
    rows = HelpRequest.objects.filter(pk=request_.pk)
    for name, change in [
        ("help_request_whole", {"asks": ""}),
        ("help_request_sent_whole", {"document": ""}),
        ("help_request_settled_how", {"state": "answered"}),
        ("help_request_settled_how", {"state": "dropped"}),
    ]:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**change)


def test_the_list_is_a_constant_number_of_queries(sent, place, clerk, as_clerk, django_assert_num_queries):
    address = reverse("campaigns:help-request-list")
    with CaptureQueriesContext(connection) as few:
        as_clerk.get(address)
    for number in range(15):
        help_requests.ask(place=place, text=f"第{number}件", asks="x", by=clerk, now=MONDAY)
    with django_assert_num_queries(len(few)):
        as_clerk.get(address)
