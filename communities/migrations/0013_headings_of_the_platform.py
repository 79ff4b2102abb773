"""The columns in which firms and their people are first exported; the office changes them. Histories are sealed."""

from django.db import migrations

from lib.append_only import Seal

COLUMNS = {
    "firm": [
        ("企业名称", "firm_name"),
        ("统一社会信用代码", "uscc"),
        ("办公地址", "address"),
        ("联系电话", "phone"),
        ("24小时服务电话", "duty_phone"),
        ("在管项目", "communities"),
        ("在管项目数", "community_count"),
        ("从业人员数", "staff_count"),
        ("持证人数", "certified_count"),
    ],
    "staff": [
        ("姓名", "name"),
        ("所在企业", "firm_name"),
        ("企业统一社会信用代码", "uscc"),
        ("岗位", "job"),
        ("服务项目", "where"),
        ("工号", "badge"),
        ("到岗日期", "first_day"),
        ("证书及编号", "certificates"),
        ("证书有效期", "valid_until"),
    ],
}


def enter(apps, editor):
    ExportColumn = apps.get_model("communities", "ExportColumn")
    ExportColumn.objects.bulk_create(
        ExportColumn(sheet=sheet, position=place, heading=heading, field=field)
        for sheet, columns in COLUMNS.items()
        for place, (heading, field) in enumerate(columns, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("communities", "0012_firm_staff")]

    operations = [
        migrations.RunPython(enter, migrations.RunPython.noop),
        *(Seal(f"communities_{name}event") for name in ("firmstaff", "certificate", "exportcolumn")),
    ]
