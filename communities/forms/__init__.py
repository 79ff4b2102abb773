"""What people type about the registry."""

from .duties import HandOverForm, HeadFilter, LeaveForm, PersonForm, SubstituteForm

__all__ = ["HandOverForm", "HeadFilter", "LeaveForm", "PersonForm", "SubstituteForm"]
