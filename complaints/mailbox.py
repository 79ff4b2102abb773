"""Letters: a question comes in once and is answered by e-mail, a suggestion about portal and office without a term;
question and answer are published where that is wished.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts import notifications, people
from accounts.models import Address, User
from accounts.notifications import Text
from accounts.roles import Act, demand
from lib.states import first_come, move

from . import terms
from .models import MailboxLetter

ANSWERED = "mailbox-answered"


@transaction.atomic
def write(*, text: str, email: str, may_publish: bool, client_id: UUID, now: datetime) -> MailboxLetter:
    """Takes a question in; sent again it is the same one.

    Raises:
        ValidationError: nothing asked, or no address to answer to.
    """
    if known := MailboxLetter.objects.filter(client_id=client_id).first():
        return known
    try:
        validate_email(email)
    except ValidationError:
        raise ValidationError({"email": "写上邮箱，比如 name@example.com，答复发到那里。"}) from None
    row = MailboxLetter(client_id=client_id, text=text.strip(), may_publish=may_publish, received_at=now)
    row.email = people.address(Address.Kind.EMAIL, email.strip().lower())
    row.answer_by = terms.mailbox_answer_by(now)
    row.full_clean(exclude=["email", "answered_by", "answered_at"], validate_unique=False)
    with first_come("这封信刚才已经收到了。"):
        row.save()
    return row


@transaction.atomic
def suggest(*, text: str, page: str, may_publish: bool, by: User | None, now: datetime) -> MailboxLetter:
    """Keeps what somebody thinks of the portal or the office (意见建议); ``by`` is None for strangers. Issue 7 §9

    Raises:
        ValidationError: nothing said.
    """
    row = MailboxLetter(kind=MailboxLetter.Kind.SUGGESTION, client_id=uuid4(), text=text.strip(), page=page, by=by)
    row.may_publish, row.received_at = may_publish, now
    row.full_clean(exclude=["email", "answer_by", "answered_by", "answered_at"], validate_unique=False)
    row.save()
    return row


@transaction.atomic
def answer(*, letter: MailboxLetter, text: str, by: User, now: datetime, question: str = "") -> None:
    """The office answers, once; with ``question`` (written anew) both are published, if the writer agreed. DOMAIN 0.5

    Raises:
        PermissionDenied: not the office's clerk.
        ValidationError: nothing said, or published against the writer's wish.
        WrongState: somebody was quicker.
    """
    demand(by, Act.COMPLAINT)
    if not text.strip():
        raise ValidationError({"text": "写上答复。"})
    if question.strip() and not letter.may_publish:
        raise ValidationError({"question": "来信人没有同意公开，把这一格空着。"})
    said = {"answer": text.strip(), "answered_by": by, "answered_at": now, "question": question.strip()}
    to = said | {"is_public": bool(question.strip())}
    move(letter, answered_at=None, to=to, else_="这封信刚才已经有人答复了。")
    if letter.by_id:
        notifications.tell(letter.by_id, ANSWERED, about=letter, now=now)
    if letter.email:
        notifications.tell_address(letter.email, ANSWERED, about=letter, due=now)


def register_messages() -> None:
    """Called once at start."""
    notifications.register(ANSWERED, "信箱答复", _text, roles=frozenset())


def _text(message) -> Text:
    letter = message.thing
    where = "portal:feedback" if letter.kind == MailboxLetter.Kind.SUGGESTION else "complaints:mailbox"
    return Text("您写的有答复了", f"您写的：{letter.text}\n\n我们答：{letter.answer}", where)
