"""What annexes 3 and 4 say in words: whose account, who answers for the village, what it did."""

from __future__ import annotations

from dataclasses import dataclass

from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Cell
from rules.refusals import Refused
from workbooks.read.dossier import read_dossier

TOO_LONG_FOR_A_NUMBER = 10**15
"""Excel keeps fifteen digits: of a longer number in a number's cell the last ones are lost."""


@dataclass(frozen=True, slots=True)
class FormText:
    """One answer of annex 3 or 4 by the key of its field."""

    key: str
    text: str


def list_texts(data: bytes, *, campaign: Campaign) -> list[FormText]:
    """The answers in words of a dossier that was once accepted; none when its file cannot be read any more."""
    dossier = read_dossier(data, campaign)
    if isinstance(dossier, Refused):
        return []
    asked = [
        *((field, dossier.survey) for field in campaign.forms.survey),
        *((field, dossier.recommendation) for field in campaign.forms.recommendation),
    ]
    return [
        FormText(field.key, text_of(cells[field.key]))
        for field, cells in asked
        if field.kind in ("text", "paragraph") and field.key in cells and text_of(cells[field.key])
    ]


def text_of(cell: Cell) -> str:
    """As it was typed; nothing for a long number that a number's cell has spoilt."""
    if isinstance(cell.value, int | float) and abs(cell.value) >= TOO_LONG_FOR_A_NUMBER:
        return ""
    return cell.text
