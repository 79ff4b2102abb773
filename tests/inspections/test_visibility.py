"""Who sees which patrol, finding, photo and missed week; the same words decide pages, searches and exports."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import RoleGrant
from accounts.roles import Role
from communities.models import Contract, FirmPost, PatrolDuty, StationPost
from inspections import photos
from inspections.models import CheckItem, Finding, MissedWeekReason, Patrol, PatrolPhoto
from lib.periods import DAY
from tests.inspections.phone import MONDAY, NOW, day, end, finding, sent_photo, sent_photos

WHO = {
    # who: sees patrol, finding
    "cadre": (True, True),
    "other_cadre": (False, False),
    "station_head": (True, True),
    "station_clerk": (True, True),
    "other_station_head": (False, False),
    "clerk": (True, True),
    "town_head": (True, True),
    "administrator": (True, True),
    "leader": (True, True),
    "firm": (False, True),
    "other_firm": (False, False),
    "resident": (False, False),
}


def sees(user) -> tuple[bool, bool]:
    return Patrol.objects.visible_to(user).exists(), Finding.objects.visible_to(user).exists()


@pytest.mark.parametrize("who", WHO)
def test_a_patrol_with_a_finding(request, patrol, who):
    assert sees(request.getfixturevalue(who)) == WHO[who]


@pytest.mark.parametrize("who", WHO)
def test_an_unannounced_one_is_the_offices(request, covert, cadre, who):
    office = who in ("clerk", "town_head", "administrator")
    assert sees(request.getfixturevalue(who)) == (office, office)


def test_strangers_see_nothing(patrol, cadre):
    sent_photo(cadre)
    nobody = AnonymousUser()
    for model in (Patrol, Finding, PatrolPhoto, CheckItem, MissedWeekReason):
        assert not model.objects.visible_to(nobody).exists()


def test_ones_own_are_seen_for_ever(patrol, cadre):
    PatrolDuty.objects.filter(user=cadre).update(last_day=day("2026-11-18"))
    assert sees(cadre) == (True, True)


def test_a_colleague_who_takes_over_sees_what_was_before(patrol, cadre, other_cadre, community):
    PatrolDuty.objects.filter(user=cadre).update(last_day=day("2026-11-18"))
    PatrolDuty.objects.create(user=other_cadre, community=community, first_day=day("2026-11-19"))
    assert sees(other_cadre) == (True, True)


def test_a_link_that_begins_tomorrow_is_none(patrol, other_cadre, community):
    PatrolDuty.objects.create(user=other_cadre, community=community, kind="team", first_day=day("2026-11-20"))
    assert sees(other_cadre) == (False, False)


@pytest.mark.parametrize(("last", "seen"), [("2026-11-18", False), ("2026-11-19", True)])
def test_a_post_ends_with_its_last_day(patrol, station_head, last, seen):
    StationPost.objects.filter(user=station_head).update(last_day=day(last))
    assert sees(station_head) == (seen, seen)


def test_a_role_without_a_link_sees_nothing(patrol, make_user):
    for number, role in enumerate((Role.CADRE, Role.STATION_HEAD, Role.FIRM_MANAGER)):
        assert sees(make_user(f"u{number}", "没有联系", role)) == (False, False)


def test_a_link_without_its_role_sees_nothing(patrol, station_head):
    RoleGrant.objects.filter(user=station_head).update(last_day=day("2026-11-18"))
    assert sees(station_head) == (False, False)


# ---------------------------------------------------------------- firms


def test_a_firm_sees_the_days_of_its_own_contract(cadre, community, firm, firm_row, other_firm, other_firm_row, send):
    Contract.objects.filter(firm=firm_row).update(last_day=day("2026-11-17"))
    Contract.objects.create(community=community, firm=other_firm_row, kind="owners", first_day=day("2026-11-18"))
    old = send(cadre, community, finding(text="老物业的"), occurred="2026-11-17 12:00").findings.get()
    new = send(cadre, community, finding(text="新物业的"), occurred="2026-11-18 12:00").findings.get()
    assert list(Finding.objects.visible_to(firm)) == [old]  # also after its contract ended
    assert list(Finding.objects.visible_to(other_firm)) == [new]


def test_a_firm_does_not_see_what_was_withdrawn(withdrawn, firm):
    assert not Finding.objects.visible_to(firm).exists()


def test_a_finding_of_a_day_without_firm_is_no_firms(cadre, community, firm, firm_row, send):
    Contract.objects.filter(firm=firm_row).update(first_day=day("2026-11-19"))
    send(cadre, community, finding(), occurred="2026-11-18 12:00")
    assert not Finding.objects.visible_to(firm).exists()


def test_a_cadre_who_works_for_a_firm_too_sees_both_and_no_more(
    patrol, other_cadre, firm_row, neighbour_community, send, withdrawn
):
    """The union of the rows: the firm's findings, but not the patrols of the firm's community."""
    RoleGrant.objects.create(user=other_cadre, role=Role.FIRM_STAFF, first_day=MONDAY, origin="setup")
    FirmPost.objects.create(firm=firm_row, user=other_cadre, kind="staff", first_day=MONDAY)
    own = send(other_cadre, neighbour_community)
    Finding.objects.filter(pk=withdrawn.pk).update(state="open", withdrawn_reason="")
    assert list(Patrol.objects.visible_to(other_cadre)) == [own]
    assert list(Finding.objects.visible_to(other_cadre)) == [withdrawn]


# ---------------------------------------------------------------- photos


def test_a_photo_before_its_record_is_its_senders(cadre, station_head, clerk):
    photo = sent_photo(cadre)
    seen = [user for user in (cadre, station_head, clerk) if PatrolPhoto.objects.visible_to(user).exists()]
    assert seen == [cadre] and photo.is_loose


def test_a_photo_is_seen_with_its_finding(cadre, community, firm, firm_row, other_firm, station_head, leader, send):
    send(cadre, community, finding(photos=sent_photos(cadre, 1)))
    seen = [u.username for u in (cadre, firm, other_firm, station_head, leader) if _sees_photo(u)]
    assert seen == ["chen", "lin", "wangzhan", "wu"]


def _sees_photo(user) -> bool:
    return PatrolPhoto.objects.visible_to(user).exists()


def test_a_photo_of_the_record_is_seen_with_the_record(cadre, community, firm, firm_row, station_head, send):
    send(cadre, community, finding(), photos=sent_photos(cadre, 1))
    assert _sees_photo(station_head) and not _sees_photo(firm)


def test_a_photo_taken_out_is_seen_with_the_older_version_only(cadre, community, firm, firm_row, station_head, send):
    patrol = send(cadre, community, finding(photos=sent_photos(cadre, 1)))
    photos.bind_to_finding(patrol.findings.get(), photos=[], after=[], by=cadre, field="")
    assert _sees_photo(station_head) and _sees_photo(cadre) and not _sees_photo(firm)


def test_photos_of_unannounced_findings_are_the_offices(clerk, town_head, cadre, community, firm, firm_row, send):
    send(clerk, community, finding(photos=sent_photos(clerk, 1)), kind="covert")
    assert [_sees_photo(user) for user in (clerk, town_head, cadre, firm)] == [True, True, False, False]


# ---------------------------------------------------------------- missed weeks


def test_missed_weeks_are_for_the_cadre_the_stations_head_and_the_office(request, cadre, station_head, community):
    MissedWeekReason.objects.create(
        user=cadre, community=community, monday=MONDAY, reason="台风", by=station_head, at=NOW
    )
    seen = {who for who in WHO if MissedWeekReason.objects.visible_to(request.getfixturevalue(who)).exists()}
    assert seen == {"cadre", "station_head", "clerk", "town_head", "administrator"}


def test_the_head_of_one_station_who_is_clerk_of_another_heads_one(other_station_head, village, cadre, community):
    StationPost.objects.create(village_committee=village, user=other_station_head, kind="clerk", first_day=MONDAY)
    MissedWeekReason.objects.create(user=cadre, community=community, monday=MONDAY, reason="台风", by=cadre, at=NOW)
    assert not MissedWeekReason.objects.visible_to(other_station_head).exists()


def test_open_findings_go_to_the_next_firm_where_the_contract_says_so(patrol, firm, other_firm, other_firm_row, today):
    Finding.objects.update(found_on=today - 3 * DAY)
    finding, old = Finding.objects.get(), Contract.objects.get(community=patrol.community)
    Contract.objects.filter(pk=old.pk).update(last_day=finding.found_on)
    Contract.objects.create(
        community=patrol.community, firm=other_firm_row, kind="owners", first_day=finding.found_on + DAY
    )
    assert not Finding.objects.visible_to(other_firm).exists()
    Contract.objects.filter(pk=old.pk).update(open_items="next")
    assert list(Finding.objects.visible_to(other_firm)) == [finding] == list(Finding.objects.visible_to(firm))
    end(Finding.objects.all(), state="closed", closed_on=today)
    assert not Finding.objects.visible_to(other_firm).exists()
