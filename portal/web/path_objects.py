"""What a path names: rows and the place they belong to; whatever is not there is None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from actions.lookup import campaign_of, find_campaign
from records.duties.handovers import newest_from
from records.people.people import Names
from records.review.assignments import assigned_to_gate, assigned_to_village, with_deputies
from records.review.gates import seat_duties
from records.store import Session
from records.tables.campaign import StageRow, VillageRow
from records.tables.dossiers import PictureRow, UploadRow
from records.tables.duties import AbsenceRow, DutyRow, ExtensionRequestRow
from records.tables.lists import DocumentRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow, ProposalRow, TokenRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.entries import read_row_number
from rules.people.rights import Place

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Found:
    """The objects of a path. Handlers read only those that their own path names."""

    place: Place = field(default_factory=Place)
    campaign: Campaign | None = None
    town_code: str = ""
    village: VillageRow | None = None
    gate: GateRow | None = None
    duty: DutyRow | None = None
    upload: UploadRow | None = None
    document: DocumentRow | None = None
    asking: ExtensionRequestRow | None = None
    picture: PictureRow | None = None
    somebody: PersonRow | None = None
    absence: AbsenceRow | None = None
    stage: StageRow | None = None
    message: OutboxRow | None = None
    token: TokenRow | None = None
    proposal: ProposalRow | None = None


def need(value: Row | None) -> Row:
    """An object that the route's own path names, and that ``find`` has therefore found."""
    assert value is not None
    return value


def find(session: Session, path: Mapping[str, Any]) -> Found | None:
    """Everything a path names, or None when one of it is not there."""
    for name, look in LOOKS.items():
        if name in path:
            return look(session, path)
    return Found()


def _village(session: Session, path: Mapping[str, Any]) -> Found | None:
    village = session.get(VillageRow, (path["campaign_id"], path["village_code"]))
    return _about_village(session, village) if village else None


def _about_village(session: Session, village: VillageRow) -> Found:
    assigned = assigned_to_village(session, village.campaign_id, village.code)
    return Found(
        place=Place(village.town_code, assigned),
        campaign=campaign_of(session, village.campaign_id),
        town_code=village.town_code,
        village=village,
    )


def _town(session: Session, path: Mapping[str, Any]) -> Found | None:
    campaign = _campaign(session, path)
    code = path["town_code"]
    if campaign is None or code not in {town.code for town in need(campaign.campaign).towns}:
        return None
    return Found(place=Place(code), campaign=campaign.campaign, town_code=code)


def _campaign(session: Session, path: Mapping[str, Any]) -> Found | None:
    campaign = find_campaign(session, path["campaign_id"])
    return Found(campaign=campaign) if campaign else None


def _numbered(session: Session, table: type[Row], number: str) -> Row | None:
    wanted = read_row_number(number)
    return session.get(table, wanted) if wanted else None


def _gate(session: Session, path: Mapping[str, Any]) -> Found | None:
    gate = _numbered(session, GateRow, path["gate_id"])
    return _about_gate(session, gate) if gate else None


def _about_gate(session: Session, gate: GateRow) -> Found:
    return Found(
        place=Place(gate.town_code, assigned_to_gate(session, gate)),
        campaign=campaign_of(session, gate.campaign_id),
        town_code=gate.town_code,
        gate=gate,
    )


def _duty(session: Session, path: Mapping[str, Any]) -> Found | None:
    duty = _numbered(session, DutyRow, path["duty_id"])
    return _about_duty(session, duty) if duty else None


def _about_duty(session: Session, duty: DutyRow) -> Found:
    return Found(
        place=Place(duty.town_code, with_deputies(session, [duty.person_id])),
        campaign=campaign_of(session, duty.campaign_id),
        town_code=duty.town_code,
        duty=duty,
    )


def _upload(session: Session, path: Mapping[str, Any]) -> Found | None:
    upload = _numbered(session, UploadRow, path["upload_id"])
    if upload is None:
        return None
    village = session.get_one(VillageRow, (upload.campaign_id, upload.village_code))
    return replace(_about_village(session, village), upload=upload)


def _picture(session: Session, path: Mapping[str, Any]) -> Found | None:
    picture = _numbered(session, PictureRow, path["picture_id"])
    if picture is None:
        return None
    village = session.get_one(VillageRow, (picture.campaign_id, picture.village_code))
    return replace(_about_village(session, village), picture=picture)


def _asking(session: Session, path: Mapping[str, Any]) -> Found | None:
    asking = _numbered(session, ExtensionRequestRow, path["request_id"])
    if asking is None:
        return None
    return replace(_about_duty(session, session.get_one(DutyRow, asking.duty_id)), asking=asking)


def _document(session: Session, path: Mapping[str, Any]) -> Found | None:
    document = session.get(DocumentRow, path["document_key"])
    return Found(document=document) if document else None


def _stage(session: Session, path: Mapping[str, Any]) -> Found | None:
    stage = session.get(StageRow, (path["campaign_id"], path["stage_name"]))
    return Found(campaign=campaign_of(session, stage.campaign_id), stage=stage) if stage else None


def _message(session: Session, path: Mapping[str, Any]) -> Found | None:
    message = _numbered(session, OutboxRow, path["message_id"])
    return Found(campaign=campaign_of(session, message.campaign_id), message=message) if message else None


def _somebody(session: Session, path: Mapping[str, Any]) -> Found | None:
    person = session.get(PersonRow, path["person_id"])
    return Found(somebody=person) if person else None


def _absence(session: Session, path: Mapping[str, Any]) -> Found | None:
    absence = _numbered(session, AbsenceRow, path["absence_id"])
    if absence is None:
        return None
    place = Place(assigned=frozenset({absence.person_id}))
    return Found(place=place, absence=absence, somebody=session.get_one(PersonRow, absence.person_id))


def _token(session: Session, path: Mapping[str, Any]) -> Found | None:
    token = _numbered(session, TokenRow, path["token_id"])
    return Found(place=Place(assigned=frozenset({token.person_id})), token=token) if token else None


def _proposal(session: Session, path: Mapping[str, Any]) -> Found | None:
    proposal = _numbered(session, ProposalRow, path["proposal_id"])
    return Found(proposal=proposal) if proposal else None


LOOKS = {
    "village_code": _village,
    "town_code": _town,
    "gate_id": _gate,
    "request_id": _asking,
    "duty_id": _duty,
    "upload_id": _upload,
    "picture_id": _picture,
    "document_key": _document,
    "person_id": _somebody,
    "absence_id": _absence,
    "token_id": _token,
    "proposal_id": _proposal,
    "stage_name": _stage,
    "message_id": _message,
    "campaign_id": _campaign,
}
"""What a path parameter leads to; the first one that a path has decides."""


# --- what passed on ------------------------------------------------------------------------------


def where_it_went(session: Session, found: Found, person_id: str) -> tuple[str, datetime] | None:
    """Who has been given what this path names, and when it left ``person_id``; None where it was never theirs."""
    handover = newest_from(session, _duties(session, found), person_id)
    return (Names(session)[handover.to_person], handover.at) if handover else None


def _duties(session: Session, found: Found) -> list[DutyRow]:
    if found.gate is not None:
        return list(seat_duties(session, found.gate).values())
    if found.duty is not None:
        return [found.duty]
    return []
