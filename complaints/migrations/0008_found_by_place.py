"""Words are looked for in places by an index; what is to be filled back is guessed rightly by the planner."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0026_person_corrections"),
        ("complaints", "0007_what_stays_and_what_moves"),
        ("inspections", "0014_findings_and_notices_agree"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="complaint",
            name="complaint_to_fill_back",
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                models.F("platform_due"),
                models.F("id"),
                condition=models.Q(("filled_back_at", None), ("platform_number__gt", "")),
                name="complaint_to_fill_back",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper("place"), "gin_trgm_ops"),
                name="complaint_place_words",
            ),
        ),
    ]
