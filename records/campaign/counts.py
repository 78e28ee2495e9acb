"""What a campaign's counts are made of: a few columns of many rows, so that a large county is counted quickly."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from records.tables.upkeep import AuditHeadRow


class DutyStand(NamedTuple):
    """How a duty stands."""

    kind: str
    town_code: str
    village_code: str
    state: str
    due_at: datetime


class UploadStand(NamedTuple):
    """How the newest version of a dossier stands."""

    state: str
    late: bool


class GateStand(NamedTuple):
    """How the newest attempt of a gate stands."""

    state: str
    attempt: int
    answer: str | None
    closed_at: datetime | None


class VillageStand(NamedTuple):
    """Where a village stands."""

    code: str
    town_code: str
    state: str


def duty_stands(session: Session, campaign_id: str, *, kinds: Collection[str]) -> list[DutyStand]:
    wanted = select(
        DutyRow.kind, DutyRow.town_code, DutyRow.village_code, DutyRow.state, DutyRow.due_at
    ).where(DutyRow.campaign_id == campaign_id, DutyRow.kind.in_(kinds))
    return [DutyStand(*row) for row in session.execute(wanted)]


def upload_stands(session: Session, campaign_id: str) -> dict[str, UploadStand]:
    """Village code -> the newest version."""
    wanted = (
        select(UploadRow.village_code, UploadRow.state, UploadRow.late)
        .where(UploadRow.campaign_id == campaign_id)
        .order_by(UploadRow.version)
    )
    return {code: UploadStand(state, late) for code, state, late in session.execute(wanted)}


def gate_stands(
    session: Session, campaign_id: str, *, names: Collection[str]
) -> dict[tuple[str, str], GateStand]:
    """(gate, village code) -> the newest attempt."""
    stand = (GateRow.state, GateRow.attempt, GateRow.answer, GateRow.closed_at)
    wanted = (
        select(GateRow.name, GateRow.village_code, *stand)
        .where(GateRow.campaign_id == campaign_id, GateRow.name.in_(names))
        .order_by(GateRow.attempt)
    )
    return {(row[0], row[1]): GateStand(*row[2:]) for row in session.execute(wanted)}


def village_stands(session: Session, campaign_id: str) -> list[VillageStand]:
    wanted = select(VillageRow.code, VillageRow.town_code, VillageRow.state)
    return [
        VillageStand(*row) for row in session.execute(wanted.where(VillageRow.campaign_id == campaign_id))
    ]


def acts_so_far(session: Session) -> int:
    """How many acts this database has seen: as long as it is the same, nothing has changed."""
    return session.scalar(select(func.max(AuditHeadRow.length))) or 0
