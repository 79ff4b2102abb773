"""Which duties to patrol were given for a team, so that they end with it; an acceptance fails once a day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0002_rules_of_campaigns"),
        ("communities", "0029_tasks_of_dispatches"),
    ]

    operations = [
        migrations.CreateModel(
            name="TeamDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="team_duties",
                        to="campaigns.campaignplace",
                        verbose_name="小区",
                    ),
                ),
                (
                    "duty",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="communities.patrolduty",
                        verbose_name="联系关系",
                    ),
                ),
            ],
            options={"verbose_name": "检查组的巡查", "verbose_name_plural": "检查组的巡查"},
        ),
        migrations.AddConstraint(
            model_name="stepevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "failed")),
                fields=("place_step", "day"),
                name="step_failed_once_a_day",
                violation_error_message="这一天已经验收过，不合格。",
            ),
        ),
    ]
