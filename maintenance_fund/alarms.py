"""The ledger is proved every night; what is wrong is told to those who must act, once a day and person."""

import logging
from datetime import datetime

from accounts import notifications
from accounts.models import Message, User
from accounts.notifications import Text
from accounts.roles import FUND, Role
from lib.periods import beijing_date, midnight

from .verification import Report, verify

KIND = "ledger-wrong"
TOLD = FUND | {Role.TOWN_HEAD, Role.ADMINISTRATOR}
log = logging.getLogger(__name__)


def prove(*, now: datetime) -> Report:
    """Verifies every book and raises the alarm for what is wrong; run twice, it tells nobody twice."""
    report = verify()
    for wrong in report.wrong:
        log.error("ledger_verify: %s", wrong)
    if report.wrong:
        _tell(now)
    return report


def _tell(now: datetime) -> None:
    today = beijing_date(now)
    keys = {user.pk for role in TOLD for user in User.objects.with_role(role, today=today)}
    people = User.objects.filter(pk__in=keys)
    about = ("maintenance_fund.verify", str(today))
    rows = [notifications.row(person, KIND, about=about, due=midnight(today)) for person in people]
    notifications.tell_many(rows)


def text(message: Message) -> Text:
    said = "夜间核对发现有的记录和校验值对不上。先不要记账，由管理员运行 ledger_verify 看是哪一条，并保留数据库备份。"
    return Text(f"维修资金账 {message.about_key} 核对不符", said, "maintenance_fund:books")


def register_messages() -> None:
    """Called at start."""
    more = {"group": "维修资金", "roles": TOLD, "urgent": True}
    notifications.register(KIND, "维修资金账核对不符", text, related=None, **more)
