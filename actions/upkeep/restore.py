"""What a restored database must forget: runs, leases and senders of the machine it was backed up on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from records import audit, outbox
from records.people import accounts, tokens
from records.runs import bells, carriers
from records.store import Session


@dataclass(frozen=True, slots=True)
class Settled:
    """How many subjects will get a new run, and how many messages were being sent at that moment."""

    carriers: int
    messages: int


def settle(session: Session, *, facts: Mapping[str, object], now: datetime, host_now: datetime) -> Settled:
    """Free every lease and claim, and ring every subject whose business goes on, so that runs come back.

    A message in a sender's hands may have gone out already: it is sent under the same Message-ID as
    before, the one double that the outbox knows (`actions.messages.delivery`).
    """
    rung = carriers.orphan_all(session, generation=_above_all_before(host_now))
    for kind, subject in rung:
        bells.ring(session, kind=kind, subject=subject, cause="restored", at=now)
    messages = outbox.evict_all(session)
    # A log-in or a token that was ended after the backup must not come back with it.
    accounts.end_every_session(session)
    tokens.revoke_all(session, at=host_now)
    audit.note(session, at=now, actor="operator", act="restore", subject="database", facts=facts)
    return Settled(len(rung), messages)


def _above_all_before(host_now: datetime) -> int:
    """A generation that no run had before, also none made after the backup and forgotten with it.

    A run's idempotency key ends with it: a Prefect that outlived the loss must not hand out an old run.
    """
    return int(host_now.timestamp() // 60)
