"""Days in question: what the phone said of its time, why the station is asked, and what it answered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0004_codes_once"),
        ("inspections", "0007_check_list_by_two_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="patrol",
            name="clock_ahead",
            field=models.IntegerField(blank=True, editable=False, null=True, verbose_name="手机比服务器快几秒"),
        ),
        migrations.AddField(
            model_name="patrol",
            name="doubt",
            field=models.CharField(
                blank=True,
                choices=[("old", "很久以前的"), ("future", "手机时间在将来")],
                editable=False,
                max_length=6,
                verbose_name="日期要核实",
            ),
        ),
        migrations.AddField(
            model_name="patrol",
            name="doubt_settled",
            field=models.CharField(
                blank=True,
                choices=[("confirmed", "核实过，照规则算"), ("left", "留着，不算")],
                editable=False,
                max_length=9,
                verbose_name="核实结果",
            ),
        ),
        migrations.AddField(
            model_name="patrol",
            name="doubt_settled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="核实时间"),
        ),
        migrations.AddField(
            model_name="patrol",
            name="doubt_settled_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁核实的",
            ),
        ),
        migrations.AddField(
            model_name="patrol",
            name="written_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="手机上写的时间"),
        ),
        migrations.AddConstraint(
            model_name="patrol",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("doubt_settled", ""), ("doubt_settled_at", None), ("doubt_settled_by", None)),
                    models.Q(
                        models.Q(("doubt", ""), _negated=True),
                        models.Q(("doubt_settled", ""), _negated=True),
                        ("doubt_settled_at__isnull", False),
                        ("doubt_settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="patrol_doubt_settled_by_somebody",
                violation_error_message="核实日期要有人、有时间。",
            ),
        ),
    ]
