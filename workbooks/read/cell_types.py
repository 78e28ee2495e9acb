"""What a cell's own text means: shared strings, number formats that make dates, types of value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from rules.dossiers.dossier import Value
from workbooks.file.package import MAIN, Attributes, Contents, Damaged, Package, TooMuch

Meaning = tuple[Value, str]
"""A value and its kind: text, number, date, flag, error or blank."""

MAX_STRINGS = 2_000_000
LONGEST_NUMBER = 330
BLANK: Meaning = (None, "blank")
PIECE = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|(General|[0#?][0#?.,]*)|(%)', re.IGNORECASE)
"""What a number format is made of, as far as it changes digits: fixed text, room for the number, per cent."""
HIDDEN = "(不显示)"
WHOLE = re.compile("-?[0-9]{1,10}")
NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
"""Python reads more as a number than Excel writes: other scripts' digits, blanks, underscores."""
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Styles:
    """By style number: which are dates, and which may show something else than the value."""

    dates: frozenset[int]
    odd: Mapping[int, str]
    """Formats that may show something else than the value, by style."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """Reads the text of a cell's value by its type and style."""

    strings: tuple[str, ...]
    styles: Styles
    epoch: datetime

    def of(self, type_: str, text: str, style: int) -> Meaning:
        """What ``text`` in a cell of ``type_`` means; what cannot be read is an error, never a guess."""
        reader = READERS.get(type_)
        if reader is None:
            raise Damaged(f"no type {type_[:20]!r}")
        return reader(self, text, style)


def meanings(package: Package, found: Contents) -> Meanings:
    strings = shared_strings(package, found.strings) if package.has(found.strings) else ()
    styles = read_styles(package, found.styles) if package.has(found.styles) else Styles(frozenset(), {})
    return Meanings(strings, styles, MAC_EPOCH if found.since_1904 else WINDOWS_EPOCH)


# --- strings and styles ----------------------------------------------------------------------------------


def shared_strings(package: Package, part: str) -> tuple[str, ...]:
    """Every shared string, rich text joined; the reading aids of phonetic runs are no part of it."""
    strings: list[str] = []
    pieces: list[str] = []
    phonetic = inside = 0

    def start(name: str, _: Attributes) -> None:
        nonlocal phonetic, inside
        if name == MAIN + "si":
            pieces.clear()
        elif name == MAIN + "rPh":
            phonetic += 1
        elif name == MAIN + "t":
            inside += 1

    def end(name: str) -> None:
        nonlocal phonetic, inside
        if name == MAIN + "si":
            strings.append(tidy("".join(pieces)))
            if len(strings) > MAX_STRINGS:
                raise TooMuch("strings")
        elif name == MAIN + "rPh":
            phonetic -= 1
        elif name == MAIN + "t":
            inside -= 1

    def text(piece: str) -> None:
        if inside and not phonetic:
            pieces.append(piece)

    package.parse(part, start=start, end=end, text=text)
    return tuple(strings)


def read_styles(package: Package, part: str) -> Styles:
    formats: dict[int, str] = dict(BUILTIN_FORMATS)
    styles: list[int] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        if name == MAIN + "numFmt":
            formats[whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif name == MAIN + "cellXfs":
            inside = True
        elif inside and name == MAIN + "xf":
            styles.append(whole(attributes.get("numFmtId", "0")))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != MAIN + "cellXfs"

    package.parse(part, start=start, end=end)
    codes = {number: formats.get(format_, "General") for number, format_ in enumerate(styles)}
    dates = frozenset(number for number, code in codes.items() if is_date_format(code))
    odd = {number: code for number, code in codes.items() if number not in dates and is_odd(code)}
    return Styles(dates, odd)


def is_odd(code: str) -> bool:
    """Whether a format has text with digits, hides what it is given, or moves the point; most do nothing of it."""
    sections = code.split(";")
    return (len(sections) > 1 and "" in sections) or any(shows_otherwise(one) for one in sections)


def shows_otherwise(section: str) -> bool:
    fixed, room, percent = pieces(section)
    return bool(section) and (
        any(sign.isdigit() for sign in fixed)
        or percent
        or room.endswith(",")
        or (not room and "@" not in section)
        or (room.lower() != "general" and "." not in room and room != "")
    )


def pieces(section: str) -> tuple[str, str, bool]:
    """Of a section of a number format: its fixed text, the room for the number, whether per cent."""
    found = list(PIECE.finditer(section))
    fixed = "".join(one[1] or one[2] or "" for one in found)
    return fixed, next((one[3] for one in found if one[3]), ""), any(one[4] for one in found)


@lru_cache(maxsize=4096)
def shown_as(code: str, value: Value) -> str:
    """What a format shows instead of a value; empty when it shows the value."""
    sections = code.split(";")
    if isinstance(value, str):
        hides = len(sections) > 3 and "@" not in sections[3]
        return (pieces(sections[3])[0] or HIDDEN) if hides else ""
    if not isinstance(value, int | float):
        return ""
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    section = sections[2] if value == 0 and len(sections) > 2 else section
    fixed, room, percent = pieces(section)
    if not room and "@" not in section:
        return fixed or HIDDEN
    size = abs(value) if value < 0 and len(sections) > 1 else value
    number = size * (100 if percent else 1) / 1000 ** (len(room) - len(room.rstrip(",")))
    whole_only = "." not in room and room.lower() != "general" and room != ""
    digits = f"{number:.0f}" if whole_only else f"{number:g}"
    if not any(sign.isdigit() for sign in fixed) and not percent and float(digits) == size:
        return ""
    spelt = PIECE.sub(lambda one: one[1] or one[2] or (digits if one[3] else "%" if one[4] else ""), section)
    return spelt.strip()


def whole(text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise Damaged(f"no number: {text[:20]!r}")
    return int(text)


# --- values ----------------------------------------------------------------------------------------------


def tidy(text: str) -> str:
    """Line breaks of one kind; Excel's ``_x000D_`` for signs that XML cannot hold."""
    if "_x" in text:
        text = ESCAPED.sub(sign, text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def sign(escaped: re.Match[str]) -> str:
    """The sign that is meant; half of a pair means none and stays as it is written, a control character is left out."""
    code = int(escaped[1], 16)
    if 0xD800 <= code <= 0xDFFF:
        return escaped[0]
    return chr(code) if code >= 0x20 or code in (0x9, 0xA, 0xD) else ""


def read_text(_: Meanings, text: str, __: int) -> Meaning:
    text = tidy(text)
    return (text, "text") if text else ("", "blank")


def read_shared(meanings: Meanings, text: str, _: int) -> Meaning:
    place = whole(text)
    if not 0 <= place < len(meanings.strings):
        raise Damaged(f"no shared string {place}")
    value = meanings.strings[place]
    return (value, "text") if value else ("", "blank")


def read_number(meanings: Meanings, text: str, style: int) -> Meaning:
    """A number, or the day it stands for; one that is no day of Excel's stays a number, whatever its format."""
    if not text:
        return BLANK
    if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text):
        return text, "error"
    number = int(text) if text.isdecimal() else float(text)
    if not isfinite(number):
        return text, "error"
    if style not in meanings.styles.dates:
        return number, "number"
    try:
        return read_moment(from_excel(number, meanings.epoch))
    except (OverflowError, ValueError, TypeError):
        return number, "number"


def read_moment(moment: datetime | date | time | timedelta | None) -> Meaning:
    """Whole days as dates; times of day and lengths of time as text."""
    if isinstance(moment, datetime):
        return moment.date(), "date"
    return (moment, "date") if isinstance(moment, date) else (str(moment), "text")


def read_day(_: Meanings, text: str, __: int) -> Meaning:
    try:
        return read_moment(datetime.fromisoformat(text))
    except ValueError:
        return text, "error"


def read_flag(_: Meanings, text: str, __: int) -> Meaning:
    return text.strip() in ("1", "true"), "flag"


def read_error(_: Meanings, text: str, __: int) -> Meaning:
    return text, "error"


READERS: Mapping[str, Callable[[Meanings, str, int], Meaning]] = {
    "s": read_shared,
    "str": read_text,
    "inlineStr": read_text,
    "n": read_number,
    "d": read_day,
    "b": read_flag,
    "e": read_error,
}
"""By the type a cell names: how its text is read."""
