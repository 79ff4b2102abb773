"""What was found in a place last, shown to those who write there again."""

import uuid

import pytest
from django.urls import reverse

from inspections import recent
from inspections.models import Finding
from tests import queries
from tests.inspections.phone import day

pytestmark = pytest.mark.django_db
NEW = reverse("inspections:patrol-new")


def copies(finding, *changes: dict) -> None:
    for change in changes:
        row = Finding.objects.get(pk=finding.pk)
        row.pk, row.client_id = None, uuid.uuid4()
        for name, value in change.items():
            setattr(row, name, value)
        row.save(force_insert=True)


def test_open_ones_come_first_then_those_closed_last(cadre, community, a_finding):
    copies(
        a_finding,
        {"text": "早办结", "state": "closed", "closed_on": day("2026-11-17"), "found_on": day("2026-11-16")},
        {"text": "刚办结", "state": "closed", "closed_on": day("2026-11-18"), "found_on": day("2026-11-16")},
        {"text": "老问题", "found_on": day("2026-10-08")},
        {"text": "撤了的", "state": "withdrawn", "withdrawn_reason": "写错"},
    )
    found = recent.findings_of([community], cadre)[community.pk]
    assert [finding.text for finding in found] == [a_finding.text, "老问题", "刚办结", "早办结"]


def test_five_at_most_of_each_place(cadre, community, a_finding):
    copies(a_finding, *[{"text": f"第{n}个"} for n in range(9)])
    assert len(recent.findings_of([community], cadre)[community.pk]) == recent.SHOWN


def test_nothing_of_places_that_one_does_not_see(other_cadre, community, a_finding):
    assert recent.findings_of([community], other_cadre) == {community.pk: []}


def test_they_stand_on_the_form_and_cost_one_query(as_cadre, community, a_finding):
    url = f"{NEW}?c={community.pk}"
    page = as_cadre.get(url).content.decode()
    assert "这里最近的问题" in page and a_finding.text in page
    few = queries.of(as_cadre, url)
    copies(a_finding, *[{"text": f"第{n}个"} for n in range(3)])
    assert queries.of(as_cadre, url) == few


def test_where_nothing_was_found_the_form_says_nothing(as_cadre, community):
    assert "这里最近的问题" not in as_cadre.get(f"{NEW}?c={community.pk}").content.decode()
