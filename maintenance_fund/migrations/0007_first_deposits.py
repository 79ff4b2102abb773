"""Costs, tenders, liability and assessments of first deposits; what was assessed stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lib.append_only import Seal

PAID = ("developer_paid_id", "owner_paid_id", "reimbursed_on", "is_live")


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0025_imports_held_by_a_lock"),
        ("maintenance_fund", "0006_bank_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("commodity", "商品房"), ("settlement", "拆迁安置房")],
                        max_length=10,
                        verbose_name="房屋性质",
                    ),
                ),
                ("developer", models.CharField(max_length=60, verbose_name="建设单位")),
                ("assessed_on", models.DateField(verbose_name="核定日期")),
                (
                    "permit",
                    models.CharField(
                        blank=True,
                        choices=[("permit", "拆迁许可证"), ("decision", "征收决定")],
                        max_length=8,
                        verbose_name="许可类型",
                    ),
                ),
                ("permit_on", models.DateField(null=True, verbose_name="许可或决定日期")),
                ("has_clause", models.BooleanField(verbose_name="购房合同写明由建设单位代收代交")),
                (
                    "fund_class",
                    models.CharField(
                        choices=[("multi_storey", "多层"), ("high_rise", "小高层、高层")],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("cost_fen", models.BigIntegerField(verbose_name="造价（分/㎡）")),
                ("rate_bp", models.IntegerField(verbose_name="比例（基点）")),
                ("residual_centi", models.BigIntegerField(default=0, verbose_name="未分户面积（0.01 ㎡）")),
                ("residual_fen", models.BigIntegerField(default=0, verbose_name="未分户金额（分）")),
                ("made_at", models.DateTimeField(verbose_name="核定于")),
                (
                    "building",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.building",
                        verbose_name="幢",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_assessments",
                        to="communities.community",
                        verbose_name="小区",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核定人",
                    ),
                ),
            ],
            options={
                "verbose_name": "首期交存核定",
                "verbose_name_plural": "首期交存核定",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="AssessedUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_centi", models.BigIntegerField(verbose_name="面积（0.01 ㎡）")),
                ("legal_centi", models.BigIntegerField(null=True, verbose_name="合法面积（0.01 ㎡）")),
                ("developer_fen", models.BigIntegerField(verbose_name="建设单位交（分）")),
                ("owner_fen", models.BigIntegerField(verbose_name="业主交（分）")),
                ("reimbursed_on", models.DateField(null=True, verbose_name="业主还给建设单位的日期")),
                ("is_live", models.BooleanField(default=True, verbose_name="有效")),
                (
                    "developer_paid",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="maintenance_fund.postingproposal",
                        verbose_name="建设单位交存凭证",
                    ),
                ),
                (
                    "owner_paid",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="maintenance_fund.postingproposal",
                        verbose_name="业主交存凭证",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_assessed",
                        to="communities.unit",
                        verbose_name="户",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="maintenance_fund.assessment",
                        verbose_name="核定",
                    ),
                ),
            ],
            options={
                "verbose_name": "各户核定",
                "verbose_name_plural": "各户核定",
                "ordering": ["unit__code"],
            },
        ),
        migrations.CreateModel(
            name="BankTender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank", models.CharField(max_length=60, verbose_name="专户管理银行")),
                ("noticed_on", models.DateField(verbose_name="招标公告日期")),
                ("notice", models.CharField(max_length=120, verbose_name="公告文号或标题")),
                ("bidders", models.CharField(help_text="用顿号分开。", max_length=300, verbose_name="投标银行")),
                ("awarded_on", models.DateField(verbose_name="中标日期")),
                ("contract_first_day", models.DateField(verbose_name="合同开始")),
                ("contract_last_day", models.DateField(verbose_name="合同结束")),
                ("entered_at", models.DateTimeField(verbose_name="登记于")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "verbose_name": "专户银行招标",
                "verbose_name_plural": "专户银行招标",
                "ordering": ["-contract_last_day", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ConstructionCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField(verbose_name="从哪天起")),
                ("fen_per_m2", models.BigIntegerField(verbose_name="每平方米（分）")),
                ("basis", models.CharField(max_length=120, verbose_name="公布文件")),
                ("entered_at", models.DateTimeField(verbose_name="录入于")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "等复核"), ("checked", "在用"), ("withdrawn", "已退回")],
                        default="open",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
            ],
            options={
                "verbose_name": "建筑安装平均造价",
                "verbose_name_plural": "建筑安装平均造价",
                "ordering": ["-first_day", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Liability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_liable", models.BooleanField(verbose_name="要交存")),
                ("reason", models.CharField(max_length=120, verbose_name="理由")),
                ("document", models.CharField(max_length=120, verbose_name="依据文件")),
                ("entered_at", models.DateTimeField(verbose_name="登记于")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_liabilities",
                        to="communities.unit",
                        verbose_name="户",
                    ),
                ),
            ],
            options={
                "verbose_name": "交存义务",
                "verbose_name_plural": "交存义务",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="AreaCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_centi", models.BigIntegerField(verbose_name="更正后的面积（0.01 ㎡）")),
                ("document", models.CharField(max_length=120, verbose_name="依据文件")),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="maintenance_fund.postingproposal",
                        verbose_name="差额凭证",
                    ),
                ),
                (
                    "assessed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="maintenance_fund.assessedunit",
                        verbose_name="各户核定",
                    ),
                ),
            ],
            options={
                "verbose_name": "面积更正",
                "verbose_name_plural": "面积更正",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("area_centi__gt", 0)), name="area_correction_positive")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("residual_centi__gte", 0), ("residual_fen__gte", 0)),
                name="assessment_residual_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "settlement"), _negated=True),
                    models.Q(("permit_on__isnull", False), models.Q(("permit", ""), _negated=True)),
                    _connector="OR",
                ),
                name="assessment_settlement_permit",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessedunit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_live", True)),
                fields=("unit",),
                name="assessed_unit_once",
                violation_error_message="有的户已经核定过。要重新核定，先撤回原来的。",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessedunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("developer_fen__gte", 0), ("owner_fen__gte", 0)), name="assessed_unit_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="banktender",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("awarded_on__gte", models.F("noticed_on")),
                    ("contract_last_day__gte", models.F("contract_first_day")),
                ),
                name="bank_tender_in_order",
                violation_error_message="中标不能早于公告，合同结束不能早于开始。",
            ),
        ),
        migrations.AddConstraint(
            model_name="constructioncost",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("first_day",),
                name="construction_cost_once",
                violation_error_message="从这一天起的造价已经录过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="constructioncost",
            constraint=models.CheckConstraint(
                condition=models.Q(("fen_per_m2__gt", 0)), name="construction_cost_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="constructioncost",
            constraint=models.CheckConstraint(
                condition=models.Q(("checked_by", models.F("entered_by")), _negated=True),
                name="construction_cost_by_two",
                violation_error_message="复核要由另一个人来做，不能是录入的人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="constructioncost",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "checked"), _negated=True), ("checked_by__isnull", False), _connector="OR"
                ),
                name="construction_cost_checked",
            ),
        ),
        migrations.RunSQL(
            """
            ALTER TABLE maintenance_fund_assessment ADD CONSTRAINT assessment_building_here
                FOREIGN KEY (community_id, building_id) REFERENCES communities_building (community_id, id);
            """,
            "ALTER TABLE maintenance_fund_assessment DROP CONSTRAINT assessment_building_here",
        ),
        Seal("maintenance_fund_constructioncost", open_columns=("state", "checked_by_id")),
        Seal("maintenance_fund_banktender"),
        Seal("maintenance_fund_liability"),
        Seal("maintenance_fund_assessment"),
        Seal("maintenance_fund_assessedunit", open_columns=PAID),
        Seal("maintenance_fund_areacorrection"),
    ]
