"""Whether this database is a demo town. The mark is a fact of the database (ARCHITECTURE, Engines)."""

from .models import DemoMark


def is_demo() -> bool:
    """True when the database bears the demo mark."""
    return DemoMark.objects.exists()
