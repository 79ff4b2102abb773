"""Correcting a patrol on its day: the page, and what becomes of the old version. Issue 3 §5"""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from inspections import patrols
from inspections.entries import Refused
from inspections.models import Finding, FindingEvent, Patrol, PatrolPhoto
from tests.inspections.phone import (
    NOW,
    beijing,
    day,
    entry,
    finding,
    posted_finding,
    sent_photos,
    sheet,
)

EVENING, MIDNIGHT = beijing("2026-11-19 23:59:59"), beijing("2026-11-20 00:00")


def url(patrol):
    return reverse("inspections:patrol-correct", args=[patrol.pk])


def correct(patrol, new, *, now=EVENING, reason="写错了"):
    return patrols.correct(patrol=patrol, entry=new, reason=reason, by=patrol.user, now=now)


# ---------------------------------------------------------------- the page


def test_it_opens_with_what_was_written(as_cadre, patrol, a_finding):
    page = as_cadre.get(url(patrol))
    assert page.status_code == 200
    assert 'name="reason"' in page.content.decode()
    form = page.context["form"]
    assert str(form["client_id"].value()) == str(patrol.client_id)
    pile = next(part for part in form.parts if part.code == "pile")
    assert pile.answer.value() == "finding"
    assert pile.findings[0]["text"].value() == a_finding.text
    assert pile.findings[0]["client_id"].value() == str(a_finding.client_id)


def test_it_works(as_cadre, patrol, a_finding):
    data = sheet(
        posted_finding(text="6幢1单元楼道堆纸箱", client_id=str(a_finding.client_id)),
        client_id=patrol.client_id,
        reason="幢号写错了",
        note="补一句",
    )
    answer = as_cadre.post(url(patrol), data)
    assert (answer.status_code, answer["Location"]) == (302, patrol.get_absolute_url())
    patrol.refresh_from_db()
    assert (patrol.version, patrol.note) == (2, "补一句")
    assert patrol.findings.get().text == "6幢1单元楼道堆纸箱"
    assert patrol.versions.get().reason == "幢号写错了"


def test_without_a_reason_what_was_typed_is_kept(as_cadre, patrol):
    page = as_cadre.post(url(patrol), sheet(posted_finding(text="改过的话"), reason="", hyg=""))
    assert page.status_code == 422
    assert page.context["reason"].errors["reason"] == ["写一句为什么。"]
    assert "改过的话" in page.content.decode()
    assert "环境卫生”还没选" in page.content.decode()  # both faults at once
    patrol.refresh_from_db()
    assert patrol.version == 1


def test_a_stranger_gets_404(as_other_cadre, patrol):
    assert as_other_cadre.get(url(patrol)).status_code == 404


@pytest.mark.parametrize("who", ["clerk", "town_head"])
def test_those_who_may_read_get_403(as_, request, patrol, who):
    client = as_(request.getfixturevalue(who))
    assert client.get(url(patrol)).status_code == 403
    assert client.post(url(patrol), sheet(reason="改")).status_code == 403


def test_stations_do_not_correct(as_station_head, patrol):
    assert as_station_head.get(url(patrol)).status_code == 403


def test_a_wrong_method(as_cadre, patrol):
    assert as_cadre.put(url(patrol)).status_code == 405


def test_the_next_day_leads_to_the_remark(as_cadre, patrol, thursday):
    thursday.move_to(MIDNIGHT)
    answer = as_cadre.post(url(patrol), sheet(reason="改"), follow=True)
    assert answer.redirect_chain == [(patrol.get_absolute_url(), 302)]
    assert "当天才能更正" in answer.content.decode()


def test_a_double_tap_makes_one_version(as_cadre, patrol):
    data = sheet(client_id=patrol.client_id, reason="没有问题")
    for _ in range(2):
        assert as_cadre.post(url(patrol), data).status_code == 302
    patrol.refresh_from_db()
    assert (patrol.version, patrol.versions.count()) == (2, 1)


# ---------------------------------------------------------------- until when, by whom


def test_until_the_last_second_of_the_day(patrol, community):
    assert correct(patrol, entry(community, note="改"), now=EVENING)
    with pytest.raises(PermissionDenied, match="补充说明"):
        correct(patrol, entry(community, note="再改"), now=MIDNIGHT)


def test_the_day_is_that_of_sending_not_of_the_visit(cadre, community, send):
    patrol = send(cadre, community, occurred="2026-11-17 12:00")
    assert correct(patrol, entry(community, occurred="2026-11-17 12:00", note="改"))


def test_not_by_another(patrol, community, station_head):
    with pytest.raises(PermissionDenied):
        patrols.correct(patrol=patrol, entry=entry(community), reason="改", by=station_head, now=NOW)


def test_a_voided_one_is_past_correction(patrol, community, cadre):
    patrols.void(patrol=patrol, reason="写错了小区", by=cadre, now=NOW)
    patrol.refresh_from_db()
    with pytest.raises(PermissionDenied):
        correct(patrol, entry(community))


def test_it_must_be_complete_and_have_a_reason(patrol, community):
    with pytest.raises(Refused, match="为什么更正"):
        correct(patrol, entry(community), reason=" ")
    with pytest.raises(Refused, match="还没选"):
        correct(patrol, entry(community, answers={"hyg": ""}))


def test_nothing_changed_is_no_version(cadre, community, send):
    patrol = send(cadre, community, note="一样的")
    assert not correct(patrol, entry(community, note="一样的"))
    patrol.refresh_from_db()
    assert (patrol.version, patrol.versions.count()) == (1, 0)


# ---------------------------------------------------------------- what becomes of it


def test_the_old_version_says_what_it_said(patrol, community, a_finding):
    correct(patrol, entry(community, finding("PIL2", "公共区域堆木料", client_id=a_finding.client_id)))
    old = patrol.versions.get().content
    assert (old["number"], old["version"]) == (patrol.number, 1)
    assert [one["text"] for one in old["findings"]] == ["3幢1单元楼道堆纸箱"]
    assert dict(old["answers"])["乱堆乱放"] == "有问题"


def test_a_finding_is_mended_in_place_and_its_story_says_so(patrol, community, a_finding, cadre):
    correct(patrol, entry(community, finding("PIL2", "公共区域堆木料", client_id=a_finding.client_id)))
    row = patrol.findings.get()
    assert (row.pk, row.text, row.severity) == (a_finding.pk, "公共区域堆木料", "general")
    assert list(row.events.values_list("kind", flat=True)) == ["found", "corrected"]


def test_a_finding_left_as_it_was_has_no_event(patrol, community, a_finding):
    correct(patrol, entry(community, finding("PIL1", a_finding.text, client_id=a_finding.client_id), note="改"))
    assert list(a_finding.events.values_list("kind", flat=True)) == ["found"]


def test_a_finding_taken_out_is_withdrawn_and_one_put_in_is_new(patrol, community, a_finding):
    correct(patrol, entry(community, finding("HYG2", "垃圾满了")))
    a_finding.refresh_from_db()
    assert (a_finding.state, a_finding.withdrawn_reason) == ("withdrawn", "更正时删去")
    assert list(a_finding.events.values_list("kind", "text")) == [("found", ""), ("withdrawn", "更正时删去")]
    assert patrol.findings.standing().get().text == "垃圾满了"


def test_a_finding_put_back_stands_again(patrol, community, a_finding):
    correct(patrol, entry(community))
    correct(patrol, entry(community, finding("PIL1", "还是写上", client_id=a_finding.client_id)), reason="还是有")
    a_finding.refresh_from_db()
    assert (a_finding.state, a_finding.text, a_finding.withdrawn_reason) == ("open", "还是写上", "")
    assert Finding.objects.count() == 1


def test_put_right_after_all(patrol, community, a_finding, cadre):
    spot = finding(
        "PIL1", client_id=a_finding.client_id, handling="on_the_spot", after=sent_photos(cadre, 1, now=EVENING)
    )
    correct(patrol, entry(community, spot))
    a_finding.refresh_from_db()
    assert (a_finding.state, a_finding.closed_on) == ("closed", date(2026, 11, 19))


def test_what_the_stations_head_lowered_stays_lowered(patrol, community, a_finding, station_head):
    from inspections import findings

    findings.lower_severity(finding=a_finding, severity="general", reason="只有两个", by=station_head, now=NOW)
    correct(patrol, entry(community, finding("PIL1", "四个纸箱", client_id=a_finding.client_id)))
    a_finding.refresh_from_db()
    assert (a_finding.text, a_finding.severity) == ("四个纸箱", "general")


def test_another_kind_of_finding_has_its_own_severity(patrol, community, a_finding, station_head):
    from inspections import findings

    findings.lower_severity(finding=a_finding, severity="general", reason="只有两个", by=station_head, now=NOW)
    correct(patrol, entry(community, finding("FIR8", "堵住了", client_id=a_finding.client_id, field="fire-0")))
    a_finding.refresh_from_db()
    assert a_finding.severity == "major"


# ---------------------------------------------------------------- the day of the visit


def test_the_day_may_be_mended(patrol, community, a_finding):
    correct(patrol, entry(community, finding(client_id=a_finding.client_id), occurred="2026-11-13 12:00"))
    patrol.refresh_from_db()
    a_finding.refresh_from_db()
    assert (patrol.occurred_on, patrol.submit_by) == (date(2026, 11, 13), date(2026, 11, 16))
    assert patrol.is_late
    assert a_finding.found_on == date(2026, 11, 13)


def test_the_same_day_keeps_its_time(patrol, community):
    correct(patrol, entry(community, occurred="2026-11-19 23:00"))
    patrol.refresh_from_db()
    assert patrol.occurred_at == NOW


def test_a_visit_moved_to_a_free_day_is_the_first_of_it(cadre, community, send):
    send(cadre, community, occurred="2026-11-19 08:00")
    second = send(cadre, community)
    correct(second, entry(community, occurred="2026-11-18 12:00"))
    second.refresh_from_db()
    assert second.kind == Patrol.Kind.DAILY


def test_a_visit_moved_to_todays_later_hours_is_not_after_its_sending(cadre, community, send):
    patrol = send(cadre, community, occurred="2026-11-18 12:00")
    correct(patrol, entry(community, occurred="2026-11-19 23:00"))
    patrol.refresh_from_db()
    assert patrol.occurred_at == patrol.submitted_at


# ---------------------------------------------------------------- photos


def shown(row) -> list[tuple]:
    return list(row.photos.shown().order_by("position").values_list("client_id", "kind", "position"))


@pytest.fixture
def with_photos(cadre, community, send):
    a, b, c = sent_photos(cadre, 3)
    patrol = send(cadre, community, finding(photos=[a, b], after=[c]), photos=sent_photos(cadre, 1))
    return patrol, patrol.findings.get(), (a, b, c)


def test_photos_stay_when_they_are_named_again(with_photos, community):
    patrol, row, (a, b, c) = with_photos
    own = [photo.client_id for photo in patrol.photos.shown()]
    same = finding(client_id=row.client_id, photos=[a, b], after=[c], text="改了字")
    correct(patrol, entry(community, same, photos=own))
    assert shown(row) == [(a, "problem", 0), (b, "problem", 1), (c, "after", 2)]
    assert patrol.photos.shown().count() == 1


def test_photos_change_places(with_photos, community):
    patrol, row, (a, b, c) = with_photos
    correct(patrol, entry(community, finding(client_id=row.client_id, photos=[c, a], after=[b])))
    assert shown(row) == [(c, "problem", 0), (a, "problem", 1), (b, "after", 2)]


def test_a_photo_taken_out_is_kept_with_the_old_version(with_photos, community, as_cadre):
    patrol, row, (a, b, c) = with_photos
    correct(patrol, entry(community, finding(client_id=row.client_id, photos=[b])))
    assert shown(row) == [(b, "problem", 0)]
    assert PatrolPhoto.objects.filter(finding=row, dropped=True).count() == 2
    assert len(patrol.versions.get().content["findings"][0]["photos"]) == 3
    page = as_cadre.get(reverse("inspections:patrol-version", args=[patrol.pk, 1]))
    assert {photo.client_id for photo in page.context["findings"][0][1]} == {a, b, c}


def test_a_new_photo_comes_in(with_photos, community, cadre):
    patrol, row, (a, _, c) = with_photos
    (new,) = sent_photos(cadre, 1, now=EVENING)
    correct(patrol, entry(community, finding(client_id=row.client_id, photos=[a, new], after=[c])))
    assert [one[0] for one in shown(row)] == [a, new, c]


def test_a_photo_that_is_not_there_changes_nothing(with_photos, community):
    patrol, row, _ = with_photos
    with pytest.raises(Refused, match="还没传完"):
        correct(patrol, entry(community, finding(client_id=row.client_id, photos=[uuid.uuid4()])))
    assert len(shown(row)) == 3
    patrol.refresh_from_db()
    assert patrol.version == 1


def test_a_correction_cannot_take_anothers_finding(cadre, other_cadre, community, neighbour_community, send):
    theirs = finding()
    send(other_cadre, neighbour_community, theirs)
    patrol = send(cadre, community)
    with pytest.raises(Refused, match="编号和别的记录重了"):
        correct(patrol, entry(community, theirs))


def test_three_corrections_make_three_versions(patrol, community):
    for number in range(1, 4):
        correct(patrol, entry(community, note=f"第 {number} 次"))
    assert list(patrol.versions.values_list("number", flat=True)) == [1, 2, 3]
    assert patrol.versions.last().content["note"] == "第 2 次"
    assert FindingEvent.objects.filter(kind="withdrawn").count() == 1
    assert day("2026-11-19") == Patrol.objects.get(pk=patrol.pk).submitted_on
