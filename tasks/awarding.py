"""The payment list and the ledger."""

from __future__ import annotations

from actions import awarding
from tasks.place import now, store
from tasks.retrying import act


@act
def award(subject: str) -> bool:
    """Write what both bureaus have approved, ask about what is left; False while somebody is to be paid."""
    if awarding.settle_awards(store(), subject=subject, now=now()):
        return True
    awarding.propose_awards(store(), subject=subject, now=now())
    return False
