"""What campaigns make people be told, each once."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model

from accounts import notifications
from accounts.models import Message, User
from accounts.notifications import Text
from accounts.roles import FIRM, STATION, Role
from lib.periods import beijing_date
from lib.text import day_words

from .models import Campaign, HelpRequest
from .people import Concerned

GROUP = "专项行动"


def tell(
    kind: str, about: Model | tuple[str, str], whom: Iterable[int | None], *, now: datetime, round: int = 0
) -> None:
    notifications.tell_many(
        notifications.row(user, kind, about=about, round=round, due=now) for user in set(whom) - {None}
    )


# ---------------------------------------------------------------- told


def _concerned(campaign: Campaign, now: datetime) -> Concerned:
    return Concerned([campaign.pk], beijing_date(now))


def _times(campaign: Campaign, kind: str) -> int:
    """How often this has happened to the campaign: each time is told once."""
    return campaign.events.filter(kind=kind).count()


def proposed(campaign: Campaign, *, now: datetime) -> None:
    whom = _concerned(campaign, now).heads - {campaign.made_by_id}
    tell("campaign-proposed", campaign, whom, now=now, round=_times(campaign, "proposed"))


def sent_back(campaign: Campaign, by: User, *, now: datetime) -> None:
    whom = {campaign.made_by_id} - {by.pk}
    tell("campaign-sent-back", campaign, whom, now=now, round=_times(campaign, "sent_back"))


def approved(campaign: Campaign, *, now: datetime) -> None:
    """The stations and firms of its communities, the members of its teams, and its author."""
    whom, key = _concerned(campaign, now), campaign.pk
    told = whom.stations(key) | whom.firms(key) | whom.team(key) | {campaign.made_by_id}
    tell("campaign-approved", campaign, told, now=now)


def extended(campaign: Campaign, *, now: datetime) -> None:
    whom, key = _concerned(campaign, now), campaign.pk
    told = whom.stations(key) | whom.firms(key)
    tell("campaign-extended", campaign, told, now=now, round=_times(campaign, "extended"))


def help_asked(row: HelpRequest, *, now: datetime) -> None:
    """The office's clerks send it."""
    tell("campaign-help-asked", row, Concerned((), beijing_date(now)).clerks - {row.asked_by_id}, now=now)


def help_sent(row: HelpRequest, *, now: datetime) -> None:
    tell("campaign-help-sent", row, {row.asked_by_id} - {row.sent_by_id}, now=now)


def help_settled(row: HelpRequest, *, now: datetime) -> None:
    """The department has answered, or the office does not send it."""
    tell("campaign-help-settled", row, {row.asked_by_id}, now=now)


# ---------------------------------------------------------------- texts


def _of(subject: str, body=None):
    """A text of a campaign: its title, and what ``body`` says of it."""

    def text(message: Message) -> Text:
        campaign: Campaign = message.thing
        words = body(campaign) if body else ""
        return Text(f"{subject}：{campaign}", words, campaign.get_absolute_url())

    return text


def _days(campaign: Campaign) -> str:
    parts = (
        f"{phase} {day_words(phase.last_day)} 前" if phase.last_day else f"{phase} 到{phase.waits_for}"
        for phase in campaign.ordered_phases
        if phase.last_day or phase.waits_for
    )
    return "，".join(parts) + "。"


def _of_help(subject: str, body):
    """A text of a request for help: its community, and what ``body`` says of it."""

    def text(message: Message) -> Text:
        row: HelpRequest = message.thing
        return Text(f"{subject}：{row.place.community}", body(row), row.get_absolute_url())

    return text


def _sent(row: HelpRequest) -> str:
    return f"{row.department}，{row.document}，{day_words(row.sent_on)}发出。{row.text}"


def _settled(row: HelpRequest) -> str:
    return f"{row.get_state_display()}：{row.answer}"


STAFF = STATION | {Role.TOWN_CLERK, Role.TOWN_HEAD, Role.CADRE}


def register_messages() -> None:
    """Called once at start."""
    for kind, title, text, roles in (
        ("campaign-proposed", "方案等批准", _of("专项行动方案等您批准"), {Role.TOWN_HEAD}),
        ("campaign-sent-back", "方案退回", _of("专项行动方案退回修改"), {Role.TOWN_CLERK}),
        ("campaign-approved", "专项行动开始", _of("专项行动", _days), STAFF | FIRM),
        ("campaign-extended", "专项行动延期", _of("专项行动改了日期", _days), STATION | FIRM),
    ):
        notifications.register(kind, title, text, related=(), group=GROUP, roles=frozenset(roles))
    of_help = ("place__community", "department")
    askers = STATION | FIRM | {Role.TOWN_CLERK, Role.TOWN_HEAD}
    for kind, title, text, roles in (
        (
            "campaign-help-asked",
            "求助函等发出",
            _of_help("有一份求助函等您发出", lambda row: row.text),
            {Role.TOWN_CLERK},
        ),
        ("campaign-help-sent", "求助函发出了", _of_help("求助函发出了", _sent), askers),
        ("campaign-help-settled", "求助函有了结果", _of_help("求助函有了结果", _settled), askers),
    ):
        notifications.register(kind, title, text, related=of_help, group=GROUP, roles=frozenset(roles))
