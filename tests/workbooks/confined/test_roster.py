"""The rows of a roster as the reading process lists them."""

from __future__ import annotations

from datetime import date

from tests.workbooks.samples import CAMPAIGN, TEMPLATE, full, id_number
from workbooks.confined.client import list_roster_apart
from workbooks.confined.roster import list_roster
from workbooks.template.fill import fill

FILLED = fill(TEMPLATE, full())


def test_roster_listed_apart_is_that_of_this_process() -> None:
    lines = list_roster_apart(FILLED, campaign=CAMPAIGN)

    assert repr(lines) == repr(list_roster(FILLED, campaign=CAMPAIGN))
    answers = lines[1].answers
    asked = ("seq", "name", "id_number", "surveyed_on")
    assert [answers[key] for key in asked] == [2, "测试1", id_number(1), date(2020, 10, 21)]


def test_roster_that_cannot_be_read_has_no_rows() -> None:
    assert list_roster_apart(b"nothing", campaign=CAMPAIGN) == []
