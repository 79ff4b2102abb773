"""Test databases are made and dropped by the owner and used by the application."""

from django.db.backends.postgresql import creation


class DatabaseCreation(creation.DatabaseCreation):
    def _create_test_db(self, *args, **kwargs):
        with self.connection.as_owner():
            return super()._create_test_db(*args, **kwargs)

    def _destroy_test_db(self, test_database_name, verbosity):
        name = self._quote_name(test_database_name)
        with self.connection.as_owner(), self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # a late worker does not block it
