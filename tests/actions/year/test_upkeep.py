"""Who is overdue, who was asked, who is missing, what was done for whom, and who is forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions.upkeep import retention
from actions.year.changes import note_changes
from actions.year.confirmations import confirm_unchanged
from actions.year.missing import Missing, Nameless, find_missing
from actions.year.rosters import begin_from_table
from actions.year.services import Given, record_service
from actions.year.state import Overdue, overdue_counts, overdue_people, state_on
from records.store import Store
from records.tables.year import LivingPersonRow, ServiceRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from rules.year.entries import Entry
from tests.actions.year.conftest import CLERK, LIST, OTHER_CLERK, START, VILLAGE, at, keys
from tests.conftest import rows_of

SOON, LATE = START + timedelta(days=32), date(2021, 7, 5)


def test_people_are_overdue_by_the_shortest_of_their_groups_until_they_are_confirmed(kept: Store) -> None:
    _, second, _ = keys(kept)
    hard = (Overdue("八都镇", "就业困难人员", 1), Overdue("八都镇", "登记失业人员", 1))

    before = overdue_counts(kept, by=CLERK, now=at(SOON))
    people = overdue_people(kept, village_code=VILLAGE, by=CLERK, now=at(SOON))
    done = confirm_unchanged(kept, village_code=VILLAGE, people=[second], day=SOON, by=CLERK, now=at(SOON))

    assert isinstance(people, tuple)
    assert (before, [(one.key, one.since) for one in people]) == (hard, [(second, date(2021, 2, 4))])
    assert (done, overdue_counts(kept, by=CLERK, now=at(SOON))) == (1, ())
    assert overdue_counts(kept, by=OTHER_CLERK, now=at(LATE)) == ()
    assert overdue_counts(kept, by="coordinator-1", now=at(LATE)) == (
        *hard,
        Overdue("八都镇", "其他劳动力", 2),
    )


@pytest.mark.parametrize(
    ("people", "day", "code"),
    [([], SOON, "nobody_confirmed"), (["x"], SOON, "not_in_roster"), (["x"], LATE, "day_ahead")],
)
def test_confirmation_of_nobody_of_somebody_else_or_of_tomorrow_is_refused(
    kept: Store, people: list[str], day: date, code: str
) -> None:
    done = confirm_unchanged(kept, village_code=VILLAGE, people=people, day=day, by=CLERK, now=at(SOON))

    assert isinstance(done, Refused)
    assert done.code == code


def test_people_in_two_rosters_and_without_a_state_are_found(kept: Store, campaign: Campaign) -> None:
    other = campaign.villages[1].code
    data = "\n".join(LIST.splitlines()[:2]).encode()
    begin_from_table(
        kept, village_code=other, name="a.csv", data=data, by=f"clerk-{other[:9]}", now=at(START)
    )

    found = find_missing(kept, by=CLERK, now=at(SOON))

    nameless = Nameless(VILLAGE, keys_in(kept, VILLAGE)["王五"], "王五")
    assert found == Missing({}, (tuple(sorted((VILLAGE, other))),), (nameless,))


def keys_in(store: Store, village: str) -> dict[str, str]:
    shown = state_on(store, village_code=village, day=SOON, by="coordinator-1")
    assert isinstance(shown, tuple)
    return {one.name: one.key for one in shown}


def record(store: Store, given: Given, **changed: object) -> int | Refused:
    usual = {"village_code": VILLAGE, "by": CLERK, "now": at(SOON)}
    return record_service(store, given=given, **{**usual, **changed})  # type: ignore[arg-type]


def test_service_is_recorded_once_and_again_only_when_said_so(kept: Store) -> None:
    first, second, _ = keys(kept)
    visit = Given("visit", SOON, (first, second))

    done = [record(kept, visit), record(kept, Given("visit", SOON, (second,)))]
    done += [
        record(kept, visit, again=True),
        record(kept, Given("visit", SOON - timedelta(days=1), (first,))),
    ]

    codes = [one.code if isinstance(one, Refused) else "recorded" for one in done]
    assert codes == ["recorded", "served_already", "recorded", "recorded"]
    assert [one.count for one in rows_of(kept, ServiceRow)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Given("nothing", SOON, count=1), "no_such_service"),
        (Given("publicity", LATE, count=1), "day_ahead"),
        (Given("publicity", SOON), "nobody_served"),
        (Given("publicity", SOON, ("x",)), "only_counted"),
        (Given("visit", SOON, count=3), "who_was_served"),
        (Given("visit", SOON, ("x",)), "not_there"),
        (Given("publicity", SOON, count=-1), "odd_count"),
        (Given("publicity", SOON, count=1, corrects=9), "nothing_to_correct"),
    ],
)
def test_service_that_cannot_have_been_is_refused(kept: Store, given: Given, code: str) -> None:
    done = record(kept, given)

    assert isinstance(done, Refused)
    assert (done.code, rows_of(kept, ServiceRow)) == (code, [])


def test_service_before_somebody_came_is_refused(kept: Store) -> None:
    done = record(kept, Given("visit", START - timedelta(days=1), (keys(kept)[0],)))

    assert isinstance(done, Refused)
    assert done.code == "not_there"


def test_service_corrected_and_taken_back_may_be_recorded_anew(kept: Store) -> None:
    first = record(kept, Given("publicity", SOON, count=3))
    assert isinstance(first, int)

    taken_back = record(kept, Given("publicity", SOON, corrects=first))
    anew = record(kept, Given("publicity", SOON, count=5))

    assert [isinstance(one, int) for one in (taken_back, anew)] == [True, True]


def test_who_left_is_forgotten_after_retention_and_once(kept: Store) -> None:
    first = keys(kept)[0]
    entry = Entry("left", SOON, first)
    note_changes(kept, village_code=VILLAGE, entries=[entry], source="page", by=CLERK, now=at(SOON))

    early, over = at(date(2023, 2, 5)), at(date(2023, 2, 6))
    for now in (early, over, over):
        retention.erase_outlived(kept, by="system", now=now)

    known = {one.key: bool(one.lookup) for one in rows_of(kept, LivingPersonRow)}
    shown = state_on(kept, village_code=VILLAGE, day=START, by=CLERK)
    assert isinstance(shown, tuple)
    assert [key for key, there in known.items() if not there] == [first]
    assert sorted(one.name for one in shown) == ["", "李四", "王五"]
