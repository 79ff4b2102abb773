"""Complaints in every state, made as people make them."""

from datetime import datetime

import pytest

from complaints import handling, registration
from complaints.kinds import Level
from lib.periods import BEIJING

TEXT = "北门垃圾桶满了两天没人收，气味很大"
PHONE = "13800001234"


def at(text: str) -> datetime:
    """``at("2026-11-23 09:00")``: a moment in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


MONDAY = at("2026-11-23 09:00")
TUESDAY, WEDNESDAY, FRIDAY = at("2026-11-24 10:00"), at("2026-11-25 10:00"), at("2026-11-27 10:00")


@pytest.fixture
def make_complaint(community, firm_row):
    """``make_complaint(text="…", now=…)``: as a resident writes it on the phone."""

    def make(**more):
        given = {"community": community, "text": TEXT, "phone": PHONE, "name": "王女士", "now": MONDAY} | more
        return registration.register(**given)

    return make


@pytest.fixture
def complaint(make_complaint):
    return make_complaint()


@pytest.fixture
def complainant(complaint):
    return complaint.complainants.get()


@pytest.fixture
def with_firm(complaint, station_clerk, firm):
    """Accepted and given to the firm."""
    handling.accept(complaint=complaint, by=station_clerk, now=MONDAY)
    handling.assign(complaint=complaint, level=Level.FIRM, by=station_clerk, now=MONDAY)
    return complaint


@pytest.fixture
def answered(with_firm, firm):
    handling.answer(complaint=with_firm, text="今天上午清运了，加了一个桶。", by=firm, now=TUESDAY)
    return with_firm
