"""The list of findings that staff and firms share, and its workbook."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from inspections.models import Finding
from tests import queries
from tests.inspections.phone import end, finding

LIST, EXPORT = reverse("inspections:finding-list"), reverse("inspections:finding-list-export")


def texts(client, **query) -> list[str]:
    page = client.get(LIST, query)
    assert page.status_code == 200
    return [row.text for row in page.context["page"]]


def sheet(client, **query) -> list[tuple]:
    answer = client.get(EXPORT, query)
    assert answer.status_code == 200
    return list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))


@pytest.fixture
def four(cadre, other_cadre, community, neighbour_community, building, firm_row, other_firm_row, send):
    send(cadre, community, finding("FIR8", "消防通道停着车", field="fire-0"), occurred="2026-11-17 12:00")
    send(cadre, community, finding("PIL1", "楼道堆纸箱", building=building, place="一楼"), occurred="2026-11-18 12:00")
    send(other_cadre, neighbour_community, finding("HYG2", "垃圾满了", field="hyg-0"))
    old = send(cadre, community, finding("VEH1", "车停乱了", field="veh-0"), occurred="2026-11-02 12:00")
    end(old.findings.all(), state="closed", closed_on="2026-11-05")


def test_newest_first(as_clerk, four):
    assert texts(as_clerk) == ["垃圾满了", "楼道堆纸箱", "消防通道停着车", "车停乱了"]


def test_each_sees_their_own(as_, request, four):
    own = ["楼道堆纸箱", "消防通道停着车", "车停乱了"]
    for who in ("cadre", "station_head", "station_clerk", "firm"):
        assert texts(as_(request.getfixturevalue(who))) == own
    assert texts(as_(request.getfixturevalue("other_firm"))) == ["垃圾满了"]
    assert len(texts(as_(request.getfixturevalue("leader")))) == 4


@pytest.mark.parametrize("url", [LIST, EXPORT])
def test_residents_get_403_and_strangers_the_door(as_, resident, stranger, url):
    assert as_(resident).get(url).status_code == 403
    assert stranger.get(url).status_code == 302


@pytest.mark.parametrize("url", [LIST, EXPORT])
def test_only_reading(as_clerk, url):
    assert as_clerk.post(url).status_code == 405


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "纸箱"}, ["楼道堆纸箱"]),
        ({"q": "一楼 松苑"}, ["楼道堆纸箱"]),
        ({"q": "楼道内堆放"}, ["楼道堆纸箱"]),
        ({"category": "hyg"}, ["垃圾满了"]),
        ({"severity": "major"}, ["消防通道停着车"]),
        ({"state": "closed"}, ["车停乱了"]),
        ({"state": "open", "severity": "serious"}, ["楼道堆纸箱"]),
        ({"first": "2026-11-18", "last": "2026-11-18"}, ["楼道堆纸箱"]),
        ({"state": "closed", "closed_first": "2026-11-02", "closed_last": "2026-11-08"}, ["车停乱了"]),
        ({"closed_first": "2026-11-09"}, []),
    ],
    ids=str,
)
def test_search_and_filters(as_clerk, four, query, expected):
    assert texts(as_clerk, **query) == expected


@pytest.mark.parametrize(
    "query",
    [
        {"severity": "x"},
        {"first": "?"},
        {"community": "0x1"},
        {"closed_first": "?"},
        {"q": "\0"},
        {"of": "1,x"},
        {"of": "9" * 30},
        {"of": ","},
    ],
    ids=str,
)
def test_what_cannot_be_read_narrows_nothing(as_clerk, four, query):
    assert len(texts(as_clerk, **query)) == 4


def test_of_some_communities(as_clerk, as_firm, four, community, neighbour_community):
    assert texts(as_clerk, of=str(neighbour_community.pk)) == ["垃圾满了"]
    assert texts(as_clerk, of=f"{community.pk},{neighbour_community.pk}", category="hyg") == ["垃圾满了"]
    assert f'value="{neighbour_community.pk}"' in as_clerk.get(LIST, {"of": neighbour_community.pk}).content.decode()
    assert texts(as_firm, of=str(neighbour_community.pk)) == []


def test_withdrawn_findings_are_not_in_the_list(as_clerk, withdrawn):
    assert texts(as_clerk) == []
    assert "没有这样的问题" in as_clerk.get(LIST).content.decode()


def test_a_firm_finds_what_it_may_see_and_nothing_by_searching(as_firm, four, covert):
    assert texts(as_firm, q="垃圾") == []
    assert texts(as_firm, q="暗访") == []
    assert len(sheet(as_firm)) == 4


def test_a_constant_number_of_queries(as_clerk, as_firm, cadre, community, firm_row, send):
    send(cadre, community, finding())
    few = [queries.of(client, LIST) for client in (as_clerk, as_firm)]
    for _ in range(12):
        send(cadre, community, finding(), finding("HYG1", field="hyg-0"))
    assert [queries.of(client, LIST) for client in (as_clerk, as_firm)] == few
    assert max(few) <= 10


def test_the_workbook_holds_the_same_rows(as_clerk, four):
    rows = sheet(as_clerk)
    assert rows[0][:4] == ("发现日期", "小区", "类别", "检查项")
    assert [row[6] for row in rows[1:]] == texts(as_clerk)
    when, place, category, item, severity, where, text, handling, firm, state, closed, number = rows[2]
    assert (when.date().isoformat(), place) == ("2026-11-18", "演示·松苑小区")
    assert (category, item, severity) == ("乱堆乱放", "楼道内堆放杂物", "较重")
    assert (where, text, handling, firm) == ("3幢 一楼", "楼道堆纸箱", "抄告责任单位", "演示·安居物业")
    assert (state, closed, number) == ("没办结", None, "巡20261119-0002")


def test_the_workbook_is_filtered_like_the_page(as_clerk, four):
    assert [row[6] for row in sheet(as_clerk, state="closed")[1:]] == ["车停乱了"]
    assert Finding.objects.count() == 4
