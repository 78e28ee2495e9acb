"""A sentence taken apart: what is wrong, what to do, and which cells it names."""

from __future__ import annotations

import pytest

from rules.dossiers.checks.findings import MOST_CELLS, WORDS, cells_named, found, item_of, parted
from rules.dossiers.checks.kinds import FINDINGS
from rules.dossiers.dossier import Cell, Finding

SELF_EXPLAINING = {"duplicate_id_explained"}
"""Kinds that ask nobody to do anything."""


def finding(code: str, ref: str = "D4", **facts: str) -> Finding:
    return found(code, Cell("附件2 花名册", ref, None, "text"), **{**WORDS, **facts})


@pytest.mark.parametrize("code", FINDINGS)
def test_every_kind_says_what_is_wrong_and_what_to_do(code: str) -> None:
    one = finding(code)

    wrong, remedy = parted(one)

    assert one.message.endswith(wrong + remedy)
    assert wrong.endswith("。")
    assert (remedy == "") == (code in SELF_EXPLAINING)


def test_full_stop_in_what_was_filled_in_is_no_seam() -> None:
    one = finding("choice_unknown", title="姓名", value="甲。请补填。乙", choices="丙、丁")

    assert parted(one) == ("姓名填的是“甲。请补填。乙”。", "请从下拉选项中选择：丙、丁。")


def test_sentence_of_an_unknown_kind_or_another_wording_stays_whole() -> None:
    assert parted(Finding("retired", "error", "表", "A1", "不对。请改。")) == ("不对。请改。", "")
    assert parted(Finding("id_length", "error", "表", "A1", "从前的说法")) == ("从前的说法", "")


@pytest.mark.parametrize(
    ("code", "ref", "places", "cells"),
    [
        ("id_length", "D4", "", ("D4",)),
        ("roster_empty", "", "", ()),
        ("stray_cells", "J50", "J50至J52、X9等4处", ("J50", "J51", "J52", "X9")),
        ("column_shifted", "", "第5行至第7行、第9行", ("第5行", "第6行", "第7行", "第9行")),
        ("id_filled_down", "D4", "D4至D6", ("D4", "D5", "D6")),
    ],
)
def test_cells_named_are_the_findings_own_and_those_in_its_words(
    code: str, ref: str, places: str, cells: tuple[str, ...]
) -> None:
    assert cells_named(finding(code, ref, places=places, value="4")) == cells


def test_item_is_the_column_that_a_finding_names() -> None:
    told = [
        finding("required_blank", title="总人口"),
        finding("choice_unknown", title="文化程度"),
        finding("id_length"),
    ]

    assert [item_of(one) for one in told] == ["总人口", "文化程度", ""]
    assert item_of(Finding("retired", "error", "表", "A1", "总人口没有填写。")) == ""


def test_cells_named_are_never_more_than_can_be_marked() -> None:
    assert len(cells_named(finding("stray_cells", "J1", places="J1至J9999999"))) == MOST_CELLS
    assert cells_named(Finding("retired", "error", "表", "A1", "A2")) == ("A1",)
