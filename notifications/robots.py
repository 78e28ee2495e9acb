"""Group robots of WeCom, DingTalk and Feishu as Apprise services of our own: their answers are read.

All three answer a refusal with status 200 and say so in the body, which Apprise's own services never open: what a
robot had refused would count as sent. The bodies and signatures are those of the vendors' documents.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

import httpx
from apprise import NotifyBase

from notifications.message import Failed, Sent, readable

TIMEOUT_S = 15.0
MOST_ANSWERED = 64 * 1024
GOOD = range(200, 300)
MORE = "…"
NOT_SENT = Failed("尚未发送", temporary=True)


class Robot(NotifyBase):  # type: ignore[no-untyped-call]
    """``scheme://[SECRET@]TOKEN[?at=https://HOST]``; ``at`` is where a vendor's own installation listens.

    Before ``notify`` set ``at_moment``, by which vendors check a signature; after it read ``outcome``. Every failure is
    the channel's: any other message would have fared alike.
    """

    vendor = ""
    usual = ""
    code_field = "errcode"
    words_field = "errmsg"
    request_rate_per_sec = 0.0
    title_maxlen = 0
    body_maxlen = 20_000
    most_bytes = 18_000
    """What the vendor takes of a text, with room for what it wraps around it."""

    at_moment: datetime | None = None
    outcome: Sent | Failed = NOT_SENT

    def __init__(self, *, token: str = "", secret: str = "", at: str = "", **parts: object) -> None:
        super().__init__(**parts)  # type: ignore[no-untyped-call]
        if not token:
            raise TypeError("the robot's URL names no token")
        if at and not at.startswith(("https://", "http://")):
            raise TypeError("at= has to be an address")
        self.token, self.secret = token, secret
        self.at = (at or self.usual).rstrip("/")

    @staticmethod
    def parse_url(url: str, *args: bool, **kwargs: bool) -> dict[str, Any] | None:
        parts = NotifyBase.parse_url(url, *args, **{**kwargs, "verify_host": False})
        if parts is None:
            return None
        named = {"token": parts["host"] or "", "secret": unquote(parts["user"] or "")}
        return {**parts, **named, "at": parts["qsd"].get("at", "")}

    def url(self, *_args: object, **_kwargs: object) -> str:
        """Which kind of robot it is; its token and secret stay with the setting."""
        return f"{self.protocol}://"

    def send(self, body: str, title: str = "", *_args: object, **_kwargs: object) -> bool:
        if self.at_moment is None:
            raise ValueError("set the moment before sending")
        text = within("\n".join([*title.splitlines(), *body.splitlines()]), most=self.most_bytes)
        self.outcome = self._post(text, at=self.at_moment)
        return isinstance(self.outcome, Sent)

    def address(self, *, at: datetime) -> str:
        """Where the message is posted, signature and all."""
        raise NotImplementedError

    def body(self, text: str, *, at: datetime) -> Mapping[str, object]:
        """What is posted."""
        raise NotImplementedError

    def _post(self, text: str, *, at: datetime) -> Sent | Failed:
        try:
            status, said = asyncio.run(_posted(self.address(at=at), self.body(text, at=at)))
            told = json.loads(said) if status in GOOD else {}
        except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as error:
            # An error's words may repeat the address, and with it the token.
            return self._failed(f"没有应答({type(error).__name__})")
        if status not in GOOD:
            return self._failed(f"应答{status}")
        code = told.get(self.code_field) if isinstance(told, dict) else None
        words = readable(str(told.get(self.words_field, ""))) if isinstance(told, dict) else ""
        if isinstance(code, int) and not isinstance(code, bool) and code == 0:
            return Sent(f"{self.vendor}：{words or '已收下'}")
        return self._failed(readable(f"{code} {words}"))

    def _failed(self, words: str) -> Failed:
        return Failed(f"{self.vendor}机器人没有收下：{words}", temporary=True, away=True)


async def _posted(address: str, body: Mapping[str, object]) -> tuple[int, bytes]:
    """Status and body of the answer: the whole call has its time, and no answer is longer than a page."""
    said = b""
    async with (
        asyncio.timeout(TIMEOUT_S),
        httpx.AsyncClient(timeout=TIMEOUT_S) as client,
        client.stream("POST", address, json=body) as answer,
    ):
        async for part in answer.aiter_bytes():
            said += part
            if len(said) > MOST_ANSWERED:
                raise ValueError("too long an answer")
        return answer.status_code, said


def within(text: str, *, most: int) -> str:
    """The text in at most so many bytes: its first line is cut first, a link stands below."""
    first, _, below = text.partition("\n")
    room = most - len(f"\n{below}".encode())
    return cut(f"{cut(first, most=max(room, 0))}\n{below}" if below else first, most=most)


def cut(text: str, *, most: int) -> str:
    """Its beginning, whole signs only, with a mark where something is missing."""
    if len(text.encode()) <= most:
        return text
    kept = text.encode()[: max(0, most - len(MORE.encode()))].decode(errors="ignore")
    return f"{kept}{MORE}" if kept else ""


class DingTalkRobot(Robot):  # type: ignore[no-untyped-call]
    """A custom robot of a DingTalk group: 20 messages a minute; ``secret`` where it was added with a signature."""

    service_name: str = "DingTalk"  # type: ignore[assignment]
    protocol: str = "hqedingtalk"  # type: ignore[assignment]
    vendor = "钉钉"
    usual = "https://oapi.dingtalk.com"

    def address(self, *, at: datetime) -> str:
        where = f"{self.at}/robot/send?access_token={quote(self.token, safe='')}"
        if not self.secret:
            return where
        moment = str(int(at.timestamp() * 1000))
        sign = _signed(self.secret.encode(), f"{moment}\n{self.secret}".encode())
        return f"{where}&timestamp={moment}&sign={quote(sign, safe='')}"

    def body(self, text: str, *, at: datetime) -> Mapping[str, object]:  # noqa: ARG002 - signed in the address
        return {"msgtype": "text", "text": {"content": text}}


class WeComRobot(Robot):  # type: ignore[no-untyped-call]
    """A robot of a WeCom group: 20 messages a minute, 2,048 bytes each."""

    service_name: str = "WeCom"  # type: ignore[assignment]
    protocol: str = "hqewecombot"  # type: ignore[assignment]
    vendor = "企业微信"
    usual = "https://qyapi.weixin.qq.com"
    most_bytes = 2_000

    def address(self, *, at: datetime) -> str:  # noqa: ARG002 - not signed
        return f"{self.at}/cgi-bin/webhook/send?key={quote(self.token, safe='')}"

    def body(self, text: str, *, at: datetime) -> Mapping[str, object]:  # noqa: ARG002 - not signed
        return {"msgtype": "text", "text": {"content": text}}


class FeishuRobot(Robot):  # type: ignore[no-untyped-call]
    """A custom robot of a Feishu group: 100 messages a minute; ``secret`` where signatures are checked."""

    service_name: str = "Feishu"  # type: ignore[assignment]
    protocol: str = "hqefeishu"  # type: ignore[assignment]
    vendor = "飞书"
    usual = "https://open.feishu.cn"
    code_field = "code"
    words_field = "msg"

    def address(self, *, at: datetime) -> str:  # noqa: ARG002 - signed in the body
        return f"{self.at}/open-apis/bot/v2/hook/{quote(self.token, safe='')}"

    def body(self, text: str, *, at: datetime) -> Mapping[str, object]:
        told: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
        if not self.secret:
            return told
        moment = str(int(at.timestamp()))
        return {"timestamp": moment, "sign": _signed(f"{moment}\n{self.secret}".encode(), b""), **told}


def _signed(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


ROBOTS: Mapping[str, type[Robot]] = {
    "dingtalk": DingTalkRobot,
    "wecombot": WeComRobot,
    "feishu": FeishuRobot,
}
"""Apprise's own spelling of a service -> ours, which reads the answer."""
