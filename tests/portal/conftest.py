"""Thursday 19 November 2026, ten in the morning, with the patrols of tests/inspections."""

from tests.inspections.conftest import a_finding, covert, now, patrol, send, thursday, visit

__all__ = ["a_finding", "covert", "now", "patrol", "send", "thursday", "visit"]
