"""Where a message leads: to the page of the thing itself, if its reader may open that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from records import outbox
from records.store import Session
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from rules.campaign.campaign import TOWN_ROLES, Campaign

CODED = re.compile(r"(?<![0-9])([0-9]{12}|[0-9]{9})(?![0-9])")
"""A village's code, or a town's, in the key of a message."""

OVERSEERS = frozenset({"coordinator", "bureau_leader", "auditor"})
"""Roles that read every duty, whoever holds it."""

PAGES = {
    "campaign_opened": "/campaigns/{campaign}/towns/{town}",
    "stage_closed": "/campaigns/{campaign}/board",
    "carrier_parked": "/campaigns/{campaign}/board",
    "account_changed": "/account",
    "account_secured": "/account",
    "login_tried": "/account",
    "proposal_opened": "/campaigns/{campaign}/proposals",
    "proposal_announced": "/campaigns/{campaign}/proposals",
    "proposal_ended": "/campaigns/{campaign}/proposals",
}
"""Messages about something that everybody finds in one place."""


def page_of(session: Session, campaign: Campaign, row: OutboxRow) -> str:
    """The path of the page that a message is about; empty where only the front door is left."""
    if row.facts.get("path"):
        return str(row.facts["path"])
    person = session.get_one(PersonRow, row.person_id)
    if row.template in PAGES:
        return PAGES[row.template].format(campaign=campaign.id, town=person.town_code)
    owed = [session.get(DutyRow, one) for one in row.facts.get(outbox.DUTIES, ())]
    duties = [duty for duty in owed if duty is not None]
    if duties:
        return _page_of_duties(campaign, duties, person)
    if row.gate_id is not None:
        return f"/gates/{row.gate_id}"
    return _page_in_key(campaign, row)


def _page_of_duties(campaign: Campaign, duties: Sequence[DutyRow], reader: PersonRow) -> str:
    first, in_town = duties[0], bool(TOWN_ROLES.intersection(reader.roles))
    if in_town and len(duties) > 1:
        return f"/campaigns/{campaign.id}/towns/{reader.town_code}"
    if any(duty.person_id == reader.id for duty in duties):
        return address_of(campaign, first) if len(duties) == 1 else f"/campaigns/{campaign.id}/inbox"
    if not OVERSEERS.isdisjoint(reader.roles):
        return f"/duties/{first.id}" if len(duties) == 1 else f"/campaigns/{campaign.id}/board"
    return (
        address_of(campaign, first) if in_town or first.kind == "gate" else f"/campaigns/{campaign.id}/inbox"
    )


def _page_in_key(campaign: Campaign, row: OutboxRow) -> str:
    found = CODED.search(row.key.removeprefix(f"{campaign.id}:"))
    if found is None:
        return ""
    kind = "villages" if len(found[1]) > len("331181100") else "towns"
    return f"/campaigns/{campaign.id}/{kind}/{found[1]}"


def address_of(campaign: Campaign, duty: DutyRow) -> str:
    """The page on which a duty is done."""
    if duty.kind == "gate":
        return f"/gates/{duty.facts['gate_id']}"
    if duty.kind == "calendar":
        return f"/campaigns/{campaign.id}/calendar"
    if not duty.town_code:
        return f"/duties/{duty.id}"
    if duty.village_code:
        page = f"/campaigns/{campaign.id}/villages/{duty.village_code}"
        return f"{page}/visit" if duty.kind in ("visit", "signature") else page
    return f"/campaigns/{campaign.id}/towns/{duty.town_code}"
