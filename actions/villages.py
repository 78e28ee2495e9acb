"""A village's row for an act that moves it."""

from __future__ import annotations

from actions.lookup import campaign_of
from actions.subjects import split_subject
from records.store import Session
from records.tables import VillageRow
from rules.campaign import Campaign
from rules.moves import move
from rules.refusals import Refused

SETTLED = {"recognised", "not_recognised", "vetoed", "lapsed"}
"""States in which nothing more is decided about a village in this campaign."""


def locked_village(session: Session, subject: str) -> tuple[Campaign, VillageRow]:
    campaign_id, code = split_subject(subject)
    return campaign_of(session, campaign_id), session.get_one(
        VillageRow, (campaign_id, code), with_for_update=True
    )


def move_village(village: VillageRow, act: str) -> None:
    state = move("village", village.state, act)
    assert not isinstance(state, Refused), state.reason
    village.state = state
