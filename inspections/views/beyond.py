"""What goes beyond a notice: departments, causes, the firm's own reports, and what residents see of it all."""

import uuid

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import anyone, cadre_only, firm_only, leader_only, office_only, station_only
from accounts.roles import Act, may
from communities.models import Community, Contract, Firm
from lib import uploads
from lib.paging import page_of
from lib.periods import beijing_date

from .. import public_page, root_causes, self_reports, transfers
from ..forms import (
    AnswerForm,
    CauseForm,
    DissuasionForm,
    ReasonForm,
    ResultForm,
    SelfReportForm,
    TransferForm,
)
from ..models import Dissuasion, Finding, PatrolPhoto, RootCause, Transfer
from .acting import act, demand, form_of

acts = require_http_methods(["GET", "HEAD", "POST"])
staff = cadre_only | station_only | office_only

# ---------------------------------------------------------------- departments


@(staff | leader_only)
@require_safe
def transfer_list(request: HttpRequest) -> HttpResponse:
    """What was handed to departments: drafts first, then what waits for an answer."""
    rows = Transfer.objects.visible_to(request.user).exclude(state=Transfer.State.DROPPED)
    rows = rows.select_related("finding__community", "department").order_by("state", "expected_on", "-pk")
    states = [("draft", "草稿"), ("sent", "等部门回复"), ("answered", "已回复")]
    state = request.GET.get("state", "")
    page = page_of(rows.filter(state=state) if state in dict(states) else rows, request.GET.get("page"))
    context = {"page": page, "states": states, "state": state, "today": beijing_date(timezone.now())}
    return render(request, "inspections/transfer_list.html", context)


@office_only
@acts
def transfer_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Drafts a transfer of a finding, addressed by what was found."""
    finding = get_object_or_404(Finding.objects.visible_to(request.user).with_page_parts(), pk=pk)
    demand(may(request.user, Act.TRANSFER), "移交由镇物业办办。")
    return act(
        request,
        None,
        lambda **say: transfers.draft(finding=finding, **say),
        done="移交的草稿起好了，发出后把文号填回来。",
        back=finding,
        title=f"移交：{finding.text}",
        button="起草移交",
        text=f"照检查项，这类问题移交给{transfers.department_of(finding.item, today=beijing_date(timezone.now()))}。",
    )


def _transfer(request: HttpRequest, pk: int) -> Transfer:
    rows = Transfer.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("finding__community", "finding__item", "department"), pk=pk)


@(staff | leader_only)
@require_safe
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer: whose turn it is, and what the office may do."""
    row = _transfer(request, pk)
    context = {"transfer": row, "may_act": may(request.user, Act.TRANSFER), "today": beijing_date(timezone.now())}
    return render(request, "inspections/transfer.html", context)


@office_only
@acts
def transfer_send(request: HttpRequest, pk: int) -> HttpResponse:
    """It was sent under a number."""
    row = _transfer(request, pk)
    demand(may(request.user, Act.TRANSFER), "移交由镇物业办办。")
    return act(
        request,
        form_of(request, TransferForm, initial={"department": row.department}),
        lambda **typed: transfers.send(transfer=row, **typed),
        done="移交登记好了，等部门答复。",
        back=row,
        title="登记发出的移交",
        button="登记",
        text=f"{row.finding.community}：{row.finding.text}",
    )


@office_only
@acts
def transfer_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The department has answered."""
    row = _transfer(request, pk)
    demand(may(request.user, Act.TRANSFER), "移交由镇物业办办。")
    return act(
        request,
        form_of(request, AnswerForm),
        lambda **typed: transfers.settle(transfer=row, **typed),
        done="答复登记好了，办结。",
        back=row,
        title=f"登记{row.department}的答复",
        button="登记，办结",
        text=f"{row.finding.community}：{row.finding.text}",
    )


@office_only
@acts
def transfer_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not sent, or ends by the office's written reason."""
    row = _transfer(request, pk)
    demand(may(request.user, Act.TRANSFER), "移交由镇物业办办。")
    sent = row.state == Transfer.State.SENT
    return act(
        request,
        form_of(request, ReasonForm),
        lambda **typed: transfers.drop(transfer=row, **typed),
        done="记下了。",
        back=row,
        title="不等答复，办结" if sent else "不移交",
        button="办结" if sent else "不移交",
        text=f"{row.finding.community}：{row.finding.text}",
        danger=True,
    )


# ---------------------------------------------------------------- causes


@staff
@require_safe
def root_cause_list(request: HttpRequest) -> HttpResponse:
    """Places where the same thing comes again and again, those to decide first."""
    rows = RootCause.objects.visible_to(request.user).select_related("community", "building", "item")
    page = page_of(rows.order_by("-state", "-proposed_at", "-pk"), request.GET.get("page"))
    return render(request, "inspections/root_cause_list.html", {"page": page})


def _cause(request: HttpRequest, pk: int) -> RootCause:
    rows = RootCause.objects.visible_to(request.user).select_related("community", "building", "item", "decided_by")
    return get_object_or_404(rows, pk=pk)


@staff
@require_safe
def root_cause(request: HttpRequest, pk: int) -> HttpResponse:
    """One place with its findings, and what is to be done about the cause."""
    row = _cause(request, pk)
    here = row.findings.first()
    context = {
        "cause": row,
        "findings": root_causes.at_the_same_place(here).with_row_parts()[:20] if here else [],
        "may_act": root_causes.may_decide(request.user, row),
    }
    return render(request, "inspections/root_cause.html", context)


@(station_only | office_only)
@acts
def root_cause_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The station says what is to be done, by whom, until when."""
    row = _cause(request, pk)
    demand(root_causes.may_decide(request.user, row), "治本单由小区的物管站或镇物业办定。")
    return act(
        request,
        form_of(request, CauseForm),
        lambda **typed: root_causes.accept(row=row, **typed),
        done="治本单定了。",
        back=row,
        title="定治本单",
        button="定下来",
        text=f"{row.community}{row}：同一处反复出问题，这次不再单独抄告，查原因，一次治好。",
    )


@(station_only | office_only)
@acts
def root_cause_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """No task: notices after all."""
    row = _cause(request, pk)
    demand(root_causes.may_decide(request.user, row), "治本单由小区的物管站或镇物业办定。")
    return act(
        request,
        None,
        lambda **say: root_causes.decline(row=row, **say),
        done="照常抄告了。",
        back=row,
        title="不用治本单，照常抄告",
        button="照常抄告",
        text=f"{row.community}{row}：没办结的问题，每一个发一份抄告。",
    )


@(station_only | office_only)
@acts
def root_cause_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """It was done."""
    row = _cause(request, pk)
    demand(root_causes.may_decide(request.user, row), "治本单由小区的物管站或镇物业办定。")
    return act(
        request,
        form_of(request, ResultForm),
        lambda **typed: root_causes.finish(row=row, **typed),
        done="办好了，挂着的问题一起办结。",
        back=row,
        title="治本单办好了",
        button="办结",
        text=f"{row.task}（{row.person}）",
    )


# ---------------------------------------------------------------- the firm's own


def _served(user, today):
    contracts = Contract.objects.on(today).filter(firm__in=Firm.objects.employing(user))
    return Community.objects.filter(pk__in=contracts.values("community")).order_by("pinyin", "pk")


@firm_only
@acts
def self_report_new(request: HttpRequest) -> HttpResponse:
    """自查自报: place, photo, finish day. ``?community=&item=&back=``: chosen already, and where to go afterwards."""
    today = beijing_date(timezone.now())
    places = _served(request.user, today)
    typed = {"client_id": uuid.uuid4()} | {name: request.GET.get(name) for name in ("community", "item")}
    form = form_of(request, SelfReportForm, communities=places, today=today, initial=typed)
    back = request.GET.get("back", "")
    return act(
        request,
        form,
        self_reports.report,
        done="自查自报记好了，改好以后在抄告里回复。",
        back=back if url_has_allowed_host_and_scheme(back, None) else reverse("inspections:notice-list"),
        title="自查自报",
        button="上报",
        text="自己发现的问题，报了、在规定期限里改好，不扣分。",
        album_key="self-report",
    )


@firm_only
@acts
def dissuasion_new(request: HttpRequest) -> HttpResponse:
    """已劝阻 or 已报告, about a finding of a notice (``?finding=``) or by itself."""
    today = beijing_date(timezone.now())
    finding = _finding_of_firm(request)
    typed = {"day": today, "community": finding and finding.community, "text": finding and finding.text[:300]}
    form = form_of(request, DissuasionForm, communities=_served(request.user, today), initial=typed)
    return act(
        request,
        form,
        lambda **said: self_reports.dissuade(finding=finding, **said),
        done="记好了，联系干部认可后，不扣物业的分。",
        back=(finding and finding.notices.standing().first()) or reverse("inspections:dissuasion-list"),
        title="记一次劝阻、报告",
        button="记下",
        text="业主乱堆、乱搭，物业已经劝阻或者报告的，记下照片、谁去的、哪一天。",
        album_key=f"dissuasion-{finding.pk if finding else 'new'}",
    )


def _finding_of_firm(request: HttpRequest) -> Finding | None:
    if not (key := request.GET.get("finding", "")).isdecimal():
        return None
    rows = Finding.objects.filter(firm__in=Firm.objects.employing(request.user)).standing()
    return get_object_or_404(rows.select_related("community"), pk=key)


@(staff | firm_only)
@require_safe
def dissuasion_list(request: HttpRequest) -> HttpResponse:
    """What firms say they have told owners; those to accept first."""
    rows = Dissuasion.objects.visible_to(request.user).select_related("community", "firm", "finding")
    page = page_of(rows.order_by("-day", "-pk"), request.GET.get("page"))
    for row in page:
        row.may_accept = not row.accepted_at and self_reports.may_accept(request.user, row)
    return render(request, "inspections/dissuasion_list.html", {"page": page})


@(cadre_only | station_only)
@require_POST
def dissuasion_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The cadre believes it."""
    row = get_object_or_404(Dissuasion.objects.visible_to(request.user), pk=pk)
    self_reports.accept(row=row, by=request.user, now=timezone.now())
    messages.success(request, "认可了，这个问题不扣物业的分。" if row.finding_id else "认可了。")
    return redirect("inspections:dissuasion-list")


# ---------------------------------------------------------------- residents


@anyone
@require_safe
def community_fixed(request: HttpRequest, code: str) -> HttpResponse:
    """What was found and fixed this month in one community: check item, building, ticked photos, no free text."""
    place = get_object_or_404(Community.objects.public(), code=code.upper().replace("\0", ""))
    context = public_page.gather(place, today=beijing_date(timezone.now()))
    return render(request, "inspections/community_fixed.html", context)


@anyone
@require_safe
def public_photo(request: HttpRequest, client_id) -> FileResponse:
    """The thumbnail of a photo that a cadre has ticked for residents."""
    return uploads.response(get_object_or_404(PatrolPhoto.objects.public(), client_id=client_id), small=True)
