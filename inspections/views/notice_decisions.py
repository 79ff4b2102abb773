"""What is decided about a notice: sent after all, extended, objections, calls, hand-on, public photos."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import cadre_only, office_only, station_only
from accounts.roles import Act, may

from .. import extensions, notices, objections
from .. import notice_people as people
from ..forms import CallForm, DecisionForm
from ..models import Finding, PatrolPhoto
from .acting import act, demand, form_of, readable

acts = require_http_methods(["GET", "HEAD", "POST"])
staff = cadre_only | station_only | office_only


@staff
@acts
def notice_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a finding that has no notice yet."""
    rows = Finding.objects.visible_to(request.user).with_page_parts()
    finding = get_object_or_404(rows, pk=pk)
    notices.demand_issuer(finding, request.user)
    return act(
        request,
        None,
        lambda **say: notices.issue(finding=finding, **say),
        done="抄告发出了。",
        back=finding,
        title=f"抄告：{finding.text}",
        button="发出抄告",
        text=f"发给当天负责{finding.community}的单位，期限照等级算。",
    )


@(station_only | office_only)
@acts
def notice_extension_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The head of the station, or the town for a major one, decides about more time."""
    notice = readable(request, pk)
    demand(people.may_extend(request.user, notice), "延期由物管站站长决定，重大问题由镇物业办决定。")
    extension = getattr(notice, "extension", None)
    if extension is None:
        messages.info(request, "没有人申请延期。")
        return redirect(notice)
    form = form_of(request, DecisionForm, yes="同意", no="不同意")
    return act(
        request,
        form,
        lambda decision, **typed: extensions.decide(extension=extension, granted=form.is_yes, **typed),
        done="记下了，物业会收到通知。",
        back=notice,
        title="决定延期",
        button="记下决定",
        text=f"{notice.addressee}申请延 {extension.days} 个工作日：{extension.reason}。现在最迟 {notice.due_on}。",
        notice=notice,
    )


@office_only
@acts
def notice_objection_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The town's office decides about an objection."""
    notice = readable(request, pk)
    demand(people.may_decide_objection(request.user, notice), "异议由镇物业办经办决定，发出抄告的人不能决定。")
    objection = getattr(notice, "objection", None)
    if objection is None:
        messages.info(request, "没有人提异议。")
        return redirect(notice)
    form = form_of(request, DecisionForm, yes="异议成立，撤销抄告", no="异议不成立")
    return act(
        request,
        form,
        lambda decision, **typed: objections.decide(objection=objection, upheld=form.is_yes, **typed),
        done="决定记下了，物业会收到通知。",
        back=notice,
        title="决定异议",
        button="记下决定",
        text=f"{notice.addressee}：{objection.text}",
        notice=notice,
    )


@staff
@acts
def notice_call(request: HttpRequest, pk: int) -> HttpResponse:
    """打电话催: one line."""
    notice = readable(request, pk)
    demand(people.oversees(request.user, notice), "催办由联系干部、物管站或镇物业办记。")
    firm = notice.answering_firm
    phone = f"电话 {firm.phone}。" if firm and firm.phone else ""
    return act(
        request,
        form_of(request, CallForm),
        lambda **typed: notices.call(notice=notice, **typed),
        done="记了一行。",
        back=notice,
        title="打电话催",
        button="记一行到经过",
        text=f"{notice}，{notice.addressee}。{phone}",
        notice=notice,
    )


@(station_only | office_only)
@acts
def notice_hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract changed: the body that answers today gets a notice of its own."""
    notice = readable(request, pk)
    demand(may(request.user, Act.ROOT_CAUSE), "改发由物管站或镇物业办办。")
    return act(
        request,
        None,
        lambda **say: notices.hand_on(notice=notice, **say),
        done="改发了，原来那份撤销。",
        back=notice.finding,
        title="改发给现在负责的单位",
        button="改发",
        text=f"{notice}是发给{notice.addressee}的。合同换了，就改发给现在负责的单位，期限从今天重新算。",
        notice=notice,
    )


@(cadre_only | station_only)
@require_POST
def photo_public(request: HttpRequest, client_id) -> HttpResponse:
    """Ticks a photo for the residents' page, or takes the tick away; none is ticked by itself."""
    photo = get_object_or_404(PatrolPhoto.objects.visible_to(request.user), client_id=client_id)
    finding = photo.finding or (photo.round and photo.round.notice.finding)
    demand(finding is not None and may(request.user, Act.RECHECK), "照片由联系干部或物管站站长勾选。")
    PatrolPhoto.objects.filter(pk=photo.pk).update(public=not photo.public)
    messages.success(request, "居民看得到这张照片了。" if not photo.public else "居民看不到这张照片了。")
    return redirect(finding.notices.standing().first() or finding)
