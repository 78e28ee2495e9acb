"""An answer given by telephone: who may write it down, and how the person is told what stands in their name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.lookup import calendar_of
from notifications.wording import DUE_ON, day_text
from records import outbox
from records.people import people
from records.review.gates import decisions_on, seat_duties
from records.store import Session
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow
from rules.campaign.calendar import add_workdays
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from rules.review.telephone import refuse_recorder

PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Recording:
    """Who writes an answer down, and which call it was."""

    by: str
    note: str


def refuse_recording(
    session: Session, gate: GateRow, recording: Recording, *, on_behalf_of: str, filed_by: frozenset[str]
) -> Refused | None:
    """Why this coordinator cannot write down this person's answer at this gate."""
    recorder = session.get(PersonRow, recording.by)
    if recorder is None or not recorder.active:
        return Refused("not_coordinator", "只有活动协调员可以代录电话答复。")
    made = decisions_on(session, gate)
    return refuse_recorder(
        people.as_rule(recorder),
        on_behalf_of=on_behalf_of,
        asked=seats_asked(session, gate),
        sat={one.person_id for one in made},
        recorded={one.recorded_by for one in made if one.recorded_by},
        village_town=gate.town_code,
        filed_by=filed_by,
        note=recording.note,
    )


def seats_asked(session: Session, gate: GateRow) -> dict[str, str]:
    """Seat that is still open -> whoever is asked to take it."""
    duties = seat_duties(session, gate)
    return {seat: duty.person_id for seat, duty in duties.items() if duty.state == "open"}


def object_until(session: Session, campaign: Campaign, decision: DecisionRow) -> datetime:
    """Until when a recorded answer may be objected to; beyond the published calendar every day counts."""
    first = decision.decided_at.astimezone(campaign.zone).date()
    last = add_workdays(calendar_of(session, campaign.id), first, campaign.objection_workdays)
    if isinstance(last, Refused):
        last = first + timedelta(days=campaign.objection_workdays)
    return campaign.end_of(last)


def note_recording(
    session: Session, campaign: Campaign, gate: GateRow, decision: DecisionRow, *, now: datetime
) -> None:
    """Tell the person what was written down in their name, by whom, and until when they may object."""
    plan = campaign.gate(gate.name)
    until = object_until(session, campaign, decision).astimezone(campaign.zone).date()
    outbox.post(
        session,
        key=f"{campaign.id}:decision_recorded:{decision.id}",
        campaign_id=campaign.id,
        template="decision_recorded",
        person_id=decision.person_id,
        facts={
            "gate": plan.title,
            "subject": subject_in_words(session, campaign, gate),
            "answer": dict(plan.answers)[decision.answer],
            "reason": decision.reason or "无",
            "recorded_by": session.get_one(PersonRow, str(decision.recorded_by)).name,
            "note": str(decision.call_note),
            "until": day_text(until),
            DUE_ON: until.isoformat(),
        },
        at=now,
    )


def subject_in_words(session: Session, campaign: Campaign, gate: GateRow) -> str:
    """What a gate is about, as its seats were told."""
    duties = seat_duties(session, gate)
    return str(next(iter(duties.values())).facts["subject"]) if duties else campaign.title
