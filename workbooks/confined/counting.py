"""The roster rows behind a number: which are counted, and what each row that is not counted says instead."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.campaign.campaign import Campaign
from rules.dossiers.roster import counted_rows
from rules.refusals import Refused
from workbooks.read.dossier import read_dossier


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of one count, and by row what stands in the columns that decide about it."""

    rows: tuple[int, ...]
    answers: Mapping[int, Mapping[str, str]]
    """Of every roster row that stands: column key -> the choice as it was typed."""


def counted_to_json(data: bytes, campaign: Campaign, keys: Sequence[str]) -> bytes:
    """``{key: [rows, {row: {column: answer}}]}``; empty when the file is no dossier."""
    dossier = read_dossier(data, campaign)
    if isinstance(dossier, Refused):
        return b"{}"
    told = {}
    for count in campaign.forms.counts:
        if count.key in keys:
            columns = [key for key, _ in count.where]
            told[count.key] = [
                counted_rows(campaign.forms, dossier.roster, count),
                {
                    row.number: {key: row.cells[key].text for key in columns if key in row.cells}
                    for row in dossier.roster
                },
            ]
    return json.dumps(told).encode()


def counted_from_json(text: bytes) -> dict[str, Counted]:
    """The counterpart of ``counted_to_json``."""
    return {
        key: Counted(tuple(rows), {int(row): answers for row, answers in said.items()})
        for key, (rows, said) in json.loads(text).items()
    }
