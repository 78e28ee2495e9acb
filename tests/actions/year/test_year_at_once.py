"""Two who do the same of the year at once: one of them did it, the other is told so."""

from __future__ import annotations

from functools import partial

import pytest

from actions.year.changes import Noted, note_changes
from actions.year.opening import Opened, open_year
from actions.year.rosters import Begun, begin_from_table
from actions.year.services import Given, record_service
from records.store import Store
from records.tables.year import LivingRosterRow, ServiceRow, YearOpeningRow
from rules.refusals import Refused
from rules.year.entries import Entry
from tests.actions.test_at_once import together, whole
from tests.actions.year.conftest import CLERK, LIST, START, VILLAGE, at, keys, year_of_folder
from tests.conftest import rows_of


def codes(done: list[object]) -> list[str]:
    return [one.code for one in done if isinstance(one, Refused)]


def test_year_opened_twice_at_once_is_opened_once(opened: Store) -> None:
    act = partial(open_year, opened, year=year_of_folder(), by="coordinator-1", now=at(START))

    done = together(act, act)

    assert (codes(done), sum(isinstance(one, Opened) for one in done)) == (["same_year"], 1)
    assert (len(rows_of(opened, YearOpeningRow)), whole(opened)) == (1, True)


def test_roster_begun_twice_at_once_begins_once(year: Store) -> None:
    act = partial(
        begin_from_table,
        year,
        village_code=VILLAGE,
        name="a.csv",
        data=LIST.encode(),
        by=CLERK,
        now=at(START),
    )

    done = together(act, act)

    assert (codes(done), sum(isinstance(one, Begun) for one in done)) == (["roster_begun"], 1)
    assert len(rows_of(year, LivingRosterRow)) == 1


@pytest.mark.parametrize("counted", [False, True])
def test_service_recorded_twice_at_once_is_recorded_once(kept: Store, counted: bool) -> None:
    given = Given("publicity", START, count=3) if counted else Given("visit", START, tuple(keys(kept)[:1]))
    act = partial(record_service, kept, village_code=VILLAGE, given=given, by=CLERK, now=at(START))

    done = together(act, act)

    assert codes(done) == ["served_already"]
    assert len(rows_of(kept, ServiceRow)) == 1


def test_person_who_leaves_twice_at_once_leaves_once(kept: Store) -> None:
    entry = Entry("left", START, keys(kept)[0])
    act = partial(
        note_changes, kept, village_code=VILLAGE, entries=[entry], source="command", by=CLERK, now=at(START)
    )

    done = [one for one in together(act, act) if isinstance(one, Noted)]

    assert sorted(one.changes for one in done if not one.unfit) == [1]
    assert [bad.why.code for one in done for bad in one.unfit] == ["not_there"]
