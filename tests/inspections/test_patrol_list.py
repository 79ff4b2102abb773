"""The list of patrols and its workbook: newest first, searched, filtered, a constant number of queries."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from inspections.models import Finding
from tests import queries
from tests.inspections.phone import end, finding

LIST, EXPORT = reverse("inspections:patrol-list"), reverse("inspections:patrol-list-export")


def numbers(client, url=LIST, **query) -> list[str]:
    page = client.get(url, query)
    assert page.status_code == 200
    return [patrol.number for patrol in page.context["page"]]


def sheet(client, url=EXPORT, **query) -> list[tuple]:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))


@pytest.fixture
def three(cadre, other_cadre, community, neighbour_community, visit):
    """Not in the order of their keys."""
    return [
        visit(cadre, community, "2026-11-18 09:00"),
        visit(other_cadre, neighbour_community, "2026-11-19 09:00", note="车棚锁着"),
        visit(cadre, community, "2026-11-17 09:00", kind="special"),
    ]


def test_newest_first(as_clerk, three):
    assert numbers(as_clerk) == [three[1].number, three[0].number, three[2].number]
    page = as_clerk.get(LIST).content.decode()
    assert "共 3 份" in page and "王晓红" in page


def test_each_sees_the_patrols_of_their_communities(as_cadre, as_station_head, as_, leader, three):
    assert numbers(as_cadre) == numbers(as_station_head) == [three[0].number, three[2].number]
    assert len(numbers(as_(leader))) == 3


@pytest.mark.parametrize("who", ["firm", "resident"])
@pytest.mark.parametrize("url", [LIST, EXPORT])
def test_firms_and_residents_get_403(as_, request, who, url):
    assert as_(request.getfixturevalue(who)).get(url).status_code == 403


@pytest.mark.parametrize("url", [LIST, EXPORT])
def test_only_reading(as_clerk, url):
    assert as_clerk.post(url).status_code == 405


def test_found_by_number_community_and_words(as_clerk, three, cadre, community, send):
    found = send(cadre, community, finding(text="消火栓没水带"))
    assert numbers(as_clerk, q=three[1].number[-4:]) == [three[1].number]
    assert numbers(as_clerk, q="binhu") == [three[1].number]
    assert numbers(as_clerk, q="车棚") == [three[1].number]
    assert numbers(as_clerk, q="消火栓 松苑") == [found.number]
    assert numbers(as_clerk, q="消火栓 滨湖") == []


def test_filtered_by_community_days_kind_and_findings(as_clerk, three, cadre, community, send):
    found = send(cadre, community, finding())
    assert len(numbers(as_clerk, community=community.pk)) == 3
    assert numbers(as_clerk, first="2026-11-18", last="2026-11-18") == [three[0].number]
    assert numbers(as_clerk, kind="special") == [three[2].number]
    assert numbers(as_clerk, found="1") == [found.number]
    assert len(numbers(as_clerk, found="0")) == 3


def test_a_withdrawn_finding_is_none(as_clerk, patrol, withdrawn):
    assert numbers(as_clerk, found="1") == []
    assert "没发现" in as_clerk.get(LIST).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"community": "abc"},
        {"community": "999999999999999999999"},
        {"first": "2026-02-31"},
        {"kind": "x"},
        {"q": "\0"},
        {"q": "词" * 60},
        {"page": "many"},
        {"page": "-1"},
        {"found": "2"},
    ],
    ids=str,
)
def test_what_cannot_be_read_narrows_nothing(as_clerk, three, query):
    assert len(numbers(as_clerk, **query)) == 3


def test_nothing_found_says_what_to_do(as_clerk, three):
    assert "换一个条件再找" in as_clerk.get(LIST, {"q": "没有的话"}).content.decode()


def test_pages_of_25(as_clerk, cadre, community, visit):
    for number in range(27):
        visit(cadre, community, f"2026-10-{number + 1:02} 09:00")
    assert len(numbers(as_clerk)) == 25
    assert len(numbers(as_clerk, page=2)) == 2
    assert "page=2" in as_clerk.get(LIST, {"kind": "daily"}).content.decode()


def test_a_constant_number_of_queries(as_clerk, cadre, community, send):
    """Session, user, roles, demo mark, unread; count, rows, communities of the filter, at most one more."""
    send(cadre, community, finding())
    few = queries.of(as_clerk, LIST)
    for _ in range(10):
        send(cadre, community, finding(), finding("HYG1", field="hyg-0"))
    assert queries.of(as_clerk, LIST) == few <= 9


def test_counts_of_findings_are_right(as_clerk, cadre, community, send):
    patrol = send(cadre, community, finding(), finding("HYG1", field="hyg-0"), finding("VEH1", field="veh-0"))
    end(Finding.objects.filter(patrol=patrol, item__code="VEH1"), state="withdrawn", withdrawn_reason="写错")
    end(Finding.objects.filter(patrol=patrol, item__code="HYG1"), state="closed", closed_on=patrol.occurred_on)
    row = as_clerk.get(LIST).context["page"][0]
    assert (row.finding_count, row.open_count) == (2, 1)


# ---------------------------------------------------------------- the workbook


def test_the_workbook_holds_the_same_rows(as_clerk, three):
    rows = sheet(as_clerk)
    assert rows[0][:5] == ("编号", "小区", "巡查时间", "收到时间", "巡查人")
    assert [row[0] for row in rows[1:]] == numbers(as_clerk)
    assert (rows[1][1], rows[1][2].isoformat(), rows[1][4]) == ("演示·滨湖花园", "2026-11-19T09:00:00", "王晓红")


def test_the_workbook_is_filtered_and_limited_like_the_page(as_clerk, as_cadre, three):
    assert [row[0] for row in sheet(as_clerk, kind="special")[1:]] == [three[2].number]
    assert len(sheet(as_cadre)) == 3


def test_states_and_numbers_in_the_workbook(as_clerk, cadre, community, send, visit):
    visit(cadre, community, "2026-11-05 09:00", sent="2026-11-12 09:00")
    visit(cadre, community, "2026-11-04 09:00", sent="2026-11-12 09:00", state="voided", void_reason="写错")
    send(cadre, community, finding())
    assert [(row[6], row[7], row[8]) for row in sheet(as_clerk)[1:]] == [
        (1, 1, "已收到"),
        (0, 0, "交晚了，不计数"),
        (0, 0, "已作废"),
    ]


def test_words_never_become_formulas(as_clerk, cadre, community, visit):
    visit(cadre, community, "2026-11-18 09:00", note="=1+1")
    answer = as_clerk.get(EXPORT)
    cell = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active["J2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_filters_stand_open_only_where_one_is_set(as_cadre, three):
    """On a phone the fields would hide the list; another page of it is no filter."""
    for query, is_open in [({}, False), ({"page": "2"}, False), ({"found": "1"}, True), ({"q": "a\0"}, True)]:
        page = as_cadre.get(LIST, query).content.decode()
        assert ("p-filter no-print is-open" in page, "清空" in page) == (is_open, is_open), query
