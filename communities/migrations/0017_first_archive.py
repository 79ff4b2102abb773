"""The order in which an archive is first laid out; the office changes it to what its superior asks for."""

from django.db import migrations

from lib.append_only import Seal

HEADINGS = [
    ("小区基本情况", "community", True),
    ("物业服务合同", "contracts", True),
    ("物业人员和证书", "staff", False),
    ("业主委员会及备案", "committee", True),
    ("业委会成立、换届过程", "elections", False),
    ("会议记录", "minutes", True),
    ("议事规则和工作规则", "rules", True),
    ("物业服务监督检查", "supervision", True),
    ("用章登记", "seal", False),
    ("培训", "training", True),
    ("巡查记录", "patrols", True),
    ("问题和整改", "findings", False),
    ("设施设备检验", "equipment", True),
    ("移交清单", "exits", False),
    ("其他档案", "archive", False),
]


def enter(apps, editor):
    ArchiveHeading = apps.get_model("communities", "ArchiveHeading")
    ArchiveHeading.objects.bulk_create(
        ArchiveHeading(position=place, title=title, source=source, is_required=required)
        for place, (title, source, required) in enumerate(HEADINGS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("communities", "0016_archive_headings")]

    operations = [
        migrations.RunPython(enter, migrations.RunPython.noop),
        Seal("communities_archiveheadingevent"),
    ]
