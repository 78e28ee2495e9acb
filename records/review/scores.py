"""Score sheets: the newest of each party counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from records.store import Session
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.review import ScoreRow, VisitRow
from rules.campaign.scoring import ScoreSheet
from rules.review.explanation import digest_of


def newest_sheet(session: Session, upload: UploadRow, party: str) -> ScoreRow | None:
    """What a party (town, a, b, final) last made of an upload."""
    mine = (ScoreRow.upload_id == upload.id) & (ScoreRow.party == party)
    return session.scalar(select(ScoreRow).where(mine).order_by(ScoreRow.id.desc()).limit(1))


def vetoes_named(session: Session, upload: UploadRow) -> list[str]:
    """By the newest sheet of the desk review that names any: of several reviewers the last may have seen none."""
    mine = (ScoreRow.upload_id == upload.id) & (ScoreRow.party == "a")
    sheets = session.scalars(select(ScoreRow).where(mine).order_by(ScoreRow.id.desc()))
    return next((sheet.vetoes for sheet in sheets if sheet.vetoes), [])


def sheets_beside(session: Session, upload: UploadRow) -> dict[str, ScoreRow]:
    """Party -> what it last made of an upload, of those that have said something; ``final`` is the village's."""
    here = (ScoreRow.campaign_id == upload.campaign_id) & (ScoreRow.village_code == upload.village_code)
    about = here & ((ScoreRow.upload_id == upload.id) | (ScoreRow.party == "final"))
    return {
        sheet.party: sheet for sheet in session.scalars(select(ScoreRow).where(about).order_by(ScoreRow.id))
    }


def final_score(session: Session, village: VillageRow) -> ScoreRow | None:
    """The score sheet on which the bureau decides."""
    mine = (ScoreRow.campaign_id == village.campaign_id) & (ScoreRow.village_code == village.code)
    return session.scalar(
        select(ScoreRow).where(mine, ScoreRow.party == "final").order_by(ScoreRow.id.desc()).limit(1)
    )


def is_scored(session: Session, upload_id: int) -> bool:
    """Whether the bureau has kept a score sheet of an upload."""
    theirs = (ScoreRow.upload_id == upload_id) & (ScoreRow.party != "town")
    return session.scalar(select(ScoreRow.id).where(theirs).limit(1)) is not None


def authors_of(
    session: Session, upload_id: int | None, party: str, *, since: datetime | None = None
) -> frozenset[str]:
    """Who has written a sheet of this party about an upload, whether they decided or not; with ``since`` only
    those of the sheet that counts and of any written from then on."""
    mine = (ScoreRow.upload_id == upload_id) & (ScoreRow.party == party)
    made = list(session.scalars(select(ScoreRow).where(mine).order_by(ScoreRow.id)))
    return frozenset(
        one.scored_by for one in made if since is None or one is made[-1] or one.scored_at >= since
    )


def has_scored(session: Session, person_id: str, *, upload_id: int | None, party: str) -> bool:
    mine = (ScoreRow.upload_id == upload_id) & (ScoreRow.party == party)
    wanted = select(ScoreRow.id).where(mine, ScoreRow.scored_by == person_id).limit(1)
    return session.scalar(wanted) is not None


def sheet_digest(row: ScoreRow) -> str:
    """Of all that a sheet says and by whom, as the audit log keeps it."""
    said = [
        row.party,
        row.adjustments,
        row.reasons,
        row.lines,
        row.total,
        row.part_a,
        row.vetoes,
        row.scored_by,
    ]
    return digest_of(said)


def visit_digest(row: VisitRow) -> str:
    """The same of a visit."""
    return digest_of([row.notes, row.adjustments, row.met, row.position, row.visited_by])


def sheet_row(
    upload: UploadRow,
    sheet: ScoreSheet,
    *,
    party: str,
    by: str,
    now: datetime,
    adjustments: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> ScoreRow:
    """A score sheet as a row; points are kept as exact fractions in text."""
    return ScoreRow(
        campaign_id=upload.campaign_id,
        village_code=upload.village_code,
        upload_id=upload.id,
        party=party,
        adjustments=dict(adjustments or {}),
        reasons=dict(reasons or {}),
        lines={line.indicator_id: [str(line.points), line.note] for line in sheet.lines},
        total=str(sheet.total),
        part_a=str(sheet.first_part),
        vetoes=list(sheet.vetoes),
        scored_by=by,
        scored_at=now,
    )
