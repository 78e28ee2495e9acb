"""Every act of the year, by every role, against the table of acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actions.year.changes import note_changes
from actions.year.confirmations import confirm_unchanged
from actions.year.missing import find_missing
from actions.year.opening import open_year
from actions.year.rosters import begin_from_dossier, begin_from_table
from actions.year.services import Given, record_service
from actions.year.state import history_of, overdue_counts, overdue_people, state_on
from records.store import Store
from rules.refusals import Refused
from tests.actions.year.conftest import CLERK, LIST, OTHER_CLERK, START, TOWN, VILLAGE, at, year_of_folder

Act = Callable[[Store, str], object]
NOW = {"now": at(START)}
HERE = {"village_code": VILLAGE, **NOW}
ACTS: dict[str, tuple[Act, str]] = {
    "open": (
        lambda store, by: open_year(
            store, year=replace(year_of_folder(), county="他县"), by=by, now=at(START)
        ),
        "open",
    ),
    "begin from a dossier": (
        lambda store, by: begin_from_dossier(store, village_code=VILLAGE, by=by, now=at(START)),
        "keep",
    ),
    "begin from a list": (
        lambda store, by: begin_from_table(
            store, village_code=VILLAGE, name="a.csv", data=LIST.encode(), by=by, now=at(START)
        ),
        "keep",
    ),
    "note": (
        lambda store, by: note_changes(
            store, village_code=VILLAGE, entries=[], source="page", by=by, now=at(START)
        ),
        "keep",
    ),
    "confirm": (
        lambda store, by: confirm_unchanged(
            store, village_code=VILLAGE, people=[], day=START, by=by, now=at(START)
        ),
        "keep",
    ),
    "serve": (
        lambda store, by: record_service(
            store, village_code=VILLAGE, given=Given("publicity", START), by=by, now=at(START)
        ),
        "keep",
    ),
    "state": (lambda store, by: state_on(store, village_code=VILLAGE, day=START, by=by), "read"),
    "history": (lambda store, by: history_of(store, village_code=VILLAGE, person="", by=by), "read"),
    "overdue": (lambda store, by: overdue_people(store, village_code=VILLAGE, by=by, now=at(START)), "read"),
    "counts": (lambda store, by: overdue_counts(store, by=by, now=at(START)), "look"),
    "missing": (lambda store, by: find_missing(store, by=by, now=at(START)), "look"),
}
MAY = {
    "open": {"coordinator-1", "operator"},
    "keep": {CLERK, "coordinator-1"},
    "read": {CLERK, f"head-{TOWN}", "coordinator-1"},
    "look": {CLERK, OTHER_CLERK, f"head-{TOWN}", "coordinator-1"},
}
EVERYBODY = (CLERK, OTHER_CLERK, f"head-{TOWN}", "coordinator-1", "reviewer-1", "leader-1", "finance-1", "auditor-1",
             "operator", "system", "stranger")  # fmt: skip
TURNED_AWAY = {"wrong_role", "not_your_village", "not_yours"}


@pytest.mark.parametrize("name", ACTS)
def test_act_of_the_year_turns_away_exactly_whom_the_table_does(kept: Store, name: str) -> None:
    act, kind = ACTS[name]

    outcomes = {by: act(kept, by) for by in EVERYBODY}

    let_in = {
        by for by, one in outcomes.items() if not isinstance(one, Refused) or one.code not in TURNED_AWAY
    }
    assert let_in == MAY[kind]
