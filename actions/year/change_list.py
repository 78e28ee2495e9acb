"""A list of changes as a table: the head line names rows, kinds, days and columns of the roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rules.campaign.forms import Column
from rules.entries import folded, read_day, read_row_number
from rules.refusals import Refused
from rules.year.entries import KINDS, Entry
from rules.year.roster import ChangeKind
from workbooks.confined.client import table_apart

PERSON, KIND, DAY, CORRECTS = "行键", "变动", "日期", "更正编号"
NO_HEAD = Refused("no_head", f"第一行须为列名，其中须有“{KIND}”“{DAY}”两列；在册人员另须有“{PERSON}”。")


def entries_in(data: bytes, *, name: str, columns: Mapping[str, Column]) -> list[Entry] | Refused:
    """The changes that a list (CSV, or a workbook's first sheet) asks for, in its order."""
    table = table_apart(data, name=name)
    if isinstance(table, Refused):
        return table
    head, rows = (table[0], table[1:]) if table else ([], [])
    titles = {folded(one.title): key for key, one in columns.items()}
    if not {folded(KIND), folded(DAY)} <= {folded(cell) for cell in head}:
        return NO_HEAD
    read = [
        _entry(head, row, titles, number) for number, row in enumerate(rows, 2) if any(map(str.strip, row))
    ]
    refused = next((one for one in read if isinstance(one, Refused)), None)
    return refused or [one for one in read if isinstance(one, Entry)]


def _entry(
    head: Sequence[str], row: Sequence[str], titles: Mapping[str, str], number: int
) -> Entry | Refused:
    said = {folded(title): cell.strip() for title, cell in zip(head, row, strict=False) if cell.strip()}
    kind, day = kind_named(said.get(folded(KIND), "")), read_day(said.get(folded(DAY), ""))
    if kind is None or isinstance(day, Refused):
        kinds = "、".join(KINDS.values())
        return Refused("unread_change", f"第{number}行：变动须为{kinds}之一，日期如 2026-03-14。")
    values = {titles[title]: cell for title, cell in said.items() if title in titles}
    corrects = read_row_number(said.get(folded(CORRECTS), "")) or None
    return Entry(kind, day, said.get(folded(PERSON), ""), values, corrects)


def kind_named(word: str) -> ChangeKind | None:
    """By its key or its Chinese name."""
    return next((kind for kind, title in KINDS.items() if word in (kind, title)), None)
