"""A local mail server that keeps every mail it accepts as a file and delivers none."""

from __future__ import annotations

import signal
import sys
from asyncio import BaseTransport, Server, Transport
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event
from uuid import uuid4

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
SENDER = "hqe@example.invalid"
DROP = "drop"
"""Scripted instead of an answer: close the connection, keep nothing."""
LOSE = "lose"
"""Scripted instead of an answer: keep the mail, then close the connection without a word."""


class Postbox:
    """Keeps mails in ``folder``; ``script`` holds, by recipient, what to answer to the next mails.

    A scripted answer is a line such as ``451 4.3.0 later``, or DROP, or LOSE; when a recipient's
    script is used up, mails are kept as usual (``itertools.repeat`` never is).
    """

    def __init__(self, folder: Path, *, script: Mapping[str, Iterable[str]] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._transports: list[BaseTransport] = []
        self._script: dict[str, Iterator[str]] = {to: iter(answers) for to, answers in (script or {}).items()}
        self._kept = max((int(path.name.split("-")[0]) for path in folder.glob("*.eml")), default=0)
        self._controller: _FreePort | None = None

    def start(self) -> str:
        """Listens on a free port of this machine; the URL that a channel takes."""
        self._controller = _FreePort(self, hostname=HOST, port=0)
        self._controller.start()
        return postbox_url(self._controller.port)

    @property
    def port(self) -> int:
        if self._controller is None:
            raise RuntimeError("the postbox is not listening")
        return self._controller.port

    @property
    def connections(self) -> int:
        """How many connections have been made so far."""
        return len(self._transports)

    def hang_up(self) -> None:
        """Closes every connection, as mail servers do with idle ones."""
        if self._controller is not None:
            for transport in self._transports:
                self._controller.loop.call_soon_threadsafe(transport.close)

    def stop(self) -> None:
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        if server.transport is not None:
            self._transports.append(server.transport)
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        scripted = self._next_answer(envelope.rcpt_tos)
        if scripted == "" or scripted == LOSE:
            try:
                self._keep(envelope.original_content or b"")
            except OSError:
                return "452 4.3.1 no room for this mail now"
        if scripted in (DROP, LOSE) and isinstance(server.transport, Transport):
            server.transport.abort()
        return scripted or "250 2.0.0 OK kept"

    def _next_answer(self, recipients: Iterable[str | None]) -> str:
        return next((next(self._script.get(to or "", iter(())), "") for to in recipients), "")

    def _keep(self, content: bytes) -> None:
        """Whole under its final name or not at all, so that a reader never sees half a mail."""
        self._kept += 1
        path = self.folder / f"{self._kept:06d}-{uuid4().hex[:12]}.eml"
        _write_whole(path, content)


class _FreePort(Controller):
    """A controller that learns which port the system gave it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def postbox_url(port: int) -> str:
    return f"smtp://{HOST}:{port}?from={SENDER}"


def run_postbox(folder: Path, port_file: Path) -> None:
    """Serves until TERM or INT; the port stands in ``port_file`` once mails are taken."""
    ended = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    postbox = Postbox(folder)
    postbox.start()
    _write_whole(port_file, str(postbox.port).encode())
    ended.wait()
    postbox.stop()


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(path)


if __name__ == "__main__":
    run_postbox(Path(sys.argv[1]), Path(sys.argv[2]))


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it arrived; ``to`` is the bare address."""

    key: str
    message_id: str
    to: str
    subject: str
    body: str


def read_mails(folder: Path) -> list[Mail]:
    """All mails of the folder in the order of arrival."""
    return [_read(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def count_duplicates(mails: Iterable[Mail]) -> dict[str, int]:
    """key -> how many mails bear it, for keys that arrived more than once."""
    return {key: count for key, count in Counter(mail.key for mail in mails).items() if count > 1}


def _read(content: bytes) -> Mail:
    mail = message_from_bytes(content, EmailMessage, policy=default)
    return Mail(
        key=mail.get("X-HQE-Key", ""),
        message_id=mail.get("Message-ID", ""),
        to=mail["To"].addresses[0].addr_spec,
        subject=mail.get("Subject", ""),
        body=_text_of(mail).replace("\r\n", "\n"),
    )


def _text_of(mail: EmailMessage) -> str:
    """The plain text, which every mail has."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
