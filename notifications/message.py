"""A message as it is sent, the person it goes to, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from notifications.ics import DueDate


@dataclass(frozen=True, slots=True)
class Message:
    """Rendered text; a ``private`` one carries a one-time code and may only reach its recipient."""

    subject: str
    body: str
    private: bool = False
    html: str = ""
    """The same text as a page; empty: plain text alone."""
    due: DueDate | None = None
    """The date that it names, for the reader's calendar."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where one person reads mail."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel took the message; ``answer`` is what it said, e.g. ``250 OK``."""

    answer: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The channel did not take the message; a ``temporary`` failure is worth another try."""

    answer: str
    temporary: bool
    away: bool = field(default=False, compare=False)
    """Nobody was there to take it: no fault of this message, and any other would have fared alike."""


LONGEST_ANSWER = 200


def readable(words: str) -> str:
    """What somebody's server answered, as it may be kept and shown: no more than a line, without unseen signs."""
    return "".join(sign for sign in words if sign.isprintable())[:LONGEST_ANSWER]
