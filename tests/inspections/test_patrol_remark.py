"""A remark added to one's own patrol, on any later day."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from inspections import patrols
from inspections.entries import Refused
from inspections.models import PatrolRemark
from tests.inspections.phone import NOW, beijing


def url(patrol):
    return reverse("inspections:patrol-remark", args=[patrol.pk])


def test_it_is_added_days_later(as_cadre, patrol, thursday):
    thursday.move_to(beijing("2026-11-30 09:00"))
    assert as_cadre.get(url(patrol)).status_code == 200
    assert as_cadre.post(url(patrol), {"text": "物业当天下午清走了"})["Location"] == patrol.get_absolute_url()
    assert PatrolRemark.objects.get().text == "物业当天下午清走了"
    assert "物业当天下午清走了" in as_cadre.get(patrol.get_absolute_url()).content.decode()


def test_nothing_said(as_cadre, patrol):
    page = as_cadre.post(url(patrol), {"text": "  "})
    assert page.status_code == 422 and "写一句要补充什么" in page.content.decode()


def test_too_much_said_is_kept(as_cadre, patrol):
    page = as_cadre.post(url(patrol), {"text": "长" * 501})
    assert page.status_code == 422 and "长" * 501 in page.content.decode()


def test_a_stranger_gets_404(as_other_cadre, patrol):
    assert as_other_cadre.post(url(patrol), {"text": "我也说一句"}).status_code == 404


@pytest.mark.parametrize("who", ["clerk", "station_head", "leader"])
def test_those_who_may_read_get_403(as_, request, patrol, who):
    assert as_(request.getfixturevalue(who)).post(url(patrol), {"text": "我也说一句"}).status_code == 403
    assert not PatrolRemark.objects.exists()


def test_a_wrong_method(as_cadre, patrol):
    assert as_cadre.put(url(patrol)).status_code == 405


def test_the_subject_asks_the_same(patrol, cadre, station_head):
    with pytest.raises(PermissionDenied):
        patrols.remark(patrol=patrol, text="一句", by=station_head, now=NOW)
    with pytest.raises(Refused):
        patrols.remark(patrol=patrol, text=" ", by=cadre, now=NOW)
