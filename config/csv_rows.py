"""A CSV file as rows by column: blank cells left out, several values split, counts as numbers."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Any

SEPARATOR = "|"
LIKE_SEPARATORS = re.compile("[｜、，,；;／/]")
"""What hands type between several values instead: no code and no name of a village has one of these."""
NOTE = "note"
"""A column that only people read."""
LISTS = ("aliases", "roles", "conflicts", "predecessors")
NUMBERS = ("taking_part", "recognised", "year", "yuan")
NUMBER = re.compile(r"-?[0-9]+", re.ASCII)
INVISIBLE = "\ufeff\u200b\u3000 \t\r\n"

Row = dict[str, Any]


class TableMistake(ValueError):
    """A table whose cells cannot be told apart: where, what was found, what is allowed."""

    def __init__(self, key: str, value: str, allowed: str, *, write: tuple[str, ...] = ()) -> None:
        super().__init__(allowed)
        self.key, self.value, self.allowed, self.write = key, value, allowed, write


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of the first line, and each filled row with its line, the number that Excel shows.

    ``wide`` holds what stands beyond the last column, by line; ``broken`` the cells with a line break.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]
    wide: tuple[tuple[int, tuple[str, ...]], ...] = ()
    broken: tuple[tuple[int, str, str], ...] = ()


def load_table(text: str) -> Table:
    """Raises ``TableMistake``."""
    lines = cells_of(text)
    named = [cell.strip(INVISIBLE) for cell in lines[0]] if lines else []
    columns = tuple(named[: last_filled(named)])
    refuse_columns(columns)
    below = [(line, [cell.strip(INVISIBLE) for cell in cells]) for line, cells in enumerate(lines[1:], 2)]
    rows = [(line, row_of(columns, cells)) for line, cells in below]
    wide = [(line, tuple(filter(None, cells[len(columns) :]))) for line, cells in below]
    broken = [
        (line, column, cell)
        for line, cells in below
        for column, cell in zip(columns, cells, strict=False)
        if column != NOTE and set(cell) & set("\r\n\t")
    ]
    return Table(
        columns,
        tuple((line, row) for line, row in rows if row),
        tuple((line, more) for line, more in wide if more),
        tuple(broken),
    )


def cells_of(text: str) -> list[list[str]]:
    """Every line as cells; a quote that is left open is told with the line that opens it."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    lines: list[list[str]] = []
    opened = 1
    try:
        for cells in reader:
            lines.append(cells)
            opened = reader.line_num + 1
    except csv.Error as error:
        line = text.splitlines()[opened - 1]
        raise TableMistake(
            f"第{opened}行", line[:80], "引号须成对;含逗号的单元格须加双引号", write=(line.replace('"', ""),)
        ) from error
    return lines


def refuse_columns(columns: tuple[str, ...]) -> None:
    shown = ",".join(columns)[:80]
    if len(columns) < 2:
        raise TableMistake("第1行", shown, "第1行须为列名,用英文逗号分隔")
    for column in filter(None, columns):
        if columns.count(column) > 1:
            raise TableMistake("第1行", column, "列名不得为空或重复")


def row_of(columns: tuple[str, ...], cells: list[str]) -> Row:
    """The filled cells by column; lines that Excel leaves blank below a table give none."""
    return {
        column: typed(column, cell)
        for column, cell in zip(columns, cells, strict=False)
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
