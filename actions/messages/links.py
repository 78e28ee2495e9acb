"""Where a message leads: to the page of the thing itself, if its reader may open that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.duties.holders import day_of
from actions.duties.posting import title_of
from notifications.ics import DueDate
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
    "portal_outage": "/campaigns/{campaign}/outages",
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
    if duty.kind == "accounts":
        return f"/campaigns/{campaign.id}/accounts"
    if not duty.town_code:
        return f"/duties/{duty.id}"
    if duty.village_code:
        page = f"/campaigns/{campaign.id}/villages/{duty.village_code}"
        if duty.kind == "objection":
            return f"/campaigns/{campaign.id}/publicity"
        return f"{page}/visit" if duty.kind in ("visit", "signature") else page
    return f"/campaigns/{campaign.id}/towns/{duty.town_code}"


MOVING = ("duty_extended", "calendar_moved")
ENDING = ("duty_ended", "duty_passed", "duty_lapsed")


def due_date_of(
    session: Session, campaign: Campaign, row: OutboxRow, *, link: str, domain: str
) -> DueDate | None:
    """The date of the one duty of which a message says that it begins, moves or ends, for its reader's calendar."""
    numbers = row.facts.get(outbox.DUTIES, ())
    duty = session.get(DutyRow, numbers[0]) if len(numbers) == 1 else None
    begins = row.template.endswith("_opened") or row.template in MOVING
    if duty is None or not (begins or row.template in ENDING):
        return None
    return DueDate(
        uid=f"{duty.key}@{domain}",
        sequence=2 * duty.generation + (not begins),
        summary=f"{title_of(duty)}截止",
        day=day_of(campaign, duty.due_at),
        cancelled=not begins,
        link=link,
    )
