"""Pages of the registry: short functions that find the row, read the form and make one call."""

from .duties import duties, hand_over, heads, leave_new, leave_take_back, substitute_new

__all__ = ["duties", "hand_over", "heads", "leave_new", "leave_take_back", "substitute_new"]
