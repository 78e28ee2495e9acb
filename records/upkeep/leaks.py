"""Searches a whole installation for identity numbers that stand anywhere unsealed."""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from records.backup import rows as table_rows
from records.sealing.vault import Vault
from records.tables.dossiers import RosterPersonRow
from records.tables.year import LivingPersonRow
from records.upkeep.id_search import LARGEST, Bytes, Knows, Trace, search

SQLITE = b"SQLite format 3\x00"
SHORTEST = 18


@dataclass(frozen=True, slots=True)
class Leak:
    """A number found in a file or a database; the number itself is not kept."""

    place: str
    trace: Trace


def known_numbers(session: Session, vault: Vault) -> tuple[Knows, int]:
    """Recognises every number of the accepted and the living rosters by its keyed hash, and how many there are."""
    lookups = frozenset(session.scalars(select(RosterPersonRow.lookup).union(select(LivingPersonRow.lookup))))
    return lambda number: not lookups.isdisjoint(vault.lookups(number)), len(lookups)


def search_home(
    home: Path, knows: Knows, *, heard: Callable[[Path], object] = lambda _: None
) -> Iterator[Leak]:
    """Every file below a folder: as raw bytes, unpacked, and SQLite also row by row."""
    for path in sorted(path for path in home.rglob("*") if path.is_file() and not path.is_symlink()):
        heard(path)
        yield from search_file(path, knows)


def search_file(path: Path, knows: Knows) -> Iterator[Leak]:
    """One file; one that vanishes while it is looked for, as a database's write-ahead log does, holds nothing."""
    try:
        for trace in _traces_in(path, knows):
            yield Leak(str(path), trace)
    except FileNotFoundError:
        return


def _traces_in(path: Path, knows: Knows) -> Iterator[Trace]:
    with _content_of(path) as data:
        yield from search(data, knows)
        on_sqlite = data[: len(SQLITE)] == SQLITE
    if on_sqlite:
        yield from _search_rows(path, knows)


@contextmanager
def _content_of(path: Path) -> Iterator[Bytes]:
    """Read at once: a mapped file that a database cuts short meanwhile would end this process."""
    if path.stat().st_size <= LARGEST:
        yield path.read_bytes()
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _search_rows(path: Path, knows: Knows) -> Iterator[Trace]:
    """Row by row: what a page break cuts in two, or what is packed inside a cell, raw bytes do not show."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as database:
            database.text_factory = bytes
            tables = [name.decode() for (name,) in database.execute(TABLES)]
            for table in tables:
                # The name comes from the database's own list of tables.
                rows = database.execute(f'SELECT * FROM "{table.replace(chr(34), 2 * chr(34))}"')
                columns = [column[0] for column in rows.description]
                for row in rows:
                    for column, value in zip(columns, row, strict=True):
                        yield from _search_cell(value, knows, where=f"{table}.{column} > ")
    except sqlite3.DatabaseError:
        # Not a database in spite of its first bytes, or a damaged one: its bytes have been searched.
        return


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def _search_cell(value: object, knows: Knows, *, where: str) -> Iterator[Trace]:
    content = value if isinstance(value, bytes) else str(value).encode()
    if len(content) >= SHORTEST:
        yield from search(content, knows, where=where)


def search_database(engine: Engine, knows: Knows, *, place: str) -> Iterator[Leak]:
    """Every row of a database that is no file of ours."""
    with table_rows.snapshot(engine) as connection:
        for table in table_rows.tables_of(connection):
            for line in table_rows.lines_from(connection, table):
                for trace in search(line, knows, where=f"{table.name} > "):
                    yield Leak(place, trace)
