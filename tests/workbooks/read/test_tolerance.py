"""What people do to a workbook, and what is still understood."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from rules.dossiers.dossier import Cell, Dossier
from rules.refusals import Refused
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, full, person
from workbooks.read.dossier import read_dossier
from workbooks.template.fill import Filling, fill

ROSTER = "附件2 花名册"
FILLED = fill(TEMPLATE, full())


def changed(change: Callable[[Workbook], object], data: bytes = FILLED) -> Dossier:
    workbook = load_workbook(BytesIO(data))
    change(workbook)
    saved = BytesIO()
    workbook.save(saved)
    dossier = read_dossier(saved.getvalue(), CAMPAIGN)
    assert isinstance(dossier, Dossier)
    return dossier


def roster_of(workbook: Workbook) -> Worksheet:
    return workbook[ROSTER]


def test_roster_with_a_column_put_in_front_is_read_by_title() -> None:
    dossier = changed(lambda book: roster_of(book).insert_cols(1))

    assert [row.cells["name"].ref for row in dossier.roster] == ["D4", "D5", "D6"]


def test_roster_title_spread_over_lines_is_recognised() -> None:
    dossier = changed(lambda book: roster_of(book).__setitem__("C3", "姓 \n名*"))

    assert dossier.missing_columns == ()


def test_roster_without_a_column_names_its_key() -> None:
    dossier = changed(lambda book: roster_of(book).delete_cols(9))

    assert dossier.missing_columns == ("phone",)


def test_roster_with_totals_gaps_and_stray_cells_ends_with_its_people() -> None:
    def scribble(book: Workbook) -> None:
        sheet = roster_of(book)
        sheet["A8"], sheet["B8"] = "合计", 3
        sheet["D12"] = "331199000000000000"
        sheet["AZ500"], sheet["A1048576"] = "x", "x"

    assert [row.number for row in changed(scribble).roster] == [4, 5, 6, 12]


def test_row_without_name_and_number_but_much_else_is_kept() -> None:
    answers = person(0) | {"name": None, "id_number": None}
    dossier = read_dossier(fill(TEMPLATE, Filling(roster=[answers])), CAMPAIGN)

    assert isinstance(dossier, Dossier)
    assert dossier.roster[0].cells["id_number"] == Cell(ROSTER, "D4", None, "blank")


def test_number_typed_as_number_keeps_its_kind() -> None:
    dossier = changed(lambda book: roster_of(book).__setitem__("D4", 331199199003070019))

    assert dossier.roster[0].cells["id_number"].kind == "number"


def test_formula_never_calculated_has_its_text_and_no_value() -> None:
    dossier = changed(lambda book: book["附件3 调查表"].__setitem__("C6", "=1+1"))

    assert dossier.survey["households"] == Cell("附件3 调查表", "C6", None, "blank", "=1+1")


def test_error_cell_is_an_error() -> None:
    dossier = changed(lambda book: book["附件3 调查表"].__setitem__("C6", "#REF!"))

    assert dossier.survey["households"].kind == "error"


def test_rows_put_in_between_move_no_answer() -> None:
    def insert(book: Workbook) -> None:
        book["附件1 评价指标"].insert_rows(6)
        book["附件4 推荐表"].insert_rows(4)

    dossier = changed(insert)

    assert dossier.claims["B1.1/1"].value == "是"
    assert dossier.recommendation["total"].value == 80.5


def test_sheet_removed_is_named_by_its_key() -> None:
    dossier = changed(lambda book: book.remove(book["附件3 调查表"]))

    assert (dossier.missing_sheets, dossier.survey) == (("survey",), {})


def test_sheet_renamed_is_known_by_its_number() -> None:
    dossier = changed(lambda book: setattr(book["附件3 调查表"], "title", "附件3 第一村"))

    assert dossier.missing_sheets == ()


def test_identity_removed_gives_none() -> None:
    assert changed(lambda book: book.remove(book["_identity"])).identity == {}


def test_workbook_of_something_else_is_refused() -> None:
    saved = BytesIO()
    Workbook().save(saved)

    refused = read_dossier(saved.getvalue(), CAMPAIGN)

    assert isinstance(refused, Refused)
    assert refused.code == "not_a_dossier"
