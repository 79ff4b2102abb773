"""Investments, yearly statements and objections; what was made public stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lib.append_only import Seal

ANSWER = ("answer", "answered_by_id", "answered_at", "due_on", "due_provisional")


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0026_person_corrections"),
        ("maintenance_fund", "0008_renewing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Investment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("deposit", "定期存款"), ("bond", "国债")], max_length=7, verbose_name="种类"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称或存单号")),
                ("principal_fen", models.BigIntegerField(verbose_name="本金（分）")),
                ("rate_bp", models.IntegerField(verbose_name="年利率（基点）")),
                ("bought_on", models.DateField(verbose_name="存入或买入日期")),
                ("matures_on", models.DateField(verbose_name="到期日")),
                ("decision", models.CharField(max_length=120, verbose_name="依据")),
                (
                    "bank_account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="maintenance_fund.bankaccount",
                        verbose_name="定期账户",
                    ),
                ),
                (
                    "bought",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="maintenance_fund.postingproposal",
                        verbose_name="买入凭证",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_investments",
                        to="communities.community",
                        verbose_name="小区",
                    ),
                ),
                (
                    "redeemed",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="maintenance_fund.postingproposal",
                        verbose_name="收回凭证",
                    ),
                ),
            ],
            options={
                "verbose_name": "定期和国债",
                "verbose_name_plural": "定期和国债",
                "ordering": ["matures_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("matures_on__gt", models.F("bought_on")), ("principal_fen__gt", 0), ("rate_bp__gte", 0)
                        ),
                        name="investment_sound",
                        violation_error_message="本金要大于零，到期日要在买入之后。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bank_account__isnull", False), ("kind", "deposit")),
                            models.Q(("bank_account", None), ("kind", "bond")),
                            _connector="OR",
                        ),
                        name="investment_account",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term_start", models.DateField(blank=True, editable=False, null=True, verbose_name="从哪天起算")),
                ("term_days", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="期限")),
                (
                    "term_counting",
                    models.CharField(
                        choices=[("working", "工作日"), ("days", "日历日"), ("rolled", "日历日，遇休息日顺延")],
                        default="working",
                        editable=False,
                        max_length=7,
                        verbose_name="怎么算",
                    ),
                ),
                ("due_on", models.DateField(blank=True, editable=False, null=True, verbose_name="最迟")),
                ("due_provisional", models.BooleanField(default=False, editable=False, verbose_name="暂定")),
                ("made_at", models.DateTimeField(verbose_name="提出于")),
                ("text", models.CharField(max_length=1000, verbose_name="什么有疑问")),
                ("answer", models.CharField(blank=True, max_length=2000, verbose_name="答复")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="答复于")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_objections",
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
                        verbose_name="业主",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_objections",
                        to="communities.unit",
                        verbose_name="户",
                    ),
                ),
            ],
            options={
                "verbose_name": "异议",
                "verbose_name_plural": "异议",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="objection_answered_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="YearStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("opening_fen", models.BigIntegerField(verbose_name="年初专户余额（分）")),
                ("closing_fen", models.BigIntegerField(verbose_name="年末专户余额（分）")),
                ("lines", models.JSONField(verbose_name="收支")),
                ("published_at", models.DateTimeField(verbose_name="公布于")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_years",
                        to="communities.community",
                        verbose_name="小区",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公布人",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度公布",
                "verbose_name_plural": "年度公布",
                "ordering": ["-year"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community", "year"),
                        name="year_statement_once",
                        violation_error_message="这一年的收支已经公布过。",
                    )
                ],
            },
        ),
        Seal("maintenance_fund_investment", open_columns=("redeemed_id",)),
        Seal("maintenance_fund_yearstatement"),
        Seal("maintenance_fund_objection", open_columns=ANSWER),
    ]
