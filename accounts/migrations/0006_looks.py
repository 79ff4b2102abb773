"""How somebody likes the pages: large type, dark."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_channels")]

    operations = [
        migrations.AddField("user", "big_text", models.BooleanField("长辈版", default=False, editable=False)),
        migrations.AddField("user", "dark", models.BooleanField("深色", default=False, editable=False)),
    ]
