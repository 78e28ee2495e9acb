"""A handed-in workbook as a ``Dossier`` of located cells, or why it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rules.campaign.campaign import Campaign
from rules.campaign.forms import Column, Field
from rules.dossiers.checks.findings import places, refused
from rules.dossiers.claims import score_key, slots
from rules.dossiers.dossier import Cell, Dossier, Oddity
from rules.dossiers.prefill import ROW_KEY
from rules.dossiers.tolerances import folded
from rules.refusals import Refused
from workbooks.file.guard import damaged, refuse_unreadable, too_much
from workbooks.file.package import UNREADABLE, Damaged, TooMuch
from workbooks.layout import IDENTITY_KEYS, IDENTITY_SHEET, ROW_KEY_TITLE, fields_of
from workbooks.read.active_formulas import find_active
from workbooks.read.likeness import looks_like
from workbooks.read.roster import besides_people, read_roster
from workbooks.read.sheet import Sheet, letters
from workbooks.read.sheet_stream import read_sheets
from workbooks.read.titles import (
    HEADER_WITHIN,
    Header,
    by_form,
    doubles,
    field_header,
    form_of,
    header,
    headings,
    questions,
    score_header,
    strangers,
)


def read_dossier(data: bytes, campaign: Campaign) -> Dossier | Refused:
    """The four annexes of ``data``; columns and rows are found by their titles, wherever they stand."""
    unreadable = refuse_unreadable(data)
    if unreadable:
        return unreadable
    try:
        sheets = read_sheets(data, lambda title: form_of(title, campaign.forms) != "", peek=HEADER_WITHIN)
        active = find_active(data)
    except TooMuch as reason:
        return too_much(reason)
    except (Damaged, *UNREADABLE):
        return damaged()
    told = by_form(sheets, campaign.forms, lambda sheet: looks_like(sheet, campaign))
    if not told.found:
        return refused("not_a_dossier")
    dossier = assemble(told.found, campaign)
    twice = (*told.oddities, *doubles(told.found, campaign.forms, campaign.scheme))
    return replace(dossier, oddities=(*active, *twice, *dossier.oddities), likely_sheets=told.likely)


def assemble(found: Mapping[str, Sheet], campaign: Campaign) -> Dossier:
    """The dossier; a sheet that is missing gives no cells and is named in ``missing_sheets`` by its key."""
    forms = campaign.forms
    missing = tuple(form for form, _ in forms.sheets if form not in found)
    sheets = {form: found.get(form) or Sheet(title, {}) for form, title in forms.sheets}
    titles = {one.title: one.key for one in forms.roster}
    columns = header(sheets["roster"], {**titles, ROW_KEY_TITLE: ROW_KEY})
    absent = [one.key for one in forms.roster if one.key not in columns[1]] if "roster" in found else []
    return Dossier(
        identity=read_identity(found.get(IDENTITY_SHEET)),
        roster=tuple(read_roster(sheets["roster"], forms.roster, columns)),
        claims=read_claims(sheets["scores"], campaign),
        survey=read_fields(sheets["survey"], fields_of(forms, "survey")),
        recommendation=read_fields(sheets["recommendation"], fields_of(forms, "recommendation")),
        missing_sheets=missing,
        missing_columns=tuple(absent),
        oddities=tuple(oddities(found, forms.roster, columns)),
        headings=headings(found, header_rows(found, columns)),
        strangers=strangers(found, forms, columns),
        merged=tuple((sheet.title, ref) for sheet in found.values() for ref in sheet.merges),
    )


def header_rows(found: Mapping[str, Sheet], columns: Header) -> dict[str, int]:
    """By annex: the row of its titles, as far as it has been found."""
    rows = {"roster": columns[0], "scores": 0, "survey": 0, "recommendation": 0}
    for form in ("survey", "recommendation"):
        rows[form] = field_header(found[form])[0] if form in found else 0
    rows["scores"] = score_header(found["scores"])[0] if "scores" in found else 0
    return {form: row for form, row in rows.items() if form in found}


# --- what is odd about them ----------------------------------------------------------------------------


def oddities(found: Mapping[str, Sheet], columns: tuple[Column, ...], header: Header) -> Iterator[Oddity]:
    """What a person should know about the sheets before the cells are judged."""
    for form, sheet in found.items():
        if form != IDENTITY_SHEET:
            yield from hidden_parts(sheet, ours=header[1].get(ROW_KEY, 0) if form == "roster" else 0)
            yield from pictures(sheet)
        if sheet.cut_after:
            yield Oddity("rows_cut", sheet.title, count=sheet.cut_after)
    if "roster" in found:
        yield from besides_people(found["roster"], columns, header)


def hidden_parts(sheet: Sheet, *, ours: int) -> Iterator[Oddity]:
    """``ours`` is a column that the template itself hides."""
    filled = {column for row in sheet.rows.values() for column in row.places}
    rows = tuple(f"第{number}行" for number in sheet.hidden_rows)
    hidden = tuple(f"{letters(column)}列" for column in sheet.hidden_columns if column in filled - {ours})
    if sheet.hidden:
        yield Oddity("hidden_content", sheet.title, what="工作表(整页)")
    for what, named in (("行", rows), ("列", hidden)):
        if named:
            yield Oddity("hidden_content", sheet.title, what=f"{what}({places(named)})")


def pictures(sheet: Sheet) -> Iterator[Oddity]:
    """WPS keeps a picture in a cell as a formula that other programs do not know."""
    refs = tuple(
        row[column].ref
        for row in sheet.rows.values()
        for column, formula in row.formulas.items()
        if "DISPIMG(" in formula
    )
    if refs:
        yield Oddity("picture_in_cell", sheet.title, refs)


# --- what stands there ---------------------------------------------------------------------------------


def read_identity(sheet: Sheet | None) -> dict[str, Cell]:
    if sheet is None:
        return {}
    cells = {sheet.cell(row, 1).text: sheet.cell(row, 2) for row in sheet.rows}
    return {key: cells[key] for key in IDENTITY_KEYS if key in cells}


def read_claims(sheet: Sheet, campaign: Campaign) -> dict[str, Cell]:
    """Inputs and self-scores of annex 1 by the number in front of each row."""
    scheme = campaign.scheme
    header_row, places = score_header(sheet)
    inputs = {folded(slot.key): slot.key for slot in slots(scheme)}
    scores = {folded(one.id): score_key(one.id) for one in scheme.indicators + scheme.bonus}
    claims: dict[str, Cell] = {}
    for number in sheet.rows:
        key = folded(sheet.cell(number, places["key"]).text)
        if number <= header_row:
            continue
        if key in inputs:
            claims.setdefault(inputs[key], sheet.cell(number, places["value"]))
        if key.split("/")[0] in scores:
            claims.setdefault(scores[key.split("/")[0]], sheet.cell(number, places["score"]))
    return claims


def read_fields(sheet: Sheet, fields: tuple[Field, ...]) -> dict[str, Cell]:
    """Answers of annex 3 or 4: the cell in the column of answers, in the row that bears the title."""
    header_row, places = field_header(sheet)
    answers: dict[str, Cell] = {}
    for key, row in questions(sheet, fields):
        if row.number > header_row:
            answers.setdefault(key, sheet.cell(row.number, places["value"]))
    return answers
