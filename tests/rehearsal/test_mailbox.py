"""The postbox keeps mails whole and in order, also when it runs as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notifications.channels import Channel
from notifications.message import Address, Message, Sent
from rehearsal.mailbox import Postbox, postbox_url, read_mails

pytestmark = pytest.mark.programs


def test_postbox_started_again_on_its_folder_goes_on_counting(tmp_path: Path) -> None:
    for key in ("first", "second"):
        postbox = Postbox(tmp_path)
        with Channel(postbox.start()) as channel:
            channel.send(
                Message("一", "一"), to=Address("甲", "a@example.invalid"), key=key, at=datetime.now(UTC)
            )
        postbox.stop()

    assert [mail.key for mail in read_mails(tmp_path)] == ["first", "second"]
    assert [path.name[:7] for path in sorted(tmp_path.iterdir())] == ["000001-", "000002-"]


def test_postbox_as_a_process_keeps_mails_until_it_is_ended(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "rehearsal.mailbox", str(tmp_path / "mails"), str(port_file)]
    with subprocess.Popen(command) as process:
        while not port_file.exists():
            assert process.poll() is None
        with Channel(postbox_url(int(port_file.read_text()))) as channel:
            to = Address("甲", "a@example.invalid")
            answer = channel.send(Message("一", "一"), to=to, key="k", at=datetime.now(UTC))
        process.terminate()

    assert answer == Sent("250 2.0.0 OK kept")
    assert (process.returncode, [mail.key for mail in read_mails(tmp_path / "mails")]) == (0, ["k"])
