"""The score tables ST-2026-S and ST-2026-D, and the numbers that this room reads. DOMAIN D.2–D.6, L"""

from datetime import date

from django.db import migrations

FIRST_DAY = date(2004, 1, 1)
SOURCE = "《物业工作方案》（方案一）四（三）；分值由本系统拟定，镇物业办可以改"

# code, name, points (0.1), items: code, name, base, cap (0.1)
AREAS = [
    ("ENV", "小区环境", 200, [
        ("ENV-1", "公共区域保洁", 5, 60),
        ("ENV-2", "绿化管护、种菜", 5, 40),
        ("ENV-3", "乱堆放、楼道堆物", 5, 60),
        ("ENV-4", "乱挂晒、小广告、家禽", 3, 40),
    ]),
    ("ORDER", "公共秩序", 150, [
        ("ORD-1", "车辆乱停、僵尸车", 5, 50),
        ("ORD-2", "门岗、着装挂牌、值班", 5, 40),
        ("ORD-3", "有责投诉或回复逾期", 10, 40),
        ("ORD-4", "违建装修不劝阻不报告", 10, 20),
    ]),
    ("FACILITY", "设施设备", 200, [
        ("FAC-1", "电梯维保检验", 20, 60),
        ("FAC-2", "照明监控门禁", 5, 50),
        ("FAC-3", "道路排水屋面零修超时", 10, 50),
        ("FAC-4", "台账巡检记录", 5, 40),
    ]),
    ("GARBAGE", "垃圾卫生", 150, [
        ("GAR-1", "日产日清、满溢", 10, 60),
        ("GAR-2", "卫生死角", 5, 40),
        ("GAR-3", "投放点、消杀", 5, 30),
        ("GAR-4", "建筑垃圾", 10, 20),
    ]),
    ("SAFETY", "安全消防", 150, [
        ("SAF-1", "消防通道", 10, 50),
        ("SAF-2", "消防设施器材", 5, 40),
        ("SAF-3", "电动车充电、私拉乱接", 5, 30),
        ("SAF-4", "重大隐患无“三定”", 30, 30),
    ]),
    ("DISCLOSURE", "公示公开", 150, [
        ("DIS-1", "三公开（服务内容、服务标准、收支情况）每缺一项", 20, 60),
        ("DIS-2", "公开栏（4 平方米以上）", 10, 20),
        ("DIS-3", "公共收益年度公布逾期", 30, 30),
        ("DIS-4", "其他应公开事项每缺一项", 5, 20),
        ("DIS-5", "考核结果未张贴", 10, 20),
    ]),
]  # fmt: skip
MAP = {
    "ENV-1": "HYG1 HYG9", "ENV-2": "HYG5 HYG6", "ENV-3": "PIL1 PIL2 PIL5", "ENV-4": "HYG4 HYG7 HYG8",
    "ORD-1": "VEH1 VEH3 PIL3", "ORD-2": "PUB3", "ORD-3": "upheld late", "ORD-4": "BLD1 BLD2 BLD3 BLD4",
    "FAC-1": "FAC1", "FAC-2": "FAC2", "FAC-3": "FAC3", "GAR-1": "HYG2", "GAR-2": "HYG3", "GAR-4": "PIL4",
    "SAF-1": "VEH2 FIR8", "SAF-2": "FIR1 FIR2 FIR3 FIR4 FIR5 FIR6 FIR7 FIR9 FIR12", "SAF-3": "VEH4 FIR11",
    "SAF-4": "no_plan no_interim", "DIS-1": "PUB1", "DIS-2": "PUB2", "DIS-4": "VEH5",
}  # fmt: skip
BANDS = [  # letter, from (0.1 point), of the monthly base (bp), summons
    ("A", 950, 2000, False),
    ("B", 900, 0, False),
    ("C", 850, -1000, False),
    ("D", 800, -2000, False),
    ("E", 700, -4000, False),
    ("F", 600, -7000, False),
    ("G", 0, -10000, True),
]
TABLES = [
    ("ST-2026-S", "安置类考核表（2026）", {"FAC-3": "道路排水屋面零修发现未上报"}),
    ("ST-2026-D", "开发类考核表（2026）", {}),
]
RULES = [
    ("score.spot_sheets", "integer", "份", 3),
    ("score.spot_exemptions", "integer", "条", 10),
    ("credit.months", "integer", "个月", 24),
    ("credit.f_in_a_row", "integer", "个月", 3),
    ("star.from_points", "list", "分", [60, 70, 80, 90, 95]),
]
CRITERIA = [  # name, most, source
    ("年度平均考核得分", 60, "average"),
    ("没有信用记录", 10, "credit"),
    ("从业人员持证", 10, "hand"),
    ("业主满意", 10, "hand"),
    ("内部管理和培训", 10, "hand"),
]


def enter(apps, editor) -> None:
    def model(name):
        return apps.get_model("assessments", name)

    for code, name, other in TABLES:
        table = model("ScoreTable").objects.create(
            code=code, name=name, gate_band="D", source=SOURCE, first_day=FIRST_DAY, origin="migration"
        )
        for position, (area_code, area_name, most, rows) in enumerate(AREAS):
            area = model("ScoreArea").objects.create(
                table=table, code=area_code, name=area_name, max_deci=most, position=position
            )
            for place, (item_code, words, base, cap) in enumerate(rows):
                item = model("ScoreItem").objects.create(
                    table=table,
                    area=area,
                    code=item_code,
                    name=other.get(item_code, words),
                    base_deci=base,
                    cap_deci=cap,
                    position=place,
                )
                for source in MAP.get(item_code, "").split():
                    model("EvidenceRule").objects.create(table=table, source=source, item=item)
        for letter, least, bp, summons in BANDS:
            model("Band").objects.create(table=table, letter=letter, from_deci=least, bp=bp, summons=summons)
    for position, (name, most, source) in enumerate(CRITERIA):
        model("StarCriterion").objects.create(
            name=name, most=most, source=source, position=position, first_day=FIRST_DAY
        )


def enter_rules(apps, editor) -> None:
    town = apps.get_model("rulebook", "Jurisdiction").objects.get(code="town")
    for key, kind, unit, value in RULES:
        apps.get_model("rulebook", "Rule").objects.create(
            key=key, kind=kind, unit=unit, value=value, jurisdiction=town, first_day=FIRST_DAY, origin="migration",
            basis="本系统拟定的做法，镇物业办可以改",
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_rules_of_scores"), ("rulebook", "0003_rules_of_the_plans")]

    operations = [migrations.RunPython(enter), migrations.RunPython(enter_rules)]
