"""Who looked at a role in which year stays as it was."""

from django.db import migrations

from lib.append_only import Seal


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_roles_looked_at_each_year")]

    operations = [Seal("accounts_rolereview")]
