"""Fixed, still there, new: what became of findings, also when rows have moved."""

from __future__ import annotations

import pytest

from rules.dossiers.checks.findings import found
from rules.dossiers.checks.kinds import FINDINGS
from rules.dossiers.checks.progress import FIXED, NEW, STILL, progress_of
from rules.dossiers.dossier import Cell, Finding

ROSTER = "附件2 花名册"
FACTS = {"title": "姓名", "value": "甲", "choices": "乙", "expected": "5", "places": "J50", "note": "算法"}

OTHER = {"what": "行", "instead": "没有", "how": "多了空格", "inputs": "花名册", "causes": "L7"}


def finding(code: str, ref: str = "", **facts: str) -> Finding:
    return found(
        code,
        Cell(ROSTER, ref, None, "blank"),
        **{**FACTS, "rows": "", "what": "行", "instead": "没有", **facts},
    )


def blank(ref: str) -> Finding:
    return finding("required_blank", ref)


def told(before: list[Finding], after: list[Finding]) -> tuple[list[str], list[str]]:
    """What each later finding is, and the places of those put right."""
    compared = progress_of(before, after)
    return list(compared.since), [one.ref for one in compared.fixed]


def test_finding_in_its_place_is_still_there_another_new_a_third_put_right() -> None:
    assert told([blank("C4"), blank("C9")], [blank("C4"), blank("H5")]) == ([STILL, NEW], ["C9"])


def test_finding_with_other_words_in_its_place_is_still_there() -> None:
    wrong = [finding("choice_unknown", "G5", value=value) for value in ("本村", "外村")]

    assert told(wrong[:1], wrong[1:]) == ([STILL], [])


def test_finding_moves_with_its_row() -> None:
    before = [finding("id_check_digit", f"D{row}", value=f"**{row}") for row in (5, 8, 20)]
    moved = [finding("id_check_digit", f"D{row + 3}", value=f"**{row}") for row in (5, 20)]

    assert told(before, moved) == ([STILL, STILL], ["D8"])


def test_findings_alike_are_matched_to_the_nearest_row() -> None:
    assert told([blank("C5"), blank("C40")], [blank("C41"), blank("C7"), blank("C90")]) == (
        [STILL, STILL, NEW],
        [],
    )


def test_whole_rows_move_too() -> None:
    before, after = (finding("derived_differs", ref) for ref in ("第5行", "第6行"))

    assert told([before], [after]) == ([STILL], [])


def test_finding_about_a_sheet_is_the_same_however_many_places_it_counts() -> None:
    before = finding("stray_cells", "J50", value="40", places="J50至J89")
    after = finding("stray_cells", "K12", value="2", places="K12、K13")

    assert told([before], [after]) == ([STILL], [])


@pytest.mark.parametrize(
    ("gone", "stopped_by", "fixed"),
    [
        ("required_blank", "wrong_village", []),
        ("required_blank", "missing_sheet", []),
        ("required_blank", "hidden_content", ["C4"]),
        ("wrong_form_version", "missing_sheet", ["C4"]),
        ("figure_differs", "required_blank", ["C4"]),
    ],
)
def test_finding_counts_as_put_right_only_when_its_stage_was_reached(
    gone: str, stopped_by: str, fixed: list[str]
) -> None:
    assert told([finding(gone, "C4")], [finding(stopped_by, "A1")]) == ([NEW], fixed)


def test_what_other_villages_bring_about_is_not_compared() -> None:
    elsewhere = finding("id_in_same_town", "第5行")

    assert told([elsewhere], [elsewhere]) == ([""], [])


def test_code_that_is_no_longer_known_is_matched_by_its_place() -> None:
    old = Finding("retired", "error", ROSTER, "C4", "不对。")

    assert told([old], [old, blank("C5")]) == ([STILL, NEW], [])
    assert told([old], [Finding("retired", "error", ROSTER, "", "不对。")]) == ([NEW], ["C4"])


def test_counts_are_of_one_comparison() -> None:
    compared = progress_of([blank("C4"), blank("C9")], [blank("C4"), blank("H5"), blank("H6")])

    assert [compared.count(since) for since in (FIXED, STILL, NEW)] == [1, 1, 2]
    assert set(FINDINGS) >= {one.code for one in compared.fixed}
