"""What is done about a notice by its addressee: signed, planned, answered, objected, asked for time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import cadre_only, firm_only, office_only, station_only
from accounts.roles import Act, may
from lib.periods import beijing_date
from lib.states import WrongState

from .. import extensions, notices, objections
from .. import notice_people as people
from .. import notice_terms as terms
from ..forms import ExtensionForm, InterimForm, ObjectionForm, PaperReceiptForm, PlanForm, ReasonForm, ReplyForm
from ..models import Notice
from .acting import act, demand, form_of, readable
from .notices import notices_form

acts = require_http_methods(["GET", "HEAD", "POST"])


def _answerable(request: HttpRequest, pk: int) -> Notice:
    """A notice that the user may answer, for the firm or on paper for one without an account."""
    notice = readable(request, pk)
    fine = people.may_reply(request.user, notice, today=beijing_date(timezone.now()))
    demand(fine, f"这份抄告由{notice.addressee}来办。")
    return notice


@(firm_only | station_only)
@acts
def notice_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """The addressee signs."""
    notice = readable(request, pk)
    demand(people.may_sign(request.user, notice), f"这份抄告由{notice.addressee}签收。")
    days = notice.round.term_days
    plan = "较重以上的，签收后还要填责任人、期限、措施。" if notice.needs_plan else ""
    words = {"title": f"签收：{notice.finding.text}", "button": "签收", "notice": notice}
    words["text"] = (
        f"自签收之日起 {days} 个工作日内整改、回复。今天不签，过了 {notice.round.deemed_on} 也算签收。{plan}"
    )
    return act(
        request,
        None,
        lambda **say: notices.receive(notice=notice, **say),
        done=f"{notice}签收了，整改好再来回复。",
        back=notice,
        **words,
    )


@firm_only
@require_POST
def notice_receive_many(request: HttpRequest) -> HttpResponse:
    """The firm signs several at once; each stands by itself, so what was signed meanwhile hinders no other."""
    form = notices_form(request)
    if not form.is_valid():
        messages.warning(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("inspections:notice-list")
    signed, now = 0, timezone.now()
    for notice in form.cleaned_data["notices"].select_related("finding"):
        try:
            notices.receive(notice=notice, by=request.user, now=now)
            signed += 1
        except WrongState as error:
            messages.warning(request, f"{notice}：{error}")
    messages.success(request, f"签收了 {signed} 份。")
    return redirect("inspections:notice-list")


@(cadre_only | station_only)
@acts
def notice_receive_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A firm without an account has signed on paper."""
    notice = readable(request, pk)
    fine = people.may_write_for_firm(request.user, notice, today=beijing_date(timezone.now()))
    demand(fine, "有账号的物业自己签收；没有账号的，由联系干部或物管站记纸质签收。")
    return act(
        request,
        form_of(request, PaperReceiptForm),
        lambda **typed: notices.receive_on_paper(notice=notice, **typed),
        done="纸质签收记好了。",
        back=notice,
        title="记纸质签收",
        button="记下签收",
        text=f"{notice}，{notice.addressee}。这家物业没有账号，签了字的抄告单拍一张。",
        notice=notice,
    )


@(firm_only | station_only | cadre_only)
@acts
def notice_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Responsible person, limit, measure."""
    notice = _answerable(request, pk)
    typed = {"person": notice.plan_person, "limit_on": notice.plan_limit_on, "measure": notice.plan_measure}
    return act(
        request,
        form_of(request, PlanForm, initial=typed),
        lambda **typed: notices.plan(notice=notice, **typed),
        done="责任人、期限、措施记好了。",
        back=notice,
        title="责任人、期限、措施",
        button="记下",
        text=f"{notice}：{notice.finding.text}。最迟 {notice.due_on} 整改好；写得更早，不改变最迟的日子。",
        notice=notice,
    )


@(firm_only | station_only | cadre_only)
@acts
def notice_interim(request: HttpRequest, pk: int) -> HttpResponse:
    """The interim safety measure of a major one."""
    notice = _answerable(request, pk)
    return act(
        request,
        form_of(request, InterimForm),
        lambda **typed: notices.interim(notice=notice, **typed),
        done="临时安全措施记好了。",
        back=notice,
        title="临时安全措施",
        button="记下",
        text="重大问题 24 小时内先采取安全措施，比如拉警戒线、断电、专人看守。",
        notice=notice,
    )


@(firm_only | station_only | cadre_only)
@acts
def notice_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """How it was put right, with photos."""
    notice = _answerable(request, pk)
    if notice.lacks_plan and notice.is_unreplied and request.method != "POST":
        messages.info(request, "先填责任人、期限、措施，再回复。")
        return redirect("inspections:notice-plan", notice.pk)
    return act(
        request,
        form_of(request, ReplyForm),
        lambda **typed: notices.reply(notice=notice, **typed),
        done="回复提交了，等复查。",
        back=notice,
        title=f"回复：{notice.finding.text}",
        button="提交回复",
        text=f"{notice.community}{notice.finding.where}。照片要是抄告之后拍的。",
        notice=notice,
    )


@(firm_only | station_only | cadre_only)
@acts
def notice_extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for more time, once."""
    notice = _answerable(request, pk)
    most = extensions.most_days(notice)
    return act(
        request,
        form_of(request, ExtensionForm),
        lambda **typed: extensions.ask(notice=notice, **typed),
        done="延期申请提交了，等决定。",
        back=notice,
        title="申请延期",
        button="提交申请",
        text=f"到期前可以申请一次，最多 {most} 个工作日。现在最迟 {notice.due_on}。",
        notice=notice,
    )


@firm_only
@acts
def notice_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """The firm objects, once."""
    notice = readable(request, pk)
    demand(may(request.user, Act.OBJECTION) and people.is_of_firm(request.user, notice), "异议由收到抄告的物业提。")
    within, answered = terms.objection_words(notice.round.issued_on)
    return act(
        request,
        form_of(request, ObjectionForm),
        lambda **typed: objections.raise_objection(notice=notice, **typed),
        done="异议提交了，等镇物业办决定；期限照算。",
        back=notice,
        title="提异议",
        button="提交异议",
        text=f"签收后 {within}内可以提一次，镇物业办 {answered}内决定。决定以前，期限照算。",
        notice=notice,
    )


@(cadre_only | station_only | office_only)
@acts
def notice_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The issuer takes back a notice that nobody has signed."""
    notice = readable(request, pk)
    demand(notice.issued_by_id == request.user.pk, "抄告由发出的人撤销；签收以后，由镇物业办按异议决定。")
    return act(
        request,
        form_of(request, ReasonForm),
        lambda **typed: notices.withdraw(notice=notice, **typed),
        done=f"{notice}撤销了。问题还在，要不要再抄告您定。",
        back=notice.finding,
        title=f"撤销{notice}",
        button="撤销",
        text="物业签收以前可以撤销。问题本身还留着。",
        notice=notice,
        danger=True,
    )
