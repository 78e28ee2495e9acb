"""What is kept of people beside their changes: whether they are there, and by when each is asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from actions.year.opening import year_of
from records.store import Session, Store, repeatable
from records.tables.year import LivingPersonRow, LivingRosterRow
from records.year import living
from rules.refusals import Refused
from rules.year.entries import ID_NUMBER
from rules.year.opened import OpenedYear
from rules.year.plan import Group
from rules.year.roster import Change, LivingPerson, order, roster_on, standing

Heard = Callable[[int, int], object]
"""Hears how many of how many villages are done."""


def reckon(
    session: Session,
    store: Store,
    year: OpenedYear,
    roster: LivingRosterRow,
    changes: Mapping[str, Sequence[Change]],
    *,
    today: date,
) -> None:
    """Keep anew what follows from all changes of these people."""
    rows = living.people_with(session, list(changes))
    dues = list[tuple[str, str, date]]()
    for key, mine in changes.items():
        there = roster_on(mine, today)
        _keep(store, rows[key], mine, there, today=today)
        dues += dues_of(there, year.plan.groups, confirmed=rows[key].confirmed)
    session.flush()
    living.set_due(session, list(changes), dues, town_code=roster.town_code)


def _keep(
    store: Store,
    row: LivingPersonRow,
    mine: Sequence[Change],
    there: tuple[LivingPerson, ...],
    *,
    today: date,
) -> None:
    moves = [one for one in sorted(standing(mine), key=order) if one.kind in ("came", "left")]
    row.since = next((one.day for one in reversed(moves) if one.day <= today), row.since)
    row.there = bool(there)
    number = there[0].values.get(ID_NUMBER, "") if there else ""
    if number and store.vault.lookup(number) != row.lookup:
        row.sealed = store.vault.seal(number.encode(), about=living.place_of_number(row.key))
        row.lookup = store.vault.lookup(number)


def dues_of(
    there: Iterable[LivingPerson], groups: Sequence[Group], *, confirmed: date
) -> Iterator[tuple[str, str, date]]:
    """(Key, group, day) for each group of somebody who is there."""
    for person in there:
        for group in groups:
            if group.holds(person.values):
                yield person.key, group.key, group.interval.after(confirmed)


def reckon_all(store: Store, *, today: date, heard: Heard = lambda *_: None) -> int:
    """All villages again, one transaction each, after the year was opened with other groups; how many."""
    with store.reading() as session:
        codes = sorted(living.begun(session))
    for done, code in enumerate(codes, 1):
        _reckon_village(store, code, today=today)
        heard(done, len(codes))
    return len(codes)


@repeatable
def _reckon_village(store: Store, code: str, *, today: date) -> None:
    with store.writing() as session:
        year, roster = year_of(session), living.locked_roster(session, code)
        if isinstance(year, Refused) or roster is None:
            return
        keys = list(living.people_of(session, code))
        changes = living.changes_about(session, store.vault, keys)
        reckon(session, store, year, roster, changes, today=today)
