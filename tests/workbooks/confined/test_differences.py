"""Two versions as the reading process holds them against each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.dossiers.differences import Alike, Difference
from rules.refusals import Refused
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, full, id_number, person
from workbooks.confined.client import compare_apart
from workbooks.confined.differences import compare
from workbooks.confined.wire import pack
from workbooks.template.fill import Filling, fill

FIRST = full(4)
BEFORE = fill(TEMPLATE, FIRST)


def changed(**answers: object) -> Filling:
    """The first filling with one person gone, one come, one answering otherwise, and one figure changed."""
    second = {**FIRST.roster[1], **answers}
    return replace(
        FIRST,
        roster=[FIRST.roster[0], second, FIRST.roster[3], person(9)],
        survey={**FIRST.survey, "households": 8},
    )


AFTER = fill(TEMPLATE, changed(wishes="电商"))


def test_versions_compared_apart_are_told_as_in_this_process() -> None:
    found = compare_apart(BEFORE, AFTER, campaign=CAMPAIGN)

    assert found == compare(BEFORE, AFTER, campaign=CAMPAIGN)
    assert isinstance(found, Difference)
    assert [cell.title for form in found.forms for cell in form.cells] == ["总户数"]
    roster = found.roster
    assert (roster.added, roster.removed, roster.changed) == (1, 1, 1)
    assert [(one.name, one.after) for one in roster.rows_added] == [("测试9", 7)]
    assert [(cell.ref, cell.after) for cell in roster.rows_changed[0].cells] == [("T5", "电商")]


def test_shared_change_is_told_once() -> None:
    many = full(8)
    other = replace(many, roster=[{**row, "surveyor": "另一人"} for row in many.roster])

    found = compare(
        fill(TEMPLATE, replace(many, roster=[{**row, "surveyor": "甲"} for row in many.roster])),
        fill(TEMPLATE, other),
        campaign=CAMPAIGN,
    )

    assert isinstance(found, Difference)
    assert found.roster.alike == (Alike("调查人", "甲", "另一人", 8, "V4至V11"),)


def test_no_identity_number_leaves_the_process() -> None:
    typo = fill(TEMPLATE, changed(id_number=id_number(77)))

    answer = pack(compare(BEFORE, typo, campaign=CAMPAIGN)).decode()

    assert not any(id_number(n) in answer for n in (0, 1, 2, 3, 9, 77))
    assert "身份证号" in answer


@pytest.mark.parametrize(
    ("before", "after", "start"),
    [(b"nothing", AFTER, "旧的一版无法读取"), (BEFORE, b"nothing", "新的一版无法读取")],
)
def test_version_that_cannot_be_read_is_named(before: bytes, after: bytes, start: str) -> None:
    found = compare_apart(before, after, campaign=CAMPAIGN)

    assert isinstance(found, Refused)
    assert (found.code, found.reason.startswith(start)) == ("not_a_workbook", True)


def test_reader_that_dies_while_comparing_is_a_refusal() -> None:
    found = compare_apart(BEFORE, AFTER, campaign=CAMPAIGN, seconds=0.001)

    assert isinstance(found, Refused)
    assert found.code == "reading_slow"
