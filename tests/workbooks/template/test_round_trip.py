"""From template to filled workbook to dossier."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from rules.dossiers.dossier import Cell, Dossier
from rules.dossiers.prefill import ROW_KEY
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, VILLAGE, full, id_number, person, values
from workbooks.read.dossier import read_dossier
from workbooks.template.fill import Filling, fill
from workbooks.template.template import make_template


def read(data: bytes) -> Dossier:
    dossier = read_dossier(data, CAMPAIGN)
    assert isinstance(dossier, Dossier)
    return dossier


def test_template_made_twice_is_the_same_bytes() -> None:
    assert make_template(CAMPAIGN, VILLAGE.code) == TEMPLATE


def test_template_of_every_annex_bears_the_mark() -> None:
    workbook = load_workbook(BytesIO(TEMPLATE))

    assert all(CAMPAIGN.scheme.mark in str(sheet["A2"].value) for sheet in workbook.worksheets[:4])
    assert workbook.worksheets[-1].sheet_state == "veryHidden"


def test_template_unfilled_reads_as_an_empty_dossier_of_its_village() -> None:
    dossier = read(TEMPLATE)

    assert values(dossier.identity) == {
        "campaign": CAMPAIGN.id,
        "form_version": CAMPAIGN.forms.version,
        "town_code": VILLAGE.town_code,
        "village_code": VILLAGE.code,
    }
    assert (dossier.roster, dossier.missing_sheets, dossier.missing_columns) == ((), (), ())
    assert dossier.recommendation["village"].text == VILLAGE.name


def test_filling_with_every_key_comes_back_whole() -> None:
    content = full()

    dossier = read(fill(TEMPLATE, content))

    assert [values(row.cells) for row in dossier.roster] == [{**row, ROW_KEY: None} for row in content.roster]
    assert values(dossier.claims) == content.claims
    assert values(dossier.survey) == content.survey
    assert values(dossier.recommendation) == content.recommendation


def test_filling_twice_gives_the_same_bytes() -> None:
    assert fill(TEMPLATE, full()) == fill(TEMPLATE, full())


def test_filling_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError):
        fill(TEMPLATE, Filling(claims={"B9.9": 1}))


def test_cells_read_know_their_place_and_kind() -> None:
    row = read(fill(TEMPLATE, full())).roster[0]

    assert row.number == 4
    assert row.cells["id_number"] == Cell("附件2 花名册", "D4", id_number(0), "text")
    assert row.cells["surveyed_on"] == Cell("附件2 花名册", "U4", date(2020, 10, 21), "date")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
def test_text_like_a_formula_stays_text(text: str) -> None:
    data = fill(TEMPLATE, Filling(roster=[person(0) | {"wishes": text}]))

    assert read(data).roster[0].cells["wishes"] == Cell("附件2 花名册", "T4", text, "text")


def test_second_reader_sees_the_same_roster() -> None:
    data = fill(TEMPLATE, full(rows=20))

    sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("附件2 花名册")
    other = [row[2:4] for row in sheet.to_python(skip_empty_area=False)[3:]]

    assert other == [[row.cells["name"].value, row.cells["id_number"].value] for row in read(data).roster]
