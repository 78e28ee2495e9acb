"""What people type, read by one rule: spellings that mean the same, numbers, and days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from unicodedata import normalize

from rules.refusals import Refused
from rules.signs import LONGEST_TEXT

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0100-\U000e01ef"
)
"""Signs that nobody sees and every comparison does, as the inside of a character class."""
INVISIBLE = re.compile(f"[{UNSEEN}]")
DATE = re.compile(
    r"([0-9]{4})([-/.年])([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0+)?"
)
TIME = re.compile(r"(?<=[0-9日])[T\s]+[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?\s*$")
"""The time of day that programs write behind a day."""

WHOLE_DIGITS, DECIMALS = 9, 30
"""A greater number, or a finer one, nobody means; what is kept of it must fit every column of numbers."""
NUMBER = re.compile(rf"[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,{DECIMALS}}})?")
WHOLE = re.compile(rf"[0-9]{{1,{WHOLE_DIGITS}}}")
ROW_NUMBER = re.compile(r"[0-9]{1,18}")
"""How an address or a form names a row: nothing that 64 bits do not hold."""
WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""The signs of the wide keyboard as those of the narrow one."""
TOO_LONG = Refused(
    "too_long", f"有一项文字超过{LONGEST_TEXT}字，没有办理任何事项。请写得简短些，详情可另附文件。"
)
FIRST_YEAR, LAST_YEAR, NEAR = 1900, 2199, 5
"""Days beyond are slips, and the ends of the calendar, with which nobody can reckon."""


def folded(text: str) -> str:
    """The text in half width without blanks and invisible signs, so that （中专） and (中专) are one."""
    if text.isascii():
        return "".join(text.split())
    return INVISIBLE.sub("", "".join(normalize("NFKC", text).split()))


def in_half_width(text: str) -> str:
    """Digits and signs of the wide keyboard only, without blanks: 10² is no 102."""
    return "".join(INVISIBLE.sub("", text.translate(WIDE)).split())


def without_time(text: str) -> str:
    """A day as text without the time of day behind it."""
    return TIME.sub("", INVISIBLE.sub("", normalize("NFKC", text)))


def read_number(text: str) -> Fraction | None:
    """A number of at least 0, exactly as written: ``3``, ``0.5``, in full width too."""
    text = in_half_width(text)
    return Fraction(text) if NUMBER.fullmatch(text) else None


def read_ratio(text: str) -> Fraction | None:
    """The same, or one over another: ``1/3``."""
    over, bar, under = in_half_width(text).partition("/")
    numerator, denominator = read_number(over), read_number(under) if bar else Fraction(1)
    return numerator / denominator if numerator is not None and denominator else None


def read_ratios(typed: Mapping[str, str]) -> dict[str, Fraction] | Refused:
    """Points and facts as people type them, by key."""
    read = {key: read_ratio(text) for key, text in typed.items()}
    if None in read.values():
        return Refused("not_a_number", "分值和数字请填写整数、小数或分数，如 3、0.5、1/3，不写单位和正负号。")
    return {key: number for key, number in read.items() if number is not None}


def exact_texts(typed: Mapping[str, str]) -> dict[str, str]:
    """Numbers that can be read, as they are kept: in half width, whole ones without a point."""
    read = {key: read_ratio(text) for key, text in typed.items()}
    return {
        key: str(number) if number is not None and number.denominator == 1 else in_half_width(typed[key])
        for key, number in read.items()
    }


def read_whole(text: str, *, signed: bool = False) -> int | None:
    """A whole number; below 0 only where a sign is taken."""
    text = in_half_width(text)
    digits = text.removeprefix("-") if signed else text
    return int(text) if WHOLE.fullmatch(digits) else None


def read_row_number(text: str) -> int:
    """The number of a row as a program wrote it into an address or a form; 0, which no row has, for anything else."""
    return int(text) if ROW_NUMBER.fullmatch(text) else 0


def read_day(text: str) -> date | Refused:
    """A day as people type it: ``2020-10-20``, or as a cell may say it."""
    found = DATE.fullmatch(folded(without_time(text)))
    day = existing(*(int(part) for part in found.groups() if part and part.isdecimal())) if found else None
    if day is None:
        typed = f"“{text.strip()[:40]}”" if text.strip() else ""
        return Refused("no_date", f"日期没有填写或无法识别，请按2020-11-20的格式填写。{typed}")
    return refuse_year(day) or day


def day_in_words(day: date) -> str:
    """``2020年11月20日``, as sentences have it."""
    return f"{day.year}年{day.month}月{day.day}日"


def existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def refuse_year(day: date, *, about: int | None = None) -> Refused | None:
    """A day of another century, or more than some years from the year that it is ``about``."""
    first, last = (FIRST_YEAR, LAST_YEAR) if about is None else (about - NEAR, about + NEAR)
    if first <= day.year <= last:
        return None
    return Refused("far_year", f"日期{day}的年份不对，须在{first}年至{last}年之间，请核对。")
