"""Two hundred identical submits at once make one complaint; two people deciding at once, one wins. RELIABILITY"""

from uuid import uuid4

import pytest

from complaints import handling, registration
from complaints.models import Complaint
from lib.states import WrongState
from tests.at_once import at_once, the_refusal
from tests.complaints.conftest import MONDAY, PHONE, TEXT, TUESDAY

pytestmark = pytest.mark.django_db(transaction=True)


def test_identical_submits_are_one(community, firm_row):
    client_id = uuid4()

    def submit():
        return registration.register(
            community=community, text=TEXT, phone=PHONE, client_id=client_id, now=MONDAY
        ).number

    ends = [end for _ in range(10) for end in at_once(*[submit] * 20)]
    assert set(ends) == {"TS20261123-0001"}
    assert Complaint.objects.count() == 1


def test_numbers_are_given_once(community, firm_row):
    def submit():
        return registration.register(community=community, text=TEXT, phone=PHONE, now=MONDAY).number

    assert len(set(at_once(*[submit] * 20))) == 20


def test_of_two_answers_at_once_one_stands(with_firm, firm, station_clerk):
    def answer(by):
        return lambda: handling.answer(complaint=Complaint.objects.get(), text=f"答复 {by.pk}", by=by, now=TUESDAY)

    assert isinstance(the_refusal(at_once(answer(firm), answer(station_clerk))), WrongState)
    assert with_firm.answers.count() == 1
