"""``migrate`` by the owner of the tables; what the application may do with them is granted on the way."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from config.executor import MigrationExecutor

migrate.MigrationExecutor = MigrationExecutor


class Command(migrate.Command):
    def execute(self, *args, **options):
        try:
            connections[options["database"]].demand_owner()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from None
        return super().execute(*args, **options)

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        app = connection.ops.quote_name(connection.app_role)
        with connection.as_owner():
            with connection.cursor() as cursor:
                cursor.execute(f"GRANT USAGE ON SCHEMA public TO {app}")
                for what in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
                    cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {what} TO {app}")
            super().handle(*args, **options)
