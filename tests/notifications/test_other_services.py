"""Services that are Apprise's own work behind the same call, but never carry a one-time code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from notifications.channels import Channel
from notifications.message import Address, Failed, Message, Sent

NOON = datetime(2020, 11, 13, 12, tzinfo=UTC)


class Robot(HTTPServer):
    """A chat robot that keeps what it is told; its status can be set."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), RobotHandler)
        self.told: list[dict[str, str]] = []


class RobotHandler(BaseHTTPRequestHandler):
    server: Robot

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.told.append(json.loads(self.rfile.read(length)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Keeps the tests quiet."""


@pytest.fixture
def robot() -> Iterator[Robot]:
    robot = Robot()
    thread = Thread(target=robot.serve_forever, args=(0.01,))
    thread.start()
    yield robot
    robot.shutdown()
    thread.join()
    robot.server_close()


def tell(robot: Robot, message: Message) -> Sent | Failed:
    with Channel(f"json://127.0.0.1:{robot.server_port}") as channel:
        return channel.send(message, to=Address("测试甲", "clerk@example.invalid"), key="key", at=NOON)


def test_message_through_another_service_arrives(robot: Robot) -> None:
    sent = tell(robot, Message("提醒：请报送", "您好：\n请登录系统。"))

    assert sent == Sent("已送出")
    assert [(told["title"], told["message"]) for told in robot.told] == [
        ("提醒：请报送", "您好：\n请登录系统。")
    ]


def test_message_refused_by_another_service_fails_for_now_with_its_words(robot: Robot) -> None:
    robot.status = 500

    failed = tell(robot, Message("提醒", "您好"))

    assert isinstance(failed, Failed)
    assert failed.temporary
    assert "500" in failed.answer


def test_message_with_a_code_is_kept_from_a_shared_service(robot: Robot) -> None:
    failed = tell(robot, Message("审批", "验证码：482913", private=True))

    assert isinstance(failed, Failed)
    assert not failed.temporary
    assert robot.told == []
