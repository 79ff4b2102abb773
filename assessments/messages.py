"""What scores and deposits make people be told, each once."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from accounts import notifications
from accounts.models import Message
from accounts.notifications import Text
from accounts.roles import FIRM, STATION, Role
from lib.money import yuan
from lib.periods import beijing_date, midnight
from lib.text import day_words

from . import people
from .models import Appeal, DepositEntry, ReplenishNotice, ScoreSheet
from .points import written

GROUP = "考核与保证金"


def _tell(kind: str, about: Model, whom: Iterable[int | None], *, now: datetime, round: int = 0) -> None:
    notifications.tell_many(
        notifications.row(user, kind, about=about, round=round, due=now) for user in set(whom) - {None}
    )


def _times(sheet: ScoreSheet, kind: str) -> int:
    """How often this has happened to the sheet: each time is told once."""
    return sheet.events.filter(kind=kind).count()


def to_check(sheet: ScoreSheet, *, now: datetime) -> None:
    """Once a day however many sheets wait: a month has dozens of them."""
    whom = people.checkers(sheet, beijing_date(now)) - {sheet.assessed_by_id}
    of_month("score-to-check", sheet, whom, moment=midnight(beijing_date(now)))


def sent_back(sheet: ScoreSheet, assessor: int, *, now: datetime) -> None:
    _tell("score-sent-back", sheet, {assessor}, now=now, round=_times(sheet, "sent_back"))


def checked(sheet: ScoreSheet, *, now: datetime) -> None:
    _tell("score-checked", sheet, people.of_firm(sheet.firm_id, beijing_date(now)), now=now)


def published(sheet: ScoreSheet, *, now: datetime) -> None:
    _tell("score-published", sheet, people.of_firm(sheet.firm_id, beijing_date(now)), now=now)


def appealed(appeal: Appeal, *, now: datetime) -> None:
    took_part = {appeal.sheet.assessed_by_id, appeal.sheet.checked_by_id}
    _tell("score-appealed", appeal, people.deciders(beijing_date(now)) - took_part, now=now)


def appeal_decided(appeal: Appeal, *, now: datetime) -> None:
    whom = people.of_firm(appeal.sheet.firm_id, beijing_date(now)) | {appeal.by_id, appeal.sheet.assessed_by_id}
    _tell("score-appeal-decided", appeal, whom, now=now)


def entry_made(entry: DepositEntry, *, now: datetime) -> None:
    _tell("deposit-to-check", entry, people.town_heads(beijing_date(now)) - {entry.made_by_id}, now=now)


def replenish(notice: ReplenishNotice, *, now: datetime) -> None:
    _tell("deposit-replenish", notice, people.of_firm(notice.deposit.firm_id, beijing_date(now)), now=now)


def not_replenished(notice: ReplenishNotice, *, now: datetime) -> None:
    """The contract's other party hears it from the office, by a telephone call or letter."""
    _tell("deposit-not-replenished", notice, people.town_clerks(beijing_date(now)), now=now)


def of_month(kind: str, sheet: ScoreSheet, whom: Iterable[int | None], *, moment: datetime) -> None:
    """Tells of all sheets of the sheet's month in one message; ``moment`` is the same whenever it is asked."""
    about = ("assessments.month", f"{sheet.first_day:%Y-%m}")
    notifications.tell_many(notifications.row(user, kind, about=about, due=moment) for user in set(whom) - {None})


# ---------------------------------------------------------------- words, made when read


def _of_sheet(subject: str, more: Callable[[ScoreSheet], str]):
    def text(message: Message) -> Text:
        sheet: ScoreSheet = message.thing
        return Text(subject, f"{sheet}：{more(sheet)}", reverse("assessments:sheet", args=[sheet.pk]))

    return text


def _of_month(subject: str, rows: Callable, turn: str):
    def text(message: Message) -> Text:
        year, month = message.about_key.split("-")
        sheets = ScoreSheet.objects.visible_to(message.user).of_month(date(int(year), int(month), 1)).current()
        number = rows(sheets, message.user, beijing_date(timezone.now())).count()
        words = f"{year}年{int(month)}月：" + (f"现在有 {number} 份。" if number else "都办完了。")
        return Text(subject, words, f"{reverse('admin:assessments_scoresheet_changelist')}?turn={turn}")

    return text


def _of_appeal(subject: str, more: Callable[[Appeal], str]):
    def text(message: Message) -> Text:
        appeal: Appeal = message.thing
        return Text(subject, f"{appeal.sheet}：{more(appeal)}", reverse("assessments:appeal", args=[appeal.pk]))

    return text


def _entry(message: Message) -> Text:
    entry: DepositEntry = message.thing
    words = f"{entry.deposit}：{entry.get_kind_display()} {yuan(entry.amount_fen)} 元。"
    return Text("保证金有一笔等您复核", words, reverse("assessments:deposit", args=[entry.deposit_id]))


def _replenish(subject: str):
    def text(message: Message) -> Text:
        notice: ReplenishNotice = message.thing
        words = f"{notice.deposit}：要补足 {yuan(notice.amount_fen)} 元，{day_words(notice.due_on)} 前。"
        return Text(subject, words, reverse("assessments:deposit", args=[notice.deposit_id]))

    return text


def _score(sheet: ScoreSheet) -> str:
    return f"{written(sheet.score_deci)} 分" + (f"，{sheet.band} 档" if sheet.band else "")


def _appealable(sheet: ScoreSheet) -> str:
    return f"{_score(sheet)}。有不同意见，{day_words(sheet.appeal_until)} 前可以申诉。"


SHEETS = {  # name: title, text, who can be concerned
    "score-sent-back": (
        "考核退回重新认定",
        _of_sheet("复核人退回了，请重新认定", lambda sheet: "退回的理由在“经过”里。"),
        {Role.TOWN_CLERK, Role.STATION_CLERK},
    ),
    "score-checked": ("考核复核好了，可以申诉", _of_sheet("这个月的考核复核好了", _appealable), FIRM),
    "score-published": ("考核公布了", _of_sheet("考核公布了", _score), FIRM),
}
HEADS = {Role.TOWN_HEAD, Role.STATION_HEAD}
MONTHS = {  # of all sheets of a month at once
    "score-to-check": (
        "考核等复核",
        _of_month("有考核等您复核", lambda rows, user, today: rows.to_check_by(user), "check"),
        HEADS,
    ),
    "score-assess-due": (
        "考核等认定",
        _of_month("到认定扣分的日子了", lambda rows, user, today: rows.to_assess_by(user, today=today), "assess"),
        {Role.TOWN_CLERK, Role.STATION_CLERK},
    ),
    "score-check-late": (
        "考核没按时复核",
        _of_month("有考核过了复核的日子", lambda rows, user, today: rows.to_check_by(user), "check"),
        HEADS,
    ),
    "score-publish-due": (
        "考核可以公布",
        _of_month("申诉期过了，可以公布", lambda rows, user, today: rows.to_publish_by(user, today=today), "publish"),
        HEADS,
    ),
}


def register_messages() -> None:
    """Called once at start."""
    for kind, (title, text, roles) in MONTHS.items():
        notifications.register(kind, title, text, related=None, group=GROUP, roles=frozenset(roles))
    for kind, (title, text, roles) in SHEETS.items():
        related = ("community", "firm")
        notifications.register(kind, title, text, related=related, group=GROUP, roles=frozenset(roles))
    sheet = ("sheet__community", "sheet__firm")
    notifications.register(
        "score-appealed",
        "考核申诉",
        _of_appeal("企业对考核提了申诉", lambda appeal: f"{day_words(appeal.due_on)} 前决定。"),
        related=sheet,
        group=GROUP,
        roles=frozenset({Role.TOWN_CLERK, Role.LEADER}),
    )
    decided = _of_appeal("申诉有了决定", lambda appeal: appeal.get_state_display())
    roles = FIRM | STATION | {Role.TOWN_CLERK}
    notifications.register("score-appeal-decided", "申诉有了决定", decided, related=sheet, group=GROUP, roles=roles)
    deposit = ("deposit__community", "deposit__firm")
    clerk, head = frozenset({Role.TOWN_CLERK}), frozenset({Role.TOWN_HEAD})
    for kind, title, text, whom in (
        ("deposit-to-check", "保证金等复核", _entry, head),
        ("deposit-replenish", "保证金要补足", _replenish("保证金不足，请补足"), FIRM),
        (
            "deposit-not-replenished",
            "保证金没按期补足",
            _replenish("保证金没按期补足，请告诉合同的另一方"),
            clerk,
        ),
    ):
        notifications.register(kind, title, text, related=deposit, group=GROUP, roles=whom)
