"""The office brings a town in by three workbooks, mends a bad row, leaves a large one to the worker, finds people."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from communities import imports
from communities.models import Community, Ownership, SheetImport, Unit
from communities.sheets import KINDS
from tests.browser import eyes
from tests.communities.sheet_files import HEAD, a_unit, xlsx


@pytest.fixture
def send(page, tmp_path):
    """Chooses a kind and a file and sends it."""

    def send(kind: str, name: str, *rows) -> None:
        path = tmp_path / name
        path.write_bytes(xlsx(*rows))
        page.goto(reverse("communities:import"))
        page.select_option("#id_kind", kind)
        page.set_input_files("#id_file", path)
        page.click("main button:has-text('传上去看看')")

    return send


def _confirm(page) -> None:
    page.click("main button:has-text('确认，写入台账')")
    page.wait_for_selector("text=导入好了")


def test_a_town_of_three_workbooks(signed_in, clerk, send):
    page = signed_in(clerk)
    page.goto(reverse("communities:import"))
    eyes.look(page, "import")
    send("village-committees", "村居.xlsx", ["村居", "电话"], ["演示·东村", "0578-8800201"])
    eyes.look(page, "import-preview")
    _confirm(page)
    send("communities", "小区.xlsx", ["小区名称", "社区", "类别"], ["演示·桂园", "演示·东村", "安置房"])
    _confirm(page)
    community = Community.objects.get()
    rows = [a_unit(community, room=str(room), phone=f"1380013{room:04}") for room in (101, 102, 201)]
    send("units", "业主清册.xlsx", HEAD, *rows, a_unit(community, room="202", area="很大"))
    page.wait_for_selector("text=有错的 1 行")
    eyes.look(page, "import-wrong")
    with page.expect_download() as download:
        page.click("text=下载有错的行")
    assert download.value.path().read_bytes().startswith(b"PK")
    assert not Unit.objects.exists()
    send("units", "业主清册.xlsx", HEAD, *rows, a_unit(community, room="202", area="92.10", owner="李建国"))
    page.wait_for_selector("text=新的 4 行")
    _confirm(page)
    eyes.look(page, "import-done")
    assert Unit.objects.count() == Ownership.objects.count() == 4

    page.goto(reverse("portal:search") + "?q=ljg")
    page.wait_for_selector("text=李*国")
    eyes.look(page, "search")
    page.click("main a:has-text('03-1-0202')")
    page.wait_for_selector("text=92.10")
    eyes.look(page, "unit")
    page.click("text=更正登记")
    eyes.look(page, "unit-correct")
    page.goto(community.get_absolute_url())
    page.goto(reverse("communities:detail", args=[community.pk]))
    page.wait_for_selector("text=03-1-0202")
    eyes.look(page, "registry-card")


def test_a_large_one_is_left_to_the_worker(signed_in, clerk, community, send, monkeypatch):
    """The page says how many rows are done, and becomes the preview by itself; the first page tells of it."""
    monkeypatch.setattr(type(KINDS["units"]), "at_once", 10)
    page = signed_in(clerk)
    send("units", "业主清册.xlsx", HEAD, *(a_unit(community, room=str(room)) for room in range(101, 161)))
    page.wait_for_selector("text=可以离开这一页")
    row = SheetImport.objects.get()
    note = imports._noting(row)
    note("比对", 23, 60)
    page.wait_for_selector("text=比对：60 行，做了 23 行")
    eyes.look(page, "import-working")
    imports.work(row, now=timezone.now())
    page.wait_for_selector("text=确认，写入台账")
    page.goto("/")
    page.wait_for_selector("text=表读好了")
    page.click("a:has-text('表读好了')")
    page.click("main a:has-text('业主清册.xlsx')")
    page.click("main button:has-text('不导入了')")
    page.wait_for_selector("text=台账没有变")
    assert not Unit.objects.exists()
    assert re.search("不导入了", page.content())
