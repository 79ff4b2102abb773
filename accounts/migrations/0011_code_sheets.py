"""Sheets of one-time codes; only the day of use and of the end are ever written later."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lib.append_only import Seal


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_suggestions_are_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issued_at", models.DateTimeField(verbose_name="发出于")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="作废于")),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁发的",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="code_sheets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁的",
                    ),
                ),
            ],
            options={
                "verbose_name": "登录验证码",
                "verbose_name_plural": "登录验证码",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SheetCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.PositiveSmallIntegerField(verbose_name="第几个")),
                ("code_hash", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="用掉于")),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="accounts.codesheet",
                        verbose_name="哪一张",
                    ),
                ),
            ],
            options={
                "verbose_name": "验证码",
                "verbose_name_plural": "验证码",
                "ordering": ["sheet", "n"],
            },
        ),
        migrations.AddConstraint(
            model_name="codesheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("user",), name="code_sheet_one_in_use"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetcode",
            constraint=models.UniqueConstraint(fields=("sheet", "n"), name="sheet_code_n"),
        ),
        migrations.AddConstraint(
            model_name="sheetcode",
            constraint=models.CheckConstraint(
                condition=models.Q(("code_hash__regex", "^[0-9a-f]{64}$")), name="sheet_code_hashed"
            ),
        ),
        Seal("accounts_codesheet", open_columns=("ended_at",)),
        Seal("accounts_sheetcode", open_columns=("used_at",)),
    ]
