"""The desk, one case, what is done to it, its people: who sees and does what. Issue 7 §5, §6"""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints import handling, registration
from complaints.models import Complaint, ContactReading, Rating, State
from lib.table_files import read
from tests import queries
from tests.complaints.conftest import MONDAY, PHONE, TUESDAY

pytestmark = pytest.mark.django_db
DESK = reverse("complaints:desk")


def said(client, url, **query) -> str:
    page = client.get(url, query)
    assert page.status_code == 200
    return page.content.decode()


def act(client, complaint, doing, **typed):
    return client.post(reverse("complaints:act", args=[complaint.pk, doing]), typed)


@pytest.fixture
def as_station_clerk(as_, station_clerk):
    return as_(station_clerk)


# ---------------------------------------------------------------- the list


def test_the_desk_shows_what_waits(as_station_clerk, complaint):
    words = said(as_station_clerk, DESK)
    assert complaint.number in words and "等受理" in words
    assert complaint.number in said(as_station_clerk, DESK, show="accept")
    assert "这里没有投诉" in said(as_station_clerk, DESK, show="others")


def test_a_number_counts_exactly_its_rows(as_clerk, make_complaint):
    for _ in range(3):
        make_complaint(now=timezone.now())
    page = as_clerk.get(DESK, {"show": "accept"})
    heap = next(heap for heap in page.context["heaps"] if heap.tray.name == "accept")
    assert heap.number == page.context["page"].paginator.count == 3


def test_overdue_and_due_today(as_clerk, with_firm, today):
    Complaint.objects.update(due_on=today)
    assert with_firm.number in said(as_clerk, DESK, show="today")
    assert with_firm.number not in said(as_clerk, DESK, show="overdue")
    Complaint.objects.update(due_on=date(2026, 1, 1))
    assert "逾期" in said(as_clerk, DESK, show="overdue")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"q": "垃圾桶"}, True),
        ({"q": "TS2026"}, True),
        ({"q": "松苑"}, True),
        ({"q": "月亮"}, False),
        ({"category": "hygiene"}, True),
        ({"category": "lift"}, False),
        ({"state": "moon", "community": "x", "page": "999"}, True),
        ({"q": "\0%"}, True),
        ({"of": "1,x"}, True),
        ({"of": "999999999"}, False),
    ],
)
def test_searched_and_filtered(as_clerk, complaint, query, shown):
    assert (complaint.number in said(as_clerk, DESK, **query)) is shown


def test_of_some_communities(as_clerk, complaint, neighbour_community):
    here, there = complaint.community_id, neighbour_community.pk
    assert complaint.number in said(as_clerk, DESK, of=f"{here},{there}")
    assert complaint.number not in said(as_clerk, DESK, of=str(there))


def test_queries_are_few_and_the_same(as_clerk, make_complaint):
    make_complaint()
    one = queries.of(as_clerk, DESK)
    for _ in range(5):
        make_complaint()
    assert queries.of(as_clerk, DESK) == one


def test_a_case_and_the_orders_cost_the_same_however_many(as_clerk, make_complaint, clerk, station_clerk):
    def order(n):
        row = make_complaint(source="hotline", platform_number=f"GD{n}", by=clerk)
        handling.accept(complaint=row, by=clerk, now=MONDAY)
        handling.answer(complaint=row, text="清了", by=clerk, now=TUESDAY)
        return row

    url, desk = order(0).get_absolute_url(), reverse("complaints:hotline-desk")
    one, orders = queries.of(as_clerk, url), queries.of(as_clerk, desk)
    for n in range(1, 5):
        order(n)
    assert queries.of(as_clerk, desk) == orders
    for _ in range(3):
        handling.remark(complaint=Complaint.objects.first(), text="备注", by=station_clerk, now=MONDAY)
    assert queries.of(as_clerk, url) == one <= 30


def test_the_firm_sees_what_it_was_asked_and_nobody_behind_it(as_firm, complaint, station_clerk, as_other_cadre):
    assert complaint.number not in said(as_firm, DESK)
    handling.accept(complaint=complaint, by=station_clerk, now=MONDAY)
    handling.assign(complaint=complaint, level="firm", by=station_clerk, now=MONDAY)
    words = said(as_firm, reverse("complaints:detail", args=[complaint.pk]))
    assert complaint.text in words
    assert "138****1234" not in words and "王" not in words
    assert as_other_cadre.get(reverse("complaints:detail", args=[complaint.pk])).status_code == 404


def test_the_export_has_no_people(as_clerk, complaint):
    answer = as_clerk.get(reverse("complaints:desk-export"))
    cells = str(next(read(b"".join(answer.streaming_content))).rows)
    assert complaint.number in cells and PHONE not in cells and "王女士" not in cells


# ---------------------------------------------------------------- acts


def test_accepted_assigned_and_answered_page_by_page(as_station_clerk, as_firm, complaint):
    assert act(as_station_clerk, complaint, "accept", level="firm").status_code == 302
    page = as_firm.get(reverse("complaints:act", args=[complaint.pk, "answer"]))
    assert page.status_code == 200
    assert act(as_firm, complaint, "answer", text="", seen=0).status_code == 422
    assert act(as_firm, complaint, "answer", text="清运了", seen=0).status_code == 302
    now = Complaint.objects.get()
    assert (now.state, now.answers.get().text) == (State.REPLIED, "清运了")


DO = {
    "refuse": {"reason": "劳动纠纷", "go_to": "12333"},
    "remark": {"text": "一句备注"},
    "withdraw": {"reason": "电话里说不用了"},
    "split": {"text": "路灯不亮", "category": "facility"},
}


@pytest.mark.parametrize("doing", DO)
def test_acts_on_a_new_case(as_station_clerk, complaint, doing):
    assert act(as_station_clerk, complaint, doing).status_code == 422
    assert act(as_station_clerk, complaint, doing, **DO[doing]).status_code == 302


WORK = {
    "start": {},
    "arrive": {"text": "到了"},
    "assign": {"level": "town", "text": "请镇里办"},
    "extend": {"days": "1", "reason": "要买桶"},
    "pause": {"kind": "weather", "reason": "下雨"},
    "transfer": {"department": "县环卫", "document_number": "3号"},
    "mediate": {
        "level": "station",
        "held_on": "2026-11-25",
        "parties": "双方",
        "proposals": "清",
        "outcome": "not_agreed",
    },
}


@pytest.mark.parametrize("doing", WORK)
def test_acts_on_a_case_in_work(as_station_clerk, with_firm, doing, today):
    Complaint.objects.update(due_on=today)
    assert reverse("complaints:act", args=[with_firm.pk, doing]) in said(
        as_station_clerk, reverse("complaints:detail", args=[with_firm.pk])
    )
    assert act(as_station_clerk, with_firm, doing, **WORK[doing]).status_code == 302


def test_the_department_is_chased_and_answers(as_clerk, with_firm, clerk):
    handling.transfer(complaint=with_firm, department="县环卫", document_number="3号", by=clerk, now=TUESDAY)
    assert act(as_clerk, with_firm, "chase").status_code == 302
    assert act(as_clerk, with_firm, "department").status_code == 422
    assert act(as_clerk, with_firm, "department", answer="清了", letter="8号").status_code == 302
    assert act(as_clerk, with_firm, "chase").status_code == 404


def test_merged_and_taken_out_again(as_station_clerk, complaint, make_complaint):
    other = make_complaint()
    assert act(as_station_clerk, complaint, "merge").status_code == 422
    assert act(as_station_clerk, complaint, "merge", others=[other.pk]).status_code == 302
    assert Complaint.objects.get(pk=other.pk).merged_into == complaint
    assert act(as_station_clerk, other, "unmerge").status_code == 302


def test_paused_and_running_again(as_station_clerk, with_firm):
    act(as_station_clerk, with_firm, "pause", kind="weather", reason="下雨")
    assert "暂停计时" in said(as_station_clerk, reverse("complaints:detail", args=[with_firm.pk]))
    assert act(as_station_clerk, with_firm, "resume").status_code == 302


def test_back_upheld_and_final(as_station_clerk, as_clerk, as_town_head, answered):
    assert act(as_station_clerk, answered, "uphold", is_upheld="yes", reason="两天没清").status_code == 302
    Complaint.objects.update(replied_on=timezone.localdate())
    assert act(as_clerk, answered, "reopen", reason="还是满的").status_code == 302
    Complaint.objects.update(is_final=True, level="town")
    assert act(as_clerk, answered, "answer", text="最终答复", seen=1).status_code == 302
    assert act(as_town_head, answered, "final-back", reason="写依据").status_code == 302
    assert act(as_clerk, answered, "answer", text="最终答复，依据", seen=1).status_code == 302
    assert act(as_town_head, answered, "final-pass").status_code == 302
    assert Complaint.objects.get().state == State.CLOSED


def test_an_order_of_the_hotline_is_filled_back_once(as_clerk, make_complaint, clerk):
    order = make_complaint(source="hotline", platform_number="GD1", by=clerk)
    assert act(as_clerk, order, "filled-back").status_code == 302
    assert Complaint.objects.get().filled_back_at is None  # not answered yet
    handling.accept(complaint=order, by=clerk, now=MONDAY)
    handling.answer(complaint=order, text="清运了", by=clerk, now=TUESDAY)
    act(as_clerk, order, "filled-back")
    assert Complaint.objects.get().filled_back_at is not None


def test_answers_are_ready_to_copy_back(as_clerk, as_firm, make_complaint, clerk):
    desk = reverse("complaints:hotline-desk")
    assert "没有要回填的工单" in said(as_clerk, desk)
    order = make_complaint(source="hotline", platform_number="GD1", by=clerk)
    handling.accept(complaint=order, by=clerk, now=MONDAY)
    handling.answer(complaint=order, text="清运了，加了桶", by=clerk, now=TUESDAY)
    assert "12345 回填（1）" in said(as_clerk, DESK)
    page = said(as_clerk, desk)
    assert "GD1" in page and "清运了，加了桶" in page
    sheet = as_clerk.get(reverse("complaints:hotline-export"))
    assert "清运了，加了桶" in str(next(read(b"".join(sheet.streaming_content))).rows)
    filled = as_clerk.post(reverse("complaints:act", args=[order.pk, "filled-back"]), {"from": "hotline"})
    assert filled["Location"] == desk
    assert "没有要回填的工单" in said(as_clerk, desk)
    assert as_firm.get(desk).status_code == 403 and as_clerk.post(desk).status_code == 405


def test_who_may_not(as_firm, with_firm, as_other_cadre, as_cadre, as_, leader):
    assert act(as_firm, with_firm, "remark", text="x").status_code == 403
    assert act(as_cadre, with_firm, "remark", text="x").status_code == 403
    assert act(as_(leader), with_firm, "remark", text="x").status_code == 403
    assert as_firm.get(reverse("complaints:act", args=[with_firm.pk, "moon"])).status_code == 404
    assert as_firm.put(reverse("complaints:act", args=[with_firm.pk, "answer"])).status_code == 405


# ---------------------------------------------------------------- people


def test_a_number_is_read_in_full_with_a_reason(as_station_clerk, complaint, complainant):
    url = reverse("complaints:contact-read", args=[complainant.pk])
    assert PHONE not in said(as_station_clerk, reverse("complaints:detail", args=[complaint.pk]))
    assert as_station_clerk.post(url, {"why": ""}).status_code == 422
    assert PHONE in as_station_clerk.post(url, {"why": "回电话"}).content.decode()
    assert ContactReading.objects.get().why == "回电话"


def test_the_firm_does_not_read_those_who_did_not_agree(as_firm, with_firm, complainant):
    url = reverse("complaints:contact-read", args=[complainant.pk])
    assert as_firm.post(url, {"why": "想找他"}).status_code == 403
    complainant.firm_may_call = True
    complainant.save()
    assert PHONE in as_firm.post(url, {"why": "约时间修"}).content.decode()


def test_called_back(as_clerk, answered, complainant):
    url = reverse("complaints:call-back", args=[complainant.pk])
    assert url in said(as_clerk, reverse("complaints:detail", args=[answered.pk]))
    assert as_clerk.post(url, {}).status_code == 422
    assert as_clerk.post(url, {"score": "4", "is_fixed": "yes"}).status_code == 302
    assert Rating.objects.get().called_by is not None


@pytest.mark.parametrize("name", ["complaints:photo", "complaints:photo-small"])
def test_photos_are_for_those_who_see_the_case(as_clerk, as_other_cadre, complaint, name):
    from uuid import uuid4

    photo = complaint.photos.create(client_id=uuid4(), sha256="0" * 64, size=1, received_at=timezone.now())
    assert "还在处理" in as_clerk.get(reverse(name, args=[photo.client_id])).content.decode()
    assert "还在处理" not in as_other_cadre.get(reverse(name, args=[photo.client_id])).content.decode()


# ---------------------------------------------------------------- the telephone desk

PHONE_DESK = reverse("complaints:phone-desk")


def spoken(**more):
    given = {"source": "phone", "phone": PHONE, "community": "松苑", "text": "垃圾没人收", "place": "北门"}
    return given | {"client_id": "7b0f7c4e-8d5e-4a9b-9a51-0d9d6a0f1c21"} | more


def test_registered_by_telephone_and_read_back(as_station_clerk, community):
    answer = as_station_clerk.post(PHONE_DESK, spoken())
    complaint = Complaint.objects.get()
    assert complaint.source == "phone"
    assert complaint.spaced_number in said(as_station_clerk, answer["Location"])
    as_station_clerk.post(PHONE_DESK, spoken())
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"community": "月亮"}, "没有这个小区"),
        ({"phone": "1380000123"}, "手机号是 11 位"),
        ({"phone": ""}, "写上电话"),
        ({"text": ""}, "写一句出了什么事"),
        ({"source": "hotline"}, "12345 工单号"),
        ({"platform_due": "明天"}, "日期"),
    ],
)
def test_what_cannot_be_registered(as_station_clerk, community, typed, words):
    page = as_station_clerk.post(PHONE_DESK, spoken(**typed))
    assert page.status_code == 422
    assert words in page.content.decode() and (typed.get("text") == "" or "垃圾没人收" in page.content.decode())


def test_kept_while_talking_and_earlier_cases_are_shown(as_station_clerk, complaint, community):
    answer = as_station_clerk.post(reverse("complaints:phone-cases"), spoken(text="还没说完"))
    assert [case["number"] for case in answer.json()["cases"]] == [complaint.number]
    assert "还没说完" in said(as_station_clerk, PHONE_DESK)
    as_station_clerk.post(PHONE_DESK, spoken())
    assert "还没说完" not in said(as_station_clerk, PHONE_DESK)


def test_another_station_has_no_such_community(as_, other_station_head, community, station_clerk):
    assert as_(other_station_head).get(PHONE_DESK).status_code == 403


def test_hotline_orders_are_once(as_clerk, community):
    order = spoken(source="hotline", platform_number="GD1", platform_due="2026-12-01")
    assert as_clerk.post(PHONE_DESK, order).status_code == 302
    order["client_id"] = "7b0f7c4e-8d5e-4a9b-9a51-0d9d6a0f1c22"
    page = as_clerk.post(PHONE_DESK, order)
    assert page.status_code == 422 and "已经登记过" in page.content.decode()


def test_registration_by_name_of_the_act(community, station_clerk):
    row = registration.register(
        community=community, text="楼道堆物", source="visit", name="来访人", by=station_clerk, now=MONDAY
    )
    assert row.complainants.get().wants_no_answer
