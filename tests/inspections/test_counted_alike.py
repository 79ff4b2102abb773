"""Five weeks worked out by hand from DOMAIN B.1–B.3, each asked of every place that counts: the cadre's home, the
board, its workbook, the community's page and the reminder."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import Message
from communities.models import CadreLeave, PatrolDuty
from inspections import reminders
from inspections.models import Patrol
from lib.periods import week_of
from tests.inspections.phone import beijing, day, sheet

HOME, BOARD = reverse("inspections:week"), reverse("inspections:week-board")
EXPORT = reverse("inspections:week-board-export")


@pytest.fixture
def counted(as_, cadre, clerk, community, thursday):
    """``counted("2026-11-22 20:00")``: what each place says at that moment of the week just running."""

    def ask(now: str) -> dict:
        thursday.move_to(beijing(now))
        share = as_(cadre).get(HOME).context["mine"].share_of(community)
        row = as_(clerk).get(BOARD, {"q": community.name}).context["board"][0]
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(b"".join(as_(clerk).get(EXPORT, {"q": community.name}).streaming_content))
        )
        cells = book.get_sheet_by_index(0).to_python()[-1]
        page = as_(clerk).get(community.get_absolute_url()).context["weeks"][0]
        return {
            "home": (share.counted, share.quota, share.missing) if share else None,
            "board": (row.done, row.asked, row.missing),
            "workbook": tuple(int(cell) for cell in cells[-3:]),
            "page": (page.done, page.asked, page.missing),
        }

    return ask


def alike(numbers: tuple) -> dict:
    return dict.fromkeys(["home", "board", "workbook", "page"], numbers)


def reminded(cadre, at: str) -> bool:
    reminders.remind(now=beijing(at))
    about = week_of(beijing(at)).monday.isoformat()
    return Message.objects.filter(user=cadre, kind=reminders.REMINDER, about_key=about).exists()


def test_holiday_days_lower_what_is_asked(cadre, community, visit, counted):
    """28 to 30 September work, 1 to 4 October are off: three days, three visits; the one on the holiday counts."""
    visit(cadre, community, "2026-09-28 09:00")
    visit(cadre, community, "2026-10-03 09:00")
    assert counted("2026-10-03 20:00") == alike((2, 3, 1))
    assert reminded(cadre, "2026-09-30 16:00")


def test_a_week_with_one_working_day(cadre, community, visit, counted):
    """9 to 15 February: leave until Friday leaves Saturday the 14th, on which one works: one visit is asked."""
    CadreLeave.objects.create(user=cadre, first_day=day("2026-02-09"), last_day=day("2026-02-13"))
    assert counted("2026-02-13 09:00") == alike((0, 1, 1))
    visit(cadre, community, "2026-02-11 23:59")  # on a day of leave: it counts
    assert counted("2026-02-13 09:30") == alike((1, 1, 0))
    assert not reminded(cadre, "2026-02-13 09:30")


def test_sunday_midnight_and_the_last_day_to_send(cadre, community, visit, counted):
    """Sunday 23:59:59 sent on Monday 23:59 counts for the old week, Monday 00:00 for the new one."""
    for moment in ("2026-11-16 08:00", "2026-11-17 08:00"):
        visit(cadre, community, moment)
    visit(cadre, community, "2026-11-22 23:59:59", sent="2026-11-23 23:59:59")
    assert counted("2026-11-22 23:59:59") == alike((3, 3, 0))
    visit(cadre, community, "2026-11-23 00:00")
    assert counted("2026-11-23 00:00") == alike((1, 3, 2))
    late = visit(cadre, community, "2026-11-21 10:00", sent="2026-11-24 00:00")
    assert late.is_late and counted("2026-11-22 23:59:59") == alike((3, 3, 0))


def test_three_on_a_morning_and_one_that_was_voided(cadre, clerk, community, visit, counted):
    for hour in ("08:00", "09:00", "10:00"):
        visit(cadre, community, f"2026-11-17 {hour}")
    visit(cadre, community, "2026-11-18 08:00", state="voided", void_reason="写错小区")
    visit(clerk, community, "2026-11-19 08:00", kind="covert")
    assert counted("2026-11-19 09:00") == alike((1, 3, 2))
    assert reminded(cadre, "2026-11-19 16:00")


def test_handed_over_in_the_middle_of_the_week(cadre, other_cadre, community, visit, counted, clerk, as_, thursday):
    """The old cadre until Tuesday (two working days), the new one from Wednesday (three). The community is asked for
    three in all, and each for what their own days ask; a visit before the link counts for who made it."""
    old = PatrolDuty.objects.get(user=cadre)
    old.last_day = day("2026-11-17")
    old.save()
    PatrolDuty.objects.create(user=other_cadre, community=community, first_day=old.last_day + timedelta(days=1))
    visit(cadre, community, "2026-11-16 09:00")
    visit(other_cadre, community, "2026-11-17 09:00")
    visit(other_cadre, community, "2026-11-18 09:00")
    found = counted("2026-11-19 09:00")
    assert found.pop("home") == (1, 2, 1)
    assert set(found.values()) == {(3, 3, 0)}
    mine = as_(other_cadre).get(HOME).context["mine"].share_of(community)
    assert (mine.counted, mine.quota, mine.missing) == (2, 3, 1)
    assert reminded(other_cadre, "2026-11-19 16:00")
    assert not reminded(cadre, "2026-11-19 16:00")  # who may not go there any more is not sent


def test_who_stands_in_later_this_week_is_told_from_when(cadre, other_cadre, community, as_):
    """The page offers no form that would not open yet."""
    days = {"first_day": day("2026-11-20"), "last_day": day("2026-11-20")}
    PatrolDuty.objects.create(user=other_cadre, community=community, kind="substitute", **days)
    page = as_(other_cadre).get(HOME).content.decode()
    new = f"{reverse('inspections:patrol-new')}?c={community.pk}"
    assert "11月20日 周五</time> 起归您联系" in page and new not in page
    assert as_(other_cadre).get(new).status_code == 404


def test_who_handed_over_writes_up_earlier_days_only(cadre, other_cadre, community, as_, firm_row):
    """The home says until when it was theirs and offers no visit; a record of a later day is explained at its date."""
    PatrolDuty.objects.filter(user=cadre).update(last_day=day("2026-11-17"))
    page = as_(cadre).get(HOME).content.decode()
    assert "到 <time" in page and "补记" in page and "去巡查<" not in page
    new = f"{reverse('inspections:patrol-new')}?c={community.pk}"
    answer = as_(cadre).post(new, sheet(step="check"))
    assert answer.status_code == 422 and "那一天不归您联系" in answer.content.decode()
    assert as_(cadre).post(new, sheet(step="submit")).status_code == 422 and not Patrol.objects.exists()
    assert as_(cadre).post(new, sheet(step="check", occurred_on="2026-11-17")).status_code == 200
    assert as_(cadre).post(new, sheet(occurred_on="2026-11-17")).status_code == 302
