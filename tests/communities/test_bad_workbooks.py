"""More than eighty workbooks that are wrong: each gets its sentence, and nothing of it is stored."""

from datetime import date

import pytest
from django.db import connection

from communities.models import Contract, Ownership, Person
from tests.communities.sheet_files import HEAD, a_unit, csv_, sentences, xlsx
from tests.workbooks import BAD_FILES, xls

pytestmark = pytest.mark.django_db
CITIZEN, OTHER_CITIZEN = "110101194912311238", "320106195501010057"
HERE, NEXT_DOOR, FIRM = "演示·松苑小区", "演示·滨湖花园", "演示·安居物业"
REGISTRY = """
    accounts_address accounts_rolegrant accounts_user communities_building communities_committeemember
    communities_community communities_contract communities_firm communities_firmpost communities_ownerscommittee
    communities_ownership communities_patrolduty communities_person communities_stairwell communities_stationpost
    communities_unit communities_villagecommittee
""".split()


def stored() -> list[tuple]:
    """How many rows each table of the registry holds, and what is in them."""
    found = []
    with connection.cursor() as cursor:
        for table in REGISTRY:
            cursor.execute(f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t")
            found.append((table, *cursor.fetchone()))
    return found


def units(*rows, more: tuple[str, ...] = ()) -> bytes:
    return xlsx([*HEAD, *more], *rows)


def unit(**said) -> bytes:
    """A good row above a bad one."""
    return units(a_unit(HERE, room="101"), a_unit(HERE, **said))


def with_day(day, paper="演示证第1号", **said) -> bytes:
    return units([*a_unit(HERE, **said), day, paper], more=("取得日期", "凭据"))


def as_(**said):
    """A column more: `as_(用途="教室")`."""
    return units([*a_unit(HERE), *said.values()], more=tuple(said))


UNITS = {
    "two owners with 150 %": (
        lambda: units(a_unit(HERE, share="1"), a_unit(HERE, owner="李建国", share="50%")),
        "150%",
    ),
    "two owners with two thirds": (
        lambda: units(a_unit(HERE, share="1/3"), a_unit(HERE, owner="李建国", share="1/3")),
        "加起来是 2/3",
    ),
    "one owner with a half": (lambda: unit(share="1/2"), "要正好是一整份"),
    "one of two wrote the share": (
        lambda: units(a_unit(HERE, share="1/2"), a_unit(HERE, owner="李建国")),
        "每个人都要写份额",
    ),
    "a share of nothing": (lambda: unit(share="0"), "大于 0"),
    "a share of three halves": (lambda: unit(share="3/2"), "不超过 1"),
    "a share that Excel made a day": (lambda: unit(share=date(2026, 1, 2)), "当成了日期"),
    "a share in words": (lambda: unit(share="一半"), "1/2 或 50%"),
    "a unit in two buildings of one sheet": (
        lambda: units(a_unit(HERE, room="03-1-0502"), a_unit(HERE, room="03-1-0502", building="4幢", owner="李建国")),
        "写得不一样",
    ),
    "a unit with two areas": (
        lambda: units(a_unit(HERE, share="1/2"), a_unit(HERE, owner="李建国", share="1/2", area="90")),
        "写得不一样",
    ),
    "a row twice": (lambda: units(a_unit(HERE), a_unit(HERE)), "和第 2 行重复"),
    "an owner and an empty row of one unit": (
        lambda: units(a_unit(HERE), a_unit(HERE, owner="")),
        "没写业主",
    ),
    "one number for two names": (
        lambda: units(a_unit(HERE, room="501", number=CITIZEN), a_unit(HERE, owner="李建国", number=CITIZEN)),
        "两个名字",
    ),
    "an identity number as a number": (lambda: unit(number=1.1010119491231e17), "按数字存的"),
    "an identity number with an exponent": (lambda: unit(number="1.10101E+17"), "后几位丢了"),
    "an identity number of 17 digits": (lambda: unit(number=CITIZEN[:-1]), "证件号码|18 位|位"),
    "an identity number with a wrong check digit": (lambda: unit(number="110101194912311230"), "校验码"),
    "a number with stars for somebody new": (lambda: unit(number="110101********1238"), "带星号"),
    "a telephone number too short": (lambda: unit(phone="1380013800"), "一个号码"),
    "two telephone numbers": (lambda: unit(phone="13800138000/13900139000"), "一个号码"),
    "an area in words": (lambda: unit(area="很大"), "89.56 这样"),
    "an area below nothing": (lambda: unit(area="-3"), "在 0 到"),
    "an area as large as the town": (lambda: unit(area="2000000"), "在 0 到"),
    "an area of three decimals": (lambda: unit(area="89.567"), "两位小数"),
    "no area": (lambda: unit(area=""), "新的一行要写面积"),
    "a formula that came to nothing": (lambda: unit(owner="#REF!"), "公式算不出来"),
    "a name of 80 characters": (lambda: unit(owner="王" * 80), "最多 60 个字"),
    "no room": (lambda: unit(room=""), "没有写房号"),
    "no building": (lambda: unit(building=""), "写幢"),
    "a room that Excel made a day": (lambda: unit(room=date(2026, 3, 2)), "当成了日期"),
    "a building of 20 characters": (lambda: unit(building="一" * 20), "最多"),
    "a community that is not there": (lambda: units(a_unit("演示·不存在")), "没有叫“演示·不存在”的小区"),
    "a use that there is none of": (lambda: as_(用途="教室"), "写其中一个"),
    "a state of sale that there is none of": (lambda: as_(销售状态="出租"), "写其中一个"),
    "unsold, and yet somebody's": (lambda: as_(销售状态="未售"), "开发建设单位"),
    "a day to come": (lambda: with_day("2199-01-01"), "还没到这一天"),
    "a day that never was": (lambda: with_day("2026-02-30"), "没有这一天"),
    "a month without its day": (lambda: with_day("2026-11"), "少写了日"),
    "a day of another century": (lambda: with_day("1026-11-23"), "年份"),
    "headings without the room": (lambda: xlsx(["小区", "幢", "业主"], [HERE, "3", "王桂兰"]), "缺 “房号”"),
    "headings of something else": (lambda: xlsx(["日期", "金额"], ["2026-01-01", 3]), "没有户和业主的表头"),
    "headings and nothing below": (lambda: units(), "下面没有数据"),
    "no headings at all": (lambda: xlsx(a_unit(HERE), a_unit(HERE, room="503")), "没有户和业主的表头"),
    "an old workbook with a bad row": (lambda: xls(HEAD, a_unit(HERE, area="很大")), "89.56 这样"),
    "a GB 18030 CSV with a bad row": (lambda: csv_(HEAD, a_unit(HERE, area="很大")), "89.56 这样"),
    "a CSV whose numbers Excel cut": (lambda: csv_(HEAD, a_unit(HERE, number="1.10101E+17")), "后几位丢了"),
}
TERM = ["小区", "第几届", "应有委员", "选出日期", "任期开始", "任期到"]
FIRMS = ["企业名称", "统一社会信用代码", "人员", "手机", "岗位"]
OTHERS = {
    "a firm whose code has a typing error": ("firms", [FIRMS, ["甲", "91330000MA27XYC12B"]], "再核对一遍"),
    "somebody of a firm without a telephone": (
        "firms",
        [FIRMS, ["甲", "91330000MA27XYC12A", "演示周", "", "项目经理"]],
        "写上这个人的手机",
    ),
    "somebody of a firm without a post": (
        "firms",
        [FIRMS, ["甲", "91330000MA27XYC12A", "演示周", "13800138001", ""]],
        "姓名和岗位",
    ),
    "a contract with nobody": (
        "contracts",
        [["小区", "物业企业", "种类", "开始日期"], [NEXT_DOOR, "没有的企业", "选聘", "2024-01-01"]],
        "没有（或者不止一家）",
    ),
    "a second contract at the same time": (
        "contracts",
        [["小区", "物业企业", "种类", "开始日期"], [HERE, FIRM, "选聘", "2025-01-01"]],
        "已经有物业合同",
    ),
    "a contract that ends before it begins": (
        "contracts",
        [["小区", "物业企业", "种类", "开始日期", "结束日期"], [NEXT_DOOR, FIRM, "选聘", "2024-01-01", "2023-01-01"]],
        "结束|早于|之前",
    ),
    "a committee whose term ends before it begins": (
        "committees",
        [TERM, [HERE, "1", "5", "2024-01-01", "2024-01-10", "2023-01-09"]],
        "任期|早于|之前|结束",
    ),
    "a committee of more party members than seats": (
        "committees",
        [[*TERM, "其中党员"], [HERE, "1", "5", "2024-01-01", "2024-01-10", "2029-01-09", "7"]],
        "党员",
    ),
    "a committee without seats": (
        "committees",
        [TERM, [HERE, "1", "0", "2024-01-01", "2024-01-10", "2029-01-09"]],
        "1 到",
    ),
    "a cadre whom nobody knows": ("duties", [["小区", "联系干部"], [HERE, "没有这人"]], "没有叫“没有这人”的账号"),
    "a station that is not there": (
        "station-posts",
        [["物管站", "人员", "岗位"], ["没有的社区", "limin", "站长"]],
        "没有这个村居",
    ),
    "a community of no village committee": (
        "communities",
        [["小区名称", "所属村居", "类别"], ["演示·新", "没有的社区", "开发类"]],
        "没有叫“没有的社区”的村居",
    ),
    "a community of the year 3000": (
        "communities",
        [["小区名称", "所属村居", "类别", "建成年份"], ["演示·新", "城东社区", "开发类", "3000"]],
        "1900 到 2100",
    ),
    "a building without floors": ("buildings", [["小区", "幢号", "地上层数"], [HERE, "9幢", "0"]], "1 到 100"),
    "a village committee without a name": (
        "village-committees",
        [["名称", "类型", "物管站电话"], ["", "社区", "0578-8800201"]],
        "没有写名称",
    ),
}
FILES = {
    **{name: ("units", make, says) for name, (make, says) in BAD_FILES.items()},
    **{name: ("units", make, says) for name, (make, says) in UNITS.items()},
    **{name: (kind, lambda rows=rows: xlsx(*rows), says) for name, (kind, rows, says) in OTHERS.items()},
}


def test_there_are_eighty():
    assert len(FILES) >= 80


@pytest.mark.parametrize("name", FILES)
def test_each_gets_its_sentence_and_nothing_is_stored(bring, community, firm_row, neighbour_community, name):
    kind, make, says = FILES[name]
    before = stored()
    row = bring(kind, data=make())
    assert row.state in ("refused", "ready") and (row.state == "refused" or row.wrong)
    assert any(said in sentences(row) for said in says.split("|")), sentences(row)
    assert stored() == before


def test_a_unit_that_is_registered_in_another_building(bring, community):
    bring("units", data=units(a_unit(HERE, room="03-1-0502")))
    before = stored()
    row = bring("units", data=units(a_unit(HERE, room="03-1-0502", building="4幢")))
    assert "一户不能在两幢里" in sentences(row) and stored() == before


def test_a_sale_before_the_present_owner_began(bring, community):
    bring("units", data=units(a_unit(HERE)))
    Ownership.objects.update(first_day=date(2026, 1, 1))
    before = stored()
    row = bring("units", data=with_day("2025-06-01", owner="李建国"))
    assert "取得日期要在那之后" in sentences(row) and stored() == before


def test_the_number_of_somebody_registered_under_another_name(bring, community):
    bring("units", data=units(a_unit(HERE, number=CITIZEN)))
    assert Person.objects.count() == 1 and not Contract.objects.exists()
    before = stored()
    row = bring("units", data=units(a_unit(HERE, room="503", owner="李建国", number=CITIZEN)))
    assert "另一个名字" in sentences(row) and stored() == before
