"""One number, one record however often it is sent, its terms, the people who are told. DOMAIN E.1, E.3"""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Address, Message
from complaints import registration
from complaints.entries import Who
from complaints.kinds import Category, Level, Source, Urgency, suggested
from complaints.models import Complaint, ComplaintEvent, State
from lib.states import WrongState
from tests.complaints.conftest import MONDAY, PHONE, TEXT, at

pytestmark = pytest.mark.django_db


def test_a_complaint_gets_number_terms_and_firm(make_complaint, firm_row):
    complaint = make_complaint(now=at("2026-11-23 00:30"))
    assert complaint.number == "TS20261123-0001"
    assert (complaint.state, complaint.level, complaint.category) == (State.REGISTERED, Level.FIRM, Category.HYGIENE)
    assert complaint.accept_by == date(2026, 11, 24)
    complaint.refresh_from_db()
    assert complaint.reply_by == complaint.due_on == date(2026, 11, 26)
    assert complaint.firm == firm_row
    assert complaint.events.get().kind == ComplaintEvent.Kind.REGISTERED


def test_numbers_go_by_the_beijing_day(make_complaint):
    late = make_complaint(now=at("2026-11-22 23:59"))
    numbers = [make_complaint(now=at("2026-11-23 00:00")).number, make_complaint(now=at("2026-11-23 08:00")).number]
    assert late.number == "TS20261122-0001"
    assert numbers == ["TS20261123-0001", "TS20261123-0002"]


def test_sent_twice_it_is_one(make_complaint):
    client_id = uuid4()
    first = make_complaint(client_id=client_id)
    assert make_complaint(client_id=client_id, text="别的字") == first
    assert Complaint.objects.count() == 1
    assert make_complaint().number.endswith("-0002")


def test_the_contact_is_the_only_place_with_personal_data(complaint):
    contact = complaint.complainants.get().contact
    assert contact.phone.value == PHONE
    assert contact.masked == "王** 138****1234"
    said = [str(getattr(complaint, field.name)) for field in Complaint._meta.fields]
    assert not any(PHONE in words or "王女士" in words for words in said)


def test_text_messages_say_number_and_link(complaint):
    message = Message.objects.get(channel="sms")
    assert message.kind == "complaint-registered"
    assert message.address == Address.objects.get(value=PHONE)


def test_the_station_is_told(make_complaint, station_clerk, other_station_head):
    make_complaint()
    told = Message.objects.filter(kind="complaint-new", channel="inbox")
    assert [message.user for message in told] == [station_clerk]


def test_danger_is_told_to_all_at_once(make_complaint, station_clerk, clerk, firm):
    complaint = make_complaint(text="电梯困人了，里面有老人")
    assert complaint.urgency == Urgency.LIFE
    assert complaint.on_site_by == at("2026-11-23 09:30")
    told = Message.objects.filter(kind="complaint-urgent", channel="inbox")
    assert {message.user for message in told} == {station_clerk, clerk, firm}


@pytest.mark.parametrize(
    ("text", "urgency", "until"),
    [
        ("电线漏电了", Urgency.SAFETY, at("2026-11-24 09:00")),
        ("厨房水管漏水", Urgency.REPAIR, at("2026-11-24 00:00")),
        ("草坪没人修", Urgency.NORMAL, None),
    ],
)
def test_how_urgent_and_until_when(make_complaint, text, urgency, until):
    complaint = make_complaint(text=text)
    assert (complaint.urgency, complaint.on_site_by) == (urgency, until)


@pytest.mark.parametrize(
    ("text", "category", "word"),
    [
        ("电梯又坏了，垃圾也没人收", Category.LIFT, "电梯"),
        ("垃圾和污水满地，物业费照收", Category.HYGIENE, "垃圾"),
        ("楼上装修声太吵", Category.NEIGHBOUR, "楼上"),
        ("今天心情不好", Category.OTHER, ""),
    ],
)
def test_the_category_is_suggested_by_words(text, category, word):
    assert suggested(text) == (category, word)


def test_the_hotline_caps_the_term_and_keeps_its_number(make_complaint, station_clerk):
    hotline = {"source": Source.HOTLINE, "by": station_clerk, "platform_number": "GD2026-1"}
    capped = make_complaint(**hotline, platform_due=date(2026, 11, 24))
    capped.refresh_from_db()
    assert (capped.due_on, capped.reply_by) == (date(2026, 11, 26), date(2026, 11, 24))
    hotline["platform_number"] = "GD2026-2"
    later = make_complaint(**hotline, platform_due=date(2026, 12, 24))
    later.refresh_from_db()
    assert later.reply_by == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"text": "  "}, "text", "写一句出了什么事"),
        ({"text": "长" * 5000}, "text", "写了 5000 个字，最多 1000 个字"),
        ({"phone": "1380000123"}, "phone", "手机号是 11 位数字"),
        ({"phone": ""}, "phone", "写上电话"),
        ({"category": "moon"}, "category", "选一个类别"),
        ({"photos": [uuid4() for _ in range(10)]}, "photos", "最多 9 张"),
        ({"photos": [uuid4()]}, "photos", "还没传完"),
    ],
)
def test_what_cannot_be_taken_gets_a_sentence_and_no_number(make_complaint, given, field, words):
    with pytest.raises(ValidationError) as refused:
        make_complaint(**given)
    assert words in refused.value.message_dict[field][0]
    assert Complaint.objects.count() == 0
    assert make_complaint().number.endswith("-0001")


@pytest.mark.parametrize("phone", ["138 0000 1234", "+86 13800001234", "１３８００００１２３４", "0578-8800123"])
def test_numbers_as_people_type_them(make_complaint, phone):
    assert make_complaint(phone=phone).complainants.get().contact.phone.value in (PHONE, "05788800123")


def test_a_building_of_another_community_is_refused(make_complaint, neighbour_community):
    elsewhere = neighbour_community.buildings.create(code="01", name="1幢")
    with pytest.raises(ValidationError, match="不在这个小区"):
        make_complaint(building=elsewhere)


def test_script_is_text(make_complaint):
    assert make_complaint(text="<script>alert(1)</script>").text == "<script>alert(1)</script>"


def test_report_box_may_be_anonymous(make_complaint):
    complaint = make_complaint(source=Source.REPORT_BOX, phone="", name="", text="地下室堆满电瓶车")
    complainant = complaint.complainants.get()
    assert complainant.contact.masked == "匿名"
    assert complainant.wants_no_answer


def test_by_telephone_only_staff_of_the_place_register(make_complaint, station_clerk, other_station_head, resident):
    for by in (None, resident, other_station_head):
        with pytest.raises(PermissionDenied):
            make_complaint(source=Source.PHONE, by=by)
    assert make_complaint(source=Source.PHONE, by=station_clerk).registered_by == station_clerk
    assert Complaint.objects.get().complainants.get().user is None


def test_written_for_somebody_else_keeps_both_names(make_complaint):
    contact = make_complaint(name="小王", for_whom="王奶奶", relation="外孙").complainants.get().contact
    assert (contact.name, contact.for_whom, contact.relation) == ("小王", "王奶奶", "外孙")


def test_without_a_firm_the_station_answers(neighbour_community):
    complaint = registration.register(community=neighbour_community, text=TEXT, phone=PHONE, now=MONDAY)
    assert complaint.level == Level.STATION
    assert complaint.term_days == 5


# ---------------------------------------------------------------- 我也遇到


def join(complaint, phone="13900005678", client_id=None):
    return registration.join(
        complaint=complaint, who=Who(phone=phone), client_id=client_id or uuid4(), by=None, now=MONDAY
    )


def test_somebody_joins_once(complaint):
    client_id = uuid4()
    assert join(complaint, client_id=client_id) == join(complaint, client_id=client_id)
    assert complaint.complainants.count() == 2
    assert Message.objects.filter(kind="complaint-joined", channel="sms").count() == 1


def test_nobody_joins_without_a_number_or_what_is_over(complaint):
    with pytest.raises(ValidationError):
        join(complaint, phone="")
    Complaint.objects.update(state="withdrawn", closed_on=date(2026, 11, 24))
    with pytest.raises(WrongState):
        join(complaint)
