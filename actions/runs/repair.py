"""Carriers whose run is gone: found by the tick, rung, and replaced by the ringer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from records import audit, outbox
from records.people import people
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.runs import CarrierRow


def live_runs(store: Store) -> dict[UUID, tuple[str, str]]:
    """The runs that ought to be asleep, each with its (kind, subject)."""
    with store.reading() as session:
        rows = carriers.asleep(session)
        return {UUID(row.flow_run_id): (row.kind, row.subject) for row in rows}


@repeatable
def ring_dead(store: Store, dead: Sequence[tuple[str, str]], *, now: datetime) -> int:
    """Ring each; the ringer sees that its run cannot be resumed and starts it anew."""
    if dead:
        with store.writing() as session:
            for kind, subject in dead:
                bells.ring(session, kind=kind, subject=subject, cause="repair", at=now)
    return len(dead)


@repeatable
def replace_run(store: Store, *, kind: str, subject: str, cause: str, now: datetime) -> int | None:
    """Give up a dead run: the new generation, or None when it died too often for one cause and was parked.

    A parked subject waits for a person, so every coordinator is told, once per generation.
    """
    with store.writing() as session:
        generation = carriers.replace(session, kind, subject, cause=cause)
        facts = {"cause": cause, "generation": generation}
        audit.note(
            session, at=now, actor="system", act="replace_run", subject=f"{kind}:{subject}", facts=facts
        )
        if generation is None:
            _tell_coordinators(session, kind, subject, cause=cause, now=now)
    return generation


def _tell_coordinators(session: Session, kind: str, subject: str, *, cause: str, now: datetime) -> None:
    carrier = session.get_one(CarrierRow, (kind, subject))
    for person in people.with_role(session, "coordinator"):
        outbox.post(
            session,
            key=f"{carrier.campaign_id}:carrier_parked:{kind}:{subject}:{carrier.generation}:{person.id}",
            campaign_id=carrier.campaign_id,
            template="carrier_parked",
            person_id=person.id,
            facts={
                "subject": carrier.label,
                "reason": f"连续{carriers.MOST_REPLACEMENTS}次未能完成({cause})",
            },
            at=now,
        )
