"""Lists are found by words through trigrams, and findings stand newest first without sorting."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_closed_has_a_day"), ("accounts", "0001_initial")]  # pg_trgm comes with those

    operations = [
        migrations.AddIndex("finding", models.Index(F("found_on").desc(), F("id").desc(), name="finding_newest")),
        migrations.AddIndex("finding", GinIndex(OpClass(Upper("text"), "gin_trgm_ops"), name="finding_text_words")),
        migrations.AddIndex("finding", GinIndex(OpClass(Upper("place"), "gin_trgm_ops"), name="finding_place_words")),
        migrations.AddIndex("patrol", GinIndex(OpClass("number", "gin_trgm_ops"), name="patrol_number_words")),
        migrations.AddIndex(
            "patrol",
            GinIndex(OpClass(Upper("note"), "gin_trgm_ops"), name="patrol_note_words", condition=~Q(note="")),
        ),
    ]
