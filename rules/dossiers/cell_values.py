"""Reading a located cell as words, a number, a date or a yes, and judging it by its column's kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache

from rules.dossiers.dossier import Cell
from rules.dossiers.id_numbers import judge_id
from rules.dossiers.tolerances import AGE, BETWEEN, FLAGS, choice_meant
from rules.entries import INVISIBLE, folded, read_day
from rules.entries import read_number as number_in
from rules.refusals import Refused


def untidy(cell: Cell) -> bool:
    """Whether a text holds invisible signs, which nobody typed."""
    return isinstance(cell.value, str) and INVISIBLE.search(cell.value) is not None


def entries(cell: Cell, kind: str, choices: tuple[str, ...] = ()) -> frozenset[str]:
    """What a cell answers, folded: each of several (joined by 、 a comma or a semicolon) for
    ``choices``, else the one text. Where choices are offered, the one that is meant."""
    return folded_entries(cell.text, kind, choices)


# A roster asks the same few texts a hundred thousand times; names and numbers are not asked here.
@lru_cache(maxsize=4096)
def folded_entries(text: str, kind: str, choices: tuple[str, ...] = ()) -> frozenset[str]:
    words = BETWEEN.split(folded(text)) if kind == "choices" else [folded(text)]
    offered = folded_choices(choices)
    return frozenset(choice_meant(word, offered) for word in words if word)


@lru_cache(maxsize=1024)
def folded_choices(choices: tuple[str, ...]) -> frozenset[str]:
    return frozenset(folded(choice) for choice in choices)


def one_of(cell: Cell, kind: str, values: tuple[str, ...], choices: tuple[str, ...] = ()) -> bool:
    """Whether any entry of the cell is among ``values``, which are some of the ``choices`` that were offered."""
    return not folded_choices(values).isdisjoint(entries(cell, kind, choices))


def read_number(cell: Cell) -> Fraction | None:
    """The cell's number, exactly as written and not below 0; None when it is not one."""
    return Fraction(cell.value) if isinstance(cell.value, bool) else number_in(cell.text)


def read_flag(cell: Cell) -> Fraction | None:
    """1 or 0 for yes and no, else the cell's number."""
    flag = FLAGS.get(folded(cell.text))
    return Fraction(flag) if flag is not None else read_number(cell)


def read_date(cell: Cell) -> date | None:
    """The date of a date cell or of a text such as 2020-10-20, 2020.10.20, 20201020, 2020年10月20日."""
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    day = read_day(cell.text)
    return None if isinstance(day, Refused) else day


def read_age(cell: Cell) -> int | None:
    """Years, with or without 岁 behind them; None for anything else."""
    found = AGE.fullmatch(folded(cell.text))
    return int(found[1]) if found else None


def judge_number_cell(cell: Cell, _: tuple[str, ...]) -> tuple[str, ...]:
    number = None if isinstance(cell.value, bool) else read_number(cell)
    return () if number is not None and number.denominator == 1 else ("integer_unreadable",)


def judge_points_cell(cell: Cell, _: tuple[str, ...]) -> tuple[str, ...]:
    number = None if isinstance(cell.value, bool) else read_number(cell)
    return ("number_unreadable",) if number is None else ()


def judge_date_cell(cell: Cell, _: tuple[str, ...]) -> tuple[str, ...]:
    return ("date_unreadable",) if read_date(cell) is None else ()


def judge_choice_cell(cell: Cell, choices: tuple[str, ...]) -> tuple[str, ...]:
    return ("choice_unknown",) if choices and not one_of(cell, "choice", choices, choices) else ()


def judge_choices_cell(cell: Cell, choices: tuple[str, ...]) -> tuple[str, ...]:
    unknown = entries(cell, "choices", choices) - folded_choices(choices)
    return ("choices_unknown",) if choices and unknown else ()


def judge_id_cell(cell: Cell, on: date | None) -> tuple[str, ...]:
    judged = judge_id(cell, on=on)
    corrected = "id_corrected" if judged.corrections else ""
    return tuple(code for code in (judged.code, corrected) if code)


JUDGES: Mapping[str, Callable[[Cell, tuple[str, ...]], tuple[str, ...]]] = {
    "integer": judge_number_cell,
    "number": judge_points_cell,
    "date": judge_date_cell,
    "choice": judge_choice_cell,
    "choices": judge_choices_cell,
}
"""By kind of column: the codes of what is wrong with a filled cell. Identity numbers are judged apart, other kinds
take any text."""


def judge_cell(
    cell: Cell, kind: str, choices: tuple[str, ...] = (), *, on: date | None = None
) -> tuple[str, ...]:
    """Codes of ``rules.dossiers.checks.findings.FINDINGS`` for a cell that is not blank; ``on`` is the day of the
    survey, for identity numbers."""
    if cell.kind == "error":
        return ("cell_error",)
    if kind == "id_number":
        return judge_id_cell(cell, on)
    judge = JUDGES.get(kind)
    return judge(cell, choices) if judge else ()


def is_blank(cell: Cell) -> bool:
    nothing = not cell.text or (isinstance(cell.value, str) and not folded(cell.value))
    return nothing and (not cell.formula or cell.value == "")


def is_uncalculated(cell: Cell) -> bool:
    """A formula whose value no program ever calculated: there is nothing to read."""
    return bool(cell.formula) and cell.value is None
