"""Whether a list that was put before the bureaus still says what counts; one that does not is asked anew."""

from __future__ import annotations

from datetime import datetime

from actions.duties.endings import CHANGED, supersede, tell_deciders
from records import audit
from records.lists.documents import has_left
from records.review.gates import latest_gate, lock_gate
from records.store import Session
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign


def locked_list(session: Session, campaign: Campaign, name: str, subject: str) -> GateRow | None:
    """The newest attempt as it stands now; whoever has villages to lock does it before."""
    gate = latest_gate(session, campaign.id, name, subject)
    return lock_gate(session, gate.id) if gate is not None else None


def is_approved(gate: GateRow | None) -> bool:
    """Approved, and not overtaken since."""
    return gate is not None and gate.state == "closed" and gate.answer == "approve"


def may_be_overtaken(session: Session, gate: GateRow) -> bool:
    """A list that waits for answers, or for its paper: what was sent or paid stays."""
    return gate.state == "open" or (is_approved(gate) and not has_left(session, gate))


def overtake(session: Session, campaign: Campaign, gate: GateRow, *, now: datetime) -> None:
    """Something on the list is no longer as it was shown."""
    tell_deciders(session, campaign, gate, why=CHANGED, now=now)
    supersede(session, campaign, gate, why=CHANGED, now=now)
    facts = {"gate": gate.name, "attempt": gate.attempt, "content": gate.content_hash}
    audit.note(session, at=now, actor="system", act="overtake", subject=gate.subject, facts=facts)
