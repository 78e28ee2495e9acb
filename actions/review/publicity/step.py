"""The publicity of a village that the bureau has decided to recognise: a step of its own before it is."""

from __future__ import annotations

from datetime import datetime

from actions.campaign.decree import waits_for_calendar
from actions.lookup import SETTLED_STATES, locked_village, village_at, workdays_after
from actions.review.content import still_counts
from actions.review.recognition import conclude
from actions.steps import Step
from records import audit
from records.duties.duties import open_duties
from records.review.gates import latest_gate
from records.review.publicity import publicity_of, run_out, running
from records.runs import bells
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.publicity import PublicityRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign

STOOD, UPHELD, OVERTAKEN = "stood", "upheld", "overtaken"


@waits_for_calendar
@repeatable
def publicity(store: Store, *, subject: str, now: datetime) -> str | None:
    """The village's final state once its publicity is over and every objection answered; None before."""
    with store.writing() as session:
        campaign, village = locked_village(session, subject)
        stands = _stands(session, campaign, village, subject)
        if stands is not Step.DUE:
            return stands
        gate = latest_gate(session, campaign.id, "recognition", subject)
        assert gate is not None
        row = publicity_of(session, gate.id)
        if row is None:
            _open(session, campaign, village, gate, now=now)
            return None
        if now <= row.closes_at or _waits(session, campaign.id, village.code):
            return None
        row.ended_at, row.outcome = now, STOOD
        audit.note(
            session, at=now, actor="system", act="end_publicity", subject=subject, facts={"outcome": STOOD}
        )
        return conclude(session, campaign, village, gate, now)


def publicity_stands(session: Session, subject: str) -> str | Step | None:
    """What ``publicity`` has come to, or that it is due."""
    campaign, village = village_at(session, subject)
    return _stands(session, campaign, village, subject)


def _stands(session: Session, campaign: Campaign, village: VillageRow, subject: str) -> str | Step | None:
    if village.state in SETTLED_STATES:
        return village.state
    gate = latest_gate(session, campaign.id, "recognition", subject)
    decided = gate is not None and gate.state == "closed" and gate.answer == "recognise"
    if gate is None or not decided or not still_counts(session, campaign, village, gate):
        return None
    return Step.DUE


def _open(session: Session, campaign: Campaign, village: VillageRow, gate: GateRow, *, now: datetime) -> None:
    """Begin it; what was public of an earlier decision about this village is so no more."""
    for row in running(session, campaign.id):
        if row.village_code == village.code:
            row.ended_at, row.outcome = now, OVERTAKEN
    day = workdays_after(session, campaign, now, campaign.publicity_workdays)
    row = PublicityRow(
        gate_id=gate.id,
        campaign_id=campaign.id,
        village_code=village.code,
        opened_at=now,
        closes_at=campaign.end_of(day),
    )
    session.add(row)
    facts = {"until": row.closes_at.isoformat(), "content": gate.content_hash}
    audit.note(session, at=now, actor="system", act="open_publicity", subject=gate.subject, facts=facts)


def _waits(session: Session, campaign_id: str, village_code: str) -> bool:
    """Whether an objection to the village waits for its answer, whichever of its publicities it came in."""
    return bool(open_duties(session, campaign_id, kind="objection", village_code=village_code))


@repeatable
def ring_over(store: Store, *, campaign_id: str, now: datetime) -> int:
    """Ring every village whose publicity has come to its last day; how many."""
    with store.writing() as session:
        over = [
            row
            for row in run_out(session, campaign_id, now)
            if not _waits(session, campaign_id, row.village_code)
        ]
        for row in over:
            gate = session.get_one(GateRow, row.gate_id)
            bells.ring(
                session, kind=gate.carrier_kind, subject=gate.carrier_subject, cause="publicity over", at=now
            )
        return len(over)


def next_end(session: Session, campaign_id: str, *, after: datetime) -> datetime | None:
    """When the next publicity ends."""
    return min(
        (row.closes_at for row in running(session, campaign_id) if row.closes_at > after), default=None
    )
