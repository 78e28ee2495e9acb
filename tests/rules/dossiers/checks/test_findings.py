"""Saying what was found: order, groups, places, the help page."""

from __future__ import annotations

import pytest

from config.places import ROOT
from rules.dossiers.checks.findings import found, gravest_first, help_page, messages, places, refused
from rules.dossiers.checks.kinds import FINDINGS
from rules.dossiers.dossier import Cell, Finding
from rules.refusals import Refused


def finding(code: str, ref: str = "A1") -> Finding:
    return Finding(code, FINDINGS[code].severity, "花名册", ref, f"{ref}不对。")


def test_findings_are_ordered_by_gravity_then_stage_then_place() -> None:
    mixed = [
        finding("id_corrected"),
        finding("figure_differs"),
        finding("stray_cells"),
        finding("required_blank", "B2"),
        finding("required_blank", "A3"),
    ]

    assert [(one.code, one.ref) for one in gravest_first(mixed)] == [
        ("required_blank", "B2"),
        ("required_blank", "A3"),
        ("figure_differs", "A1"),
        ("stray_cells", "A1"),
        ("id_corrected", "A1"),
    ]


@pytest.mark.parametrize(
    ("refs", "told"),
    [
        ([], ""),
        (["D4"], "D4"),
        (["D4", "D5", "D6", "D9"], "D4至D6、D9"),
        (["第5行", "第6行"], "第5行、第6行"),
        ([f"D{row}" for row in range(2, 24, 2)], "D2、D4、D6、D8、D10、D12、D14、D16等11处"),
    ],
)
def test_places_are_told_in_short(refs: list[str], told: str) -> None:
    assert places(refs) == told


def test_many_alike_in_a_column_are_one_message_and_few_are_not() -> None:
    many = [finding("id_length", f"D{row}") for row in range(4, 9)]
    few = [finding("id_length", "E4"), finding("id_length", "E5")]

    assert messages([*many, *few]) == [
        "D4不对。（同类问题共5处：D4至D8。）",
        "E4不对。",
        "E5不对。",
    ]


def test_different_items_of_one_column_are_each_told() -> None:
    """Annex 3 asks something else in every row."""
    sheet = "附件3 调查表"
    blank = [
        found("required_blank", Cell(sheet, f"C{row}", None, "blank"), title=title)
        for row, title in enumerate(("总户数", "总人口", "就业人数", "务农", "培训"), 6)
    ]

    assert messages(blank) == [one.message for one in blank]


def test_file_refused_speaks_from_the_same_table() -> None:
    assert refused("file_too_large", limit="15") == Refused(
        "file_too_large", "文件超过15MB。请删去图片等多余内容后再上传。"
    )


def test_help_page_is_the_table_as_it_is_now() -> None:
    """After a change, write what ``rules.dossiers.checks.findings.help_page`` returns there."""
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == help_page()
