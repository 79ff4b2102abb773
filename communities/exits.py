"""移交清单: opened when a firm or a committee leaves, answered thing by thing, closed before a witness. R17"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from lib.periods import DAY, beijing_date
from lib.states import WrongState, move
from rulebook import rules

from . import days
from .models import Contract, ExitHandover, ExitItem, OwnersCommittee

Kind = ExitItem.Kind
# 民法典 949: premises, facilities and the papers needed for the service; what a committee keeps: books, seal, money.
OF_FIRM = [
    (Kind.ROOMS, "物业服务用房"),
    (Kind.THINGS, "共用设施设备和钥匙"),
    (Kind.PAPERS, "业主名册"),
    (Kind.PAPERS, "竣工图和设备技术资料"),
    (Kind.PAPERS, "设备维修保养和检验记录"),
    (Kind.PAPERS, "承接查验资料"),
    (Kind.MONEY, "预收、代收费用和公共收益账目"),
]
OF_COMMITTEE = [
    (Kind.SEAL, "业主大会和业委会印章"),
    (Kind.PAPERS, "会议记录和决定"),
    (Kind.PAPERS, "业主名册、管理规约、议事规则"),
    (Kind.PAPERS, "物业服务合同"),
    (Kind.MONEY, "财务账册、凭证和余款"),
    (Kind.THINGS, "属于业主共有的其他财物"),
]


@transaction.atomic
def open_list(
    *, contract: Contract | None = None, committee: OwnersCommittee | None = None, by: User, now: datetime
) -> ExitHandover:
    """Opens the list of a contract or a committee with what the law names; the one there is, where it was opened.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: the contract has no last day yet.
    """
    leaving = contract or committee
    days.demand_registry(by, leaving.community)
    if leaving.last_day is None:
        raise ValidationError("合同还没有结束日期，先写上结束日期再开清单。")
    key = "contract.exit_days" if contract else "committee.handover_days"
    due = leaving.last_day + rules.on(leaving.last_day, key) * DAY
    found = {"community": leaving.community, "ended_on": leaving.last_day, "due_on": due}
    row, new = ExitHandover.objects.get_or_create(contract=contract, committee=committee, defaults=found)
    if new:
        things = OF_FIRM if contract else OF_COMMITTEE
        ExitItem.objects.bulk_create(ExitItem(exit=row, kind=kind, name=name) for kind, name in things)
    return row


def add(*, exit: ExitHandover, kind: str, name: str, quantity: str = "", by: User, now: datetime) -> ExitItem:
    """One more thing on the list.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: already there; by field.
        WrongState: the list is closed.
    """
    _demand_open(exit, by)
    row = ExitItem(exit=exit, kind=kind, name=name, quantity=quantity)
    row.full_clean()
    row.save()
    return row


def _demand_open(exit: ExitHandover, by: User) -> None:
    days.demand_registry(by, exit.community)
    if ExitHandover.objects.filter(pk=exit.pk, closed_on__isnull=False).exists():
        raise WrongState("移交已经完成，清单不能再改。")


def answer(
    *, item: ExitItem, quantity: str = "", handed_on: date | None = None, missing_why: str = "", by: User, now: datetime
) -> None:
    """A thing was handed over on a day, or it was not, and why.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: both or neither, or a day to come; by field.
        WrongState: the list is closed.
    """
    _demand_open(item.exit, by)
    if handed_on and handed_on > beijing_date(now):
        raise ValidationError({"handed_on": "日期不能晚于今天。"})
    if not handed_on and not missing_why:
        raise ValidationError({"handed_on": "写上交了的日期；没有或者不交的，写原因。"})
    item.quantity, item.handed_on, item.missing_why = quantity, handed_on, missing_why
    item.full_clean()
    item.save()


def close(*, exit: ExitHandover, witness: str, by: User, now: datetime) -> None:
    """Everything is answered; the witness of the village committee or the office confirms it.

    Raises:
        PermissionDenied: not the registry of ``by``.
        ValidationError: something is still open.
        WrongState: somebody closed it before.
    """
    days.demand_registry(by, exit.community)
    if left := exit.items.open().count():
        raise ValidationError(f"还有 {left} 样没有写交没交，一样一样写清楚再完成。")
    done = {"closed_on": beijing_date(now), "witness": witness}
    move(exit, closed_on=None, to=done, else_="刚才已经有人完成了。")
