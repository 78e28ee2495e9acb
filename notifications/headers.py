"""Headers of a mail that lose no blank on the way: whole in encoded words, or plain ASCII as they are.

The standard library folds a header of mixed text so that some readers see one blank less.
"""

from __future__ import annotations

from base64 import b64encode
from email import headerregistry
from email.policy import SMTP, EmailPolicy

MOST_BYTES = 45
"""Of UTF-8 in one encoded word: 60 letters, and 12 of ``=?utf-8?b?...?=`` make less than the 75 that are allowed."""
SHORT = 60


class WholeHeaders(EmailPolicy):
    """The standard's policy for mail but for subjects and names."""

    def fold(self, name: str, value: object) -> str:
        return _folded(name, value) or super().fold(name, value)  # type: ignore[arg-type]

    def fold_binary(self, name: str, value: object) -> bytes:
        return _folded(name, value).encode() or super().fold_binary(name, value)  # type: ignore[arg-type]


WHOLE = WholeHeaders(
    **{name: getattr(SMTP, name) for name in ("linesep", "max_line_length", "utf8", "cte_type")}
)


def _folded(name: str, value: object) -> str:
    """The header as it goes over the wire; empty for one that is none of ours."""
    if name.lower() == "subject":
        return f"{name}: {words_of(str(value))}\r\n"
    addresses = getattr(value, "addresses", ())
    if not addresses or all(one.display_name.isascii() for one in addresses):
        return ""
    return f"{name}: " + ",\r\n ".join(map(_address, addresses)) + "\r\n"


def _address(one: headerregistry.Address) -> str:
    return f"{words_of(one.display_name)}\r\n <{one.addr_spec}>" if one.display_name else one.addr_spec


def words_of(text: str) -> str:
    """Text as encoded words on lines of their own, between which no reader sees a blank; short ASCII as it is."""
    if text.isascii() and len(text) <= SHORT and "=?" not in text:
        return text
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
