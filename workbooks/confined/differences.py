"""Two versions of a dossier held against each other, and the outcome told as plain JSON. No database, no clock."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from rules.campaign.campaign import Campaign
from rules.dossiers.differences import (
    Alike,
    CellChange,
    Difference,
    FormDifference,
    RosterDifference,
    RowChange,
    difference,
)
from rules.refusals import Refused
from workbooks.read.dossier import read_dossier

Compared = Difference | Refused


def compare(before: bytes, after: bytes, *, campaign: Campaign) -> Compared:
    """What changed from one version to the other, in this process; or which of them cannot be read."""
    old = read_dossier(before, campaign)
    if isinstance(old, Refused):
        return replace(old, reason=f"旧的一版无法读取：{old.reason}")
    new = read_dossier(after, campaign)
    if isinstance(new, Refused):
        return replace(new, reason=f"新的一版无法读取：{new.reason}")
    return difference(campaign, old, new)


def to_json(compared: Compared) -> bytes:
    return json.dumps({type(compared).__name__: asdict(compared)}).encode()


def from_json(text: bytes) -> Compared:
    """The counterpart of ``to_json``. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
    told = json.loads(text)
    if "Refused" in told:
        return Refused(**_texts(told["Refused"]))
    found = told["Difference"]
    return Difference(
        forms=tuple(FormDifference(str(one["sheet"]), _cells(one["cells"])) for one in found["forms"]),
        roster=_roster(found["roster"]),
    )


def _roster(told: dict[str, Any]) -> RosterDifference:
    rows = ("rows_added", "rows_removed", "rows_changed")
    counts = ("people_before", "people_after", "added", "removed", "changed", "unlisted")
    return RosterDifference(
        sheet=str(told["sheet"]),
        alike=tuple(
            Alike(**{**_texts(one, but="rows"), "rows": int(one["rows"])})  # type: ignore[arg-type]
            for one in told["alike"]
        ),
        **{name: int(told[name]) for name in counts},  # type: ignore[arg-type]
        **{name: tuple(map(_row, told[name])) for name in rows},  # type: ignore[arg-type]
    )


def _row(told: dict[str, Any]) -> RowChange:
    places = int(told["before"]), int(told["after"])
    return RowChange(str(told["name"]), str(told["number"]), *places, _cells(told["cells"]))


def _cells(told: Iterable[dict[str, Any]]) -> tuple[CellChange, ...]:
    return tuple(CellChange(**_texts(one)) for one in told)


def _texts(told: dict[str, Any], *, but: str = "") -> dict[str, str]:
    return {str(name): str(value) for name, value in told.items() if name != but}
