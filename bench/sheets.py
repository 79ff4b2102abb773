"""50,000 units with owners from a workbook and out again, and the search over 100,000 units, beside references; then
the largest sheet that is taken, 120,000 rows of 26 columns, for its memory.

.venv/bin/python -m bench.sheets [rows]
"""

import io
import resource
import sys
import time
from datetime import date
from random import Random

from bench import database

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
COMMUNITIES, A_BUILDING = 100, 100
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "桂建国志文兰平明华强芳英秀丽军春梅永福金"
HEADINGS = ["小区", "幢", "单元", "房号", "用途", "面积", "业主", "证件号码", "电话", "份额"]
WORDS = ["松苑1", "songyuan10", "01-1-05", "松苑1 502", "王桂", "wang", "wgl", "0001234", "502"]


def fill() -> None:
    from accounts.models import RoleGrant, User
    from communities.models import Community, VillageCommittee

    village = VillageCommittee.objects.create(name="演示社区")
    for number in range(COMMUNITIES):
        Community.objects.create(name=f"松苑{number}", village_committee=village, kind="other")
    clerk = User.objects.create(username="clerk", name="演示经办", password="!")
    RoleGrant.objects.create(user=clerk, role="town_clerk", first_day=date(2020, 1, 1), origin="setup")


def rows(count: int, first: int = 0):
    """Invented people; every number is a different one with its check digit."""
    from lib.identity import check_digit

    chance = Random(7)
    for n in range(first, first + count):
        place, rest = divmod(n - first, max(1, count // COMMUNITIES))
        building, room = divmod(rest, A_BUILDING)
        building += n // count * A_BUILDING
        base = f"99{n % 10000:04}19{50 + n % 50}{n % 12 + 1:02}{n % 28 + 1:02}{n // 10000:03}"
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
        flat = f"{room // 4 + 1}{room % 4 + 1:02}"
        number = base + check_digit(base)
        area = f"{60 + n % 90}.{n % 100:02}"
        yield [
            f"松苑{place % COMMUNITIES}",
            f"{building + 1}幢",
            "1",
            flat,
            "住宅",
            area,
            name,
            number,
            f"138{n:08}",
            "",
        ]


def workbook(cells) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet("户")
    for number, row in enumerate(cells):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell)
    book.close()
    return file.getvalue()


def timed(what: str, work):
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    wall = time.perf_counter() - wall
    print(f"{what:44} {wall:6.2f} s, of it CPU of ours {time.process_time() - cpu:5.2f} s", flush=True)
    return result


def reference(data: bytes) -> None:
    """The best that could be: calamine, and bare COPY of units alone, without people, checks or history."""
    from django.db import connection, transaction
    from python_calamine import CalamineWorkbook

    from communities.models import Building, Community

    with transaction.atomic():
        found = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]
        building = Building.objects.create(community=Community.objects.first(), code="99", name="99幢")
        columns = "community_id, building_id, code, use, area_centi, sale_state"
        with connection.cursor() as cursor, cursor.copy(f"COPY communities_unit ({columns}) FROM STDIN") as copy:
            for number, row in enumerate(found):
                area = round(float(row[5]) * 100)
                copy.write_row((building.community_id, building.pk, f"x{number}", "dwelling", area, "sold"))
        transaction.set_rollback(True)


def bring_in(data: bytes) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from accounts.models import User
    from communities.sheets import KINDS, engine

    say = {"by": User.objects.get(username="clerk"), "now": timezone.now()}
    with transaction.atomic():
        connection.cursor().execute("SET LOCAL statement_timeout = '15min'")
        found = timed("  read, recognise, compare", lambda: engine.examine(KINDS["units"], data, **say))
        assert found.counts()["wrong"] == 0, found.of("wrong")[0]
        timed("  write", lambda: found.kind.write(found.to_write, **say))
        timed("  shares make one, keys", connection.check_constraints)


def take_out() -> None:
    from accounts.models import User
    from communities.sheets import KINDS, files
    from lib import workbook as books

    kind = KINDS["units"]
    cells = files.cells(kind, kind.rows(User.objects.get(username="clerk")))
    books.write(io.BytesIO(), title=kind.title, columns=files.columns(kind), rows=cells)


def most_memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"


def largest() -> None:
    """As large as may be, and every row wrong."""
    from django.utils import timezone

    from accounts.models import User
    from communities import imports
    from communities.models import SheetImport
    from communities.sheets import KINDS
    from lib.workbook_parts import MOST_ROWS

    more = [f"列{number}" for number in range(26 - len(HEADINGS))]
    rows_ = (
        [f"没有{n}", "1幢", "1", str(n), "住宅", "80", f"演示{n}", "", "", "", *more] for n in range(MOST_ROWS - 1)
    )
    data, by, now = workbook([[*HEADINGS, *more], *rows_]), User.objects.get(username="clerk"), timezone.now()
    row = imports.take_in(kind=KINDS["units"], file_name="最大.xlsx", data=data, by=by, now=now)
    imports.work(row, now=now)
    row = SheetImport.objects.get(pk=row.pk)
    print(f"{row.wrong} bad rows, {row.get_state_display()} {row.says}")
    imports.abandon(row=row, now=now)


def look_for() -> None:
    from accounts.models import User
    from bench.measure import ms
    from communities.models import Unit
    from portal.search import search

    clerk = User.objects.get(username="clerk")
    print(f"search over {Unit.objects.count()} units, goal ≤ 100 ms")
    for words in WORDS:
        search(clerk, words)
        begin = time.perf_counter()
        found = search(clerk, words)
        said = "、".join(f"{group.title} {len(group.rows)}" for group in found)
        print(f"  {words:20} {ms(time.perf_counter() - begin):>9}   {said}")


def main() -> None:
    database.use("sheets", fill, anew=True)
    first = workbook([HEADINGS, *rows(ROWS)])
    timed(f"reference: calamine and bare COPY of {ROWS}", lambda: reference(first))
    timed(f"{ROWS} units with owners from .xlsx", lambda: bring_in(first))
    print(f"most memory so far {most_memory()}")
    timed("reference: xlsxwriter alone", lambda: workbook(rows(ROWS)))
    timed(f"{ROWS} units with owners into .xlsx", take_out)
    bring_in(workbook([HEADINGS, *rows(ROWS, ROWS)]))
    look_for()
    timed("the largest sheet, every row wrong", largest)
    print(f"most memory {most_memory()}")


if __name__ == "__main__":
    main()
