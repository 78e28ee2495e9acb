"""Where everybody starts, and which pages the menu shows them: those to which they have a right."""

from __future__ import annotations

from actions.lookup import campaign_of
from records.campaign.campaigns import current_campaign
from records.store import Session
from rules.campaign.campaign import Campaign, Person
from rules.people.rights import Place, may

MENU = (
    ("本乡镇(街道)", "town.confirm_survey", "/campaigns/{campaign}/towns/{town}"),
    ("进度总览", "board.read", "/campaigns/{campaign}/board"),
    ("我的待办", "inbox", "/campaigns/{campaign}/inbox"),
    ("文书", "document.read", "/campaigns/{campaign}/documents"),
    ("奖补台账", "document.read", "/campaigns/{campaign}/ledger"),
    ("消息", "messages.read", "/campaigns/{campaign}/messages"),
    ("人员", "people.read", "/campaigns/{campaign}/people"),
    ("账号复核", "proposal.read", "/campaigns/{campaign}/proposals"),
    ("Prefect", "prefect.look", "/machine-room"),
    ("审计日志", "audit.read", "/campaigns/{campaign}/audit"),
)
"""(title, right, address) in the order shown; the first to which somebody has the right is their home."""


def the_campaign(session: Session) -> Campaign | None:
    """The campaign under way, or the last one."""
    found = current_campaign(session)
    return campaign_of(session, found) if found else None


def menu(person: Person, campaign_id: str) -> list[tuple[str, str]]:
    """(title, address) of what this person may open."""
    own = Place(person.town_code)
    return [
        (title, address.format(campaign=campaign_id, town=person.town_code))
        for title, right, address in MENU
        if may(right, person, own)
    ]
