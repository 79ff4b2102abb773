"""One finding with its story; lowering its severity."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from inspections import findings
from inspections.entries import Refused
from inspections.models import Finding, FindingEvent, PatrolPhoto
from lib.states import WrongState
from tests.inspections.phone import NOW, end, finding, sent_photos


def detail(row):
    return reverse("inspections:finding-detail", args=[row.pk])


def lower(row):
    return reverse("inspections:finding-lower", args=[row.pk])


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("who", ["cadre", "station_head", "station_clerk", "clerk", "leader", "firm"])
def test_all_who_see_it_read_whose_turn_it_is(as_, request, a_finding, who):
    page = as_(request.getfixturevalue(who)).get(detail(a_finding))
    assert page.status_code == 200
    assert "演示·安居物业整改" in page.content.decode() and a_finding.text in page.content.decode()


@pytest.mark.parametrize("who", ["other_cadre", "other_station_head", "other_firm"])
def test_a_stranger_gets_404(as_, request, a_finding, who):
    assert as_(request.getfixturevalue(who)).get(detail(a_finding)).status_code == 404


def test_residents_get_403(as_, resident, a_finding):
    assert as_(resident).get(detail(a_finding)).status_code == 403


def test_only_reading(as_cadre, a_finding):
    assert as_cadre.post(detail(a_finding)).status_code == 405


def test_a_firm_reads_nothing_of_the_patrol(as_firm, as_cadre, patrol, a_finding):
    assert patrol.number not in as_firm.get(detail(a_finding)).content.decode()
    assert patrol.number in as_cadre.get(detail(a_finding)).content.decode()


def test_what_is_to_be_transferred_waits_for_the_office(as_firm, cadre, community, firm_row, send):
    row = send(cadre, community, finding("BLD1", field="build-0", handling="transfer")).findings.get()
    page = as_firm.get(detail(row)).content.decode()
    assert "物业办移交" in page and "安居物业整改" not in page


def test_closed_and_withdrawn_say_so(as_cadre, a_finding, cadre):
    end(Finding.objects.filter(pk=a_finding.pk), state="closed", closed_on=a_finding.found_on)
    assert "已办结" in as_cadre.get(detail(a_finding)).content.decode()
    findings.withdraw(finding=a_finding, reason="记错了", by=cadre, now=NOW)
    page = as_cadre.get(detail(a_finding)).content.decode()
    assert "已撤销" in page and "记错了" in page


def test_photos_are_shown_when_they_are_ready(as_firm, cadre, community, firm_row, send):
    row = send(cadre, community, finding(photos=sent_photos(cadre, 2))).findings.get()
    assert "照片正在处理" in as_firm.get(detail(row)).content.decode()
    first, second = PatrolPhoto.objects.order_by("position")
    PatrolPhoto.objects.filter(pk=first.pk).update(state="ready")
    PatrolPhoto.objects.filter(pk=second.pk).update(state="refused", refusal="照片打不开")
    page = as_firm.get(detail(row)).content.decode()
    assert reverse("inspections:photo-small", args=[first.client_id]) in page and "照片打不开" in page
    assert f'alt="{row.text}（问题）"' in page


# ---------------------------------------------------------------- lowering


def test_the_stations_head_lowers_with_a_reason(as_station_head, station_head, a_finding):
    assert lower(a_finding) in as_station_head.get(detail(a_finding)).content.decode()
    page = as_station_head.get(lower(a_finding)).content.decode()
    assert "一般" in page and "重大" not in page
    answer = as_station_head.post(lower(a_finding), {"severity": "general", "reason": "只有两个纸箱"})
    assert answer["Location"] == detail(a_finding)
    a_finding.refresh_from_db()
    assert a_finding.severity == "general"
    event = a_finding.events.get(kind=FindingEvent.Kind.LOWERED)
    assert (event.by, event.text) == (station_head, "较重 → 一般：只有两个纸箱")


@pytest.mark.parametrize(
    "data", [{}, {"severity": "general"}, {"severity": "major", "reason": "相反"}, {"reason": "留着的话"}]
)
def test_bad_input_is_explained_and_kept(as_station_head, a_finding, data):
    page = as_station_head.post(lower(a_finding), data)
    assert page.status_code == 422 and data.get("reason", "").strip() in page.content.decode()
    assert not FindingEvent.objects.filter(kind="lowered").exists()


def test_lowering_for_a_stranger_is_404(as_, other_station_head, a_finding):
    data = {"severity": "general", "reason": "不关我事"}
    assert as_(other_station_head).post(lower(a_finding), data).status_code == 404


@pytest.mark.parametrize("who", ["station_clerk", "cadre", "clerk", "leader", "firm"])
def test_lowering_by_those_who_may_read_is_403(as_, request, a_finding, who):
    client = as_(request.getfixturevalue(who))
    assert client.get(lower(a_finding)).status_code == 403
    assert client.post(lower(a_finding), {"severity": "general", "reason": "不要"}).status_code == 403
    assert lower(a_finding) not in client.get(detail(a_finding)).content.decode()


def test_a_wrong_method(as_station_head, a_finding):
    assert as_station_head.put(lower(a_finding)).status_code == 405


@pytest.mark.parametrize(
    "columns",
    [
        {"severity": "general"},
        {"state": "closed", "closed_on": "2026-11-19"},
        {"state": "withdrawn", "withdrawn_reason": "写错"},
    ],
    ids=str,
)
def test_what_cannot_be_lowered_says_so(as_station_head, a_finding, columns):
    end(Finding.objects.filter(pk=a_finding.pk), **columns)
    answer = as_station_head.post(lower(a_finding), {"severity": "general", "reason": "降"}, follow=True)
    assert "等级不用再降" in answer.content.decode()


def test_whoever_comes_second_is_told(a_finding, station_head):
    def go(row, severity="general"):
        findings.lower_severity(finding=row, severity=severity, reason="看过", by=station_head, now=NOW)

    stale = Finding.objects.get(pk=a_finding.pk)
    go(a_finding)
    with pytest.raises(WrongState):
        go(stale)
    assert FindingEvent.objects.filter(kind="lowered").count() == 1


def test_the_subject_asks_the_same(a_finding, station_head, cadre):
    for by, severity, reason, error in [
        (cadre, "general", "看过", PermissionDenied),
        (station_head, "general", " ", Refused),
        (station_head, "serious", "一样", Refused),
        (station_head, "major", "相反", Refused),
    ]:
        with pytest.raises(error):
            findings.lower_severity(finding=a_finding, severity=severity, reason=reason, by=by, now=NOW)
