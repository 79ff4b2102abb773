"""Lines of the bank's files, and the vouchers that stand for them."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lib.append_only import Seal

RULES = (Path(__file__).parent / "bank_v1.sql").read_text()
CLOSED = "REVOKE UPDATE, DELETE ON maintenance_fund_bankmatch FROM {}"


def close(apps, editor) -> None:
    editor.execute(CLOSED.format(editor.quote_name(editor.connection.app_role)), params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0024_sheets_found_by_words"),
        ("maintenance_fund", "0005_month_closings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=100, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="指纹")),
                ("brought_at", models.DateTimeField(verbose_name="导入于")),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="maintenance_fund.bankaccount",
                        verbose_name="专户",
                    ),
                ),
                (
                    "brought_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="导入人",
                    ),
                ),
            ],
            options={
                "verbose_name": "银行流水文件",
                "verbose_name_plural": "银行流水文件",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.IntegerField(verbose_name="文件里第几行")),
                ("fingerprint", models.CharField(db_collation="C", max_length=64, verbose_name="指纹")),
                ("day", models.DateField(verbose_name="交易日期")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额（分，支出为负）")),
                ("balance_fen", models.BigIntegerField(null=True, verbose_name="余额（分）")),
                ("party", models.CharField(blank=True, max_length=100, verbose_name="对方户名")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="附言")),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="流水号")),
                (
                    "bank_account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="maintenance_fund.bankaccount",
                        verbose_name="专户",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="communities.community",
                        verbose_name="小区",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="maintenance_fund.bankstatement",
                        verbose_name="文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "银行流水",
                "verbose_name_plural": "银行流水",
                "ordering": ["-day", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="BankMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(verbose_name="对上于")),
                ("is_live", models.BooleanField(default=True, editable=False, verbose_name="有效")),
                (
                    "bank_account",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="maintenance_fund.bankaccount",
                        verbose_name="专户",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="maintenance_fund.bankline",
                        verbose_name="银行流水",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="对账人",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_matches",
                        to="maintenance_fund.postingproposal",
                        verbose_name="凭证",
                    ),
                ),
            ],
            options={
                "verbose_name": "对账",
                "verbose_name_plural": "对账",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)),
                        fields=("line",),
                        name="bank_line_matched_once",
                        violation_error_message="这一笔银行流水刚才已经对上别的凭证了。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)),
                        fields=("proposal", "bank_account"),
                        name="bank_voucher_matched_once",
                        violation_error_message="这张凭证已经对上别的银行流水了。",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="bankstatement",
            constraint=models.UniqueConstraint(
                fields=("bank_account", "sha256"),
                name="bank_statement_once",
                violation_error_message="这个文件已经导入过，没有再记一遍。",
            ),
        ),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(fields=["community", "-day", "-id"], name="bank_line_of_book"),
        ),
        migrations.AddConstraint(
            model_name="bankline",
            constraint=models.UniqueConstraint(fields=("bank_account", "fingerprint"), name="bank_line_once"),
        ),
        migrations.AddConstraint(
            model_name="bankline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen", 0), _negated=True), name="bank_line_amount"
            ),
        ),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
        migrations.RunPython(close, migrations.RunPython.noop),
        Seal("maintenance_fund_bankstatement"),
        Seal("maintenance_fund_bankline"),
    ]
