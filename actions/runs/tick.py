"""Asking for a tick out of turn: whoever plays simulated time, or an operator who does not want to wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from actions.campaign import decree
from actions.duties.absences import begin_moments, pass_on_for_absent
from actions.duties.asking import ladder_of
from actions.duties.reminders import A_MOMENT, fire_rungs, lapse_locked, next_moment
from actions.lookup import calendar_of, campaign_of
from actions.people import account_review
from records import outbox
from records.campaign import campaigns
from records.campaign.stages import stages_in_order
from records.duties.duties import duties_due, next_known_moment
from records.review.gates import gates_numbered
from records.runs import bells, carriers, ticks
from records.store import Session, Store, repeatable


@repeatable
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


@repeatable
def note_end(store: Store, *, host_now: datetime) -> None:
    """A tick came to its end: whoever watches the machine sees by it that the calendar is followed."""
    with store.writing() as session:
        ticks.note_tick(session, host_now=host_now)


def open_campaigns(store: Store) -> list[str]:
    with store.reading() as session:
        return campaigns.open_campaigns(session)


def follow_calendar(store: Store, *, campaign_id: str, now: datetime) -> int:
    """What the calendar demands of one campaign: pass on, lapse, remind, ring; how many things happened."""
    happened = pass_on_for_absent(store, campaign_id=campaign_id, now=now)
    happened += lapse_locked(store, campaign_id=campaign_id, now=now)
    happened += decree.ask_in_time(store, campaign_id=campaign_id, now=now)
    happened += account_review.ask_in_time(store, campaign_id=campaign_id, now=now)
    happened += fire_rungs(store, campaign_id=campaign_id, now=now)
    return happened + ring_due_stages(store, campaign_id=campaign_id, now=now)


@repeatable
def ring_due_stages(store: Store, *, campaign_id: str, now: datetime) -> bool:
    """Ring the campaign when a stage's opening or lock date has come and it has not moved."""
    with store.reading() as session:
        if not stage_waits(session, campaign_id, now):
            return False
    with store.writing() as session:
        bells.ring(session, kind="campaign", subject=campaign_id, cause="calendar", at=now)
        return True


def stage_waits(session: Session, campaign_id: str, now: datetime) -> bool:
    """Whether a stage's opening or lock date has come and it has not moved."""
    return any(
        (stage.state == "waiting" and stage.opens_at <= now)
        or (stage.state == "open" and stage.lock_at < now)
        for stage in stages_in_order(session, campaign_id)
    )


def next_instant(session: Session, campaign_id: str, *, after: datetime) -> datetime | None:
    """The next moment at which the calendar demands anything: a rung, a lapse, a stage, an absence, a message."""
    known = next_known_moment(session, campaign_id, after=after)
    moments = [*_next_of_others(session, campaign_id, after=after), *([known] if known else [])]
    for stage in stages_in_order(session, campaign_id):
        moments += [stage.opens_at] if stage.state == "waiting" else []
        moments += [stage.lock_at + A_MOMENT] if stage.state == "open" else []
    moments += begin_moments(session, campaign_of(session, campaign_id), after=after)
    moments += outbox.waiting_moments(session, campaign_id)
    return min((moment for moment in moments if moment > after), default=None)


def _next_of_others(session: Session, campaign_id: str, *, after: datetime) -> Iterator[datetime]:
    """The next moments of those duties that the tick has not looked at since they were opened, moved or due."""
    campaign, calendar = campaign_of(session, campaign_id), calendar_of(session, campaign_id)
    unknown = duties_due(session, campaign_id, now=after)
    _asked = gates_numbered(session, [duty.facts["gate_id"] for duty in unknown if duty.kind == "gate"])
    alike = {
        (ladder_of(session, campaign, one), max(one.opened_at, after), one.due_at, one.lock_at): one
        for one in unknown
    }
    for duty in alike.values():
        yield next_moment(session, campaign, calendar, duty, after=after)
        if duty.lock_at is not None:
            yield duty.lock_at + A_MOMENT
