"""Everything that is done to one complaint: which form, which act, when and to whom it is offered."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.roles import Act, may_check
from lib.periods import beijing_date

from .. import clock, corrections, decisions, findings, handling, hotline, merging, petitions, staffing, transfers
from ..forms import acts
from ..models import Complaint, State

OPEN = (State.REGISTERED, *staffing.WORKED_ON)


@dataclass(frozen=True)
class Rights:
    """What somebody is to a complaint; asked once for a whole page."""

    handles: bool
    answers: bool
    passes: bool  # the town's final answer
    decides: bool  # whether the firm is to blame


def rights_of(complaint: Complaint, user) -> Rights:
    handles = staffing.may_handle(user, complaint)
    decides = handles and may_check(user, Act.COMPLAINT_ANSWER)
    return Rights(handles, staffing.may_answer(user, complaint), may_check(user, Act.COMPLAINT_FINAL), decides)


@dataclass(frozen=True)
class Doing:
    """One act: the words of its page, its form, what it calls, and for which cases and people it is offered."""

    title: str
    button: str
    run: Callable[..., object]
    offered: Callable[[Complaint, Rights], bool]
    form: type[acts.CaseForm] = acts.CaseForm
    text: str = ""
    said: str = "记下了。"
    more: dict = field(default_factory=dict)


@transaction.atomic
def _accept_and_assign(*, complaint: Complaint, by, now, **typed) -> None:
    handling.accept(complaint=complaint, by=by, now=now)
    handling.assign(complaint=complaint, **typed, by=by, now=now)


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


def _staff(*states) -> Callable[[Complaint, Rights], bool]:
    """Offered to those who handle the place's complaints, while the case is in one of the states."""
    return lambda case, mine: mine.handles and case.state in states


def _answerer(*states) -> Callable[[Complaint, Rights], bool]:
    return lambda case, mine: mine.answers and case.state in states


def _may_arrive(case: Complaint, mine: Rights) -> bool:
    return mine.answers and case.on_site_at is None and case.is_unanswered


def _may_pause(case: Complaint, mine: Rights) -> bool:
    return _staff(*clock.RUNNING)(case, mine) and not case.is_paused


def _may_resume(case: Complaint, mine: Rights) -> bool:
    return _staff(*clock.RUNNING)(case, mine) and case.is_paused


def _unfound(case: Complaint, mine: Rights) -> bool:
    return _staff(*staffing.WORKED_ON)(case, mine) and case.finding_id is None


def _may_mediate(case: Complaint, mine: Rights) -> bool:
    return mine.handles and case.is_unanswered


def _to_fill_back(case: Complaint, mine: Rights) -> bool:
    return mine.handles and bool(case.platform_number) and case.filled_back_at is None and case.replied_on is not None


def _may_pass(case: Complaint, mine: Rights) -> bool:
    drafts = case.answers.filter(is_final=True, checked_by=None, sent_back="")
    return mine.passes and case.is_final and drafts.exists()


def _may_extend(case: Complaint, mine: Rights) -> bool:
    early = case.reply_by is not None and beijing_date(timezone.now()) <= case.reply_by
    return _staff(*clock.RUNNING)(case, mine) and not case.extended_days and early


def _may_uphold(case: Complaint, mine: Rights) -> bool:
    decided = case.firm_id is None or hasattr(case, "upheld")
    return mine.decides and not decided and case.state in (State.REPLIED, State.RATED, State.CLOSED)


def _petition(*, noticed: bool | None = None, extended: bool | None = None):
    """Offered while the petition is undecided and has, or has not, come so far."""

    def offered(case: Complaint, mine: Rights) -> bool:
        row = getattr(case, "petition", None) if mine.handles else None
        if row is None or row.decided_on:
            return False
        return noticed in (None, bool(row.noticed_on)) and extended in (None, bool(row.extended_on))

    return offered


def _may_begin_petition(case: Complaint, mine: Rights) -> bool:
    return mine.handles and not case.is_over and getattr(case, "petition", None) is None


def _may_hide(case: Complaint, mine: Rights) -> bool:
    return mine.handles and not case.is_over and not case.hidden_from_neighbours


T, WORK = "投诉人看得到。", staffing.WORKED_ON
DOINGS: dict[str, Doing] = {
    "accept": Doing(
        "受理并交办", "受理", _accept_and_assign, _staff(State.REGISTERED), acts.AssignForm, said="受理了。"
    ),
    "refuse": Doing(
        "不予受理",
        "不予受理",
        handling.refuse,
        _staff(State.REGISTERED, State.ACCEPTED),
        acts.RefuseForm,
        "不归我们管的，告诉投诉人找谁；辱骂、灌水的也在这里退，写明原因。",
        more={"danger": True},
    ),
    "answer": Doing("答复", "答复", _answer, _answerer(*WORK), acts.AnswerForm, T, "答复了，投诉人会收到。"),
    "start": Doing("开始办", "开始办", handling.start, _answerer(State.ASSIGNED, State.REOPENED, State.ACCEPTED)),
    "arrive": Doing(
        "到了现场",
        "记下到场",
        handling.arrive,
        _may_arrive,
        acts.LooseTextForm,
        T,
    ),
    "assign": Doing(
        "转交", "转交", handling.assign, _staff(*WORK), acts.AssignForm, "第一次往上转，期限从今天重新算。"
    ),
    "extend": Doing("延长期限", "延长", clock.extend, _may_extend, acts.ExtendForm, "只能延一次，到期前延。" + T),
    "pause": Doing(
        "暂停计时",
        "暂停",
        clock.pause,
        _may_pause,
        acts.PauseForm,
        T,
    ),
    "resume": Doing(
        "恢复计时",
        "恢复计时",
        clock.resume,
        _may_resume,
    ),
    "transfer": Doing(
        "移交部门",
        "移交",
        handling.transfer,
        _staff(*WORK),
        acts.TransferForm,
        "违法违规的移交有权的部门，写上文号；到日子没回音会提醒催办。",
    ),
    "department": Doing("部门答复了", "记下", _department, _staff(State.TRANSFERRED), acts.DepartmentForm, T),
    "chase": Doing("催部门", "催过了", _chase, _staff(State.TRANSFERRED), text="打电话或发函催过以后点这里。"),
    "to-finding": Doing(
        "转成问题",
        "转成问题",
        findings.become,
        _unfound,
        acts.FindingForm,
        "进问题台账，由责任单位整改；办结以后自动答复投诉人。",
    ),
    "attach": Doing(
        "挂到已有的问题",
        "挂上去",
        findings.attach,
        _unfound,
        acts.AttachForm,
        "几件投诉可以是同一个问题，一起整改、一起办结。",
    ),
    "petition-notice": Doing(
        "信访书面告知", "告知了", petitions.give_notice, _petition(noticed=False), acts.LetterForm
    ),
    "petition-end": Doing("信访处理意见", "出具了", petitions.decide, _petition(noticed=True), acts.LetterForm),
    "petition-longer": Doing(
        "信访延期", "延期", petitions.extend, _petition(extended=False), acts.ReasonForm, "只能延一次，到期前延。" + T
    ),
    "mediate": Doing(
        "调处记录",
        "记下",
        decisions.mediate,
        _may_mediate,
        acts.MediateForm,
    ),
    "merge": Doing(
        "并案",
        "并进来",
        _merge,
        _staff(*OPEN),
        acts.MergeForm,
        "同一个小区、同一类、日子相近的可以并。投诉人都会收到通知，办好了都请他们评价。",
        "并好了。",
    ),
    "unmerge": Doing("拆出来单独办", "拆出来", merging.undo, _staff(State.MERGED)),
    "split": Doing(
        "拆成两件", "拆出一件", merging.split, _staff(*OPEN), acts.SplitForm, "说了两件事的，拆出一件另编号。"
    ),
    "petition": Doing(
        "按信访事项办",
        "按信访事项办",
        petitions.begin,
        _may_begin_petition,
        text="信访另有书面告知、出具处理意见的期限，和投诉的期限分开算。",
    ),
    "recategorise": Doing(
        "改类别", "改", corrections.recategorise, _staff(*OPEN), acts.CategoryForm, "经过里留着原来的类别。" + T
    ),
    "relocate": Doing(
        "改小区",
        "改",
        corrections.relocate,
        _staff(*OPEN),
        acts.RelocateForm,
        "登记错了小区的改过去，由那边的物管站受理，编号不变。经过里留着原来的小区，" + T,
    ),
    "hide": Doing(
        "不给邻居看照片",
        "不给看",
        corrections.hide,
        _may_hide,
        acts.ReasonForm,
        "有人反映同一件事时，会看到这件的照片和地点。照片里有人脸、门牌的，在这里收起来。",
    ),
    "remark": Doing(
        "内部备注",
        "记下",
        handling.remark,
        lambda case, mine: mine.handles,
        acts.TextForm,
        "物业和投诉人看不到。",
    ),
    "reopen": Doing(
        "退回重办",
        "退回重办",
        handling.reopen,
        _staff(*staffing.ANSWERED),
        acts.ReasonForm,
        "替投诉人退回，由上一级重新办。",
    ),
    "withdraw": Doing(
        "撤回", "撤回", handling.withdraw, _staff(*OPEN), acts.ReasonForm, "投诉人打电话来撤的，写明他怎么说。"
    ),
    "uphold": Doing("认定责任", "认定", decisions.uphold, _may_uphold, acts.UpholdForm, "进月考核，认定一次，不再改。"),
    "filled-back": Doing(
        "已回填 12345",
        "回填了",
        hotline.fill_back,
        _to_fill_back,
        text="把答复抄进 12345 的系统以后点这里。",
    ),
    "final-pass": Doing("复核最终答复", "复核通过", _pass, _may_pass, text="通过以后发给投诉人，这件办结。"),
    "final-back": Doing("退回最终答复", "退回修改", _send_back, _may_pass, acts.ReasonForm),
}


def offered(complaint: Complaint, user) -> list[tuple[str, str]]:
    """What this person can do about the case now, the likeliest first."""
    mine = rights_of(complaint, user)
    return [(name, doing.title) for name, doing in DOINGS.items() if doing.offered(complaint, mine)]
