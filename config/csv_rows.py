"""A CSV file as rows by column: blank cells left out, several values split, counts as numbers."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Any

from rules.signs import has_unseen

SEPARATOR = "|"
NOTE = "note"
"""A column that only people read."""
LISTS = ("aliases", "roles", "conflicts", "predecessors")
NUMBERS = ("taking_part", "recognised", "year", "yuan")
NUMBER = re.compile(r"-?[0-9]+", re.ASCII)
INVISIBLE = "\ufeff\u200b\u3000 \t\r\n"

Row = dict[str, Any]


class TableMistake(ValueError):
    """A table whose cells cannot be told apart: where, what was found, what is allowed."""

    def __init__(self, key: str, value: str, allowed: str) -> None:
        super().__init__(allowed)
        self.key, self.value, self.allowed = key, value, allowed


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of the first line, and each filled row with its line, the number that Excel shows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]


def load_table(text: str) -> Table:
    """Raises ``TableMistake``."""
    if has_unseen(text):
        raise TableMistake("", "控制字符", "不得含看不见的控制字符;请删除后另存")
    try:
        lines = list(csv.reader(text.splitlines(keepends=True), strict=True))
    except csv.Error as error:
        raise TableMistake("", str(error), "引号须成对;含逗号的单元格须加双引号") from error
    named = [cell.strip(INVISIBLE) for cell in lines[0]] if lines else []
    columns = tuple(named[: last_filled(named)])
    refuse_columns(columns)
    rows = ((line, row_of(columns, cells, line)) for line, cells in enumerate(lines[1:], 2))
    return Table(columns, tuple((line, row) for line, row in rows if row))


def refuse_columns(columns: tuple[str, ...]) -> None:
    shown = ",".join(columns)[:80]
    if len(columns) < 2:
        raise TableMistake("第1行", shown, "第1行须为列名,用英文逗号分隔")
    for column in columns:
        if columns.count(column) > 1:
            raise TableMistake("第1行", column, "列名不得为空或重复")


def row_of(columns: tuple[str, ...], cells: list[str], line: int) -> Row:
    """The filled cells by column; lines that Excel leaves blank below a table give none."""
    filled = [cell.strip(INVISIBLE) for cell in cells]
    if last_filled(filled) > len(columns):
        more = "、".join(cell for cell in filled[len(columns) :] if cell)
        raise TableMistake(f"第{line}行", more, f"多于{len(columns)}列;含逗号的单元格须加双引号")
    return {
        column: typed(column, cell)
        for column, cell in zip(columns, filled, strict=False)
        if cell and column != NOTE
    }


def last_filled(cells: list[str]) -> int:
    """How many cells there are up to the last filled one."""
    return max((n for n, cell in enumerate(cells, 1) if cell), default=0)


def typed(column: str, cell: str) -> Any:  # noqa: ANN401  (a list, a number or text)
    """CSV knows only text: split the columns that hold several values, count in those that count."""
    if column in LISTS:
        return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]
    return int(cell) if column in NUMBERS and NUMBER.fullmatch(cell) else cell
