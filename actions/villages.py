"""A village's row, for acts that look at it and acts that move it."""

from __future__ import annotations

from actions.lookup import campaign_of
from actions.steps import split_subject
from records.store import Session
from records.tables.campaign import VillageRow
from rules.campaign.campaign import Campaign
from rules.campaign.states import move
from rules.refusals import Refused

SETTLED = {"recognised", "not_recognised", "vetoed", "lapsed"}
"""States in which nothing more is decided about a village in this campaign."""


def village_at(session: Session, subject: str, *, lock: bool = False) -> tuple[Campaign, VillageRow]:
    """A subject's campaign and village; ``lock`` keeps the row from everybody else."""
    campaign_id, code = split_subject(subject)
    row = session.get_one(VillageRow, (campaign_id, code), with_for_update=lock or None)
    return campaign_of(session, campaign_id), row


def locked_village(session: Session, subject: str) -> tuple[Campaign, VillageRow]:
    return village_at(session, subject, lock=True)


def move_village(village: VillageRow, act: str) -> None:
    state = move("village", village.state, act)
    assert not isinstance(state, Refused), state.reason
    village.state = state
