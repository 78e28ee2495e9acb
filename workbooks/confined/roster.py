"""The rows of a roster by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import RosterRow, Value
from rules.refusals import Refused
from workbooks.read.dossier import read_dossier


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A row of annex 2: its number in Excel and its answers by column; days apart, which JSON takes for text."""

    number: int
    plain: Mapping[str, str | int | float | bool]
    days: Mapping[str, date]

    @property
    def answers(self) -> Mapping[str, Value]:
        return {**self.plain, **self.days}


def list_roster(data: bytes, *, campaign: Campaign) -> list[RosterLine]:
    """The rows of a roster that was once accepted; none when its file cannot be read any more."""
    dossier = read_dossier(data, campaign)
    return [] if isinstance(dossier, Refused) else [line_of(row) for row in dossier.roster]


def line_of(row: RosterRow) -> RosterLine:
    answers = {key: cell.value for key, cell in row.cells.items() if cell.text}
    return RosterLine(
        row.number,
        {key: value for key, value in answers.items() if isinstance(value, str | int | float | bool)},
        {key: value for key, value in answers.items() if isinstance(value, date)},
    )
