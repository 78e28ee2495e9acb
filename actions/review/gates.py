"""Gates: opened about exact content, with a duty for each seat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions.duties.duties import Owed, open_duty
from actions.lookup import calendar_of, published, workdays_after
from notifications.wording import moment_text
from records import audit, outbox
from records.people import people
from records.review.gates import decisions_on, gate_attempt
from records.store import Session
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.duties.extensions import kept_day


@dataclass(frozen=True, slots=True)
class Question:
    """What a gate asks: its plan's name, about which subject and content, for whose run, to whom by seat."""

    name: str
    subject: str
    content_hash: str
    carrier: tuple[str, str]
    asked: dict[str, str]
    """Seat name -> the person who is asked first; everybody eligible may answer."""
    about: str
    """The subject in words, for messages."""
    town_code: str = ""
    village_code: str = ""
    upload_id: int | None = None


def open_gate(
    session: Session, campaign: Campaign, question: Question, *, attempt: int, now: datetime
) -> GateRow:
    """Open one attempt with a duty for each seat; the same attempt opens once."""
    there = gate_attempt(session, campaign.id, question.name, question.subject, attempt)
    if there is not None:
        return there
    plan = campaign.gate(question.name)
    gate = GateRow(
        campaign_id=campaign.id,
        name=plan.name,
        version=plan.version,
        subject=question.subject,
        attempt=attempt,
        town_code=question.town_code,
        village_code=question.village_code,
        carrier_kind=question.carrier[0],
        carrier_subject=question.carrier[1],
        content_hash=question.content_hash,
        upload_id=question.upload_id,
        state="open",
        opened_at=now,
        due_at=kept_until(session, campaign, what=plan.name, workdays=plan.workdays, now=now),
    )
    session.add(gate)
    session.flush()
    for seat in plan.seats:
        owed = Owed(
            key=f"gate:{gate.name}:{gate.subject}#{attempt}:{seat.name}",
            kind="gate",
            carrier=question.carrier,
            town_code=question.town_code,
            village_code=question.village_code,
            role=seat.role,
            person_id=question.asked[seat.name],
            due_at=gate.due_at,
            template="gate_opened",
            gate_id=gate.id,
            beside=frozenset(question.asked.values()) - {question.asked[seat.name]},
            facts={"gate": plan.title, "subject": question.about, "missing": [seat.name]},
        )
        open_duty(session, campaign, owed, now=now)
    facts = {"attempt": attempt, "content": gate.content_hash}
    audit.note(
        session, at=now, actor="system", act=f"open_gate:{plan.name}", subject=gate.subject, facts=facts
    )
    return gate


def workdays_from(session: Session, campaign: Campaign, now: datetime, workdays: int) -> datetime:
    """The end of the day so many working days from now; raises ``BeyondCalendar``."""
    return campaign.end_of(workdays_after(session, campaign, now, workdays))


def kept_until(session: Session, campaign: Campaign, *, what: str, workdays: int, now: datetime) -> datetime:
    """The end of the day by which ``what`` is due, so that what follows can be kept; raises as above."""
    calendar, today = calendar_of(session, campaign.id), now.astimezone(campaign.zone).date()
    day = kept_day(campaign, calendar, what=what, today=today, workdays=workdays)
    return campaign.end_of(published(calendar, day, today=today, workdays=workdays))


def tell_deputy_heads(session: Session, campaign: Campaign, gate: GateRow, *, now: datetime) -> None:
    """Tell the town's deputy heads what was decided, by whom and why; its clerk gets a duty instead."""
    last = decisions_on(session, gate)[-1]
    for head in people.with_role(session, "deputy_head", town_code=gate.town_code):
        outbox.post(
            session,
            key=f"{campaign.id}:decision_made:{gate.name}:{gate.subject}#{gate.attempt}:{head.id}",
            campaign_id=campaign.id,
            template="decision_made",
            person_id=head.id,
            facts={
                "town": campaign.town(gate.town_code).name,
                "gate": campaign.gate(gate.name).title,
                "subject": campaign.village(gate.village_code).name,
                "answer": dict(campaign.gate(gate.name).answers)[gate.answer or last.answer],
                "decided_by": session.get_one(PersonRow, last.person_id).name,
                "reason": last.reason or "无",
                "decided_at": moment_text(last.decided_at.astimezone(campaign.zone)),
            },
            at=now,
        )
