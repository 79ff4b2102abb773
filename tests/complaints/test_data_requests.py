"""A person's request for their own data and its erasure is a case of its own. Issue 7 §6"""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Address
from complaints import data_requests, handling
from complaints.models import Complaint, Contact, DataRequest
from lib.states import WrongState
from lib.table_files import read
from tests.complaints.conftest import MONDAY, PHONE, TUESDAY

pytestmark = pytest.mark.django_db
LIST = reverse("complaints:request-list")


def ask(clerk, kind="erase", phone=PHONE):
    return data_requests.ask(kind=kind, phone=phone, verified="看了身份证", by=clerk, now=TUESDAY)


def test_erased_what_is_over_and_kept_what_is_under_way(make_complaint, clerk):
    over, open_ = make_complaint(), make_complaint()
    handling.withdraw(complaint=over, reason="不用了", now=MONDAY)
    request = ask(clerk)
    assert data_requests.erase(request=request, by=clerk, now=TUESDAY) == 1
    assert "1 件还在办" in DataRequest.objects.get().outcome
    assert over.complainants.get().contact.masked == "已隐去"
    assert open_.complainants.get().contact.phone.value == PHONE
    with pytest.raises(WrongState):
        data_requests.erase(request=request, by=clerk, now=TUESDAY)


def test_a_second_erasure_of_a_number_that_is_gone_takes_nobody_else(complaint, make_complaint, clerk, as_clerk):
    """What is held under no number is everybody's who left none: none of it is this person's."""
    other = make_complaint(phone="", name="李大爷", source="visit", by=clerk)
    for row in (complaint, other):
        handling.withdraw(complaint=row, reason="不用了", now=MONDAY)
    first, second = ask(clerk), ask(clerk)
    data_requests.erase(request=first, by=clerk, now=TUESDAY)
    second.refresh_from_db()
    assert not as_clerk.get(reverse("complaints:request-detail", args=[second.pk])).context["held"]
    assert data_requests.erase(request=second, by=clerk, now=TUESDAY) == 0
    assert other.complainants.get().contact.name == "李大爷"


def test_everything_erased_leaves_no_number(complaint, clerk):
    handling.withdraw(complaint=complaint, reason="不用了", now=MONDAY)
    data_requests.erase(request=ask(clerk), by=clerk, now=TUESDAY)
    assert not Contact.objects.exclude(phone=None).exists()
    assert not Address.objects.filter(value=PHONE).exists() and DataRequest.objects.get().phone is None
    assert Complaint.objects.get().text


def test_the_person_gets_all_of_it_on_paper_and_as_a_sheet(as_clerk, as_, station_clerk, clerk, answered, complainant):
    url = reverse("complaints:request-paper", args=[ask(clerk, "copy").pk])
    paper = as_clerk.post(url).content.decode()
    for words in (PHONE, "王女士", answered.text, "加了一个桶", answered.number):
        assert words in paper
    sheet = as_clerk.post(url, {"as": "sheet"})
    assert PHONE in str(next(read(b"".join(sheet.streaming_content))).rows)
    assert [row.why[:6] for row in complainant.contact.readings.all()] == ["本人资料申请"] * 2
    assert as_clerk.get(url).status_code == 405
    assert as_(station_clerk).post(url).status_code == 403


def test_what_is_erased_is_not_given(complaint, clerk, as_clerk):
    request = ask(clerk, "copy")
    handling.withdraw(complaint=complaint, reason="不用了", now=MONDAY)
    data_requests.erase(request=ask(clerk), by=clerk, now=TUESDAY)
    request.refresh_from_db()
    with pytest.raises(WrongState):
        data_requests.read(request=request, by=clerk, now=TUESDAY)


def test_a_copy_is_given_or_refused(complaint, clerk, firm):
    with pytest.raises(PermissionDenied):
        ask(firm)
    for wrong in ("13900009999", "", "1"):
        with pytest.raises(ValidationError):
            ask(clerk, phone=wrong)
    data_requests.give(request=ask(clerk, "copy"), by=clerk, now=TUESDAY)
    second = ask(clerk, "copy")
    with pytest.raises(ValidationError):
        data_requests.refuse(request=second, outcome=" ", by=clerk, now=TUESDAY)
    data_requests.refuse(request=second, outcome="不是本人", by=clerk, now=TUESDAY)
    assert {row.state for row in DataRequest.objects.all()} == {"done", "refused"}


def test_the_pages(as_clerk, as_station_head, complaint, clerk):
    assert "没有申请" in as_clerk.get(LIST).content.decode()
    assert as_station_head.get(LIST).status_code == 403
    new = reverse("complaints:request-new")
    assert as_clerk.post(new, {"kind": "copy", "phone": "1"}).status_code == 422
    answer = as_clerk.post(new, {"kind": "copy", "phone": PHONE, "verified": "回拨了电话"})
    detail = reverse("complaints:request-detail", args=[DataRequest.objects.get().pk])
    assert answer["Location"] == detail
    page = as_clerk.get(detail).content.decode()
    assert complaint.number in page and PHONE not in page
    assert as_clerk.post(detail, {"outcome": ""}).status_code == 302
    assert DataRequest.objects.get().state == "done"


@pytest.mark.parametrize(
    ("name", "change"), [("data_request_verified", {"verified": ""}), ("data_request_ended", {"state": "done"})]
)
def test_rules_of_the_database(complaint, clerk, name, change):
    ask(clerk)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        DataRequest.objects.update(**change)


def test_templates_for_answers_are_offered(as_firm, as_clerk, with_firm, clerk, as_, station_clerk):
    from complaints.models import ReplyTemplate

    ReplyTemplate.objects.create(title="已清运", text="已经清运干净", kept_by=clerk, first_day=MONDAY.date())
    url = reverse("complaints:act", args=[with_firm.pk, "answer"])
    assert "已经清运干净" in as_(station_clerk).get(url).content.decode()
    assert "已经清运干净" not in as_firm.get(url).content.decode()
