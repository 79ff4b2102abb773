"""The robots of WeCom and DingTalk groups. Hosts are fixed here, so that no typed address is ever called."""

import base64
import hashlib
import hmac
import logging
import re
import time
from urllib.parse import urlencode

from . import Down, Later, Letter, Logged, Refused, Sent, web

log = logging.getLogger("linzhi.robots")
HOSTS = {"wecom": "https://qyapi.weixin.qq.com", "dingtalk": "https://oapi.dingtalk.com"}
LONGEST = 500  # characters
A_MINUTE = 20  # both refuse more from one robot
TOO_FAST = {45009, 130101, 410100, 660026}
# What must never stand in a group: numbers of phones and papers, plates, e-mail addresses. A second fence: texts for
# groups are written without them in the first place.
PERSONAL = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|\b0\d{2,3}-\d{7,8}\b|[\w.+-]+@[\w-]+\.\w+"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?[A-Z0-9]{5,6}"
)


class Robot:
    """One group's robot."""

    def __init__(self, *, kind: str, key: str, secret: str = "", outward: bool):
        self.kind, self.key, self.secret, self.outward = kind, key, secret, outward

    def send(self, letter: Letter) -> Sent:
        text = "\n".join(filter(None, [letter.body[:LONGEST], letter.link]))
        if PERSONAL.search(letter.body):
            raise Refused("话里有电话、证件号、车牌或邮箱，没有发到群里")
        if not self.outward:
            log.info("robot %s: %s", letter.key, text)
            return Logged()
        return _taken(web.post(self._url(now=time.time()), {"msgtype": "text", "text": {"content": text}}))

    def _url(self, *, now: float) -> str:
        if self.kind == "wecom":
            return f"{HOSTS['wecom']}/cgi-bin/webhook/send?{urlencode({'key': self.key})}"
        signed = signature(self.secret, now=now) if self.secret else {}
        return f"{HOSTS['dingtalk']}/robot/send?{urlencode({'access_token': self.key, **signed})}"

    def close(self) -> None:
        """Each message is a request of its own."""


def signature(secret: str, *, now: float) -> dict[str, str]:
    """DingTalk's 加签: HMAC-SHA256 over the moment in milliseconds and the secret, in base 64."""
    moment = str(round(now * 1000))
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": moment, "sign": base64.b64encode(digest).decode()}


def _taken(answer: web.Answer) -> Sent:
    code = answer.said.get("errcode")
    if code == 0:
        return Sent()
    if code in TOO_FAST:
        raise Later(f"发得太快了：{code}")
    words = str(answer.said.get("errmsg", ""))[:120]
    raise Down(f"群机器人不收（{code if code is not None else answer.status}）：{words}", for_good=True)
