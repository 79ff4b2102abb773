from django.db import migrations

from lib.append_only import Seal


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        Seal("accounts_userevent"),
        Seal("accounts_rolegrantevent"),
        Seal("accounts_demomark"),
        Seal("accounts_passwordreset", open_columns=("approved_by_id", "issued_at", "withdrawn_at")),
    ]
