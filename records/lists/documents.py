"""Papers that a campaign produced, and whether a list has left the house with one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.lists import DocumentRow
from records.tables.review import GateRow


def documents_of(session: Session, campaign_id: str) -> list[DocumentRow]:
    """The newest first."""
    wanted = select(DocumentRow).where(DocumentRow.campaign_id == campaign_id)
    return list(session.scalars(wanted.order_by(DocumentRow.made_at.desc(), DocumentRow.key)))


def paper_key(session: Session, gate: GateRow) -> str:
    """Under which key the paper of a list that this gate approves is kept; a supplementary one bears its attempt."""
    if gate.name == "award":
        level = gate.subject.removeprefix(f"{gate.campaign_id}/")
        return f"{gate.campaign_id}:award:{level}:{gate.attempt}"
    first = f"{gate.campaign_id}:recommendation"
    return first if session.get(DocumentRow, first) is None else f"{first}:{gate.attempt}"


def has_left(session: Session, gate: GateRow) -> bool:
    """Whether the list was sent upward, or paid: nothing calls it back."""
    mine = select(DocumentRow.key).where(DocumentRow.gate_id == gate.id).limit(1)
    return session.scalar(mine) is not None
