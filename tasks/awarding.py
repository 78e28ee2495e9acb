"""The payment list and the ledger."""

from __future__ import annotations

from actions import awarding
from tasks.place import now, store
from tasks.retrying import act


@act
def award(subject: str) -> bool:
    """Propose, ask both bureaus, and write the ledger once they have decided; False while they have not."""
    awarding.propose_awards(store(), subject=subject, now=now())
    return awarding.settle_awards(store(), subject=subject, now=now())
