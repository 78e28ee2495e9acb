"""Opening and closing the stages of a campaign."""

from __future__ import annotations

from actions.campaign import lifecycle, stages
from tasks.act import act
from tasks.context import now, store


@act
def move_stages(campaign_id: str) -> bool:
    """Close and open every stage whose time has come; True when the campaign is over."""
    while stages.close_due_stage(store(), campaign_id=campaign_id, now=now()) or stages.open_due_stage(
        store(), campaign_id=campaign_id, now=now()
    ):
        pass
    with store().reading() as session:
        return stages.is_over(session, campaign_id)


@act
def close_campaign(campaign_id: str) -> bool:
    """False when something has begun anew since the stages were looked at."""
    return lifecycle.close_campaign(store(), campaign_id=campaign_id, now=now())
