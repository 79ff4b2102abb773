"""The mailbox: a question comes in once, its answer goes out by e-mail, and both are published where that is wished."""

from datetime import datetime
from uuid import UUID

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
    if letter.email:
        notifications.tell_address(letter.email, ANSWERED, about=letter, due=now)


def register_messages() -> None:
    """Called once at start."""
    notifications.register(ANSWERED, "信箱答复", _text, roles=frozenset())


def _text(message) -> Text:
    letter = message.thing
    return Text("您问的有答复了", f"您问：{letter.text}\n\n我们答：{letter.answer}", "complaints:mailbox")
