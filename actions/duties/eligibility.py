"""Who may answer a gate: by role, town, filing, a free seat, and as a second pair of eyes."""

from __future__ import annotations

from records.people import people
from records.review.gates import deciders, decisions_on
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign, Seat
from rules.refusals import Refused
from rules.review import gates
from rules.review.gates import Sat


def refuse_seat(
    session: Session, campaign: Campaign, gate: GateRow, person: PersonRow, *, deputising: frozenset[str]
) -> Refused | None:
    """Why this person cannot answer the gate, holding the roles ``deputising`` beside their own."""
    found = seat_for(session, campaign, gate, person, seat="", deputising=deputising)
    return found if isinstance(found, Refused) else refuse_same_eyes(session, gate, person.id)


def seat_for(
    session: Session,
    campaign: Campaign,
    gate: GateRow,
    person: PersonRow,
    *,
    seat: str,
    deputising: frozenset[str],
) -> Seat | Refused:
    return gates.eligible(
        campaign.gate(gate.name),
        people.as_rule(person),
        seat=seat,
        state=gate.state,
        village_town=gate.town_code,
        filed_by=filed_by(session, gate),
        decided=_seated(session, gate, campaign),
        deputising=deputising,
    )


def refuse_same_eyes(session: Session, gate: GateRow, by: str) -> Refused | None:
    """A second review needs a second pair of eyes."""
    if gate.name != "second_review" or by not in deciders(session, gate, "desk_review"):
        return None
    return Refused("same_eyes", "复审须由初审人员以外的同事办理，请转交其他审核人员。")


def filed_by(session: Session, gate: GateRow) -> frozenset[str]:
    if gate.upload_id is None:
        return frozenset()
    return frozenset({session.get_one(UploadRow, gate.upload_id).filed_by})


def _seated(session: Session, gate: GateRow, campaign: Campaign) -> dict[str, Sat]:
    return {
        one.seat: Sat(
            one.person_id,
            session.get_one(PersonRow, one.person_id).name,
            one.decided_at.astimezone(campaign.zone),
        )
        for one in decisions_on(session, gate)
    }
