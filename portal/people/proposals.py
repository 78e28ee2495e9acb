"""Changes of accounts that wait for a second person: listed, confirmed, declined."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from actions.people import proposals as acts
from portal.people.proof import proved
from portal.web.menu import the_campaign
from portal.web.paging import number_in, sheet_of
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.people import proposals
from records.people.people import names_of
from records.tables.people import ProposalRow
from rules.people.proposals import may_confirm
from rules.refusals import Refused

MOST_SHOWN = 50
MOST_KEPT = 500
"""How far back the page leafs; all of them stand in the audit log."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One proposal, and what whoever looks at it may do."""

    row: ProposalRow
    waits: bool
    may_confirm: bool
    may_take_back: bool


def show_proposals(asked: Asked) -> Response:
    return _page(asked)


def _page(asked: Asked, refused: Refused | None = None) -> Response:
    with asked.store.reading() as session:
        campaign = need(the_campaign(session))
        rows, number = (
            proposals.newest(session, limit=MOST_KEPT),
            number_in(asked.request.query_params.get("page", "")),
        )
        facts = {
            "refused": refused,
            "campaign": campaign,
            "zone": campaign.zone,
            "names": names_of(session),
            "sheet": sheet_of([_shown(asked, row) for row in rows], number, size=MOST_SHOWN),
        }
        return show(asked, "people/proposals.html", facts, status=UNPROCESSABLE if refused else 200)


def _shown(asked: Asked, row: ProposalRow) -> Shown:
    waits = row.state == "open" and asked.now < row.expires_at
    second = waits and may_confirm(asked.rule_person, proposals.as_rule(row))
    return Shown(row, waits, second, waits and row.proposed_by == asked.person.id)


def confirm(asked: Asked) -> Response:
    refused = acts.confirm(
        asked.store, proposal_id=need(asked.found.proposal).id, by=asked.person.id, now=asked.now
    )
    return _page(asked, refused) if refused else _back(asked, "confirmed")


def decline(asked: Asked) -> Response:
    refused = acts.decline(
        asked.store,
        proposal_id=need(asked.found.proposal).id,
        by=asked.person.id,
        reason=asked.field("reason"),
        now=asked.now,
    )
    return _page(asked, refused) if refused else _back(asked, "declined")


def _back(asked: Asked, said: str) -> Response:
    with asked.store.reading() as session:
        return go(f"/campaigns/{need(the_campaign(session)).id}/proposals", said=said)


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/proposals", "proposal.read", show_proposals),
    Route("POST", "/proposals/{proposal_id}/confirmation", "proposal.decide", proved(confirm)),
    Route("POST", "/proposals/{proposal_id}/refusal", "proposal.decide", decline),
)
