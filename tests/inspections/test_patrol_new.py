"""The patrol form and its check page as a phone posts them, and the receipt."""

import uuid

import pytest
from django.db import connection
from django.urls import reverse

from communities.models import Building, Community, PatrolDuty
from inspections import checklist
from inspections.models import CheckItem, Finding, Patrol
from lib.periods import DAY, beijing_date
from tests.inspections.phone import beijing, day, entry, item, posted_finding, sent_photo, sent_photos, sheet

NEW = reverse("inspections:patrol-new")


@pytest.fixture
def url(community):
    return f"{NEW}?c={community.pk}"


def words(page) -> str:
    return page.content.decode()


# ---------------------------------------------------------------- which community


def test_with_one_community_there_is_nothing_to_choose(as_cadre, url):
    assert as_cadre.get(NEW)["Location"] == url


def test_with_two_one_chooses(as_cadre, cadre, community, village):
    other = Community.objects.create(name="演示·桂花园", village_committee=village, kind="other")
    PatrolDuty.objects.create(user=cadre, community=other, first_day=day("2026-01-01"))
    page = words(as_cadre.get(NEW))
    assert f"?c={community.pk}" in page and f"?c={other.pk}" in page
    page = words(as_cadre.get(NEW, {"q": "guihua\0"}))
    assert f"?c={community.pk}" not in page and f"?c={other.pk}" in page


def test_without_any_the_page_says_who_sets_it(as_, make_user):
    from accounts.roles import Role

    page = as_(make_user("neu", "新干部", Role.CADRE)).get(NEW)
    assert "今天没有小区归您联系" in words(page)


@pytest.mark.parametrize("c", ["", "abc", "²", "-1", "99999999999999999999999"])
def test_no_such_community(as_cadre, c):
    assert as_cadre.get(NEW, {"c": c}).status_code == 404


def test_a_link_that_ended_last_week_may_still_be_written(as_cadre, cadre, url):
    PatrolDuty.objects.filter(user=cadre).update(last_day=day("2026-11-09"))
    assert as_cadre.get(url).status_code == 200
    assert as_cadre.post(url, sheet(occurred_on="2026-11-09")).status_code == 302
    assert as_cadre.post(url, sheet()).status_code == 422
    PatrolDuty.objects.filter(user=cadre).update(last_day=day("2026-11-08"))
    assert as_cadre.get(url).status_code == 404


# ---------------------------------------------------------------- five questions


def test_it_works(as_cadre, url, cadre, firm_row, building):
    page = words(as_cadre.get(url))
    assert "checked" not in page and "本周第 1 次" in page
    assert "抄告演示·安居物业" in page
    data = sheet(posted_finding(building=building.pk), places="全部", note="写几句")
    check = as_cadre.post(url, data | {"step": "check"})
    assert check.status_code == 200 and "检查一遍再提交" in words(check)
    assert "3幢1单元楼道堆纸箱" in words(check) and not Patrol.objects.exists()
    answer = as_cadre.post(url, data)
    patrol = Patrol.objects.get()
    assert answer["Location"] == reverse("inspections:patrol-done", args=[patrol.pk])
    assert (patrol.user, patrol.kind, patrol.places, patrol.note) == (cadre, "daily", "全部", "写几句")
    assert patrol.findings.get().building == building


def test_bad_input_is_explained_and_kept(as_cadre, url):
    data = sheet(posted_finding(text="", severity="major"), fire="", note="留着的话", step="check")
    page = as_cadre.post(url, data)
    assert page.status_code == 422 and "出错：" in words(page)
    for sentence in ("写一句是什么问题，在哪里", "留着的话", data["client_id"]):
        assert sentence in words(page)


def test_every_fault_is_named_at_once_and_once(as_cadre, url):
    data = sheet(posted_finding(severity="major", handling="on_the_spot"), fire="", note="长" * 1001, step="check")
    page = as_cadre.post(url, data)
    form = page.context["form"]
    row = next(part for part in form.parts if part.code == "pile").findings[0]
    assert set(row.errors) == {"severity_reason", "after_photos"}
    assert set(form.errors) == {"fire", "note"}
    assert words(page).count("等级提高了，写一句为什么") == 2  # beside the field and in the summary


def test_a_stranger_gets_404(as_other_cadre, url):
    assert as_other_cadre.get(url).status_code == 404
    assert as_other_cadre.post(url, sheet()).status_code == 404


@pytest.mark.parametrize("who", ["station_head", "station_clerk", "leader", "firm", "resident"])
def test_others_get_403(as_, request, url, who):
    client = as_(request.getfixturevalue(who))
    assert client.get(url).status_code == 403
    assert client.post(url, sheet()).status_code == 403


def test_a_wrong_method(as_cadre, url):
    assert as_cadre.put(url).status_code == 405


# ---------------------------------------------------------------- steps


def test_back_from_the_check_page_everything_is_there(as_cadre, url):
    data = sheet(posted_finding(text="写过的话"), note="写过的说明", step="edit")
    page = as_cadre.post(url, data)
    assert page.status_code == 200
    assert "写过的话" in words(page) and "写过的说明" in words(page) and data["client_id"] in words(page)


def test_the_check_page_posts_on_what_was_typed(as_cadre, url):
    data = sheet(posted_finding(), step="check")
    posted = dict(as_cadre.post(url, data).context["posted"])
    assert as_cadre.post(url, posted | {"step": "submit"}).status_code == 302
    assert Finding.objects.get().text == "3幢1单元楼道堆纸箱"


def test_an_unknown_step_is_the_check_page(as_cadre, url):
    assert "检查一遍" in words(as_cadre.post(url, sheet(step="???")))
    assert not Patrol.objects.exists()


def test_sent_twice_it_is_one_record_and_the_second_is_told(as_cadre, url, thursday):
    data = sheet()
    first = as_cadre.post(url, data)
    thursday.shift(60)
    second = as_cadre.post(url, data | {"note": "又写了几句"}, follow=True)
    assert second.redirect_chain == [(first["Location"], 302)]
    assert "之前已经收到" in words(second)
    assert Patrol.objects.count() == 1


def test_anothers_number_is_refused(as_cadre, as_other_cadre, url, neighbour_community):
    data = sheet()
    as_cadre.post(url, data)
    answer = as_other_cadre.post(f"{NEW}?c={neighbour_community.pk}", data)
    assert answer.status_code == 403 and "另一个账号" in words(answer)


def test_signed_out_in_between_one_is_led_to_the_door(stranger, url):
    answer = stranger.post(url, sheet())
    assert answer.status_code == 302 and answer["Location"].startswith("/account/sign-in/")


# ---------------------------------------------------------------- what may be typed


def test_findings_of_a_category_that_is_fine_are_left_out(as_cadre, url):
    data = sheet(posted_finding(), pile="ok")
    assert as_cadre.post(url, data).status_code == 302
    assert not Finding.objects.exists()


def test_an_empty_finding_between_others_is_none(as_cadre, url):
    empty = {"category": "pile", "client_id": str(uuid.uuid4()), "item": "", "text": ""}
    data = sheet(posted_finding(), empty, posted_finding("PIL2", "公共区域"))
    assert as_cadre.post(url, data).status_code == 302
    assert Finding.objects.count() == 2


def test_without_a_number_of_its_own_a_finding_gets_the_same_each_time(as_cadre, url):
    data = sheet(posted_finding(client_id=""))
    for _ in range(2):
        as_cadre.post(url, data)
    assert Finding.objects.count() == 1


@pytest.mark.parametrize(
    ("occurred_on", "sentence"),
    [
        ("2026-11-20", "这一天还没到"),
        ("2025-11-17", "一年多以前"),
        ("", "写上哪一天去的"),
        ("十九号", "日期写成"),
    ],
)
def test_the_day(as_cadre, url, occurred_on, sentence):
    page = as_cadre.post(url, sheet(occurred_on=occurred_on))
    assert page.status_code == 422 and sentence in words(page)


def test_an_earlier_day_is_noon_because_only_the_day_was_asked(as_cadre, url):
    as_cadre.post(url, sheet(occurred_on="2026-11-18"))
    assert Patrol.objects.get().occurred_at == beijing("2026-11-18 12:00")


def test_past_midnight_it_is_still_the_day_that_was_typed(as_cadre, url, thursday):
    data = sheet()
    thursday.move_to(beijing("2026-11-20 00:05"))
    as_cadre.post(url, data)
    assert Patrol.objects.get().occurred_on == day("2026-11-19")


def test_a_past_day_is_asked_by_the_list_of_that_day(as_cadre, url, thursday, administrator, town_head):
    """Today, by the database's clock, is the last day of the old wording; the form is filled in tomorrow."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    today = beijing_date(now)
    old, new = item("PIL1"), CheckItem(code="PIL1", category="pile", text="楼道堆物（新）", severity="major")
    new.first_day = today + DAY
    checklist.enter(item=new, by=administrator, now=now)
    checklist.check(item=new, by=town_head, now=now)
    thursday.move_to(now + DAY)
    typed = posted_finding("HYG1") | {"category": "pile", "item": old.pk}
    assert as_cadre.post(url, sheet(typed, occurred_on=str(new.first_day))).status_code == 422
    assert as_cadre.post(url, sheet(typed, occurred_on=str(today))).status_code == 302


BAD = {
    "an item of another category": {"item": lambda: item("HYG1").pk},
    "no item": {"item": lambda: ""},
    "words for an item": {"item": lambda: "abc"},
    "an unknown severity": {"severity": lambda: "worst"},
    "an unknown handling": {"handling": lambda: "ignore"},
    "no handling": {"handling": lambda: ""},
    "words of 501 characters": {"text": lambda: "长" * 501},
    "photos that are no numbers": {"photos": lambda: "abc,def"},
    "ten photos": {"photos": lambda: ",".join(str(uuid.uuid4()) for _ in range(10))},
    "ten thousand photos": {"photos": lambda: ",".join(str(uuid.uuid4()) for _ in range(10_000))},
    "a photo that has not come": {"photos": lambda: str(uuid.uuid4())},
    "a number that is none": {"client_id": lambda: "1234"},
    "a building of elsewhere": {"building": lambda: Building.objects.get(name="那边").pk},
    "nothing but spaces": {"text": lambda: " \u3000 "},
    "a zero byte": {"text": lambda: "有\0问题"},
}


@pytest.mark.parametrize("case", BAD)
def test_a_finding_that_cannot_be_taken(as_cadre, url, neighbour_community, case):
    Building.objects.create(community=neighbour_community, code="01", name="那边")
    columns = {name: value() for name, value in BAD[case].items()}
    page = as_cadre.post(url, sheet(posted_finding(**columns)))
    assert page.status_code == 422, case
    assert not Patrol.objects.exists()
    row = next(part for part in page.context["form"].parts if part.code == "pile").findings[0]
    assert row.errors, case


BAD_PATROLS = {
    "no number": {"client_id": ""},
    "a number that is none": {"client_id": "abc"},
    "an unknown answer": {"hyg": "perfect"},
    "a note of 1001 characters": {"note": "长" * 1001},
    "places of 201 characters": {"places": "长" * 201},
    "photos that are no numbers": {"photos": "abc"},
    "all not seen": dict.fromkeys(["hyg", "pile", "veh", "fire", "build"], "not_seen"),
    "a finding without one": {"veh": "finding"},
    "no count of findings": {"veh": "finding", "veh-TOTAL_FORMS": ""},
    "a thousand findings": {"veh": "finding", "veh-TOTAL_FORMS": "1000"},
}


@pytest.mark.parametrize("case", BAD_PATROLS)
def test_a_patrol_that_cannot_be_taken(as_cadre, url, case):
    page = as_cadre.post(url, sheet() | BAD_PATROLS[case])
    assert page.status_code == 422, case
    assert not Patrol.objects.exists()
    assert "有几处要补一下，您填的都还在" in words(page)


def test_an_empty_post_asks_for_everything(as_cadre, url):
    page = as_cadre.post(url, {})
    assert page.status_code == 422 and words(page).count("还没选") >= 5


def test_photos_by_number(as_cadre, url, cadre):
    photos = sent_photos(cadre, 2)
    data = sheet(posted_finding(photos=",".join(map(str, photos))), photos=str(sent_photo(cadre).client_id))
    assert as_cadre.post(url, data).status_code == 302
    assert list(Finding.objects.get().photos.values_list("client_id", flat=True)) == photos


# ---------------------------------------------------------------- the office


def test_the_offices_own_visit_is_unannounced(as_clerk, url):
    assert "记为暗访" in words(as_clerk.get(url))
    as_clerk.post(url, sheet())
    assert Patrol.objects.get().kind == Patrol.Kind.COVERT


@pytest.mark.parametrize("who", ["administrator"])
def test_an_office_role_without_the_act_gets_403(as_, request, url, who):
    assert as_(request.getfixturevalue(who)).post(url, sheet()).status_code == 403


# ---------------------------------------------------------------- the receipt


def done(patrol):
    return reverse("inspections:patrol-done", args=[patrol.pk])


def test_the_receipt_shows_the_number_and_what_is_left(as_cadre, patrol):
    page = words(as_cadre.get(done(patrol)))
    assert patrol.number in page and "镇物业办已收到" in page and "本周还差 2 次" in page
    assert str(patrol.client_id) in page  # by which the phone forgets its draft


def test_the_receipt_of_last_weeks_patrol_says_nothing_of_this_week(as_cadre, cadre, community, send):
    late = send(cadre, community, occurred="2026-11-12 12:00")
    page = words(as_cadre.get(done(late)))
    assert "交晚了" in page and "还差" not in page


def test_the_office_is_led_back_to_a_page_of_its_own(as_clerk, covert, community):
    for url in (done(covert), f"{NEW}?c={community.pk}"):
        page = words(as_clerk.get(url))
        assert reverse("inspections:week-link") in page and f'href="{reverse("inspections:week")}"' not in page
    assert as_clerk.get(reverse("inspections:week-link"), follow=True).status_code == 200


def test_the_receipt_is_its_authors(as_other_cadre, as_clerk, as_cadre, patrol):
    assert as_other_cadre.get(done(patrol)).status_code == 404
    assert as_clerk.get(done(patrol)).status_code == 403
    assert as_cadre.post(done(patrol)).status_code == 405


def test_a_second_visit_of_the_day_has_no_count(as_cadre, url, patrol):
    assert "本周第" not in words(as_cadre.get(url))
    assert entry(patrol.community).kind == "daily"


# ---------------------------------------------------------------- which day


def test_a_visit_of_last_week_is_none_of_this_week(as_cadre, url):
    assert "本周第 1 次" in words(as_cadre.post(url, sheet(step="check")))
    assert "本周第" not in words(as_cadre.post(url, sheet(step="check", occurred_on="2026-11-15")))


def test_a_second_visit_of_yesterday_is_no_further_one(as_cadre, url, cadre, community, visit):
    visit(cadre, community, "2026-11-18 09:00")
    assert "本周第 2 次" in words(as_cadre.post(url, sheet(step="check")))
    assert "本周第" not in words(as_cadre.post(url, sheet(step="check", occurred_on="2026-11-18")))


def test_today_and_yesterday_are_a_tap(as_cadre, url):
    page = words(as_cadre.get(url))
    assert 'data-day="2026-11-19"' in page and 'data-day="2026-11-18"' in page


def test_very_many_words_are_not_all_looked_for(as_cadre, cadre, village, community):
    other = Community.objects.create(name="演示·桂花园", village_committee=village, kind="other")
    PatrolDuty.objects.create(user=cadre, community=other, first_day=day("2026-01-01"))
    page = as_cadre.get(NEW, {"q": "guihua " * 1000})
    assert page.status_code == 200 and page.context["words"] == ("guihua " * 1000)[:50]
