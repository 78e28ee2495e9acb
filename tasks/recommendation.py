"""The ranking and the list for the level above."""

from __future__ import annotations

from actions.lists import recommendation
from tasks.act import act
from tasks.context import now, store


@act
def recommend(subject: str) -> bool:
    """Rank, ask the bureau, and write the list once it has decided; False while it has not."""
    recommendation.rank_villages(store(), subject=subject, now=now())
    return recommendation.send_upward(store(), subject=subject, now=now())
