"""The town's clock and the bureau's, and what the bureau's delay gives the town."""

from __future__ import annotations

from datetime import date

import pytest

from rules.campaign.calendar import Calendar
from rules.duties.clocks import Clocks, clocks, delay_in_words, made_up, refuse_return
from rules.refusals import Refused

CALENDAR = Calendar(frozenset({date(2020, 11, 18)}), frozenset({date(2020, 11, 21)}), date(2020, 11, 30))


def day(number: int) -> date:
    return date(2020, 11, number)


def test_clocks_count_each_working_day_for_whoever_had_the_dossier_at_its_end() -> None:
    found = clocks(
        CALENDAR,
        town=[(day(17), day(20))],
        bureau=[(day(16), day(17)), (day(19), day(24)), (day(20), day(23))],
        returned=1,
        most=2,
    )

    assert found == Clocks(returned=1, most=2, town_days=2, bureau_days=4)


@pytest.mark.parametrize(("returned", "most", "code"), [(2, 2, "return_limit"), (1, 2, ""), (9, 0, "")])
def test_dossier_is_returned_at_most_so_often(returned: int, most: int, code: str) -> None:
    refused = refuse_return(Clocks(returned, most, 0, 0))

    assert (refused.code if refused else "") == code


def test_days_by_which_the_bureau_was_late_are_the_towns() -> None:
    assert made_up(CALENDAR, day(24), late=(day(17), day(20))) == (day(26), 2)
    assert made_up(CALENDAR, day(24), late=(day(20), day(17))) == (day(24), 0)
    assert made_up(CALENDAR, day(30), late=(day(17), day(20))) == (day(30), 0)
    assert "2个工作日" in delay_in_words(2)
    assert not isinstance(made_up(CALENDAR, day(24), late=(day(17), day(17)))[0], Refused)
