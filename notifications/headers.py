"""Headers of a mail that lose no blank on the way: whole in encoded words, or plain ASCII as they are.

The standard library folds a header of mixed text so that some readers see one blank less.
"""

from __future__ import annotations

import re
from base64 import b64encode
from email.policy import compat32

WIRE = compat32.clone(linesep="\r\n", max_line_length=0)
"""Headers go out as they were written: they are folded here."""
PLAIN_NAME = re.compile(r"[A-Za-z0-9 .'-]*")
MOST_BYTES = 45
"""Of UTF-8 in one encoded word: 60 letters, and 12 of ``=?utf-8?b?...?=`` make less than the 75 that are allowed."""
SHORT = 60


def address_line(name: str, address: str) -> str:
    """A name and an address as one header; a name of more than plain letters in encoded words."""
    if not name:
        return address
    written = name if PLAIN_NAME.fullmatch(name) and len(name) <= SHORT else encoded(name)
    return f"{written}\r\n <{address}>"


def words_of(text: str) -> str:
    """Text as encoded words on lines of their own, between which no reader sees a blank; short ASCII as it is."""
    if text.isascii() and text.isprintable() and len(text) <= SHORT and "=?" not in text:
        return text
    return encoded(text)


def encoded(text: str) -> str:
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part.encode()).decode()}?=" for part in _parts(text))


def _parts(text: str) -> list[str]:
    parts, size = [""], 0
    for letter in text:
        size += len(letter.encode())
        if size > MOST_BYTES:
            parts.append("")
            size = len(letter.encode())
        parts[-1] += letter
    return parts
