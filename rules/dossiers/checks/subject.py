"""What the stages of a check look at: a dossier, whose it should be, and what was worked out of it once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Cell, Dossier, Finding, RosterRow
from rules.dossiers.id_numbers import IdJudgement, judge_id
from rules.dossiers.roster import Table
from rules.dossiers.tolerances import says_nothing

EXPLANATION = "explanation"
"""The key of the roster column 特殊情况说明: what is explained there warns instead of stopping."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A dossier under check. ``counts`` are the roster's, ``judged`` its ID numbers by row."""

    campaign: Campaign
    dossier: Dossier
    town_code: str
    village_code: str
    counts: Mapping[str, int]
    judged: Mapping[int, IdJudgement]
    table: Table
    """The roster's columns, to find equal answers in."""

    def blank(self, sheet: str, ref: str = "") -> Cell:
        """Stands for a cell, row or sheet that is not there."""
        return Cell(self.campaign.forms.sheet(sheet), ref, None, "blank")

    def id_cell(self, row: RosterRow) -> Cell:
        """The cell of the row's ID number, or the row itself when it has none."""
        return row.cells.get(id_column(self.campaign)) or self.blank("roster", f"第{row.number}行")

    def usable_number(self, row: RosterRow) -> str:
        """The row's ID number, empty when there is none that can stand for a person."""
        judgement = self.judged.get(row.number)
        return judgement.number if judgement and judgement.usable else ""


Stage = Callable[[Checked], Iterator[Finding]]


def judge_numbers(campaign: Campaign, dossier: Dossier) -> dict[int, IdJudgement]:
    key = id_column(campaign)
    cells = ((row.number, row.cells.get(key)) for row in dossier.roster)
    on = campaign.survey_day
    return {number: judge_id(cell, on=on) for number, cell in cells if cell is not None and cell.text}


def id_column(campaign: Campaign) -> str:
    return next((one.key for one in campaign.forms.roster if one.kind == "id_number"), "")


def is_explained(row: RosterRow) -> bool:
    return says_why(row.cells.get(EXPLANATION))


def says_why(cell: Cell | None) -> bool:
    """Whether a cell holds an explanation: something that can be read, and says something."""
    return cell is not None and cell.kind != "error" and not says_nothing(cell.text)
