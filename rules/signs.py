"""What no text needs: control signs, halves of signs, length without end; in names line breaks too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

LONGEST_TEXT = 4_000
"""Letters of one field, wherever it is typed; many fields are narrower still."""
OF_TEXT = "\t\r\n"
"""What people type into a field of several lines."""
UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control signs, surrogates, line and paragraph separators (Unicode's general categories)."""


def has_unseen(text: str) -> bool:
    """Whether there is a sign in it that nobody typed on purpose."""
    return any(sign not in OF_TEXT and unicodedata.category(sign) in UNSEEN for sign in text)


def is_one_line(text: str) -> bool:
    """Whether it is what a name is: nothing unseen, no tab, no line break."""
    return not any(unicodedata.category(sign) in UNSEEN for sign in text)


def says_nothing(text: str) -> bool:
    """Whether nobody can see anything of it: blanks of all kinds, signs without width."""
    return not any(sign.isprintable() and not sign.isspace() for sign in text)


def is_too_long(text: str) -> bool:
    """Whether it is more than anybody writes into a field, a reason or a note."""
    return len(text) > LONGEST_TEXT


def any_text(plain: object, is_wrong: Callable[[str], bool]) -> bool:
    """Whether any text is wrong within lists and mappings, as JSON has them."""
    if isinstance(plain, str):
        return is_wrong(plain)
    if isinstance(plain, Mapping):
        return any(any_text(one, is_wrong) for pair in plain.items() for one in pair)
    return (
        isinstance(plain, Iterable)
        and not isinstance(plain, bytes)
        and any(any_text(one, is_wrong) for one in plain)
    )


LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How text begins that a spreadsheet program may take for a formula, in full width too."""


def looks_live(text: str) -> bool:
    """Whether a spreadsheet program might reckon with it, as soon as somebody edits its cell."""
    return text.startswith(LIVE)


NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def for_csv(value: object) -> object:
    """A value for a table that spreadsheet programs open: text that looks live gets an apostrophe before it."""
    live = isinstance(value, str) and looks_live(value) and not NUMBER.fullmatch(value)
    return f"'{value}" if live else value
