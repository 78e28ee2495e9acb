"""Living rosters: their people and changes, sealed, and by when each is asked again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from records.locks import locked
from records.sealing.vault import Vault
from records.tables.columns import Base
from records.tables.year import (
    LivingPersonRow,
    LivingRosterRow,
    RosterChangeRow,
    RosterConfirmationRow,
    RosterDueRow,
)
from rules.year.roster import Change, ChangeKind

AT_ONCE = 500
"""So many keys in one query: every database takes as many parameters."""


@dataclass(frozen=True, slots=True)
class Noting:
    """Who notes a change, from what, and when."""

    source: str
    by: str
    at: datetime


def place_of_number(key: str) -> str:
    """Where a person's sealed identity number belongs."""
    return f"living:{key}"


def place_of_change(person: str, kind: str, day: date) -> str:
    """Where a change's sealed values belong: to this person, kind and day."""
    return f"change:{person}:{kind}:{day.isoformat()}"


def begin(session: Session, row: LivingRosterRow) -> None:
    session.add(row)
    session.flush()


def locked_roster(session: Session, village_code: str) -> LivingRosterRow | None:
    """The roster for this act alone; None where it has not begun."""
    return locked(session, LivingRosterRow, village_code)


def begun(session: Session) -> dict[str, str]:
    """Village code -> town code of every roster that has begun."""
    rows = session.execute(select(LivingRosterRow.village_code, LivingRosterRow.town_code))
    return dict(rows.all())


def people_of(session: Session, village_code: str) -> dict[str, LivingPersonRow]:
    """Everybody who ever stood in the village's roster, by key."""
    wanted = select(LivingPersonRow).where(LivingPersonRow.village_code == village_code)
    return {one.key: one for one in session.scalars(wanted)}


def people_with(session: Session, keys: Sequence[str]) -> dict[str, LivingPersonRow]:
    found: dict[str, LivingPersonRow] = {}
    for some in _batches(keys):
        wanted = select(LivingPersonRow).where(LivingPersonRow.key.in_(some))
        found |= {one.key: one for one in session.scalars(wanted)}
    return found


def add_people(
    session: Session,
    vault: Vault,
    people: Iterable[tuple[str, str]],
    *,
    at: LivingRosterRow,
    day: date,
    there: bool = False,
) -> None:
    """New rows of a roster: (key, identity number) each."""
    rows = [
        {
            "key": key,
            "village_code": at.village_code,
            "sealed": vault.seal(number.encode(), about=place_of_number(key)),
            "lookup": vault.lookup(number),
            "there": there,
            "since": day,
            "confirmed": day,
        }
        for key, number in people
    ]
    _insert(session, LivingPersonRow, rows)


def number_of(vault: Vault, row: LivingPersonRow) -> str:
    """The identity number; empty for who was erased."""
    return vault.open(row.sealed, about=place_of_number(row.key)).decode() if row.sealed else ""


def add_changes(
    session: Session, vault: Vault, village_code: str, changes: Sequence[Change], noting: Noting
) -> None:
    """Their ids are given by the database, in this order."""
    rows = [
        {
            "village_code": village_code,
            "person": one.person,
            "kind": one.kind,
            "day": one.day,
            "sealed": vault.seal(
                json.dumps(dict(one.values), ensure_ascii=False).encode(),
                about=place_of_change(one.person, one.kind, one.day),
            ),
            "corrects": one.corrects,
            "source": noting.source,
            "recorded_by": noting.by,
            "recorded_at": noting.at,
        }
        for one in changes
    ]
    _insert(session, RosterChangeRow, rows)


COLUMNS = (
    RosterChangeRow.id,
    RosterChangeRow.person,
    RosterChangeRow.kind,
    RosterChangeRow.day,
    RosterChangeRow.recorded_at,
    RosterChangeRow.sealed,
    RosterChangeRow.corrects,
)


def changes_of(session: Session, vault: Vault, village_code: str) -> list[Change]:
    """Every change of a village's roster, in the order in which they were noted."""
    wanted = select(*COLUMNS).where(RosterChangeRow.village_code == village_code).order_by(RosterChangeRow.id)
    return [_change(vault, *row) for row in session.execute(wanted)]


def changes_about(session: Session, vault: Vault, keys: Sequence[str]) -> dict[str, list[Change]]:
    """The changes of these people, by key."""
    found: dict[str, list[Change]] = {key: [] for key in keys}
    for some in _batches(keys):
        wanted = select(*COLUMNS).where(RosterChangeRow.person.in_(some)).order_by(RosterChangeRow.id)
        for row in session.execute(wanted):
            found[row.person].append(_change(vault, *row))
    return found


def _change(
    vault: Vault,
    id_: int,
    person: str,
    kind: str,
    day: date,
    at: datetime,
    sealed: bytes,
    corrects: int | None,
) -> Change:
    values = json.loads(vault.open(sealed, about=place_of_change(person, kind, day))) if sealed else {}
    return Change(id_, person, cast("ChangeKind", kind), day, at, values, corrects)


def add_confirmation(session: Session, row: RosterConfirmationRow) -> None:
    session.add(row)
    session.flush()


def set_due(
    session: Session, keys: Sequence[str], dues: Iterable[tuple[str, str, date]], *, town_code: str
) -> None:
    """Instead of what was kept of these people: (key, group, day) each."""
    for some in _batches(keys):
        session.execute(delete(RosterDueRow).where(RosterDueRow.person.in_(some)))
    rows = [
        {"person": key, "group_key": group, "town_code": town_code, "due": day} for key, group, day in dues
    ]
    _insert(session, RosterDueRow, rows)


def overdue_counts(session: Session, today: date) -> dict[tuple[str, str], int]:
    """(Town, group) -> how many should have been asked before ``today``."""
    place = (RosterDueRow.town_code, RosterDueRow.group_key)
    wanted = select(*place, func.count()).where(RosterDueRow.due < today).group_by(*place)
    return {(town, group): many for town, group, many in session.execute(wanted)}


def overdue_people(session: Session, village_code: str, today: date) -> dict[str, date]:
    """Of one village: key -> since when they should have been asked, the longest first."""
    wanted = (
        select(RosterDueRow.person, func.min(RosterDueRow.due))
        .join(LivingPersonRow, LivingPersonRow.key == RosterDueRow.person)
        .where(LivingPersonRow.village_code == village_code, RosterDueRow.due < today)
        .group_by(RosterDueRow.person)
        .order_by(func.min(RosterDueRow.due), RosterDueRow.person)
    )
    return dict(session.execute(wanted).all())


def long_gone(session: Session, before: date) -> list[LivingPersonRow]:
    """Who left before this day and is still known."""
    wanted = select(LivingPersonRow).where(
        LivingPersonRow.there.is_(False), LivingPersonRow.since < before, LivingPersonRow.lookup != ""
    )
    return list(session.scalars(wanted.order_by(LivingPersonRow.key)))


def erase(session: Session, row: LivingPersonRow) -> None:
    """What was known of somebody; that there was a row, with its days, stays."""
    row.sealed, row.lookup = b"", ""
    session.execute(update(RosterChangeRow).where(RosterChangeRow.person == row.key).values(sealed=b""))


def marks_of(session: Session, villages: Collection[str]) -> list[tuple[str, str, str]]:
    """(Village, key, keyed hash) of everybody who is there."""
    columns = (LivingPersonRow.village_code, LivingPersonRow.key, LivingPersonRow.lookup)
    rows = session.execute(select(*columns).where(LivingPersonRow.there.is_(True)))
    return [row for row in rows if row[0] in villages]


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _insert(session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Thousands of rows that nobody looks at again as objects."""
    if rows:
        session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]
