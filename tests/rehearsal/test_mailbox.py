"""The postbox keeps mails whole and in order, also when it runs as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from notifications.channels import Channel
from notifications.message import Address, Failed, Message, Sent
from rehearsal.mailbox import Postbox, postbox_url, read_mails

Send = Callable[..., Sent | Failed]


def test_postbox_started_again_on_its_folder_goes_on_counting(
    send: Send, postbox: Postbox, channel: Channel
) -> None:
    send(key="first")
    channel.close()
    postbox.stop()

    again = Postbox(postbox.folder)
    with Channel(again.start()) as second:
        second.send(
            Message("二", "二"), to=Address("甲", "a@example.invalid"), key="second", at=datetime.now(UTC)
        )
    again.stop()

    assert [mail.key for mail in read_mails(postbox.folder)] == ["first", "second"]
    assert [path.name[:7] for path in sorted(postbox.folder.iterdir())] == ["000001-", "000002-"]


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
