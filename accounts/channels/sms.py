"""Text messages through a gateway that takes JSON over HTTP. docs/operations.md says what it is sent and must answer.

    POST SMS_URL, Authorization: Bearer SMS_KEY, Idempotency-Key: message-17
    {"id": "message-17", "phone": "13800138000", "text": "【荆溪镇物业办】…"}

2xx: taken, ``{"id": "…"}`` is its number; 409: taken before. 400, 422: never. 401, 403: the key. 429, 503: later.
"""

import logging

from django.conf import settings

from . import Letter, Logged, Refused, Sent, web

log = logging.getLogger("linzhi.sms")
LONGEST = 300  # characters; gateways cut a text into parts of 67
SEEN = 409  # this Idempotency-Key was taken before


class Sms:
    def __init__(self, *, outward: bool):
        self.outward = outward and bool(settings.SMS["url"])

    def send(self, letter: Letter) -> Sent:
        text = self._text(letter)
        if not self.outward:
            log.info("sms %s to %s****%s: %s", letter.key, letter.to[:3], letter.to[-4:], text)
            return Logged()
        headers = {"Authorization": f"Bearer {settings.SMS['key']}", "Idempotency-Key": letter.key}
        data = {"id": letter.key, "phone": letter.to, "text": text}
        return _taken(web.post(settings.SMS["url"], data, headers))

    def _text(self, letter: Letter) -> str:
        sign = f"【{settings.SMS['sign'] or settings.SITE['title']}】"
        end = letter.link and f" {letter.link}"
        room = LONGEST - len(sign) - len(end)
        words = letter.body if len(letter.body) <= room else f"{letter.body[: room - 1]}…"
        return f"{sign}{words}{end}"

    def close(self) -> None:
        """Each text message is a request of its own."""


def _taken(answer: web.Answer) -> Sent:
    if answer.status < 300 or answer.status == SEEN:
        return Sent(str(answer.said.get("id", ""))[:100])
    raise Refused(f"短信网关不收：{answer.status} {answer.said.get('error', '')}"[:200])
