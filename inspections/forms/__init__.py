"""What a person types about patrols and findings."""

from .acts import DoubtForm, PhotoForm, ReasonForm, RemarkForm, SeverityForm
from .filters import BoardFilter, FindingFilter, PatrolFilter
from .patrols import BlankPatrolForm, PatrolForm, WaitedForm

__all__ = [
    "BlankPatrolForm",
    "BoardFilter",
    "DoubtForm",
    "FindingFilter",
    "PatrolFilter",
    "PatrolForm",
    "PhotoForm",
    "ReasonForm",
    "RemarkForm",
    "SeverityForm",
    "WaitedForm",
]
