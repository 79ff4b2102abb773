"""Pages of campaigns, one file a subject."""

from .amenities import amenities, amenities_export, amenity_amend, amenity_done, amenity_new
from .days import calendar, feed
from .dispatches import decision_done, decision_new, dispatch, dispatch_new, dispatch_paper
from .help_requests import (
    help_request,
    help_request_act,
    help_request_list,
    help_request_new,
    help_request_paper,
)
from .journal import journal, journal_answer, journal_export, journal_new
from .places import (
    accept,
    matrix,
    matrix_export,
    place,
    place_remove,
    places_add,
    self_check,
    step,
    team,
    team_dissolve,
    team_new,
)
from .plans import act, bodies, campaign_list, copy, detail, new, phase_act, phases, press, write
from .problems import problem, problem_export, problem_list, problem_new, problem_settle, problem_strike
from .quarters import quarter, quarter_explain, quarter_list
from .renovation import opinions, own_opinions, renovation, renovation_choose, renovation_item_new, renovation_paper
from .results import results
from .tasks import task, task_act, task_new, task_remove, task_write

__all__ = [
    "accept",
    "act",
    "amenities",
    "amenities_export",
    "amenity_amend",
    "amenity_done",
    "amenity_new",
    "bodies",
    "calendar",
    "campaign_list",
    "copy",
    "decision_done",
    "decision_new",
    "detail",
    "dispatch",
    "dispatch_new",
    "dispatch_paper",
    "feed",
    "help_request",
    "help_request_act",
    "help_request_list",
    "help_request_new",
    "help_request_paper",
    "journal",
    "journal_answer",
    "journal_export",
    "journal_new",
    "matrix",
    "matrix_export",
    "new",
    "opinions",
    "own_opinions",
    "phase_act",
    "phases",
    "place",
    "place_remove",
    "places_add",
    "press",
    "problem",
    "problem_export",
    "problem_list",
    "problem_new",
    "problem_settle",
    "problem_strike",
    "quarter",
    "quarter_explain",
    "quarter_list",
    "renovation",
    "renovation_choose",
    "renovation_item_new",
    "renovation_paper",
    "results",
    "self_check",
    "step",
    "task",
    "task_act",
    "task_new",
    "task_remove",
    "task_write",
    "team",
    "team_dissolve",
    "team_new",
    "write",
]
