"""One JSON POST to a gateway: bounded in time and size, to the address given and to no other (no redirects)."""

import json
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit

from . import Down, Later, Unclear

TIMEOUT = 10  # seconds
LIMIT = 64 * 1024  # bytes of an answer
BUSY = {429, 503}
NO_ENTRY = {401, 403}


class Answer(NamedTuple):
    """``said``: the JSON object of the answer, empty where it was none."""

    status: int
    said: dict


def post(url: str, data: dict, headers: dict[str, str] | None = None) -> Answer:
    """Posts and reads the answer: 2xx, or a 4xx that is about what was posted.

    Raises:
        Down: nobody listens there, the key is wrong, or the address leads elsewhere; nothing was taken.
        Later: busy (429, 503).
        Unclear: the request had left when it broke, or the gateway failed inside (5xx).
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.netloc, timeout=TIMEOUT)) as connection:
        try:
            connection.connect()
        except OSError as error:
            raise Down(f"连不上：{error}") from error
        return _judge(_ask(connection, parts.path + (parts.query and f"?{parts.query}"), data, headers or {}))


def _ask(connection: HTTPConnection, path: str, data: dict, headers: dict[str, str]) -> Answer:
    body = json.dumps(data, ensure_ascii=False).encode()
    try:
        connection.request("POST", path or "/", body, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        return Answer(response.status, _json(response.read(LIMIT)))
    except TimeoutError as error:
        raise Unclear("等了很久没有回音") from error
    except (OSError, HTTPException) as error:
        raise Unclear(f"发到一半断了：{type(error).__name__}") from error


def _json(body: bytes) -> dict:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _judge(answer: Answer) -> Answer:
    status = answer.status
    if status in BUSY:
        raise Later(f"对方正忙：{status}")
    if status in NO_ENTRY:
        raise Down(f"对方不认我们的 key：{status}", for_good=True)
    if status >= 500:
        raise Unclear(f"对方出了错：{status}")
    if 300 <= status < 400 or status == 404:
        raise Down(f"地址不对：{status}", for_good=True)
    return answer
