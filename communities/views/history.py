"""变更记录: what changed on a row of the registry, from what to what, when, by whom and why."""

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from pghistory.core import event_models

from accounts import history as changes
from accounts.access import leader_only, office_only, station_only
from lib.paging import A_PAGE

from .. import models


def _tables() -> dict[str, type[Model]]:
    """The tables of the registry that are followed, by their names in the address."""
    known = (getattr(models, name) for name in models.__all__)
    return {table._meta.model_name: table for table in known if event_models(tracks_model=table)}


@(station_only | office_only | leader_only)
@require_safe
def row_history(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """The changes of one row that the person sees, the latest first."""
    model = _tables().get(table)
    if model is None:
        raise Http404
    row = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    found = changes.changes_of(row)
    context = {
        "row": row,
        "what": model._meta.verbose_name,
        "changes": found[: 4 * A_PAGE],
        "number": len(found),
        "back": row.get_absolute_url() if hasattr(row, "get_absolute_url") else "",
    }
    return render(request, "communities/row_history.html", context)
