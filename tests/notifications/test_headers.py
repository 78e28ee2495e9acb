"""Subjects and names come back letter by letter, whatever mixture of scripts and blanks they are."""

from __future__ import annotations

from datetime import UTC, datetime
from email import headerregistry, message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

from hypothesis import given
from hypothesis import strategies as some

from notifications.message import Address
from notifications.smtp import Envelope, compose

SENDER = headerregistry.Address("就业局 值班", addr_spec="hqe@example.invalid")
LETTERS = some.sampled_from("八都镇第一村提醒截止 abcXYZ 0123 ()：，、“”=?_-. ")
TEXTS = some.text(LETTERS, min_size=1, max_size=160).map(lambda text: " ".join(text.split())).filter(bool)


def sent(subject: str, name: str) -> bytes:
    envelope = Envelope(
        to=Address(name, "clerk@example.invalid"), key="k", at=datetime(2020, 11, 13, tzinfo=UTC)
    )
    return compose(subject, "正文\n", sender=SENDER, envelope=envelope).as_bytes()


@given(TEXTS, TEXTS)
def test_subject_and_name_lose_nothing_on_the_way(subject: str, name: str) -> None:
    wire = sent(subject, name)

    mail = message_from_bytes(wire, EmailMessage, policy=default)
    older = message_from_bytes(wire)
    assert mail["Subject"] == subject
    assert str(make_header(decode_header(older["Subject"]))) == subject
    # Of a name in several encoded words the standard library's newer reader makes a blank; every other one does not.
    assert named(older["To"]) == name
    assert mail["From"].addresses[0].display_name == "就业局 值班"


def named(header: str) -> str:
    return str(make_header(decode_header(header.rpartition("<")[0].strip().strip('"').replace("\\", ""))))


@given(TEXTS)
def test_header_lines_are_ascii_and_short(text: str) -> None:
    head = sent(text, text).partition(b"\r\n\r\n")[0]

    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert all(
        len(line) <= 78 for line in head.split(b"\r\n") if b"=?utf-8?b?" in line and b"Subject" not in line
    )
