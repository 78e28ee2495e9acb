"""Between villages: a person in two rosters is told to both sides, and neither sees the other's data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from records import outbox
from records.dossiers.rosters import add_finding, elsewhere
from records.store import Session
from records.tables.dossiers import FindingRow, UploadRow
from rules.campaign.campaign import Campaign
from rules.dossiers.checks.findings import found
from rules.dossiers.dossier import Cell

BEHIND = 1_000_000
"""Findings between villages stand behind all others of an upload, by row: the same whoever came first."""


def warn_both_sides(
    session: Session, campaign: Campaign, upload: UploadRow, people: Mapping[str, int], *, now: datetime
) -> None:
    """Note on both uploads whom of ``people`` (look-up to row) other accepted rosters hold, and write to both.

    Called when acceptances take turns, so of two villages accepted at once the second sees the first. One
    letter for each pair of villages.
    """
    told: dict[tuple[UploadRow, UploadRow], list[int]] = {}
    town = campaign.village(upload.village_code).town_code
    for other in elsewhere(session, upload, list(people)):
        code = "id_in_same_town" if other.town_code == town else "id_in_other_town"
        for whose, whom, row in (
            (upload, other.upload, people[other.lookup]),
            (other.upload, upload, other.row),
        ):
            if add_finding(session, _finding(campaign, whose, code, row)):
                told.setdefault((whose, whom), []).append(row)
    for (whose, whom), rows in told.items():
        _write(session, campaign, whose, whom, rows, now)


def _write(
    session: Session, campaign: Campaign, whose: UploadRow, whom: UploadRow, rows: list[int], now: datetime
) -> None:
    village = campaign.village(whose.village_code)
    outbox.post(
        session,
        key=f"{campaign.id}:people_elsewhere:{whose.village_code}:{whom.village_code}",
        campaign_id=campaign.id,
        template="people_elsewhere",
        person_id=whose.filed_by,
        facts={
            "town": campaign.town(village.town_code).name,
            "village": village.name,
            "reasons": [f"第{row}行" for row in sorted(rows)],
        },
        at=now,
    )


def _finding(campaign: Campaign, upload: UploadRow, code: str, row: int) -> FindingRow:
    cell = Cell(campaign.forms.sheet("roster"), f"第{row}行", None, "blank")
    told = found(code, cell)
    return FindingRow(
        upload_id=upload.id,
        position=BEHIND + row,
        code=told.code,
        severity=told.severity,
        sheet=told.sheet,
        ref=told.ref,
        message=told.message,
    )
