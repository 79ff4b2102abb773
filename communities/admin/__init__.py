"""The registry in the admin: the office sees all, a station its own village committee's."""

from . import duties, firms, people, places

__all__ = ["duties", "firms", "people", "places"]
