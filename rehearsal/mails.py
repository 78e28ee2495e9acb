"""Reading back the mails a postbox kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path


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
        body=mail.get_content().replace("\r\n", "\n"),
    )
