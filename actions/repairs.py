"""Carriers whose run is gone: found by the tick, rung, and replaced by the ringer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from records import bells, carriers
from records.store import Store

MOST_AT_ONCE = 200


def live_runs(store: Store) -> dict[UUID, tuple[str, str]]:
    """The runs that ought to be asleep, each with its (kind, subject)."""
    with store.reading() as session:
        rows = carriers.asleep(session, limit=MOST_AT_ONCE)
        return {UUID(row.flow_run_id): (row.kind, row.subject) for row in rows}


def ring_dead(store: Store, dead: Sequence[tuple[str, str]], *, now: datetime) -> int:
    """Ring each; the ringer sees that its run cannot be resumed and starts it anew."""
    if dead:
        with store.writing() as session:
            for kind, subject in dead:
                bells.ring(session, kind=kind, subject=subject, cause="repair", at=now)
    return len(dead)
