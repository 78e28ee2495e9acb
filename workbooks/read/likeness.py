"""What a sheet looks like, whatever it is called: one of the annexes, a further page of one, or none."""

from __future__ import annotations

import re

from rules.campaign.campaign import Campaign
from rules.campaign.forms import Forms
from rules.dossiers.claims import slots
from rules.dossiers.tolerances import folded
from workbooks.layout import FIELD_COLUMNS, SCORE_COLUMNS, fields_of
from workbooks.read.sheet import Row, Sheet
from workbooks.read.titles import ALIKE_COLUMNS, header, questions

ROWS, CELLS = 3, 3
"""So many of an annex's questions, of the answers in a person's row, are no chance."""
SHORTEST = 2
"""Answers of one sign (一, 是) stand in any sheet."""
ID_LIKE = re.compile(
    r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[0-9]{3}[0-9Xx]|[0-9]{2,6}\*{6,}[0-9Xx]*"
)
"""An identity number, or one that was masked."""


def looks_like(sheet: Sheet, campaign: Campaign) -> str:
    """The form whose titles a sheet bears, or whose rows it goes on with; empty when none."""
    forms = campaign.forms
    if len(header(sheet, {one.title: one.key for one in forms.roster})[1]) >= ALIKE_COLUMNS:
        return "roster"
    titled = {"key", "score"} <= set(header(sheet, {title: key for key, title, _ in SCORE_COLUMNS})[1])
    if titled or scored_rows(sheet, campaign) >= ROWS:
        return "scores"
    return asked_form(sheet, forms) or ("roster" if has_people(sheet, forms) else "")


def scored_rows(sheet: Sheet, campaign: Campaign) -> int:
    """Rows that begin with a number of annex 1 and go on."""
    scheme = campaign.scheme
    keys = {folded(slot.key) for slot in slots(scheme)} | {one.id for one in scheme.indicators}
    return sum(len(row) >= CELLS and folded(first_text(row)) in keys for row in sheet.rows.values())


def first_text(row: Row) -> str:
    return next((cell.text for cell in row.values() if cell.text), "")


def asked_form(sheet: Sheet, forms: Forms) -> str:
    """Annex 3 or 4, by their questions: with the titles of their columns, or by rows as the template has them."""
    columns = header(sheet, {title: key for key, title, _ in FIELD_COLUMNS})[1]
    if "title" in columns and "value" not in columns:
        return ""
    asked = {
        form: sum(len(row) >= SHORTEST for _, row in questions(sheet, fields_of(forms, form)))
        for form in ("survey", "recommendation")
    }
    best = max(asked, key=lambda form: asked[form])
    return best if asked[best] >= ROWS else ""


def has_people(sheet: Sheet, forms: Forms) -> bool:
    """Whether a row is somebody's: an identity number among other answers, or answers of several columns and a name."""
    choices = [
        {folded(choice) for choice in column.choices if len(choice) >= SHORTEST}
        for column in forms.roster
        if column.kind == "choice"
    ]
    return any(is_somebodys(row, choices) for row in sheet.rows.values())


def is_somebodys(row: Row, choices: list[set[str]]) -> bool:
    texts = [folded(cell.text) for cell in row.values() if cell.text]
    if len(texts) >= CELLS and any(ID_LIKE.fullmatch(text) for text in texts):
        return True
    answered = sum(not words.isdisjoint(texts) for words in choices)
    return answered >= CELLS and any(all(text not in words for words in choices) for text in texts)
