"""The payment list and the ledger."""

from __future__ import annotations

from actions.lists import award as award_acts
from tasks.act import act
from tasks.context import now, store


@act
def award(subject: str) -> bool:
    """Write what both bureaus have approved, ask about what is left; False while somebody is to be paid."""
    if award_acts.settle_awards(store(), subject=subject, now=now()):
        return True
    award_acts.propose_awards(store(), subject=subject, now=now())
    return False
