"""The rows of a roster by themselves, told as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Value
from rules.refusals import Refused
from workbooks.read.dossier import read_dossier


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A row of annex 2: its number in Excel and its answers by column."""

    number: int
    answers: Mapping[str, Value]


def list_roster(data: bytes, *, campaign: Campaign) -> list[RosterLine]:
    """The rows of a roster that was once accepted; none when its file cannot be read any more."""
    dossier = read_dossier(data, campaign)
    if isinstance(dossier, Refused):
        return []
    return [
        RosterLine(row.number, {key: cell.value for key, cell in row.cells.items() if cell.text})
        for row in dossier.roster
    ]


def lines_to_json(lines: Iterable[RosterLine]) -> bytes:
    plain = [[one.number, {key: _plain(value) for key, value in one.answers.items()}] for one in lines]
    return json.dumps(plain).encode()


def lines_from_json(text: bytes) -> list[RosterLine]:
    """The counterpart of ``lines_to_json``."""
    return [
        RosterLine(int(number), {str(key): _lively(value) for key, value in answers.items()})
        for number, answers in json.loads(text)
    ]


def _plain(value: Value) -> object:
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _lively(value: object) -> Value:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"])
    return value if isinstance(value, bool | int | float | str) else None
