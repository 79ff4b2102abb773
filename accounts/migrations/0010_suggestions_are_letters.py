"""Suggestions are letters to the office now; complaints 0005 has taken over those that were here."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_shared_phones"), ("complaints", "0005_petitions_and_suggestions")]

    operations = [migrations.DeleteModel("Suggestion")]
