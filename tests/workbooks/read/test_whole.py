"""Sheets, columns and rows that are not what the template had: named, with what stands in their place."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from rehearsal.people.workbooks import fill_dossier
from rules.dossiers.dossier import Finding
from tests.workbooks.samples import CAMPAIGN, VILLAGE
from workbooks.confined.examine import examine
from workbooks.template.template import make_template

ROSTER, SCORES, SURVEY, RECOMMENDATION = "附件2 花名册", "附件1 评价指标", "附件3 调查表", "附件4 推荐表"
NEIGHBOUR = CAMPAIGN.villages[1]


@lru_cache(maxsize=4)
def good(village: str = VILLAGE.code) -> bytes:
    return fill_dossier(CAMPAIGN, village, plot="good", version=1, seed=3, rows=(30, 30))


def after(change: Callable[[Workbook], object], data: bytes | None = None) -> list[Finding]:
    """What is told of the good dossier after openpyxl changed and saved it, but for what it was told before."""
    workbook = load_workbook(BytesIO(data or good()))
    change(workbook)
    saved = BytesIO()
    workbook.save(saved)
    told = examine(
        saved.getvalue(), campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code
    ).findings
    return [one for one in told if one.code != "households_without_work"]


def put(sheet: str, ref: str, value: object) -> Callable[[Workbook], object]:
    return lambda book: book[sheet].__setitem__(ref, value)


# --- whose it is ---------------------------------------------------------------------------------------------


def test_neighbours_file_under_this_villages_identity_is_told_at_every_place_that_speaks_of_itself() -> None:
    def steal(book: Workbook) -> None:
        for ref, value in (("B3", VILLAGE.town_code), ("B4", VILLAGE.code)):
            book["_identity"][ref] = value

    told = after(steal, good(NEIGHBOUR.code))

    assert {(one.code, one.sheet) for one in told} == {
        ("other_heading", sheet) for sheet in (ROSTER, SCORES, SURVEY, RECOMMENDATION)
    }
    assert all(NEIGHBOUR.name in one.message and VILLAGE.name in one.message for one in told)


@pytest.mark.parametrize(
    ("sheet", "ref", "value", "code"),
    [
        (SURVEY, "C4", NEIGHBOUR.name, "other_place"),
        (SURVEY, "C5", NEIGHBOUR.code, "other_place"),
        (RECOMMENDATION, "C4", NEIGHBOUR.name, "other_place"),
        (RECOMMENDATION, "C5", CAMPAIGN.towns[-1].name, "other_place"),
        (SURVEY, "A1", "2019年申报 附件3 调查表", "other_year"),
        (ROSTER, "A1", "附件3 调查表", "other_form"),
        (SCORES, "A2", f"{NEIGHBOUR.name}({NEIGHBOUR.code})", "other_heading"),
    ],
)
def test_one_place_that_speaks_of_another_is_told(sheet: str, ref: str, value: str, code: str) -> None:
    assert [(one.code, one.sheet, one.ref) for one in after(put(sheet, ref, value))] == [(code, sheet, ref)]


def test_file_without_its_hidden_page_is_told_once_and_in_words() -> None:
    [one] = after(lambda book: book.remove(book["_identity"]))

    assert one.code == "identity_missing"
    assert "隐藏页被删除或改动（缺少活动编号、表格版本、乡镇(街道)代码、社区(村)代码）" in one.message


# --- what is not there ---------------------------------------------------------------------------------------


def test_renamed_columns_are_told_together_with_what_stands_in_their_place() -> None:
    def rename(book: Workbook) -> None:
        for column, title in enumerate(("户号", "名字", "证件号", "人户", "学历"), 1):
            at = {1: 2, 2: 3, 3: 4, 4: 7, 5: 8}[column]
            book[ROSTER].cell(3, at).value = title

    [one] = after(rename)

    assert one.message == (
        "“附件2 花名册”缺少列“户编号”、“姓名”、“身份证号”、“人户状态”、“文化程度”（B3“户号”、C3“名字”、D3“证件号”、"
        "G3“人户”、H3“学历”不在模板里，可能是改过名的）。请把列名改回模板的写法，不要删除列。"
    )


def test_many_rows_above_the_titles_hide_nothing() -> None:
    assert [one.code for one in after(lambda book: book[ROSTER].insert_rows(1, 15))] == []


@pytest.mark.parametrize("title", ["花名册", "Sheet1"])
def test_sheet_under_another_name_is_named(title: str) -> None:
    [one] = after(lambda book: setattr(book[ROSTER], "title", title))

    assert one.message.startswith(f"缺少工作表“附件2 花名册”（“{title}”像是这张表，页名被改过）。")


def test_question_in_other_words_is_told_with_the_words() -> None:
    [one] = after(put(SURVEY, "B6", "户数合计"))

    assert one.message.startswith(
        "“附件3 调查表”里找不到项目“总户数”（B6“户数合计”不在模板里，可能是改过名的）。"
    )


def test_number_of_annex_1_that_is_gone_is_told_by_its_number() -> None:
    told = after(put(SCORES, "A4", "一"))

    assert {one.code for one in told} == {"question_missing"}
    assert all("A1.1" in one.message for one in told)


# --- what is there twice -------------------------------------------------------------------------------------


def copied(sheet: str, title: str, *, hidden: bool = False) -> Callable[[Workbook], object]:
    def change(book: Workbook) -> None:
        copy = book.copy_worksheet(book[sheet])
        copy.title, copy.sheet_state = title, "hidden" if hidden else "visible"

    return change


@pytest.mark.parametrize("sheet", [SCORES, ROSTER, SURVEY, RECOMMENDATION])
@pytest.mark.parametrize(("title", "hidden"), [("{} (2)", False), ("副本", False), ("备份", True)])
def test_second_sheet_of_one_kind_is_refused_and_both_are_named(sheet: str, title: str, hidden: bool) -> None:
    title = title.format(sheet)

    [one] = after(copied(sheet, title, hidden=hidden))

    assert (one.code, one.message.split("是同一种表")[0]) == ("second_sheet", f"“{sheet}”和“{title}”")


def continued(sheet: str, title: str, first: int, last: int) -> Callable[[Workbook], object]:
    """Rows of a sheet put into another one, without the titles above them."""

    def change(book: Workbook) -> None:
        further = book.create_sheet(title)
        for row in book[sheet].iter_rows(min_row=first, max_row=last, values_only=True):
            further.append(row)
        book[sheet].delete_rows(first, last - first + 1)
        further.append(["以上为续页"])

    return change


@pytest.mark.parametrize("title", ["附件2(续)", "第二页", "Sheet2", "附件2 花名册(续)", "附件3"])
def test_further_people_on_another_sheet_are_refused_with_both_names(title: str) -> None:
    told = after(continued(ROSTER, title, 30, 33))

    [one] = [one for one in told if one.code == "second_sheet"]
    assert one.message == (
        f"“{ROSTER}”和“{title}”是同一种表，分不清以哪一张为准。请把要报的内容都放在“{ROSTER}”里，再删除“{title}”。"
    )


def test_one_further_person_without_a_number_is_refused_too() -> None:
    def further(book: Workbook) -> None:
        book.create_sheet("第二页").append(
            [31, "008", "测试", None, None, None, "本村常住", "初中", None, "有能力有意愿", "已就业"]
        )

    assert [one.code for one in after(further)] == ["second_sheet"]


@pytest.mark.parametrize(
    ("sheet", "rows"), [(SCORES, (20, 40)), (SURVEY, (10, 20)), (RECOMMENDATION, (4, 14))]
)
def test_further_rows_of_another_annex_are_refused_with_both_names(sheet: str, rows: tuple[int, int]) -> None:
    told = after(continued(sheet, "Sheet2", *rows))

    [one] = [one for one in told if one.code == "second_sheet"]
    assert (one.sheet, "“Sheet2”" in one.message) == (sheet, True)


def test_sheet_of_notes_is_no_second_one_and_is_told_as_not_read() -> None:
    def note(book: Workbook) -> None:
        book.create_sheet("附件2 备注").append(["姓名", "备注"])
        book.create_sheet("说明").append(["项目", "说明"])
        choices = book.create_sheet("选项")
        choices.append(["人户状态", "文化程度", "劳动能力与意愿", "就业状态"])
        choices.append(["本村常住", "初中", "有能力有意愿", "已就业"])
        book.create_sheet("Sheet3")

    told = after(note)

    assert [(one.code, one.severity, one.sheet) for one in told] == [
        ("sheet_unread", "warning", title) for title in ("附件2 备注", "说明", "选项")
    ]


def test_second_column_under_one_title_is_refused_and_both_are_named() -> None:
    def second(book: Workbook) -> None:
        book[ROSTER]["Z3"] = "就业状态"
        book[ROSTER]["Z5"] = "登记失业"

    [one] = [one for one in after(second) if one.severity == "error"]

    assert (one.code, "“就业状态”出现了不止一次（K3、Z3）" in one.message) == ("second_place", True), (
        one.message
    )


@pytest.mark.parametrize(
    ("sheet", "title", "at"), [(SURVEY, "总户数", "C6"), (RECOMMENDATION, "负责人", "C6")]
)
def test_question_that_is_answered_twice_is_refused(sheet: str, title: str, at: str) -> None:
    def again(book: Workbook) -> None:
        book[sheet]["B70"], book[sheet]["C70"] = title, 5

    [one] = after(again)

    assert (one.code, f"“{title}”出现了不止一次（{at}、C70）" in one.message) == ("second_place", True)


def test_number_of_annex_1_that_is_answered_twice_is_refused() -> None:
    def again(book: Workbook) -> None:
        book[SCORES]["A90"], book[SCORES]["E90"] = "B1.1/1", "否"

    [one] = after(again)

    assert (one.code, "“B1.1/1”出现了不止一次" in one.message) == ("second_place", True)


def test_empty_template_speaks_of_its_own_village() -> None:
    blank = make_template(CAMPAIGN, VILLAGE.code)

    told = examine(blank, campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code).findings

    assert {one.code for one in told} & {"other_heading", "other_place", "other_year", "other_form"} == set()
