"""What complaints make people be told: complainants by text message with their link, staff and firms in the inbox.

A text message goes to whoever gave a mobile number; it says nothing of the matter but its number and link.
"""

from collections.abc import Iterable
from datetime import datetime

from accounts import notifications
from accounts.models import Message, User
from accounts.notifications import Text
from accounts.roles import FIRM, STATION, Role
from communities.models import FirmPost, StationPost
from lib.periods import beijing_date
from lib.text import day_words

from . import links
from .entries import MOBILE
from .kinds import Level, Urgency
from .models import Complainant, Complaint, State

REGISTERED, JOINED, REFUSED = "complaint-registered", "complaint-joined", "complaint-refused"
TRANSFERRED, EXTENDED, PAUSED = "complaint-transferred", "complaint-extended", "complaint-paused"
MERGED, ANSWERED, LINK = "complaint-merged", "complaint-answered", "complaint-link"
LOOK = "complaint-look"
NEW, URGENT, ASSIGNED, REOPENED = "complaint-new", "complaint-urgent", "complaint-assigned", "complaint-reopened"
DUE, OVERDUE, FINAL = "complaint-due", "complaint-overdue", "complaint-final"
CHASE, PETITION = "complaint-chase", "complaint-petition"
LATE_TO_ACCEPT, NOBODY_THERE = "complaint-late-accept", "complaint-nobody-there"


# ---------------------------------------------------------------- complainants


def registered(complainant: Complainant, *, now: datetime) -> None:
    """The number and the link to whoever complained."""
    _tell(complainant, REGISTERED, now)


def new(complaint: Complaint, *, now: datetime) -> None:
    """The matter to those who accept it; what is urgent to office and firm too."""
    urgent = complaint.urgency in (Urgency.SAFETY, Urgency.LIFE)
    people = _station(complaint, now) | (_office(now) if urgent or complaint.level == Level.TOWN else set())
    if urgent:
        people |= _firm(complaint, now)
    _tell_staff(people, URGENT if urgent else NEW, complaint, now)


def joined(complainant: Complainant, *, now: datetime) -> None:
    _tell(complainant, JOINED, now)


def to_complainants(complaint: Complaint, kind: str, *, now: datetime) -> None:
    """Tells everybody who complained, of merged cases too."""
    for complainant in Complainant.objects.of_case(complaint).select_related("contact__phone", "user"):
        _tell(complainant, kind, now)


def answered(complaint: Complaint, *, now: datetime) -> None:
    to_complainants(complaint, ANSWERED, now=now)


def ask_to_look(complaint: Complaint, *, due: datetime) -> None:
    """Asks everybody who wants an answer whether it is fixed (修好了吗); ``due`` makes it once a reply."""
    people = Complainant.objects.of_case(complaint).filter(wants_no_answer=False)
    for complainant in people.select_related("contact__phone"):
        _tell(complainant, LOOK, due)


def send_link(complainant: Complainant, *, now: datetime) -> None:
    """The link once more, to the number that was given; at most once in ten minutes."""
    _tell(complainant, LINK, now.replace(minute=now.minute - now.minute % 10, second=0, microsecond=0))


def _tell(complainant: Complainant, kind: str, now: datetime) -> None:
    """By text message to a mobile number, and in the inbox of an account; those who want no answer get none."""
    if complainant.user_id:
        notifications.tell(complainant.user_id, kind, about=complainant, now=now)
    phone = complainant.contact.phone
    quiet = complainant.wants_no_answer and kind not in (REGISTERED, LINK)
    if phone and MOBILE.match(phone.value) and not quiet:
        notifications.tell_address(phone, kind, about=complainant, due=now)


def _case(message: Message) -> Complaint:
    return message.thing.complaint.main


def _number(message: Message) -> str:
    return message.thing.complaint.spaced_number


def _link(message: Message) -> str:
    return links.path(message.thing)


def _registered_text(message: Message) -> Text:
    due = day_words(message.thing.complaint.accept_by)
    body = f"您反映的事已登记，查询号码 {_number(message)}。{due}前受理，链接里看得到全部内容，不要转给别人。"
    return Text(f"已登记 {_number(message)}", body, _link(message))


def _joined_text(message: Message) -> Text:
    body = f"记下了，您也遇到这件事，查询号码 {_number(message)}。办好了一样告诉您。"
    return Text(f"已加入 {_number(message)}", body, _link(message))


def _refused_text(message: Message) -> Text:
    case = _case(message)
    body = f"{_number(message)} 不归我们办：{case.refused_why}可以找：{case.go_to}"
    return Text(f"{_number(message)} 不予受理", body, _link(message))


def _transferred_text(message: Message) -> Text:
    last = _case(message).transfers.last()
    to = f"移交{last.department}，文号 {last.letter}" if last else "移交部门"
    return Text(
        f"{_number(message)} 已移交", f"您反映的事要由有权的部门来办，已{to}。有回音马上告诉您。", _link(message)
    )


def _extended_text(message: Message) -> Text:
    case = _case(message)
    body = f"{_number(message)} 办起来要多几天，改为 {day_words(case.reply_by)}前答复。原因在链接里。"
    return Text(f"{_number(message)} 延长了期限", body, _link(message))


def _paused_text(message: Message) -> Text:
    pause = _case(message).pauses.last()
    why = f"{pause.get_kind_display()}：{pause.reason}" if pause else ""
    return Text(f"{_number(message)} 暂停计时", f"{_number(message)} 现在{why}", _link(message))


def _merged_text(message: Message) -> Text:
    body = f"{_number(message)} 和别人反映的是同一件事，一起办。号码不变，办好了一样告诉您、请您评价。"
    return Text(f"{_number(message)} 已并案", body, _link(message))


def _answered_text(message: Message) -> Text:
    case = _case(message)
    asks = "" if case.state == State.CLOSED else "请打开链接看结果，评价一下；没办好可以退回重办。"
    return Text(f"{_number(message)} 有答复了", f"{_number(message)} 有答复了。{asks}", _link(message))


def _look_text(message: Message) -> Text:
    body = f"{_number(message)} 回复说已经整改，复查以前想请您看一眼：修好了吗？打开链接点一下就行。"
    return Text(f"{_number(message)} 修好了吗", body, _link(message))


def _link_text(message: Message) -> Text:
    return Text(
        f"{_number(message)} 的链接", f"{_number(message)} 的内容、照片、补充和评价，用这个链接打开。", _link(message)
    )


# ---------------------------------------------------------------- staff and firms


def _station(complaint: Complaint, now: datetime) -> set[int]:
    today = beijing_date(now)
    posts = StationPost.objects.on(today).filter(village_committee__communities=complaint.community_id)
    return set(_with_role(STATION, now).filter(pk__in=posts.values("user")).values_list("pk", flat=True))


def _office(now: datetime) -> set[int]:
    return set(_with_role({Role.TOWN_HEAD, Role.TOWN_CLERK}, now).values_list("pk", flat=True))


def _firm(complaint: Complaint, now: datetime) -> set[int]:
    posts = FirmPost.objects.on(beijing_date(now)).filter(firm=complaint.firm_id)
    return set(_with_role(FIRM, now).filter(pk__in=posts.values("user")).values_list("pk", flat=True))


def _with_role(roles: Iterable[Role], now: datetime):
    return User.objects.with_role(*roles, today=beijing_date(now))


def people_of(complaint: Complaint, level: str, now: datetime) -> set[int]:
    """Everybody of a level who could answer the complaint."""
    if level == Level.FIRM:
        return _firm(complaint, now)
    return _station(complaint, now) if level == Level.STATION else _office(now)


def of_level(complaint: Complaint, now: datetime) -> set[int]:
    """Those who answer it now: its handler where there is one, else everybody of the level."""
    return {complaint.handler_id} if complaint.handler_id else people_of(complaint, complaint.level, now)


def _tell_staff(people: set[int], kind: str, complaint: Complaint, due: datetime, *, round: int = 0) -> int:
    rows = [notifications.row(user, kind, about=complaint, round=round, due=due) for user in sorted(people)]
    return notifications.tell_many(rows)


def assigned(complaint: Complaint, *, now: datetime) -> None:
    _tell_staff(of_level(complaint, now), ASSIGNED, complaint, now)


def reopened(complaint: Complaint, *, now: datetime) -> None:
    _tell_staff(_station(complaint, now) | of_level(complaint, now), REOPENED, complaint, now)


def due_today(complaint: Complaint, *, due: datetime) -> int:
    """Reminds those who answer it that today is its last day."""
    return _tell_staff(of_level(complaint, due), DUE, complaint, due, round=complaint.reopened)


def overdue(complaint: Complaint, *, due: datetime) -> int:
    """On the first overdue day firm, station and office are told. DOMAIN B.8 alike"""
    people = of_level(complaint, due) | _station(complaint, due) | _office(due)
    return _tell_staff(people, OVERDUE, complaint, due, round=complaint.reopened)


def late_to_accept(complaint: Complaint, *, due: datetime) -> int:
    """It was registered and nobody has taken it up in time."""
    return _tell_staff(_station(complaint, due) | _office(due), LATE_TO_ACCEPT, complaint, due)


def nobody_there(complaint: Complaint, *, due: datetime) -> int:
    """What is urgent, and nobody was on the spot in time."""
    return _tell_staff(of_level(complaint, due) | _station(complaint, due) | _office(due), NOBODY_THERE, complaint, due)


def to_chase(complaint: Complaint, *, due: datetime) -> int:
    """A department has not answered by its day."""
    return _tell_staff(_station(complaint, due) | _office(due), CHASE, complaint, due)


def petition_due(complaint: Complaint, *, due: datetime) -> int:
    """A letter of a petition is due."""
    return _tell_staff(_station(complaint, due) | _office(due), PETITION, complaint, due)


def final_drafted(complaint: Complaint, *, now: datetime) -> None:
    heads = set(_with_role({Role.TOWN_HEAD}, now).values_list("pk", flat=True))
    _tell_staff(heads, FINAL, complaint, now)


def _staff_text(subject: str, body: str):
    """``{where}``, ``{what}``, ``{due}`` are filled in; nobody's name or words."""

    def text(message: Message) -> Text:
        case = message.thing
        due = day_words(case.reply_by) if case.reply_by else ""
        said = {"where": case.community.name, "what": case.get_category_display(), "due": due, "number": case.number}
        return Text(subject.format(**said), body.format(**said), case.get_absolute_url())

    return text


def _petition_text(message: Message) -> Text:
    letter = message.thing.petition.next_what
    return _staff_text("信访到期：{where} {what}", f"{{number}}，到了该{letter}的日子。")(message)


def _group_text(message: Message) -> str:
    """For the office's groups: place and category, nothing of people or words."""
    case = message.thing
    return f"{case.community} 有一件{case.get_category_display()}投诉，{case.get_urgency_display()}。" if case else ""


def register_messages() -> None:
    """Called once at start."""
    mine = {"related": ["complaint__merged_into", "contact__phone"], "roles": frozenset({Role.RESIDENT})}
    for kind, title, text in [
        (REGISTERED, "投诉已登记", _registered_text),
        (JOINED, "我也遇到", _joined_text),
        (REFUSED, "投诉不予受理", _refused_text),
        (TRANSFERRED, "投诉已移交", _transferred_text),
        (EXTENDED, "投诉延长期限", _extended_text),
        (PAUSED, "投诉暂停计时", _paused_text),
        (MERGED, "投诉已并案", _merged_text),
        (ANSWERED, "投诉有答复", _answered_text),
        (LOOK, "修好了吗", _look_text),
    ]:
        notifications.register(kind, title, text, **mine)
    notifications.register(LINK, "投诉的链接", _link_text, urgent=True, **mine)
    staff = {"related": ["community"], "group": "投诉", "roles": STATION | FIRM | {Role.TOWN_HEAD, Role.TOWN_CLERK}}
    for kind, subject, body in [
        (NEW, "新投诉：{where} {what}", "{number}，等受理。"),
        (ASSIGNED, "要您答复的投诉：{where} {what}", "{number}，{due}前答复。"),
        (REOPENED, "投诉退回重办：{where} {what}", "{number}，{due}前重新答复。"),
        (DUE, "今天要答复：{where} {what}", "{number}，今天是最后一天。"),
        (OVERDUE, "投诉逾期：{where} {what}", "{number}，{due}前该答复，还没有答复。"),
        (LATE_TO_ACCEPT, "等受理过了期限：{where} {what}", "{number}，登记了还没有人受理。"),
        (CHASE, "催部门：{where} {what}", "{number}，移交的部门到日子还没有回音。"),
        (FINAL, "最终答复等复核：{where} {what}", "{number}，请负责人复核。"),
    ]:
        notifications.register(kind, subject.partition("：")[0], _staff_text(subject, body), **staff)
    notifications.register(PETITION, "信访到期", _petition_text, **staff)
    late = _staff_text("没人到场：{where} {what}", "{number}，该到场的时间过了，马上派人，到了记一下。")
    notifications.register(NOBODY_THERE, "没人到场", late, urgent=True, **staff)
    urgent = _staff_text("紧急：{where} {what}", "{number}，先派人到场，再办手续。")
    notifications.register(URGENT, "紧急投诉", urgent, urgent=True, robot=_group_text, **staff)
