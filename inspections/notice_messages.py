"""What notices make people be told; each message once, its key holds notice, round and due moment."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.urls import reverse

from accounts import notifications
from accounts.models import Message
from accounts.notifications import Text
from accounts.roles import FIRM, STATION, Role
from lib.periods import DAY, beijing_date
from lib.text import day_words
from rulebook.working_hours import at, next_working_time

from . import notice_people as people
from .models import Notice, Severity, Transfer

GROUP = "抄告与整改"
RELATED = ("finding", "community", "firm", "village", "successor")
AT_ONCE = datetime.min.time()
MOST = 40  # characters of a finding

# ---------------------------------------------------------------- telling


def tell(notice: Notice, kind: str, whom: Iterable[int], *, due: datetime) -> int:
    """Writes the messages; the second time nothing happens. Returns how many are new."""
    rows = (notifications.row(user, kind, about=notice, round=notice.round_no, due=due) for user in whom)
    return notifications.tell_many(rows)


def issued(notice: Notice, *, now: datetime) -> None:
    today = beijing_date(now)
    tell(notice, "notice-issued", people.addressees(notice, today=today), due=now)
    if notice.finding.severity == Severity.MAJOR:
        big(notice, now=now)


def received(notice: Notice, *, now: datetime) -> None:
    tell(notice, "notice-received", {notice.issued_by_id}, due=now)


def replied(notice: Notice, *, now: datetime) -> None:
    """Those who look again, and whoever reported it, with the question 修好了吗."""
    today, reporter = beijing_date(now), {notice.finding.found_by_id}
    tell(notice, "notice-replied", people.cadres(notice, today=today) - reporter, due=now)
    tell(notice, "notice-fixed", reporter, due=now)
    if notice.is_major:
        tell(notice, "notice-replied", people.heads(notice, today=today), due=now)


def closed(notice: Notice, *, now: datetime) -> None:
    whom = people.addressees(notice, today=beijing_date(now)) | {notice.finding.found_by_id}
    tell(notice, "notice-closed", whom, due=now)


def big(notice: Notice, *, now: datetime) -> None:
    """A big problem: to the town's office the same day. DOMAIN B.8"""
    tell(notice, "notice-big", people.office(today=beijing_date(now)), due=now)


def drafted(transfer: Transfer, *, now: datetime) -> None:
    """Beyond a firm's power: the town's office hands it to a department. DOMAIN B.8"""
    whom = people.office(today=beijing_date(now)) - {transfer.drafted_by_id}
    rows = (notifications.row(user, "transfer-drafted", about=transfer, round=1, due=now) for user in whom)
    notifications.tell_many(rows)


def failed(notice: Notice, *, now: datetime) -> None:
    tell(notice, "notice-failed", people.addressees(notice, today=beijing_date(now)), due=now)


def withdrawn(notice: Notice, *, now: datetime) -> None:
    tell(notice, "notice-withdrawn", people.addressees(notice, today=beijing_date(now)), due=now)


def taken_over(notice: Notice, *, before: set[int], now: datetime) -> None:
    """The next firm has it now; the firm before is told, too, and whoever looks after the community."""
    today = beijing_date(now)
    whom = people.addressees(notice, today=today) | before | people.cadres(notice, today=today)
    tell(notice, "notice-taken-over", whom, due=now)


def objected(notice: Notice, *, now: datetime) -> None:
    clerks = people.clerks(today=beijing_date(now)) - {notice.issued_by_id}
    tell(notice, "notice-objected", clerks, due=now)


def objection_decided(notice: Notice, *, now: datetime) -> None:
    whom = people.addressees(notice, today=beijing_date(now)) | {notice.issued_by_id}
    tell(notice, "notice-objection-decided", whom, due=now)


def extension_asked(notice: Notice, *, now: datetime) -> None:
    today = beijing_date(now)
    whom = people.clerks(today=today) if notice.is_major else people.heads(notice, today=today)
    tell(notice, "notice-extension-asked", whom, due=now)


def extension_decided(notice: Notice, *, now: datetime) -> None:
    tell(notice, "notice-extension-decided", people.addressees(notice, today=beijing_date(now)), due=now)


def opening_after(day: date) -> datetime:
    """The first moment after a day at which people may be told of it: the same whenever it is asked."""
    return next_working_time(at(day + DAY, AT_ONCE))


# ---------------------------------------------------------------- words, made when read


def _told(subject: str, more: Callable[[Notice], str] = lambda notice: "", page: str = "notice-detail"):
    """The text of one kind: subject, which notice it is, what is to be done, and the page."""

    def text(message: Message) -> Text:
        notice: Notice = message.thing
        body = f"{notice}，{notice.community}：{notice.finding.text[:MOST]}。{more(notice)}"
        return Text(subject, body, reverse(f"inspections:{page}", args=[notice.pk]))

    return text


def _by_when(notice: Notice) -> str:
    if not notice.is_open:
        return f"现在{notice.get_state_display()}。"
    return f"最迟 {day_words(notice.due_on)} 回复{'（暂定）' if notice.due_provisional else ''}。"


def _recheck_by(notice: Notice) -> str:
    done = notice.state != Notice.State.REPLIED
    return f"现在{notice.get_state_display()}。" if done else f"{day_words(notice.recheck_by)} 前到现场看一眼。"


def _state(notice: Notice) -> str:
    return f"现在{notice.get_state_display()}。"


KINDS = {  # name: title, text, who can be concerned
    "notice-issued": ("收到抄告", _told("收到一份抄告", _by_when), FIRM | STATION),
    "notice-received": ("抄告签收了", _told("抄告签收了", _by_when), None),
    "notice-replied": ("等复查", _told("物业回复了，等您复查", _recheck_by), {Role.CADRE} | STATION),
    "notice-fixed": (
        "修好了吗",
        _told("修好了吗", lambda notice: "点开答一句：修好了，还是没好。", "notice-fixed"),
        None,
    ),
    "notice-closed": ("抄告办结", _told("办结了"), None),
    "notice-failed": ("复查不合格", _told("复查不合格，再次抄告", _by_when), FIRM | STATION),
    "notice-withdrawn": ("抄告撤销", _told("这份抄告撤销了，不用办了"), FIRM | STATION),
    "notice-taken-over": (
        "合同到期，换了企业",
        _told("合同到期，由接手的企业接着整改", lambda notice: f"现在由{notice.addressee}负责。{_by_when(notice)}"),
        None,
    ),
    "notice-objected": ("物业提了异议", _told("物业提了异议，等您决定"), {Role.TOWN_CLERK}),
    "notice-objection-decided": ("异议有了决定", _told("异议有了决定"), None),
    "notice-extension-asked": ("申请延期", _told("申请延期，等您决定"), {Role.STATION_HEAD, Role.TOWN_CLERK}),
    "notice-extension-decided": ("延期有了决定", _told("延期有了决定", _by_when), FIRM | STATION),
    "notice-overdue": ("抄告逾期", _told("逾期了，还没有回复", _by_when), None),
    "notice-escalated": ("逾期较久", _told("逾期较久，报镇物业办", _state), {Role.TOWN_HEAD, Role.TOWN_CLERK}),
    "notice-big": ("大问题", _told("大问题", _state), {Role.TOWN_HEAD, Role.TOWN_CLERK}),
    "notice-recheck-late": ("复查晚了", _told("还没有复查", _recheck_by), {Role.CADRE} | STATION),
    "notice-plan-missing": ("没填三定", _told("责任人、期限、措施还没填", _by_when), None),
    "notice-interim-missing": ("没有临时措施", _told("重大问题还没有临时安全措施"), None),
}


def _drafted(message: Message) -> Text:
    transfer: Transfer = message.thing
    what = f"{transfer.finding.community}：{transfer.finding.text[:MOST]}。"
    return Text("有问题要移交部门", f"{what}草稿写给{transfer.department}，核对后发出。", transfer.get_absolute_url())


def register_messages() -> None:
    """Called once at start."""
    office, related = frozenset({Role.TOWN_HEAD, Role.TOWN_CLERK}), ("finding__community", "department")
    notifications.register("transfer-drafted", "要移交部门", _drafted, related=related, group=GROUP, roles=office)
    for kind, (title, text, roles) in KINDS.items():
        concerned = frozenset(roles) if roles else None
        notifications.register(kind, title, text, related=RELATED, group=GROUP, roles=concerned)
