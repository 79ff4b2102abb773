"""What a person types about patrols and findings."""

from .acts import PhotoForm, ReasonForm, RemarkForm, SeverityForm
from .filters import BoardFilter, FindingFilter, PatrolFilter
from .patrols import PatrolForm

__all__ = [
    "BoardFilter",
    "FindingFilter",
    "PatrolFilter",
    "PatrolForm",
    "PhotoForm",
    "ReasonForm",
    "RemarkForm",
    "SeverityForm",
]
