"""Entries of the registers: who may write which, in which words; a wrong entry is struck, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.roles import Act, demand
from lib import files
from lib.periods import DAY, beijing_date
from lib.states import move
from rulebook import rules

from .models import Community, Firm, OwnersCommittee, Record, RecordFile

Kind = Record.Kind


@dataclass(frozen=True)
class Register:
    """How one kind of entry is asked for. Empty words: that column is not asked."""

    title: str
    text: str
    in_charge: str = ""
    number: str = ""
    of_firm: bool = False
    ahead: bool = False  # may lie in the future


REGISTERS: dict[str, Register] = {
    Kind.MINUTES: Register("议题", "讨论和决定", "主持人", "到会人数"),
    Kind.RULES: Register("名称", "主要内容", "通过的会议"),
    Kind.SUPERVISION: Register("检查了什么", "发现和意见", "检查人"),
    Kind.SEAL: Register("用章事由", "文件名称和去向", "批准人", "份数"),
    Kind.TRAINING: Register("课题", "内容和反馈", "讲课人", "参加人数", ahead=True),
    Kind.ACTIVITY: Register("活动", "经过", "组织人", "参加人数", ahead=True),
    Kind.ARCHIVE: Register("档案名称", "说明、存放在哪里", "保管人", "页数"),
    Kind.TRAINING_PLAN: Register("课题", "对象和内容", "讲课人", "计划人数", of_firm=True, ahead=True),
    Kind.PLEDGE: Register("自律公约或协会的事", "内容和结果", "经手人", of_firm=True),
    Kind.EVALUATION: Register("评估了什么", "结论和要改的", "评估单位", "得分", of_firm=True),
}
OF_COMMUNITY = [kind for kind, register in REGISTERS.items() if not register.of_firm]
OF_FIRM = [Kind.TRAINING_PLAN, Kind.TRAINING, Kind.PLEDGE, Kind.EVALUATION, Kind.ARCHIVE]  # R07, R10


@transaction.atomic
def enter(
    *, kind: str, happened_on: date, title: str, community: Community | None = None, firm: Firm | None = None,
    text: str = "", in_charge: str = "", number: int | None = None, attached: Sequence[UploadedFile] = (),
    by: User, now: datetime,
) -> Record:  # fmt: skip
    """Writes an entry with its files; exactly one of community and firm. The committee of the day is noted with it.

    Raises:
        PermissionDenied: the register is not theirs to write.
        ValidationError: a day to come where the kind does not allow it, a file that is not taken; by field.
    """
    demand_write(by, community=community, firm=firm)
    if happened_on > beijing_date(now) and not REGISTERS[kind].ahead:
        raise ValidationError({"happened_on": "日期不能晚于今天。"})
    row = Record(kind=kind, happened_on=happened_on, title=title, text=text, in_charge=in_charge, number=number)
    row.community, row.firm, row.entered_by, row.entered_at = community, firm, by, now
    row.committee = OwnersCommittee.objects.on(happened_on).filter(community=community).first() if community else None
    row.full_clean(exclude=["struck_by", "struck_at"])
    row.save()
    for file in attached:
        try:
            files.receive(RecordFile, file=file, by=by, now=now, record=row)
        except ValidationError as error:
            raise ValidationError({"attached": error.messages}) from error
    return row


def demand_write(by: User, *, community: Community | None = None, firm: Firm | None = None) -> None:
    """Raises PermissionDenied: registrars write for the communities they keep, a committee for its own, a firm for
    itself."""
    demand(by, Act.RECORD)
    if not may_write(by, community=community, firm=firm):
        raise PermissionDenied("这一本台账不归您记。")


def may_write(by: User, *, community: Community | None = None, firm: Firm | None = None) -> bool:
    """Whether an entry for this community, or this firm, would be taken from them."""
    if firm:
        return Firm.objects.employing(by).filter(pk=firm.pk).exists()
    own = Community.objects.kept_by(by) | Community.objects.governed_by(by)
    return own.filter(pk=community.pk).exists()


def strike(*, record: Record, struck_why: str, by: User, now: datetime) -> None:
    """Strikes an entry, with the reason; it stays readable.

    Raises:
        PermissionDenied: not theirs to write.
        WrongState: somebody struck it before.
    """
    demand_write(by, community=record.community, firm=record.firm)
    to = {"struck_by": by, "struck_at": now, "struck_why": struck_why}
    move(record, struck_at=None, to=to, else_="这一条刚才已经作废了。")


def is_late(record: Record) -> bool:
    """Written down long after the day: shown as 补记, wherever the entry is shown."""
    written = beijing_date(record.entered_at)
    return written > record.happened_on + rules.on(written, "record.late_days") * DAY
