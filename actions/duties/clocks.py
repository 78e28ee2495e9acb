"""The town's clock and the bureau's for one village, from what each was asked and when it answered."""

from __future__ import annotations

from datetime import datetime

from actions.lookup import calendar_of
from records.review.clocks import corrections_of, gates_of, visits_owed
from records.store import Session
from rules.campaign.campaign import Campaign
from rules.duties import clocks as rule
from rules.duties.clocks import Clocks, Span


def clocks_of(session: Session, campaign: Campaign, village_code: str, *, now: datetime) -> Clocks:
    """How often the dossier was returned, and how many working days town and bureau have had it since it was in."""

    def span(since: datetime, until: datetime | None) -> Span:
        return tuple(one.astimezone(campaign.zone).date() for one in (since, until or now))  # type: ignore[return-value]

    gates, corrections = (
        gates_of(session, campaign.id, village_code),
        corrections_of(session, campaign.id, village_code),
    )
    visits = visits_owed(session, campaign.id, village_code)
    return rule.clocks(
        calendar_of(session, campaign.id),
        town=[span(one.opened_at, one.ended_at) for one in corrections],
        bureau=[
            *(span(one.opened_at, one.closed_at) for one in gates),
            *(span(one.opened_at, one.ended_at) for one in visits),
        ],
        returned=len(corrections),
        most=campaign.most_returns,
    )
