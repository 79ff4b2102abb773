"""What somebody who is signed in reported or joined; their own name and number are filled in for them. Issue 7 §1"""

import pytest
from django.urls import reverse

from accounts.models import Address
from accounts.roles import Role
from complaints.models import Complaint
from tests.complaints.conftest import MONDAY
from tests.complaints.pages import walk

pytestmark = pytest.mark.django_db
OWN = reverse("complaints:own")


@pytest.fixture
def as_resident(as_, resident):
    return as_(resident)


def test_listed_with_a_link_to_all_of_it(as_resident, community, make_complaint, resident):
    assert "还没有反映过" in as_resident.get(OWN).content.decode()
    walk(as_resident, community)
    make_complaint(now=MONDAY)  # somebody else's
    page = as_resident.get(OWN)
    (row,) = page.context["page"].object_list
    assert row.complaint.registered_by == resident
    assert as_resident.get(row.link).status_code == 200
    assert "垃圾桶" in page.content.decode()


def test_name_and_number_are_known(as_resident, community, resident):
    resident.mobile = Address.objects.create(kind="phone", value="13800007777")
    resident.save()
    page = walk(as_resident, community, upto="contact").content.decode()
    assert 'value="13800007777"' in page and f'value="{resident.name}"' in page


def test_a_building_head_writes_for_somebody(as_, make_user, community):
    head = make_user("head", "楼幢长", Role.BUILDING_HEAD)
    page = walk(as_(head), community, upto="contact").content.decode()
    assert 'value="楼幢长"' in page and "<details open" in page.replace("<details  open", "<details open")


def test_a_child_reports_for_a_parent_and_both_names_are_kept(stranger, community):
    url = reverse("complaints:new-here", args=[community.code])
    check = walk(stranger, community, upto="check", name="王小姐")
    from tests.complaints.pages import hidden

    sent = hidden(check) | {"for_whom": "王奶奶", "relation": "女儿", "category": "hygiene", "step": "submit"}
    assert stranger.post(url, sent).status_code == 302
    contact = Complaint.objects.get().complainants.get().contact
    assert (contact.name, contact.for_whom, contact.relation) == ("王小姐", "王奶奶", "女儿")


def test_signed_out_and_wrong_method(stranger, as_resident):
    assert stranger.get(OWN).status_code == 302
    assert as_resident.post(OWN).status_code == 405
