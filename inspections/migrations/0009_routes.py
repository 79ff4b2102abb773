"""The order in which a cadre goes round."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0006_handovers_that_stay"),
        ("inspections", "0008_days_in_question"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RouteStop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField("第几个")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                        verbose_name="小区",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="route_stops",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="干部",
                    ),
                ),
            ],
            options={
                "verbose_name": "巡查顺序",
                "verbose_name_plural": "巡查顺序",
                "ordering": ["position", "pk"],
                "constraints": [models.UniqueConstraint(fields=("user", "community"), name="route_stop_once")],
            },
        ),
    ]
