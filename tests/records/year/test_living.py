"""Living rosters in the tables: nothing is overwritten, nothing stands unsealed, a replay gives the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from records.store import Session, Store
from records.tables.year import (
    LivingPersonRow,
    LivingRosterRow,
    RosterChangeRow,
    RosterConfirmationRow,
    ServiceRow,
    YearOpeningRow,
)
from records.year import living, openings, services
from rules.year.roster import Change, LivingPerson, roster_on
from tests.conftest import rows_of

VILLAGE, TOWN = "331181100200", "331181100"
NUMBER = "331199199001010017"
DAY = date(2026, 1, 5)
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOTING = living.Noting("page", "clerk-331181100", NOW)


def change(
    person: str, kind: str = "came", day: date = DAY, *, corrects: int | None = None, **values: str
) -> Change:
    return Change(0, person, kind, day, NOW, values, corrects)  # type: ignore[arg-type]


def begin(session: Session, store: Store, *keys: str) -> None:
    row = LivingRosterRow(
        village_code=VILLAGE, town_code=TOWN, source="import", begun_by="operator", begun_at=NOW
    )
    living.begin(session, row)
    living.add_people(session, store.vault, [(key, NUMBER) for key in keys], at=row, day=DAY)


@pytest.fixture
def begun(store: Store) -> Store:
    with store.writing() as session:
        begin(session, store, "a", "b")
        noted = [change("a", name="张三", id_number=NUMBER), change("b", name="李四")]
        living.add_changes(session, store.vault, VILLAGE, noted, NOTING)
        openings.add(session, YearOpeningRow(digest="d", frozen="{}", opened_by="operator", opened_at=NOW))
        living.add_confirmation(
            session,
            RosterConfirmationRow(
                village_code=VILLAGE, day=DAY, people=["a"], recorded_by="clerk", recorded_at=NOW
            ),
        )
        services.add(session, service())
    return store


def service(*people: str, corrects: int | None = None) -> ServiceRow:
    return ServiceRow(
        village_code=VILLAGE, kind="visit", day=DAY, people=list(people), count=len(people), corrects=corrects,
        recorded_by="clerk", recorded_at=NOW,
    )  # fmt: skip


def test_changes_come_back_as_they_were_noted_and_replay(begun: Store) -> None:
    later = DAY + timedelta(days=3)
    with begun.writing() as session:
        noted = [change("b", "left", later), change("a", "employment", later, status="已就业")]
        living.add_changes(session, begun.vault, VILLAGE, noted, NOTING)

    with begun.reading() as session:
        changes = living.changes_of(session, begun.vault, VILLAGE)
        alone = living.changes_about(session, begun.vault, ["b"])

    assert roster_on(changes, later) == (
        LivingPerson("a", {"name": "张三", "id_number": NUMBER, "status": "已就业"}),
    )
    assert alone == {"b": [one for one in changes if one.person == "b"]}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE roster_change SET day = '2020-01-01'",
        "DELETE FROM roster_change",
        "UPDATE roster_confirmation SET day = '2020-01-01'",
        "DELETE FROM service",
        "UPDATE service SET count = 9",
        "UPDATE year_opening SET digest = ''",
    ],
)
def test_database_itself_refuses_to_change_what_was_noted(begun: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"), begun.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_nothing_of_a_person_stands_unsealed(begun: Store) -> None:
    cells = [one.sealed for one in rows_of(begun, LivingPersonRow)]
    cells += [one.sealed for one in rows_of(begun, RosterChangeRow)]

    assert len(cells) == 4
    assert not [one for one in cells if NUMBER.encode() in one or "张三".encode() in one]


def test_person_erased_keeps_their_days_and_nothing_else(begun: Store) -> None:
    with begun.writing() as session:
        living.erase(session, session.get_one(LivingPersonRow, "a"))

    with begun.reading() as session:
        changes = living.changes_of(session, begun.vault, VILLAGE)
        gone = session.get_one(LivingPersonRow, "a")
    assert roster_on(changes, DAY) == (LivingPerson("a", {}), LivingPerson("b", {"name": "李四"}))
    assert (gone.sealed, gone.lookup, living.number_of(begun.vault, gone)) == (b"", "", "")


def test_due_days_are_counted_by_town_and_group_and_listed_by_village(begun: Store) -> None:
    with begun.writing() as session:
        dues = [("a", "hardship", DAY), ("a", "others", DAY + timedelta(days=9)), ("b", "others", DAY)]
        living.set_due(session, ["a", "b"], dues, town_code=TOWN)

    with begun.reading() as session:
        told = [
            (living.overdue_counts(session, day), living.overdue_people(session, VILLAGE, day))
            for day in (DAY, DAY + timedelta(days=1))
        ]
    both = {(TOWN, "hardship"): 1, (TOWN, "others"): 1}
    assert told == [({}, {}), (both, {"a": DAY, "b": DAY})]


def test_service_that_another_record_stands_for_counts_no_more(begun: Store) -> None:
    with begun.writing() as session:
        first = services.standing(session, VILLAGE)[0]
        services.add(session, service("a", "b", corrects=first.id))

    with begun.reading() as session:
        standing = services.standing(session, VILLAGE, day=DAY)
    assert [(one.people, one.corrects) for one in standing] == [(["a", "b"], first.id)]
