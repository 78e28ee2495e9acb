"""A campaign's rows written again for counties that do not exist: a large database to measure, played by nobody.

A row belongs to a place when its keys name one: a town's or village's code in a text, or a row that belongs
to a place itself. It is written once more for each further county, with that county's code in all its texts
and its numbers moved by a stride. What belongs to the campaign as a whole stays as it is. Of the further
counties the people on rosters, the year, the files and the audit log are left out: rows of copies point to the first
county's files, and the audit chain stays whole because nothing is added to it. Paths in the facts of mails
still lead to the first county's pages.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import JSON, Connection, Engine, Table, UniqueConstraint, update

from records.backup import rows
from records.schema import guards
from records.tables.campaign import CampaignRow

OF_YEAR = frozenset(
    {"living_roster", "living_person", "roster_change", "roster_due", "roster_confirmation", "service"}
)
LEFT_OUT = frozenset({"roster_person", "blob", "audit"}) | OF_YEAR
STRIDE = 10_000_000
"""More than any table of one campaign has rows."""
NAMED = {"gate_id": "gate", "upload_id": "upload", "duty_id": "duty"}
"""Numbers that no foreign key explains, in columns and in facts, and the tables that they come from."""

Line = list[Any]
Move = Callable[[str, int], str]


def moving(county: str) -> Move:
    """How a code of ``county`` in a text becomes one of the next county but ``copy - 1``."""
    # Nine digits are a town, twelve a village; eighteen would be a person.
    code = re.compile(rf"(?<![0-9A-Za-z]){county}(?=(?:[0-9]{{3}}|[0-9]{{6}})(?![0-9A-Za-z]))")

    def move(text: str, copy: int) -> str:
        return code.sub(str(int(county) + copy), text) if county in text else text

    return move


@dataclass(frozen=True)
class Shape:
    """What of a table's columns moves with a row, and by what its rows are told apart."""

    table: Table

    @cached_property
    def names(self) -> list[str]:
        return [column.name for column in self.table.columns]

    @cached_property
    def number(self) -> str:
        """The column that counts the rows; empty where they are told apart by something else."""
        counting = self.table.autoincrement_column
        return counting.name if counting is not None else ""

    @cached_property
    def references(self) -> dict[str, str]:
        """Column -> the table whose numbers it holds."""
        named = {name: NAMED[name] for name in self.names if name in NAMED}
        return named | {
            key.parent.name: key.column.table.name
            for key in self.table.foreign_keys
            if key.column.name == "id" and key.column.table.autoincrement_column is key.column
        }

    @cached_property
    def facts(self) -> list[int]:
        """Where the columns of JSON are."""
        return [at for at, column in enumerate(self.table.columns) if isinstance(column.type, JSON)]

    @cached_property
    def keys(self) -> list[frozenset[str]]:
        """Sets of columns that no two rows share, but for the number."""
        unique = [
            frozenset(one.name for one in made.columns)
            for made in self.table.constraints
            if isinstance(made, UniqueConstraint)
        ]
        unique += [
            frozenset(one.name for one in index.columns) for index in self.table.indexes if index.unique
        ]
        primary = frozenset(one.name for one in self.table.primary_key.columns)
        return [key for key in (primary, *unique) if key != {self.number}]


@dataclass
class Multiplying:
    """The rows of the first county that are written again, and how."""

    move: Move
    chosen: dict[str, list[bytes]] = field(default_factory=dict)
    numbers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Table -> the numbers of its rows that are written again."""

    def choose(self, shape: Shape, lines: Iterator[bytes]) -> None:
        """Go through a table's lines, whose parents have been gone through before."""
        next(lines)
        found = self.chosen.setdefault(shape.table.name, [])
        for line in lines:
            row = dict(zip(shape.names, json.loads(line), strict=True))
            if self._belongs(shape, row):
                found.append(line)
                if shape.number:
                    self.numbers[shape.table.name].add(row[shape.number])

    def _belongs(self, shape: Shape, row: Mapping[str, Any]) -> bool:
        moved = {name for name, value in row.items() if self._moves(shape, name, value)}
        return bool(moved) and all(moved & key for key in shape.keys)

    def _moves(self, shape: Shape, name: str, value: object) -> bool:
        if isinstance(value, int) and name in shape.references:
            return value in self.numbers[shape.references[name]]
        text = json.dumps(value, ensure_ascii=False)
        return self.move(text, 1) != text

    def copies(self, shape: Shape, times: int) -> Iterator[bytes]:
        """The chosen lines once more for each further county."""
        for copy in range(1, times):
            for line in self.chosen.get(shape.table.name, []):
                yield self._again(shape, line, copy)

    def _again(self, shape: Shape, line: bytes, copy: int) -> bytes:
        values: Line = json.loads(self.move(line.decode(), copy))
        for at, name in enumerate(shape.names):
            if name == shape.number:
                values[at] += copy * STRIDE
            elif name in shape.references:
                values[at] = self._number(shape.references[name], values[at], copy)
        for at in shape.facts:
            values[at] = self._facts(values[at], copy)
        return json.dumps(values, ensure_ascii=False).encode()

    def _facts(self, facts: Any, copy: int) -> Any:  # noqa: ANN401
        if not isinstance(facts, dict):
            return facts
        return {
            name: self._number(NAMED[name], value, copy) if name in NAMED else value
            for name, value in facts.items()
        }

    def _number(self, table: str, value: object, copy: int) -> object:
        if isinstance(value, int) and value in self.numbers[table]:
            return value + copy * STRIDE
        return value


def multiply(
    source: Engine, target: Engine, *, county: str, times: int, frozen: Mapping[str, str]
) -> dict[str, int]:
    """Fill a migrated database without rows of its own from ``source``, ``times`` counties instead of one.

    ``frozen`` is the enlarged configuration of each campaign (config.frozen). Returns rows by table.
    """
    with rows.snapshot(source) as reading, target.begin() as writing:
        shapes = [Shape(table) for table in rows.tables_of(writing)]
        with guards.lifted(writing):
            for shape in reversed(shapes):
                writing.execute(shape.table.delete())
        again = Multiplying(moving(county))
        for shape in shapes:
            if shape.table.name not in LEFT_OUT:
                again.choose(shape, rows.lines_from(reading, shape.table))
        counts = {shape.table.name: _fill(reading, writing, shape, again, times) for shape in shapes}
        for campaign_id, text in frozen.items():
            writing.execute(update(CampaignRow).where(CampaignRow.id == campaign_id).values(frozen=text))
    with target.begin() as settling:
        settling.exec_driver_sql("ANALYZE")
    return counts


def _fill(reading: Connection, writing: Connection, shape: Shape, again: Multiplying, times: int) -> int:
    lines = chain(rows.lines_from(reading, shape.table), again.copies(shape, times))
    return rows.lines_into(writing, shape.table, lines)
