"""Filling a template as a clerk would: for rehearsals and tests that need real workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbooks.file.package import Package, contents
from workbooks.file.quoted_styles import QuotedStyles
from workbooks.layout import ANCHOR_COLUMN, FIRST_ROW, IDENTITY_SHEET
from workbooks.read.cell_types import read_styles
from workbooks.read.sheet_stream import read_sheets
from workbooks.reproducible import unzipped, zipped
from workbooks.template.sheet_xml import Answer, Place, Styles, with_rows, with_values

Answers = Mapping[str, Answer]

SCORES, ROSTER, SURVEY, RECOMMENDATION = range(4)
"""The order of the annexes in the workbook."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What goes into a dossier, by the keys of ``rules.dossiers.dossier.Dossier``."""

    roster: Sequence[Answers] = ()
    claims: Answers = field(default_factory=dict)
    survey: Answers = field(default_factory=dict)
    recommendation: Answers = field(default_factory=dict)


def fill(template: bytes, content: Filling) -> bytes:
    """``template`` with ``content``; keys it has no place for raise ``KeyError``. Same in, same bytes out."""
    package = Package(template)
    found = contents(package)
    places, parts = anchors(template), unzipped(template)
    styles = Styles(read_styles(package, found.styles).dates, QuotedStyles(parts[found.styles]))
    for number, answers in (
        (SCORES, content.claims),
        (SURVEY, content.survey),
        (RECOMMENDATION, content.recommendation),
    ):
        listed = found.sheets[number]
        values = {places[listed.title][key]: value for key, value in answers.items()}
        parts[listed.part] = with_values(parts[listed.part], values, styles=styles)
    roster = found.sheets[ROSTER]
    columns = {key: column for key, (_, column) in places[roster.title].items()}
    rows = [{columns[key]: value for key, value in answers.items()} for answers in content.roster]
    parts[roster.part] = with_rows(parts[roster.part], FIRST_ROW, rows, styles=styles)
    parts[found.styles] = styles.quoted.done()
    return zipped(parts)


def anchors(template: bytes) -> dict[str, dict[str, Place]]:
    """Where every input stands, by sheet title and key, as the template says itself."""
    [sheet] = read_sheets(template, IDENTITY_SHEET.__eq__)
    places: dict[str, dict[str, Place]] = {}
    for row in sheet.rows:
        title, key, line, at = (sheet.cell(row, ANCHOR_COLUMN + n).text for n in range(4))
        if title:
            places.setdefault(title, {})[key] = (int(line), int(at))
    return places
