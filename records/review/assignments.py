"""Who has been asked to act on a village, a gate or a duty, who did, and who stands in for them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import Session

from records.duties.handovers import ESCALATED
from records.tables.columns import Facts
from records.tables.duties import DutyRow, HandoverRow
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow, VisitRow


def assigned_to_village(session: Session, campaign_id: str, village_code: str) -> frozenset[str]:
    """Holders of its open duties with their deputies, and whoever has decided on it or seen it."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.village_code == village_code)
    asked = _holders(session, mine & (DutyRow.state == "open"))
    gates = (GateRow.campaign_id == campaign_id) & (GateRow.village_code == village_code)
    visits = (VisitRow.campaign_id == campaign_id) & (VisitRow.village_code == village_code)
    beside = frozenset(one["beside"] for one in _facts(session, mine) if one.get("beside"))
    decided = select(DecisionRow.person_id).join(GateRow, GateRow.id == DecisionRow.gate_id).where(gates)
    acted = session.scalars(union(decided, select(VisitRow.visited_by).where(visits)))
    return with_deputies(session, asked) | beside | frozenset(acted)


def _facts(session: Session, mine: ColumnElement[bool]) -> list[Facts]:
    """Of visits that are owed: two go there."""
    wanted = mine & (DutyRow.state == "open") & (DutyRow.kind == "visit")
    return list(session.scalars(select(DutyRow.facts).where(wanted)))


def assigned_to_gate(session: Session, gate: GateRow) -> frozenset[str]:
    """Holders of its open or withdrawn seats with their deputies, and whoever has sat."""
    key = f"{gate.campaign_id}:gate:{gate.name}:{gate.subject}#{gate.attempt}:"
    # Whose seat was withdrawn with the dossier may still read why it ended. The village is in the key
    # already; naming it lets the database find the few rows by an index.
    here = (DutyRow.campaign_id == gate.campaign_id) & (DutyRow.village_code == gate.village_code)
    seats = DutyRow.key.startswith(key, autoescape=True) & DutyRow.state.in_(("open", "cancelled"))
    asked = _holders(session, here & seats)
    sat = session.scalars(select(DecisionRow.person_id).where(DecisionRow.gate_id == gate.id))
    return with_deputies(session, asked) | frozenset(sat)


def asked_to(session: Session, duty: DutyRow) -> frozenset[str]:
    """The holder of one duty, whoever kept silent about it, and their deputies."""
    return with_deputies(session, _holders(session, DutyRow.id == duty.id))


def _holders(session: Session, wanted: ColumnElement[bool]) -> frozenset[str]:
    """Who holds these duties, and from whom they passed on only because they kept silent."""
    now = select(DutyRow.person_id).where(wanted)
    before = select(HandoverRow.from_person).join(DutyRow, DutyRow.id == HandoverRow.duty_id)
    silent = before.where(wanted, HandoverRow.cause == ESCALATED)
    return frozenset(session.scalars(union(now, silent)))


def with_deputies(session: Session, people: Iterable[str]) -> frozenset[str]:
    asked = frozenset(people)
    if not asked:
        return asked
    deputies = session.scalars(select(PersonRow.deputy).where(PersonRow.id.in_(asked)))
    return asked | (frozenset(deputies) - {""})


def duties_held_by(session: Session, campaign_id: str, person_id: str) -> list[DutyRow]:
    """Open duties of a person and of those for whom they stand in, the first due first."""
    covered = select(PersonRow.id).where(PersonRow.deputy == person_id)
    mine = (DutyRow.person_id == person_id) | DutyRow.person_id.in_(covered)
    wanted = select(DutyRow).where(DutyRow.campaign_id == campaign_id, DutyRow.state == "open", mine)
    return list(session.scalars(wanted.order_by(DutyRow.due_at, DutyRow.key)))
