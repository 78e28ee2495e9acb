"""A due date for the reader's own calendar: moved and taken back under the same name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MOST_OCTETS = 73


@dataclass(frozen=True, slots=True)
class DueDate:
    """What is due on which day; ``sequence`` rises with each move, ``cancelled`` takes it off the calendar."""

    uid: str
    sequence: int
    summary: str
    day: date
    cancelled: bool = False
    link: str = ""

    @property
    def method(self) -> str:
        return "CANCEL" if self.cancelled else "PUBLISH"


def ics_of(due: DueDate, *, at: datetime) -> str:
    """The event as a calendar file: a whole day, with a bell at nine the day before."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//hqe//due dates//ZH",
        f"METHOD:{due.method}",
        "BEGIN:VEVENT",
        f"UID:{due.uid}",
        f"SEQUENCE:{due.sequence}",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(due.summary)}",
        *([f"URL:{due.link}"] if due.link else []),
        f"STATUS:{'CANCELLED' if due.cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        *([] if due.cancelled else BELL),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


BELL = ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:-", "TRIGGER:-PT15H", "END:VALARM"]


def _escaped(text: str) -> str:
    for letter in "\\;,":
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 octets a line, no letter cut in two."""
    parts, size = [""], 0
    for letter in line:
        size += len(letter.encode())
        if size > MOST_OCTETS:
            parts.append(" ")
            size = 1 + len(letter.encode())
        parts[-1] += letter
    return "\r\n".join(parts)
