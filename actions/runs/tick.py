"""Asking for a tick out of turn: whoever plays simulated time, or an operator who does not want to wait."""

from __future__ import annotations

from datetime import datetime

from records.runs import bells, carriers, ticks
from records.store import Store


def ring_tick(store: Store, *, campaign_id: str, now: datetime) -> None:
    """Ring the tick; each of its bells is a run of its own."""
    with store.writing() as session:
        first = carriers.enlist(
            session,
            kind="tick",
            subject=campaign_id,
            campaign_id=campaign_id,
            label="tick · 定时检查",
            tags=[campaign_id, "定时检查"],
            at=now,
        )
        if not first:
            bells.ring(session, kind="tick", subject=campaign_id, cause="asked", at=now)


def note_end(store: Store, *, host_now: datetime) -> None:
    """A tick came to its end: whoever watches the machine sees by it that the calendar is followed."""
    with store.writing() as session:
        ticks.note_tick(session, host_now=host_now)
