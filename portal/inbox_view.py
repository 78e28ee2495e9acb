"""What somebody has to do, the first due first, and where each thing is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from actions.duties import TITLES
from records.assignments import duties_held_by
from records.people import names_of
from records.scores import newest_sheet
from records.store import Session
from records.tables import DutyRow, GateRow, UploadRow
from rules.campaign import Campaign


@dataclass(frozen=True, slots=True)
class Entry:
    """One open duty of this person, or of somebody for whom they stand in."""

    duty: DutyRow
    what: str
    where: str
    address: str
    late: bool
    for_whom: str
    """The name of the holder when it is somebody else."""
    margin: Fraction | None
    """How far the town's own total lies from the passing line: the nearer, the more a decision changes."""


def inbox_of(session: Session, campaign: Campaign, person_id: str, *, now: datetime) -> list[Entry]:
    names = names_of(session)
    return [
        Entry(
            duty=duty,
            what=duty.facts.get("gate") or TITLES[duty.kind],
            where=f"{duty.facts.get('town', '')}{duty.facts.get('village', '')}" or campaign.title,
            address=address_of(campaign, duty),
            late=now > duty.due_at,
            for_whom="" if duty.person_id == person_id else names[duty.person_id],
            margin=_margin(session, campaign, duty),
        )
        for duty in duties_held_by(session, campaign.id, person_id)
    ]


def address_of(campaign: Campaign, duty: DutyRow) -> str:
    """The page on which a duty is done."""
    if duty.kind == "gate":
        return f"/gates/{duty.facts['gate_id']}"
    if not duty.town_code:
        return f"/duties/{duty.id}"
    if duty.village_code:
        page = f"/campaigns/{campaign.id}/villages/{duty.village_code}"
        return f"{page}/visit" if duty.kind == "visit" else page
    return f"/campaigns/{campaign.id}/towns/{duty.town_code}"


def _margin(session: Session, campaign: Campaign, duty: DutyRow) -> Fraction | None:
    gate = session.get(GateRow, duty.facts["gate_id"]) if duty.kind == "gate" else None
    if gate is None or gate.upload_id is None:
        return None
    sheet = newest_sheet(session, session.get_one(UploadRow, gate.upload_id), "town")
    return Fraction(sheet.total) - campaign.scheme.pass_line if sheet else None
