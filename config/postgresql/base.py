"""Django's PostgreSQL engine with the house's two roles: the application's, and for migrations the owner's."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from config import embedded

from .creation import DatabaseCreation


class DatabaseWrapper(base.DatabaseWrapper):
    creation_class = DatabaseCreation

    @property
    def app_role(self) -> str:
        """The role that the application works with, also while :meth:`as_owner` lasts."""
        return getattr(self, "_app_role", None) or self.settings_dict["USER"]

    def get_new_connection(self, conn_params):
        if self.settings_dict["HOST"] == str(embedded.run_dir()):
            embedded.start_and_leave()
        return super().get_new_connection(conn_params)

    def demand_owner(self) -> None:
        """Raises ImproperlyConfigured when DATABASE_URL is given without MIGRATE_DATABASE_URL."""
        if not self.settings_dict.get("OWNER"):
            raise ImproperlyConfigured(
                "迁移要用表的所有者来做：请设置 MIGRATE_DATABASE_URL（同一个数据库，所有者的用户名和密码）。"
            )

    @contextmanager
    def as_owner(self) -> Iterator["DatabaseWrapper"]:
        """Reconnects as the owner of the tables. Not inside a transaction, because it reconnects.

        Raises:
            ImproperlyConfigured: as :meth:`demand_owner`.
        """
        self.demand_owner()
        ours = self.settings_dict
        self._app_role = ours["USER"]
        self.close()
        owners_options = {k: v for k, v in ours["OPTIONS"].items() if k != "options"}
        self.settings_dict = {**ours, **ours["OWNER"], "OPTIONS": owners_options}  # a new one: threads share the old
        try:
            yield self
        finally:
            self.close()
            self.settings_dict = ours
            self._app_role = None
