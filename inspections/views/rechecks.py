"""Looking again: the recheck with photos side by side, without signal too, and 修好了吗."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import anyone, cadre_only, firm_only, office_only, station_only
from lib.states import WrongState

from .. import notice_page, photos, rechecks
from .. import notice_people as people
from ..entries import Refused
from ..forms import FixedForm, RecheckForm, WaitedForm
from ..models import Notice, Recheck
from .acting import act, demand, form_of, readable

staff = cadre_only | station_only | office_only


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def recheck(request: HttpRequest) -> HttpResponse:
    """The recheck of ``?n=``: problem, reply and what is seen now, side by side."""
    if not request.GET.get("n", "").isdecimal():
        return redirect(f"{reverse('inspections:notice-list')}?show=recheck")
    notice = readable(request, int(request.GET["n"]))
    demand(people.may_recheck(request.user, notice), _why_not(request, notice))
    form = form_of(request, RecheckForm)
    return act(
        request,
        form,
        lambda **typed: rechecks.recheck(notice=notice, **typed),
        done="复查结果提交了。",
        back=notice,
        template="inspections/recheck.html",
        notice=notice,
        **notice_page.before_and_after(notice),
    )


def _why_not(request: HttpRequest, notice: Notice) -> str:
    if notice.is_major and notice.issued_by_id == request.user.pk:
        return "重大问题不能只由发出抄告的人复查，请物管站站长或镇物业办来复查。"
    return "复查由联系这个小区的干部、物管站站长或镇物业办做，物业不能自己复查。"


@anyone
@require_safe
def recheck_offline(request: HttpRequest) -> HttpResponse:
    """The recheck form without a notice; the phone fills it from its kit. The same for everybody."""
    return render(request, "inspections/recheck_offline.html", {"form": RecheckForm()})


@staff
@require_POST
def recheck_receive(request: HttpRequest) -> JsonResponse:
    """Takes in a recheck that waited on a phone; sent again, it is answered with the same number.

    Answers: 200 number and address; 409 photos that are not here; 422 or 403 a sentence, nothing is written.
    """
    waited = WaitedForm(request.POST)
    if not waited.is_valid():
        return _refused([error for errors in waited.errors.values() for error in errors])
    try:
        return _receive(request, waited.cleaned_data)
    except (PermissionDenied, WrongState) as error:
        return _refused([str(error)], status=403 if isinstance(error, PermissionDenied) else 422)


def _receive(request: HttpRequest, waited: dict) -> JsonResponse:
    notice = Notice.objects.visible_to(request.user).select_related("finding").filter(pk=waited["c"]).first()
    if notice is None:
        return _refused(["这份抄告不归您复查，请和物管站说一声。"], status=403)
    if Recheck.objects.filter(client_id=waited["client_id"], by=request.user).exists():
        return _received(notice)
    if missing := photos.missing(waited["manifest"], by=request.user):
        return JsonResponse({"missing": missing}, status=409)
    form = RecheckForm(request.POST)
    if not form.is_valid():
        return _refused(form.sentences())
    typed = form.cleaned_data | {"client_id": waited["client_id"]}
    try:
        rechecks.recheck(notice=notice, by=request.user, now=timezone.now(), **typed)
    except Refused as error:
        return _refused(list(error.problems.values()))
    return _received(notice)


def _received(notice: Notice) -> JsonResponse:
    return JsonResponse({"number": notice.number, "url": notice.get_absolute_url()})


def _refused(sentences: list[str], status: int = 422) -> JsonResponse:
    return JsonResponse({"error": sentences[0], "errors": sentences}, status=status)


@(staff | firm_only)
@require_http_methods(["GET", "HEAD", "POST"])
def notice_fixed(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever reported it says whether it is fixed; it stands beside the recheck."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user).with_page_parts(), pk=pk)
    demand(notice.finding.found_by_id == request.user.pk, "“修好了吗”由上报的人来答。")
    return act(
        request,
        form_of(request, FixedForm),
        lambda **typed: rechecks.say_whether_fixed(notice=notice, **typed),
        done="记下了，复查的人看得到。",
        back=notice,
        title="修好了吗",
        button="告诉复查的人",
        text=f"{notice.community}{notice.finding.where}：{notice.finding.text}",
        notice=notice,
    )
