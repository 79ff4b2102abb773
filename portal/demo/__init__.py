"""The demo town: an invented town of thirty communities with two years of work in it (ARCHITECTURE, Engines)."""
