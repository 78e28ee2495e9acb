"""Where time was given to towns, taken back by a return, or lost by the bureau: what all towns may see."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.duties.calls import KINDS
from records.tables.duties import DutyRow, ExtensionRow
from records.tables.review import GateRow


def extensions_granted(session: Session, campaign_id: str) -> list[tuple[ExtensionRow, DutyRow]]:
    """Of what towns owe, the oldest first: what somebody of the bureau was given, and why, is not theirs to read."""
    wanted = (
        select(ExtensionRow, DutyRow)
        .join(DutyRow, DutyRow.id == ExtensionRow.duty_id)
        .where(DutyRow.campaign_id == campaign_id, DutyRow.kind.in_(KINDS))
        .order_by(ExtensionRow.id)
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]


def corrections_asked(session: Session, campaign_id: str) -> list[DutyRow]:
    """What was asked of a town after a return and not taken back, the oldest first."""
    mine = (
        (DutyRow.campaign_id == campaign_id) & (DutyRow.kind == "correction") & (DutyRow.state != "cancelled")
    )
    return list(session.scalars(select(DutyRow).where(mine).order_by(DutyRow.id)))


def gates_about_villages(session: Session, campaign_id: str) -> list[GateRow]:
    """What the bureau had to answer about a village, the oldest first."""
    mine = (
        (GateRow.campaign_id == campaign_id) & (GateRow.village_code != "") & (GateRow.state != "superseded")
    )
    return list(session.scalars(select(GateRow).where(mine).order_by(GateRow.id)))
