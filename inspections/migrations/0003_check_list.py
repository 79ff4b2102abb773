"""The check list of DOMAIN B.5, from 2004 until it is superseded."""

from datetime import date

from django.db import migrations

G, S, M = "general", "serious", "major"
P1, P3, P5, P6 = "方案一", "方案三", "方案五", "方案六"
TRANSFER = True

CATEGORIES = ["hyg", "pile", "veh", "fire", "build", "fac", "pub"]
ITEMS = {
    "hyg": [
        ("HYG1", "路面不洁、积水、排水沟渠不畅", G, P6),
        ("HYG2", "垃圾未日产日清、满溢", G, P3),
        ("HYG3", "垃圾死角", G, P6),
        ("HYG4", "乱张贴垃圾广告", G, P6),
        ("HYG5", "绿化管护缺失", G, P1),
        ("HYG6", "种菜", G, P6),
        ("HYG7", "放养家禽及其他动物", G, P6),
        ("HYG8", "乱挂乱晒", G, P6),
        ("HYG9", "楼道、电梯间保洁消杀不到位", G, P3),
    ],
    "pile": [
        ("PIL1", "楼道内堆放杂物", S, P3),
        ("PIL2", "公共区域乱堆放", G, P1),
        ("PIL3", "车棚内废弃物、僵尸车", G, f"{P1}、{P3}"),
        ("PIL4", "建筑垃圾乱倒", G, P6),
        ("PIL5", "积雪残冰未清", G, P3),
    ],
    "veh": [
        ("VEH1", "车辆乱停乱放", G, P1),
        ("VEH2", "堵塞消防通道", M, P1),
        ("VEH3", "地下车库使用不规范", S, P1),
        ("VEH4", "电动车未规范停放、充电", S, P1),
        ("VEH5", "收费公示缺失", G, P1),
    ],
    "fire": [
        ("FIR1", "消防设施运行、自动消防设施故障", S, P5),
        ("FIR2", "消防泵供水异常", M, P5),
        ("FIR3", "消火栓配件器材缺损", S, P5),
        ("FIR4", "灭火器失效", G, P5),
        ("FIR5", "架空层、地下车库擅自经营或改用途", S, P5),
        ("FIR6", "楼梯间装铁栅门", S, P5),
        ("FIR7", "楼梯间堆物", S, P5),
        ("FIR8", "占用堵塞消防通道", M, P5),
        ("FIR9", "无消防宣传栏", G, P5),
        ("FIR10", "未经消防设计审查、验收、备案", M, P5, TRANSFER),
        ("FIR11", "私拉乱接电线", S, P1),
        ("FIR12", "消防制度、责任人未明确", S, P5),
    ],
    "build": [
        ("BLD1", "在建违建", M, P1, TRANSFER),
        ("BLD2", "既有违建", S, P1, TRANSFER),
        ("BLD3", "拆改承重结构", M, P1, TRANSFER),
        ("BLD4", "侵占公共部位", S, P1),
    ],
    "fac": [
        ("FAC1", "电梯维保、检验过期", M, P1),
        ("FAC2", "照明、监控、门禁故障", G, P1),
        ("FAC3", "道路、屋面、管网零修", G, P1),
        ("FAC4", "房屋裂缝、倾斜", M, P1, TRANSFER),
    ],
    "pub": [
        ("PUB1", "三公开缺项", G, P1),
        ("PUB2", "公开栏缺失或不足 4 ㎡", G, "方案四"),
        ("PUB3", "工作人员未着装挂牌", G, P6),
    ],
}


def enter(apps, schema_editor):
    rows = [
        apps.get_model("inspections", "CheckItem")(
            code=code,
            category=category,
            category_order=CATEGORIES.index(category),
            position=position,
            text=text,
            severity=severity,
            source=source,
            to_transfer=bool(transfer),
            first_day=date(2004, 1, 1),
        )
        for category, items in ITEMS.items()
        for position, (code, text, severity, source, *transfer) in enumerate(items)
    ]
    apps.get_model("inspections", "CheckItem").objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_records_that_stay")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
