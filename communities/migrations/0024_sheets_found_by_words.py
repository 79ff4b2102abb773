"""Units, people and telephone numbers are found by a part of them through trigrams: 100,000 of each at once."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper

NUMBERS = "CREATE INDEX address_value_words ON accounts_address USING gin (value gin_trgm_ops)"


def words(column: str) -> OpClass:
    return OpClass(column, "gin_trgm_ops")


class Migration(migrations.Migration):
    dependencies = [("communities", "0023_sheets"), ("accounts", "0001_initial")]  # pg_trgm comes with those

    operations = [
        migrations.AddIndex("unit", GinIndex(OpClass(Upper("code"), "gin_trgm_ops"), name="unit_code_words")),
        migrations.AddIndex("person", GinIndex(words("name"), words("pinyin"), words("initials"), name="person_words")),
        migrations.RunSQL(NUMBERS, "DROP INDEX address_value_words"),
    ]
