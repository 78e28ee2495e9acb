"""Robots of WeCom, DingTalk and Feishu against a server that checks address, signature and body as the vendors do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from config.places import ROOT
from notifications import robots
from notifications.channels import Channel, UnusableChannel
from notifications.message import Address, Failed, Message, Sent

TOKEN, SECRET = "633A31f6", "SEC0aF9"
A_MINUTE = 60
TOLD = Message("请于11月15日前报送", "您好：\n请登录系统。")


def signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def by_dingtalk(path: str, query: Mapping[str, str], body: Mapping[str, object]) -> dict[str, object]:
    moment = query.get("timestamp", "0")
    wrong_time = abs(int(moment) / 1000 - datetime.now(UTC).timestamp()) > A_MINUTE
    if path != "/robot/send" or query.get("access_token") != TOKEN:
        return {"errcode": 300001, "errmsg": "token is not exist"}
    if wrong_time or query.get("sign") != signed(SECRET, f"{moment}\n{SECRET}"):
        return {"errcode": 310000, "errmsg": "sign not match"}
    return {"errcode": 0, "errmsg": "ok"} if body["msgtype"] == "text" else {"errcode": 40035, "errmsg": "?"}


def by_wecom(path: str, query: Mapping[str, str], body: Mapping[str, object]) -> dict[str, object]:
    if path != "/cgi-bin/webhook/send" or query.get("key") != TOKEN:
        return {"errcode": 93000, "errmsg": "invalid webhook url"}
    return {"errcode": 0, "errmsg": "ok"} if body["msgtype"] == "text" else {"errcode": 40008, "errmsg": "?"}


def by_feishu(path: str, query: Mapping[str, str], body: Mapping[str, object]) -> dict[str, object]:
    moment = str(body.get("timestamp", "0"))
    if path != f"/open-apis/bot/v2/hook/{TOKEN}" or query:
        return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
    if abs(int(moment) - datetime.now(UTC).timestamp()) > A_MINUTE or body.get("sign") != signed(
        f"{moment}\n{SECRET}", ""
    ):
        return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
    return (
        {"code": 0, "msg": "success"} if body["msg_type"] == "text" else {"code": 9499, "msg": "Bad Request"}
    )


VENDORS = {"dingtalk": by_dingtalk, "wecombot": by_wecom, "feishu": by_feishu}


class Vendor(HTTPServer):
    """A vendor's server that keeps what it is told; ``says`` replaces its answer."""

    said: str | None = None
    drips = False
    status = 200

    def __init__(self, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.kind = kind
        self.told: list[dict[str, object]] = []
        self.waited = Event()

    def url(self, *, token: str = TOKEN, secret: str = SECRET) -> str:
        who = f"{secret}@{token}" if self.kind != "wecombot" else token
        return f"{self.kind}://{who}/?at=http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Vendor

    def do_POST(self) -> None:
        where = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        query = {name: values[0] for name, values in parse_qs(where.query).items()}
        answer = VENDORS[self.server.kind](where.path, query, body)
        self.server.told.append(body)
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        for _ in range(40 if self.server.drips else 0):
            try:
                self.wfile.write(b" ")
                self.wfile.flush()
            except OSError:
                return
            self.server.waited.wait(0.1)
        self.wfile.write((self.server.said if self.server.said is not None else json.dumps(answer)).encode())

    def log_message(self, *_args: object) -> None:
        """Keeps the tests quiet."""


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> Iterator[Vendor]:
    server = Vendor(request.param)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def tell(url: str, message: Message = TOLD) -> Sent | Failed:
    with Channel(url) as channel:
        return channel.send(
            message, to=Address("测试甲", "clerk@example.invalid"), key="key", at=datetime.now(UTC)
        )


def test_message_arrives_whole_and_signed_as_the_vendor_wants_it(vendor: Vendor) -> None:
    sent = tell(vendor.url())

    [body] = vendor.told
    text = body["content"] if vendor.kind == "feishu" else body["text"]
    assert isinstance(sent, Sent)
    assert isinstance(text, dict)
    assert next(iter(text.values())) == "请于11月15日前报送\n您好：\n请登录系统。"


def test_refusal_within_a_good_status_counts_as_refused(vendor: Vendor) -> None:
    failed = tell(vendor.url(token="0000", secret="SECwrong"))

    assert isinstance(failed, Failed)
    assert failed.away
    assert "没有收下" in failed.answer


@pytest.mark.parametrize("vendor", ["dingtalk", "feishu"], indirect=True)
def test_wrong_secret_is_told_in_the_vendors_words(vendor: Vendor) -> None:
    failed = tell(vendor.url(secret="SECwrong"))

    assert isinstance(failed, Failed)
    assert "sign" in failed.answer
    assert "SECwrong" not in failed.answer


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "{}"),
        (200, "<html>"),
        (200, "[]"),
        (200, "{}"),
        (200, "[" * 60_000),
        (200, " " * 200_000),
        (200, '{"errcode": false, "code": false}'),
        (200, '{"errcode": 0.0, "code": 0.0}'),
    ],
)
def test_answer_that_says_nothing_counts_as_refused(vendor: Vendor, status: int, said: str) -> None:
    vendor.status, vendor.said = status, said

    failed = tell(vendor.url())

    assert isinstance(failed, Failed)
    assert failed.temporary


def test_robot_that_is_away_is_told_without_its_token(vendor: Vendor) -> None:
    url = vendor.url().replace(f":{vendor.server_port}", ":1")

    failed = tell(url)

    assert isinstance(failed, Failed)
    assert failed.away
    assert TOKEN not in failed.answer


def test_message_with_a_code_is_kept_from_a_group(vendor: Vendor) -> None:
    failed = tell(vendor.url(), Message("审批", "授权码：482913", private=True))

    assert isinstance(failed, Failed)
    assert not failed.temporary
    assert vendor.told == []


@pytest.mark.parametrize("url", ["dingtalk://", "feishu://?at=http://h", "wecombot://KEY/?at=ftp://h"])
def test_robot_that_cannot_be_is_refused_without_its_address(url: str) -> None:
    with pytest.raises(UnusableChannel) as refused:
        Channel(url)
    assert "KEY" not in str(refused.value)


def test_signs_that_cannot_be_seen_in_an_answer_are_left_out(vendor: Vendor) -> None:
    vendor.said = '{"errcode": 0, "code": 0, "errmsg": "o\\u0000k\\ud800", "msg": "o\\u0000k\\ud800"}'

    sent = tell(vendor.url())

    assert isinstance(sent, Sent)
    assert sent.answer.endswith("：ok")


def test_answer_that_drips_is_not_waited_for(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "TIMEOUT_S", 0.5)
    vendor.drips = True

    failed = tell(vendor.url())

    assert isinstance(failed, Failed)
    assert "TimeoutError" in failed.answer


@pytest.mark.parametrize("vendor", ["wecombot"], indirect=True)
def test_long_message_keeps_its_link_within_what_the_vendor_takes(vendor: Vendor) -> None:
    link = "https://h.invalid/duties/1"

    sent = tell(vendor.url(), Message("题" * 900, link))

    [body] = vendor.told
    text = body["text"]
    assert isinstance(sent, Sent)
    assert isinstance(text, dict)
    assert len(text["content"].encode()) <= 2048
    assert text["content"].endswith(f"…\n{link}")


@pytest.mark.parametrize("most", range(0, 40))
def test_text_is_cut_between_signs_and_never_longer(most: int) -> None:
    for text in ("溪水绕山\n文文文", "文" * 9, "题" * 9 + "\n"):
        assert len(robots.within(text, most=most).encode()) <= most


MISTYPED = (
    "https://oapi.dingtalk.com/robot/send?access_token=TOPSECRETTOKEN",
    "dingtallk://TOPSECRETSIGN@TOPSECRETTOKEN",
    "slack://TOPSECRETTOKEN",
)
OPENED = """
import logging, sys
from notifications.channels import open_channels
logging.basicConfig(level=logging.DEBUG)
print(open_channels((url, url) for url in sys.argv[1:])[1].values())
"""


@pytest.mark.programs
def test_mistyped_channel_is_told_nowhere_with_its_token() -> None:
    """In a process of its own: pytest listens where a program does not."""
    opening = [sys.executable, "-c", OPENED, *MISTYPED]
    done = subprocess.run(opening, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.count("no Apprise service") == len(MISTYPED)
    assert "TOPSECRET" not in done.stdout + done.stderr


def test_answer_of_another_service_is_told_without_the_secrets_of_its_url() -> None:
    secret = "TOPSECRETTOKEN"
    failed = tell(f"json://127.0.0.1:1/{secret}")

    assert isinstance(failed, Failed)
    assert secret not in failed.answer
