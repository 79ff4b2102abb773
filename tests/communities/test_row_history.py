"""变更记录 of every object: what, from, to, who, when, why. Issue 5 §9"""

import pytest
from django.urls import reverse
from pghistory.core import event_models

from communities import models
from communities.models import OwnersCommittee

pytestmark = pytest.mark.django_db


def at(row) -> str:
    return reverse("communities:row-history", args=[row._meta.model_name, row.pk])


@pytest.fixture
def committee(community, days_ago, today):
    day = days_ago(10)
    last = day.replace(year=day.year + 3, day=1)
    return OwnersCommittee.objects.create(
        community=community, number=1, seats=5, elected_on=day, first_day=day, last_day=last
    )


def test_what_from_to_who_why(committee, as_station_head, today):
    where = reverse("communities:committee-end", args=[committee.pk])
    assert as_station_head.post(where, {"last_day": today, "why": "业主大会改选"}).status_code == 302
    page = as_station_head.get(at(committee)).content.decode()
    for said in ("王站长", "业主大会改选", "结束日期", str(committee.last_day), str(today)):
        assert said in page


def test_every_followed_table_has_the_page(committee, community, firm_row, as_clerk):
    followed = [t for n in models.__all__ if event_models(tracks_model=(t := getattr(models, n)))]
    assert len(followed) > 15
    for row in (committee, community, firm_row, community.contracts.get(), community.buildings.get()):
        assert as_clerk.get(at(row)).status_code == 200


def test_personal_data_is_in_no_history():
    assert not event_models(tracks_model=models.Person)


def test_whose_rows(committee, as_, other_station_head, cadre, leader):
    assert as_(other_station_head).get(at(committee)).status_code == 404
    assert as_(cadre).get(at(committee)).status_code == 403
    assert as_(leader).get(at(committee)).status_code == 200
    assert as_(leader).post(at(committee)).status_code == 405


@pytest.mark.parametrize("table", ["person", "record", "user", "x"])
def test_no_such_table(table, as_clerk):
    assert as_clerk.get(reverse("communities:row-history", args=[table, 1])).status_code == 404
