"""One patrol as it is read: the page, its older versions, the paper."""

import pytest
from django.urls import reverse

from inspections import patrols
from tests.inspections.phone import NOW, beijing, entry, finding, sent_photos
from tests.lib.pdf_text import characters

READERS = ["cadre", "station_head", "station_clerk", "clerk", "town_head", "leader"]


@pytest.fixture
def corrected(patrol, community, cadre, a_finding):
    new = entry(community, finding(client_id=a_finding.client_id, text="更正后的话"), note="更正后的说明")
    patrols.correct(patrol=patrol, entry=new, reason="写错了幢号", by=cadre, now=NOW)
    patrol.refresh_from_db()
    return patrol


def pages(patrol):
    return [
        reverse("inspections:patrol-detail", args=[patrol.pk]),
        reverse("inspections:patrol-version", args=[patrol.pk, 1]),
        reverse("inspections:patrol-paper", args=[patrol.pk]),
    ]


@pytest.mark.parametrize("who", READERS)
def test_all_staff_who_see_the_community_read_it(as_, request, corrected, who):
    client = as_(request.getfixturevalue(who))
    assert [client.get(page).status_code for page in pages(corrected)] == [200, 200, 200]


@pytest.mark.parametrize("who", ["other_cadre", "other_station_head"])
def test_strangers_get_404(as_, request, corrected, who):
    client = as_(request.getfixturevalue(who))
    assert [client.get(page).status_code for page in pages(corrected)] == [404, 404, 404]


@pytest.mark.parametrize("who", ["firm", "resident"])
def test_firms_and_residents_get_403(as_, request, corrected, who):
    client = as_(request.getfixturevalue(who))
    assert [client.get(page).status_code for page in pages(corrected)] == [403, 403, 403]


def test_only_reading(as_cadre, corrected):
    assert [as_cadre.post(page).status_code for page in pages(corrected)] == [405, 405, 405]


def test_it_says_what_was_found_and_what_may_be_done(as_cadre, patrol, a_finding):
    page = as_cadre.get(patrol.get_absolute_url()).content.decode()
    for words in (patrol.number, a_finding.text, "楼道内堆放杂物", "较重", "今天之内可以更正", "有问题", "这次没看"):
        assert words in page
    for name in ("patrol-correct", "patrol-void", "patrol-remark", "patrol-paper"):
        assert reverse(f"inspections:{name}", args=[patrol.pk]) in page


def test_the_next_day_it_can_only_be_added_to(as_cadre, patrol, thursday):
    thursday.move_to(beijing("2026-11-20 00:00"))
    page = as_cadre.get(patrol.get_absolute_url()).content.decode()
    assert "今天之内" not in page
    assert reverse("inspections:patrol-correct", args=[patrol.pk]) not in page
    assert reverse("inspections:patrol-void", args=[patrol.pk]) not in page
    assert reverse("inspections:patrol-remark", args=[patrol.pk]) in page


def test_a_late_one_says_so(as_cadre, cadre, community, send):
    patrol = send(cadre, community, occurred="2026-11-12 12:00")
    assert "交晚了" in as_cadre.get(patrol.get_absolute_url()).content.decode()


def test_leaders_are_offered_nothing_to_do(as_, leader, patrol):
    page = as_(leader).get(patrol.get_absolute_url()).content.decode()
    for name in ("patrol-correct", "patrol-void", "patrol-remark"):
        assert reverse(f"inspections:{name}", args=[patrol.pk]) not in page


def test_queries_do_not_grow_with_findings(as_cadre, cadre, community, send, django_assert_max_num_queries):
    many = [finding(field=f"pile-{n}", photos=sent_photos(cadre, 2)) for n in range(6)]
    patrol = send(cadre, community, *many)
    with django_assert_max_num_queries(17):
        as_cadre.get(patrol.get_absolute_url())


def test_an_older_version_reads_as_it_did(as_clerk, corrected):
    page = as_clerk.get(reverse("inspections:patrol-version", args=[corrected.pk, 1])).content.decode()
    assert "3幢1单元楼道堆纸箱" in page and "写错了幢号" in page
    assert "更正后的" not in page


def test_a_version_that_never_was(as_clerk, corrected):
    assert as_clerk.get(reverse("inspections:patrol-version", args=[corrected.pk, 2])).status_code == 404


def test_the_paper_can_be_read_and_searched(as_clerk, corrected):
    answer = as_clerk.get(reverse("inspections:patrol-paper", args=[corrected.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''%E5%B7%A120261119-0001")
    written = f"{corrected.number}第2版小区巡查记录单演示·松苑小区陈国平楼道内堆放杂物更正后的话更正后的说明较重"
    assert set(written) <= characters(answer.content)


def test_the_paper_of_words_that_look_like_markup(as_cadre, cadre, community, send):
    strange = '#let x = 1 *粗* _斜_ $数$ <标> @引 \\ [括] "引" `码` // 注'
    patrol = send(cadre, community, finding(text=strange), note=strange)
    answer = as_cadre.get(reverse("inspections:patrol-paper", args=[patrol.pk]))
    assert answer.status_code == 200 and set("粗斜数标引括码注#$@") <= characters(answer.content)


def test_the_paper_of_a_voided_one_says_so(as_cadre, cadre, patrol):
    patrols.void(patrol=patrol, reason="写错了小区", by=cadre, now=NOW)
    answer = as_cadre.get(reverse("inspections:patrol-paper", args=[patrol.pk]))
    assert set("已作废写错了小区") <= characters(answer.content)
