"""Everything that is done to one complaint, each a page of one form: which form, which act, when it is offered."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import firm_only, office_only, station_only
from accounts.roles import Act, demand, may, may_check
from lib.periods import beijing_date

from .. import clock, decisions, findings, handling, hotline, merging, staffing, transfers
from ..forms import staff
from ..models import Complaint, ReplyTemplate, State
from .sending import act_page, files, posted, receive_files, refuse

workers = station_only | office_only | firm_only
OPEN = (State.REGISTERED, *staffing.WORKED_ON)


@dataclass(frozen=True)
class Doing:
    """One act: the words of its page, its form, what it calls, and for which cases and people it is offered."""

    title: str
    button: str
    run: Callable[..., object]
    offered: Callable[[Complaint, object], bool]
    form: type[staff.CaseForm] = staff.CaseForm
    text: str = ""
    said: str = "记下了。"
    more: dict = field(default_factory=dict)


@transaction.atomic
def _accept_and_assign(*, complaint: Complaint, level: str, text: str, by, now) -> None:
    handling.accept(complaint=complaint, by=by, now=now)
    handling.assign(complaint=complaint, level=level, text=text, by=by, now=now)


def _answer(*, complaint: Complaint, text: str, seen: int, photos_after, by, now) -> None:
    handling.answer(complaint=complaint, text=text, seen=seen, photos_after=photos_after, by=by, now=now)


def _department(*, complaint: Complaint, answer: str, letter: str, by, now) -> None:
    row = get_object_or_404(complaint.transfers, answered_on=None)
    row.complaint = complaint
    transfers.answered(transfer=row, answer=answer, letter=letter, by=by, now=now)


def _chase(*, complaint: Complaint, by, now) -> None:
    row = get_object_or_404(complaint.transfers, answered_on=None)
    row.complaint = complaint
    transfers.chase(transfer=row, by=by, now=now)


def _draft(complaint: Complaint):
    row = get_object_or_404(complaint.answers, is_final=True, checked_by=None, sent_back="")
    row.complaint = complaint
    return row


def _pass(*, complaint: Complaint, by, now) -> None:
    handling.check_final(answer=_draft(complaint), by=by, now=now)


def _send_back(*, complaint: Complaint, reason: str, by, now) -> None:
    handling.send_back_final(answer=_draft(complaint), reason=reason, by=by, now=now)


def _merge(*, complaint: Complaint, others, by, now) -> None:
    merging.merge(main=complaint, others=list(others), by=by, now=now)


def _staff(*states) -> Callable[[Complaint, object], bool]:
    """Offered to those who handle the place's complaints, while the case is in one of the states."""
    return lambda case, user: case.state in states and staffing.may_handle(user, case)


def _answerer(*states) -> Callable[[Complaint, object], bool]:
    return lambda case, user: case.state in states and staffing.may_answer(user, case)


def _has_draft(case: Complaint) -> bool:
    return case.is_final and case.answers.filter(is_final=True, checked_by=None, sent_back="").exists()


def _head(case: Complaint, user) -> bool:
    return may_check(user, Act.COMPLAINT_FINAL) and _has_draft(case)


def _may_extend(case: Complaint, user) -> bool:
    early = case.reply_by is not None and beijing_date(timezone.now()) <= case.reply_by
    return _staff(*clock.RUNNING)(case, user) and not case.extended_days and early


def _may_uphold(case: Complaint, user) -> bool:
    decided = case.firm_id is None or hasattr(case, "upheld")
    ended = case.state in (State.REPLIED, State.RATED, State.CLOSED)
    return ended and not decided and may_check(user, Act.COMPLAINT_ANSWER) and staffing.may_handle(user, case)


T, WORK = "投诉人看得到。", staffing.WORKED_ON
DOINGS: dict[str, Doing] = {
    "accept": Doing(
        "受理并交办", "受理", _accept_and_assign, _staff(State.REGISTERED), staff.AssignForm, said="受理了。"
    ),
    "refuse": Doing(
        "不予受理",
        "不予受理",
        handling.refuse,
        _staff(State.REGISTERED, State.ACCEPTED),
        staff.RefuseForm,
        "不归我们管的，告诉投诉人找谁；辱骂、灌水的也在这里退，写明原因。",
        more={"danger": True},
    ),
    "answer": Doing("答复", "答复", _answer, _answerer(*WORK), staff.AnswerForm, T, "答复了，投诉人会收到。"),
    "start": Doing("开始办", "开始办", handling.start, _answerer(State.ASSIGNED, State.REOPENED, State.ACCEPTED)),
    "arrive": Doing(
        "到了现场",
        "记下到场",
        handling.arrive,
        lambda case, user: case.on_site_at is None and not case.is_over and staffing.may_answer(user, case),
        staff.LooseTextForm,
        T,
    ),
    "assign": Doing(
        "转交", "转交", handling.assign, _staff(*WORK), staff.AssignForm, "第一次往上转，期限从今天重新算。"
    ),
    "extend": Doing("延长期限", "延长", clock.extend, _may_extend, staff.ExtendForm, "只能延一次，到期前延。" + T),
    "pause": Doing(
        "暂停计时",
        "暂停",
        clock.pause,
        lambda case, user: not case.is_paused and _staff(*clock.RUNNING)(case, user),
        staff.PauseForm,
        T,
    ),
    "resume": Doing(
        "恢复计时",
        "恢复计时",
        clock.resume,
        lambda case, user: case.is_paused and _staff(*clock.RUNNING)(case, user),
    ),
    "transfer": Doing(
        "移交部门",
        "移交",
        handling.transfer,
        _staff(*WORK),
        staff.TransferForm,
        "违法违规的移交有权的部门，写上文号；到日子没回音会提醒催办。",
    ),
    "department": Doing("部门答复了", "记下", _department, _staff(State.TRANSFERRED), staff.DepartmentForm, T),
    "chase": Doing("催部门", "催过了", _chase, _staff(State.TRANSFERRED), text="打电话或发函催过以后点这里。"),
    "to-finding": Doing(
        "转成问题",
        "转成问题",
        findings.become,
        lambda case, user: case.finding_id is None and _staff(*WORK)(case, user),
        staff.FindingForm,
        "进问题台账，由责任单位整改；办结以后自动答复投诉人。",
    ),
    "attach": Doing(
        "挂到已有的问题",
        "挂上去",
        findings.attach,
        lambda case, user: case.finding_id is None and _staff(*WORK)(case, user),
        staff.AttachForm,
        "几件投诉可以是同一个问题，一起整改、一起办结。",
    ),
    "mediate": Doing(
        "调处记录",
        "记下",
        decisions.mediate,
        lambda case, user: case.is_unanswered and staffing.may_handle(user, case),
        staff.MediateForm,
    ),
    "merge": Doing(
        "并案",
        "并进来",
        _merge,
        _staff(*OPEN),
        staff.MergeForm,
        "同一个小区、同一类、三十天内的可以并。投诉人都会收到通知，办好了都请他们评价。",
        "并好了。",
    ),
    "unmerge": Doing("拆出来单独办", "拆出来", merging.undo, _staff(State.MERGED)),
    "split": Doing(
        "拆成两件", "拆出一件", merging.split, _staff(*OPEN), staff.SplitForm, "说了两件事的，拆出一件另编号。"
    ),
    "remark": Doing(
        "内部备注",
        "记下",
        handling.remark,
        lambda case, user: staffing.may_handle(user, case),
        staff.TextForm,
        "物业和投诉人看不到。",
    ),
    "reopen": Doing(
        "退回重办",
        "退回重办",
        handling.reopen,
        _staff(*staffing.ANSWERED),
        staff.ReasonForm,
        "替投诉人退回，由上一级重新办。",
    ),
    "withdraw": Doing(
        "撤回", "撤回", handling.withdraw, _staff(*OPEN), staff.ReasonForm, "投诉人打电话来撤的，写明他怎么说。"
    ),
    "uphold": Doing(
        "认定责任", "认定", decisions.uphold, _may_uphold, staff.UpholdForm, "进月考核，认定一次，不再改。"
    ),
    "filled-back": Doing(
        "已回填 12345",
        "回填了",
        hotline.fill_back,
        lambda case, user: (
            case.platform_number
            and case.filled_back_at is None
            and case.replied_on is not None
            and staffing.may_handle(user, case)
        ),
        text="把答复抄进 12345 的系统以后点这里。",
    ),
    "final-pass": Doing(
        "复核最终答复", "复核通过", _pass, lambda case, user: _head(case, user), text="通过以后发给投诉人，这件办结。"
    ),
    "final-back": Doing("退回最终答复", "退回修改", _send_back, lambda case, user: _head(case, user), staff.ReasonForm),
}


def offered(complaint: Complaint, user) -> list[tuple[str, str]]:
    """What this person can do about the case now, the likeliest first."""
    return [(name, doing.title) for name, doing in DOINGS.items() if doing.offered(complaint, user)]


@workers
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, doing: str) -> HttpResponse:
    """The page of one act about one complaint; which acts there are, DOINGS says."""
    if doing not in DOINGS:
        raise Http404
    it, complaint = DOINGS[doing], _readable(request, pk)
    if request.method == "POST" and not doing.startswith("final"):
        demand(request.user, Act.COMPLAINT_ANSWER if may(request.user, Act.COMPLAINT_ANSWER) else Act.COMPLAINT)
    form = it.form(posted(request), files(request), complaint=complaint, user=request.user)
    if _done(request, form, it, complaint):
        messages.success(request, it.said)
        return redirect(complaint)
    templates = _templates(request) if doing == "answer" else None
    words = {"title": f"{it.title}：{complaint.number}", "act": it.button, "text": it.text, **it.more}
    return act_page(request, form, back=complaint.get_absolute_url(), templates=templates, **words)


def _readable(request: HttpRequest, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.user).with_page_parts(), pk=pk)


def _templates(request: HttpRequest):
    return ReplyTemplate.objects.visible_to(request.user).on(beijing_date(timezone.now()))


def _done(request: HttpRequest, form, it: Doing, complaint: Complaint) -> bool:
    """Whether the form was sent and the act is done; what it refuses stands at its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    typed = dict(form.cleaned_data)
    if typed.pop("files", None) is not None:
        typed["photos_after"] = receive_files(form, request.user, kind="after")
    if form.errors:
        return False
    try:
        it.run(complaint=complaint, **typed, by=request.user, now=timezone.now())
    except ValidationError as error:
        refuse(form, error)
    return not form.errors
