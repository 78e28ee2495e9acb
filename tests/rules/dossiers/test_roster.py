"""Counting people and households."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.dossiers.dossier import RosterRow, Value
from rules.dossiers.roster import count, counted_in, households, households_without_work
from tests.rules.samples import ABLE, FORMS, row

OUT_OF_WORK = {"status": "登记失业", "industry": None}


def test_count_needs_every_named_column_and_any_named_value() -> None:
    rows = [
        row(1, groups="残疾人、高校毕业生"),
        row(2, groups="高校毕业生", **OUT_OF_WORK),
        row(3, able="在校学生", status=None),
        RosterRow(4, {}),
    ]

    assert count(FORMS, rows) == {"able_and_willing": 2, "employed": 1, "graduate": 2, "graduate_employed": 1}


def test_kept_row_belongs_to_the_counts_that_counted_it() -> None:
    graduate = {"able": f"{ABLE} ", "status": "已就业", "groups": "残疾人、高校毕业生"}
    answers = (graduate, {**graduate, "groups": ""}, {"able": ABLE})

    told = [[one.key for one in FORMS.counts if counted_in(FORMS, known, one)] for known in answers]

    assert told == [
        ["able_and_willing", "employed", "graduate", "graduate_employed"],
        ["able_and_willing", "employed"],
        ["able_and_willing"],
    ]


def test_households_without_work_have_someone_able_and_nobody_employed() -> None:
    rows = [
        row(1, household="一", **OUT_OF_WORK),
        row(2, household="一", able="在校学生", status=None),
        row(3, household="二", **OUT_OF_WORK),
        row(4, household="二"),
        row(5, household="三", able="在校学生", status=None),
        row(6, household=None, **OUT_OF_WORK),
        RosterRow(7, {}),
    ]

    assert households_without_work(FORMS, households(rows)) == ("一",)


@pytest.mark.parametrize("kept", ["1", "0001", "1.0", 1, 1.0, "０１", " 1 ", "\u200b1"])
def test_household_is_one_however_its_number_is_kept(kept: Value) -> None:
    rows = [row(1, household="1", **OUT_OF_WORK), row(2, household=kept)]

    assert [number for number, _ in households(rows)] == ["1"]
    assert households_without_work(FORMS, households(rows)) == ()


people = some.lists(
    some.builds(
        row,
        some.integers(5, 400),
        able=some.sampled_from([ABLE, "在校学生"]),
        status=some.sampled_from(["已就业", "登记失业", None]),
        groups=some.sampled_from(["高校毕业生", "残疾人、高校毕业生", None]),
    )
)


@given(people, people)
def test_counts_of_two_rosters_add_up(some_people: list[RosterRow], others: list[RosterRow]) -> None:
    both, first, second = (count(FORMS, rows) for rows in (some_people + others, some_people, others))

    assert both == {key: first[key] + second[key] for key in first}
    assert both["employed"] <= both["able_and_willing"] <= len(some_people + others)
