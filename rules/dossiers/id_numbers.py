"""Identity numbers of GB 11643-1999: tidying, judging (Excel's damage included), deriving, masking."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import mul

from rules.dossiers.dossier import Cell
from rules.dossiers.tolerances import INVISIBLE
from rules.entries import day_in_words

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

SHAPE = re.compile(r"[0-9]{17}[0-9X]")
FIFTEEN = re.compile(r"[0-9]{15}")
ALLOWED = re.compile(r"[0-9]*X?")
PHONE = re.compile(r"1[3-9][0-9]{9}")
"""A number of a mobile telephone."""
OLDEST = 120
"""Nobody is older."""
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?1[4-8]")

CORRECTIONS: Mapping[str, str] = {
    "zero_width": "去掉不可见字符",
    "apostrophe": "去掉撇号",
    "spaces": "去掉空格",
    "dashes": "去掉横线",
    "full_width": "全角改半角",
    "lower_x": "小写x改大写X",
}

HALF_WIDTH: Mapping[int, int] = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")

TIDYING: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("zero_width", lambda text: INVISIBLE.sub("", text)),
    ("apostrophe", lambda text: re.sub("['`\u2018\u2019\uff07]", "", text)),
    ("spaces", lambda text: re.sub(r"\s", "", text)),
    ("dashes", lambda text: re.sub("[-\u2010-\u2015\u2212\uff0d]", "", text)),
    ("full_width", lambda text: text.translate(HALF_WIDTH)),
    ("lower_x", lambda text: text.replace("x", "X")),
)


@dataclass(frozen=True, slots=True)
class IdJudgement:
    """A tidied number, the code of what is wrong with it (empty when right), and what was tidied."""

    number: str
    code: str
    corrections: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the number can stand for a person: right, or right and merely suspicious."""
        return self.code in ("", "id_trailing_zeros")


def normalise_id(text: str) -> tuple[str, tuple[str, ...]]:
    """The number without what typing and Excel add, and the keys of ``CORRECTIONS`` that were needed."""
    number, corrections = text.strip(" \t\r\n"), []
    if SHAPE.fullmatch(number):
        return number, ()
    for correction, tidy in TIDYING:
        tidied = tidy(number)
        if tidied != number:
            corrections.append(correction)
        number = tidied
    return number, tuple(corrections)


def check_digit(seventeen: str) -> str:
    """The last character for the first seventeen digits (ISO 7064 MOD 11-2)."""
    total = sum(map(mul, WEIGHTS, map(int, seventeen)))
    return CHECK_DIGITS[total % 11]


def judge_id(cell: Cell, *, on: date | None = None) -> IdJudgement:
    """Judge a filled cell; ``code`` is the first of ``FAULTS`` that holds (domain 5.1). ``on`` is the day on which
    its bearer must have been alive, where there is one."""
    number, corrections = normalise_id(written(cell))
    code = next((code for code, holds in FAULTS if holds(cell, number, on)), "")
    return IdJudgement(number, code, corrections)


def written(cell: Cell) -> str:
    if cell.kind == "number" and isinstance(cell.value, int | float):
        return f"{cell.value:.0f}"
    return cell.text


def is_truncated(cell: Cell, number: str, _: date | None) -> bool:
    """Excel keeps fifteen digits: a number cell, an exponent, or zeros where the tail was."""
    lost = cell.kind == "number" and len(number) > 15
    zeros = number.endswith("000") and fails_check(cell, number, None)
    return lost or zeros or SCIENTIFIC.fullmatch(number) is not None


def fails_check(_: Cell, number: str, __: date | None) -> bool:
    return SHAPE.fullmatch(number) is not None and check_digit(number[:17]) != number[17]


FAULTS: tuple[tuple[str, Callable[[Cell, str, date | None], bool]], ...] = (
    ("id_truncated", is_truncated),
    ("id_is_phone", lambda _, number, __: PHONE.fullmatch(number) is not None),
    ("id_fifteen_digits", lambda _, number, __: FIFTEEN.fullmatch(number) is not None),
    ("id_characters", lambda _, number, __: ALLOWED.fullmatch(number) is None),
    ("id_length", lambda _, number, __: len(number) != 18),
    ("id_birth_date", lambda _, number, on: birth_fault(number, on) != ""),
    ("id_check_digit", fails_check),
    ("id_trailing_zeros", lambda _, number, __: number.endswith("000")),
)


def birth_fault(number: str, on: date | None) -> str:
    """In words: why nobody alive ``on`` a day was born on a number's; empty when somebody may have been."""
    born = birth_date(number)
    if born is None:
        return "没有这一天"
    if on is not None and born > on:
        return f"在{day_in_words(on)}之后"
    return f"到{day_in_words(on)}已超过{OLDEST}岁" if on is not None and age_on(number, on) > OLDEST else ""


def birth_date(number: str) -> date | None:
    """The date in characters 7 to 14 of an 18-character number, None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """男 when the seventeenth digit is odd, else 女."""
    return "男" if int(number[16]) % 2 else "女"


def age_on(number: str, day: date) -> int:
    """Full years on ``day`` of a number whose birth date exists."""
    born = (int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return day.year - born[0] - ((day.month, day.day) < born[1:])


def mask(number: str) -> str:
    """All but the last two characters as stars; short texts wholly."""
    tail = number[-2:] if len(number) > 2 else ""
    return "*" * (len(number) - len(tail)) + tail
