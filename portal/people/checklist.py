"""What is not ready before a campaign can run by itself, and inviting everybody at once."""

from __future__ import annotations

from starlette.responses import Response

from actions.overview.checklist import checklist, to_invite
from actions.people.invitations import invite_by_mail
from portal.people.proof import proved
from portal.people.staff import NO_PUBLIC_URL
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from rules.refusals import Refused

ADDRESS = "/campaigns/{campaign_id}/checklist"


def show_checklist(asked: Asked, refused: Refused | None = None) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        items = checklist(session, campaign.id, asked.house.settings)
        facts = {
            "refused": refused,
            "items": items,
            "open": [one for one in items if not one.done],
            "to_invite": to_invite(session),
        }
    return show(asked, "people/checklist.html", facts, status=UNPROCESSABLE if refused else 200)


def invite_all(asked: Asked) -> Response:
    """One mail each to everybody who was never invited; the first that cannot be written is told."""
    campaign = need(asked.found.campaign)
    if not asked.house.settings.public_url:
        return show_checklist(asked, NO_PUBLIC_URL)
    with asked.store.reading() as session:
        ids = to_invite(session)
    done = [
        invite_by_mail(asked.store, person_id=one, campaign_id=campaign.id, by=asked.person.id, now=asked.now)
        for one in ids
    ]
    refused = next((one for one in done if one is not None), None)
    return (
        show_checklist(asked, refused)
        if refused
        else go(f"/campaigns/{campaign.id}/checklist", said="invited")
    )


ROUTES = (
    Route("GET", ADDRESS, "people.read", show_checklist),
    Route("POST", "/campaigns/{campaign_id}/invitations", "people.invite", proved(invite_all)),
)
