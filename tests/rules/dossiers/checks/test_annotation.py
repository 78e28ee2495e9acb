"""The lines of an annotated copy and its heading."""

from __future__ import annotations

from rules.dossiers.checks.annotation import HOW, MOST_COMMENTS, MOST_LISTED, Remark, annotation
from rules.dossiers.checks.findings import found
from rules.dossiers.checks.progress import FIXED, NEW, STILL, progress_of
from rules.dossiers.dossier import Cell, Finding


def finding(ref: str, code: str = "required_blank") -> Finding:
    cell = Cell("附件2 花名册", ref, None, "blank")
    return found(code, cell, title="姓名", value="**18", corrections="去掉空格")


def remark(ref: str, since: str, *cells: str) -> Remark:
    return Remark("error", since, "附件2 花名册", ref, cells, "姓名没有填写。", "请补填。")


def test_every_finding_is_a_line_and_the_heading_counts_them() -> None:
    told = annotation([finding("C4"), finding("D5", "id_corrected")], title="第一村 问题清单")

    assert (told.title, told.compared) == ("第一村 问题清单", False)
    assert told.notes == ("共2处：必须改正1处，已自动整理1处。", HOW)
    assert told.remarks == (
        remark("C4", "", "C4"),
        Remark(
            "corrected", "", "附件2 花名册", "D5", ("D5",),
            "身份证号（**18）已自动整理：去掉空格。", "请核对，无误则不必修改。",
        ),
    )  # fmt: skip


def test_earlier_version_is_told_apart_and_what_was_put_right_stands_last_without_marks() -> None:
    after = [finding("C4"), finding("C9")]
    compared = progress_of([finding("C4"), finding("B5")], after)

    told = annotation(after, title="", compared=compared, earlier=1)

    assert told.notes[0] == "共2处：必须改正2处。与第1版相比：已改正1处，仍未改1处，新出现1处。"
    assert told.remarks == (remark("C4", STILL, "C4"), remark("C9", NEW, "C9"), remark("B5", FIXED))


def test_earlier_version_without_a_number_is_the_one_before() -> None:
    told = annotation([], title="", compared=progress_of([finding("C4")], []))

    assert told.notes[0] == "没有发现问题。与上一版相比：已改正1处，仍未改0处，新出现0处。"


def test_nothing_found_is_said() -> None:
    assert annotation([], title="").notes[0] == "没有发现问题。"


def test_too_many_cells_for_comments_are_announced() -> None:
    few, many = (
        [finding(f"C{n}") for n in range(1, size + 1)] for size in (MOST_COMMENTS, MOST_COMMENTS + 1)
    )

    assert annotation(few, title="").notes[1] == HOW
    assert (
        annotation(many, title="").notes[1].endswith("批注只加在每页前500个单元格上，颜色标在全部单元格上。")
    )


def test_very_many_findings_are_told_alike_with_all_their_cells() -> None:
    rows = range(4, MOST_LISTED + 5)
    findings = [*(finding(f"C{row}") for row in rows), finding("H4")]
    compared = progress_of([finding("H4")], findings)

    many, one = annotation(findings, title="", compared=compared, earlier=1).remarks

    assert (many.cells, many.since) == (tuple(f"C{row}" for row in rows), NEW)
    assert many.wrong == f"姓名没有填写。（同类问题共{len(rows)}处：C4至C{rows[-1]}。）"
    assert one == remark("H4", STILL, "H4")


def test_group_of_old_and_new_findings_says_neither() -> None:
    findings = [finding(f"C{row}") for row in range(4, MOST_LISTED + 5)]

    [line] = annotation(findings, title="", compared=progress_of(findings[:1], findings), earlier=1).remarks

    assert line.since == ""
