"""``manage.py import_sheet KIND FILE [--apply]``: the page's own path on the command line."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from communities.models import SheetImport, Unit, VillageCommittee
from communities.sheets import KINDS
from tests.communities.sheet_files import HEAD, a_unit, csv_, xlsx

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path):
    """``file(rows…)``: the path of a workbook."""

    def file(*rows, data: bytes | None = None, name: str = "表.xlsx") -> str:
        path = tmp_path / name
        path.write_bytes(data or xlsx(*rows))
        return str(path)

    return file


def said(*words) -> str:
    out = io.StringIO()
    call_command("import_sheet", *words, stdout=out, stderr=out)
    return out.getvalue()


def refused(*words) -> str:
    """What it printed and why it ended; with exit code 1."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_sheet", *words, stdout=out, stderr=out)
    assert caught.value.returncode == 1
    return f"{out.getvalue()}\n{caught.value}"


def test_without_apply_it_shows_and_writes_nothing(file, community, clerk):
    shown = said("units", file(HEAD, a_unit(community, phone="13800138000")))
    assert (
        "新的 第 2 行 演示·松苑小区 03-1-0502" in shown and "新的 1 行，要改的 0 行，一样的 0 行，有错的 0 行" in shown
    )
    assert "李敏（limin）" in shown and "王桂兰" not in shown and "写入了" not in shown
    assert not Unit.objects.exists()


def test_with_apply_it_writes(file, community, clerk):
    assert "写入了" in said("units", file(HEAD, a_unit(community)), "--apply")
    assert Unit.objects.get().code == "03-1-0502"
    row = SheetImport.objects.get()
    assert (row.state, row.by) == ("done", clerk)


def test_a_second_time_shows_old_and_new(file, community, clerk):
    said("units", file(HEAD, a_unit(community)), "--apply")
    shown = said("units", file(HEAD, a_unit(community, area="95")), "--apply")
    assert "要改 第 2 行 演示·松苑小区 03-1-0502：面积 89.56 → 95.00" in shown
    assert Unit.objects.get().area_centi == 9500
    assert "一样的 1 行" in said("units", file(HEAD, a_unit(community, area="95")), "--apply")


def test_bad_rows_end_it_with_1_each_with_its_reason(file, community, clerk):
    path = file(HEAD, a_unit(community), *(a_unit(community, room=str(n), area="很大") for n in range(1000, 1250)))
    shown = refused("units", path, "--apply")
    assert shown.count("有错 第 ") == 250 and "有错 第 252 行：面积：面积写成 89.56 这样的数。" in shown
    assert "新的 1 行，要改的 0 行，一样的 0 行，有错的 250 行" in shown and "什么也没有写" in shown
    assert not Unit.objects.exists()


def test_many_new_rows_are_counted(file, community, clerk):
    rows = [a_unit(community, room=str(number)) for number in range(1000, 1300)]
    assert "新的还有 100 行没有列出" in said("units", file(HEAD, *rows))


def test_columns_nobody_knows_are_named(file, community, clerk):
    assert "没有用的列：备注二" in said("units", file([*HEAD, "备注二"], [*a_unit(community), "x"]))


def test_nothing_is_left_lying(file, community, clerk):
    said("units", file(HEAD, a_unit(community)))
    refused("units", file(HEAD, a_unit(community, area="很大")))
    refused("units", file(data=b"PK\x03\x04 broken"))
    assert [row.state for row in SheetImport.objects.all()] == ["abandoned"] * 3
    assert not any(
        default_storage.exists(name) for row in SheetImport.objects.all() for name in (row.file, row.preview)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_known_by_its_name_and_its_title(file, kind, clerk, administrator):
    for name in (kind, KINDS[kind].title, kind.replace("-", "_")):
        assert "的表头" in refused(name, file(["没有", "这样"], [1, 2]))


def test_a_csv(file, community, clerk):
    said("units", file(data=csv_(HEAD, a_unit(community)), name="户.csv"), "--apply")
    assert Unit.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nothing", "x.xlsx"], "没有“nothing”这种表。有：village-committees"),
        (["units", "/nowhere/x.xlsx"], "没有 /nowhere/x.xlsx 这个文件"),
        (["units", str(ROOT)], "这个文件"),
    ],
)
def test_what_cannot_be(words, says, clerk):
    assert says in refused(*words)


def test_who_does_it(file, community, clerk, leader, administrator):
    path = file(["名称"], ["演示·东村"])
    assert "没有账号“wu2”" in refused("village-committees", path, "--by", "wu2")
    assert refused("village-committees", path, "--by", leader.username)
    assert "以 李敏（limin）的名义" in said("village-committees", path)
    assert "以 孙管理（guanli）的名义" in said("staff", file(["姓名", "用户名"], ["演示陈", "chen1"]))


def test_nobody_may(file, db):
    assert "还没有能导入这种表的账号" in refused("village-committees", file(["名称"], ["演示·东村"]))


def test_too_large(tmp_path, clerk):
    path = tmp_path / "大.xlsx"
    with path.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    assert "超过 20 MB" in refused("units", str(path))


@pytest.mark.django_db(transaction=True)
def test_as_a_process(file, clerk):
    """As whoever calls it sees it: what stands on the screen, and how it ends."""
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "LINZHI_TEST_DATABASE": connection.settings_dict["NAME"]}

    def run(*words) -> tuple[int, str, str]:
        command = [sys.executable, "manage.py", "import_sheet", *words]
        end = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, timeout=60)
        return end.returncode, end.stdout, end.stderr

    good, bad = (
        file(["名称"], ["演示·东村"], name="好.xlsx"),
        file(["名称", "类型"], ["演示·西村", "区"], name="坏.xlsx"),
    )
    assert run("village-committees", good)[0] == 0 and not VillageCommittee.objects.exists()
    assert run("village-committees", good, "--apply")[0] == 0 and VillageCommittee.objects.count() == 1
    code, out, err = run("village-committees", bad, "--apply")
    assert code == 1 and "有错 第 2 行：类型：写其中一个" in out and "什么也没有写" in err
    assert VillageCommittee.objects.count() == 1
