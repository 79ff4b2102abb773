"""The letter of one message, or of several at once: to whom, what it says. Made when it is sent."""

from collections.abc import Sequence

from django.conf import settings
from django.shortcuts import resolve_url

from . import notifications
from .channels import Letter
from .models import Channel, Choice, Message


def write(claimed: Sequence[Message]) -> tuple[Letter | None, list[Message], list[Message]]:
    """The letter, the messages it holds, and those with nothing to say or nobody to say it to any more."""
    notifications.read_texts(claimed)
    refused = _refused(claimed)
    inside = [message for message in claimed if message.pk not in refused and _address(message) and _says(message)]
    gone = [message for message in claimed if message not in inside]
    if not inside:
        return None, [], gone
    return (_single(inside[0]) if len(inside) == 1 else _digest(inside)), inside, gone


def key(message: Message) -> str:
    """The same for a message's whole life: what leaves together is settled by the first claim and only shrinks."""
    return f"message-{message.parcel}"


def _refused(claimed: Sequence[Message]) -> set[int]:
    """Those of a kind that the person has switched off since."""
    first = claimed[0]
    off = Choice.objects.filter(user=first.user_id, channel=first.channel, wanted=False) if first.user_id else ()
    kinds = {choice.kind for choice in off}
    return {message.pk for message in claimed if message.kind in kinds}


def _address(message: Message) -> str:
    if message.robot_id:
        return message.robot.name if message.robot.is_on else ""
    if message.address:
        return message.address.value
    user = message.user
    own = user.email if message.channel == Channel.EMAIL else user.mobile
    return own.value if user.is_active and own and own.confirmed_at else ""


def _says(message: Message) -> bool:
    return bool(_robot_words(message)) if message.robot_id else message.text is not None


def _robot_words(message: Message) -> str:
    """What a group may read of it; nothing of a kind that is not public."""
    kind = notifications.KINDS.get(message.kind)
    return (kind.robot(message) or "") if kind and kind.robot else ""


def _single(message: Message) -> Letter:
    to = _address(message)
    if message.robot_id:
        return Letter(key(message), to, "", _robot_words(message), _link(settings.LOGIN_REDIRECT_URL, message.channel))
    text = message.text
    body = text.body if message.channel == Channel.EMAIL else f"{text.subject}。{text.body}"
    return Letter(key(message), to, text.subject, body, _link(text.url, message.channel))


def _digest(messages: Sequence[Message]) -> Letter:
    """Several messages to one person as one: each with its words in an e-mail, with its subject in a text message."""
    first, number = messages[0], len(messages)
    if first.channel == Channel.EMAIL:
        body = "\n\n".join(f"{n}. {m.text.subject}\n{m.text.body}" for n, m in enumerate(messages, 1))
    else:
        body = f"有 {number} 条通知：{'；'.join(m.text.subject for m in messages)}。"
    return Letter(key(first), _address(first), f"有 {number} 条通知", body, _link("accounts:inbox", first.channel))


def _link(url: str, channel: str) -> str:
    """Where to read on; without the site's address, that one signs in."""
    base = settings.SITE["url"]
    if channel == Channel.EMAIL:
        return f"打开看：{base}{resolve_url(url)}" if base else "请登录门户查看。"
    return f"{base}{resolve_url(url)}" if base else ""
