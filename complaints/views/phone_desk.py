"""The telephone desk: a complaint written down while somebody talks, by keyboard alone. Issue 7 §1"""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import office_only, station_only
from accounts.roles import Act, demand
from communities.models import Community
from lib.periods import beijing_date

from .. import progress, registration
from ..entries import phone_number
from ..forms.desk import PhoneDeskForm
from ..models import Complaint
from .sending import UNPROCESSABLE, posted, refuse

KEPT = "complaints-phone-desk"  # what is typed while somebody talks; in the session, gone with it
clerks = station_only | office_only
MOST_EARLIER, MOST_PLACES = 5, 500


@clerks
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phone_desk(request: HttpRequest) -> HttpResponse:
    """Number, place, matter; earlier cases of the number beside it; the new number to be read back."""
    demand(request.user, Act.COMPLAINT)
    places = Community.objects.overseen_by(request.user).standing(beijing_date(timezone.now()))
    fresh = {"source": "phone", "client_id": str(uuid4())}
    form = PhoneDeskForm(posted(request), places=places, initial=fresh | request.session.get(KEPT, {}))
    if request.method == "POST" and form.is_valid() and (complaint := _registered(request, form)):
        request.session.pop(KEPT, None)
        messages.success(request, "登记好了。")
        return redirect(f"{request.path}?done={complaint.pk}")
    done = request.GET.get("done", "")
    last = Complaint.objects.handled_by(request.user).filter(pk=done[:18]).first() if done.isdecimal() else None
    names = places.order_by("pinyin").values_list("name", "initials")[:MOST_PLACES]
    context = {"form": form, "names": names, "last": last}
    return render(request, "complaints/phone_desk.html", context, status=UNPROCESSABLE if form.errors else 200)


def _registered(request: HttpRequest, form: PhoneDeskForm) -> Complaint | None:
    typed = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    try:
        return registration.register(**typed, by=request.user, now=timezone.now())
    except ValidationError as error:
        refuse(form, error)
        return None


@clerks
@require_POST
@never_cache
def phone_cases(request: HttpRequest) -> JsonResponse:
    """Keeps what is typed, and answers with the earlier cases of the number."""
    demand(request.user, Act.COMPLAINT)
    kept = {name: request.POST.get(name, "")[:1000] for name in PhoneDeskForm.base_fields}
    request.session[KEPT] = kept
    return JsonResponse({"cases": _earlier(request, kept["phone"])})


def _earlier(request: HttpRequest, typed: str) -> list[dict]:
    try:
        number = phone_number(typed)
    except ValidationError:
        return []
    if not number:
        return []
    rows = Complaint.objects.handled_by(request.user).filter(complainants__contact__phone__value=number)
    today = beijing_date(timezone.now())
    found = rows.with_row_parts().newest_first()[:MOST_EARLIER]
    return [
        {
            "number": row.number,
            "url": row.get_absolute_url(),
            "words": f"{row.community}，{row.get_category_display()}，{progress.state_of(row, today)[2]}",
        }
        for row in found
    ]
