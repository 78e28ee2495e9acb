"""Opening the year, and opening it again with a newer folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.year.opening import Opened, open_year, year_of
from actions.year.reckoning import reckon_all
from actions.year.state import Overdue, overdue_counts
from records.store import Store
from records.tables.year import YearOpeningRow
from rules.refusals import Refused
from rules.year.plan import Interval
from tests.actions.year.conftest import CLERK, START, at, year_of_folder
from tests.conftest import rows_of


def test_year_opened_is_what_acts_start_from_and_once_is_enough(year: Store) -> None:
    again = open_year(year, year=year_of_folder(), by="operator", now=at(START))

    with year.reading() as session:
        assert year_of(session) == year_of_folder()
    assert isinstance(again, Refused)
    assert (again.code, len(rows_of(year, YearOpeningRow))) == ("same_year", 1)


@pytest.mark.parametrize("by", [CLERK, "reviewer-1", "nobody"])
def test_year_is_opened_by_nobody_else(year: Store, by: str) -> None:
    done = open_year(year, year=replace(year_of_folder(), county="他县"), by=by, now=at(START))

    assert isinstance(done, Refused)
    assert done.code == "wrong_role"


def test_year_opened_with_other_groups_asks_everybody_anew(kept: Store) -> None:
    plan = year_of_folder().plan
    quicker = replace(plan, groups=(replace(plan.groups[-1], interval=Interval(days=10)),))

    done = open_year(kept, year=replace(year_of_folder(), plan=quicker), by="coordinator-1", now=at(START))
    many = reckon_all(kept, today=START)

    told = overdue_counts(kept, by=CLERK, now=at(START + timedelta(days=11)))
    assert isinstance(done, Opened)
    assert (done.asks_anew, many, told) == (True, 1, (Overdue("八都镇", "其他劳动力", 3),))
