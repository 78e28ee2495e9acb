"""What the calendar demands: absences that begin, rungs of the ladders, lapses, stages whose date has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from actions.duties.asking import ask_about, ladder_of, told_of
from actions.duties.duties import lapse
from actions.duties.handover import escalate
from actions.duties.posting import post_about, reasons_of
from actions.lookup import calendar_of, campaign_of
from records import audit
from records.duties.duties import duties_due, fired_rungs, lock_duty
from records.people import people
from records.review.gates import gates_numbered
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow, RungFireRow
from records.tables.people import PersonRow
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import TOWN_ROLES, Campaign
from rules.duties import ladders
from rules.duties.ladders import RungTime
from rules.refusals import Refused

A_MOMENT = timedelta(seconds=1)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Nothing more is asked of a duty, but that somebody does it."""
HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class Together:
    """What duties share that one message can name together."""

    template: str
    reader: str
    town_code: str
    due_at: datetime
    gate: str


def fire_rungs(store: Store, *, campaign_id: str, now: datetime) -> int:
    """Fire every rung that is due and has not fired; one message for all duties that can be named together.

    After an outage several rungs of one duty are due at once: only the last one speaks. Looks at those duties
    alone whose next moment has come: what is merely open costs nothing.
    """
    with store.reading() as session:
        if not duties_due(session, campaign_id, now=now):
            return 0
    return _fire_due(store, campaign_id=campaign_id, now=now)


@repeatable
def _fire_due(store: Store, *, campaign_id: str, now: datetime) -> int:
    with store.writing() as session:
        campaign, calendar = campaign_of(session, campaign_id), calendar_of(session, campaign_id)
        groups: dict[Together, list[DutyRow]] = defaultdict(list)
        fired = 0
        due_ones = duties_due(session, campaign_id, now=now)
        _asked = gates_numbered(session, [duty.facts["gate_id"] for duty in due_ones if duty.kind == "gate"])
        for duty in due_ones:
            rungs = _fire(session, campaign, calendar, duty, now)
            fired += len(rungs)
            if rungs:
                groups[_together(session, duty, rungs[-1])].append(duty)
            if any(rung.escalate for rung in rungs):
                escalate(session, campaign, duty, now=now)
            duty.next_at = next_moment(session, campaign, calendar, duty, after=now)
        for told, duties in groups.items():
            _remind(session, campaign, duties, template=told.template, reader=told.reader, now=now)
        if fired:
            facts = {"rungs": fired, "messages": len(groups)}
            audit.note(session, at=now, actor="system", act="fire_rungs", subject=campaign_id, facts=facts)
    return fired


def next_moment(
    session: Session, campaign: Campaign, calendar: Calendar, duty: DutyRow, *, after: datetime
) -> datetime:
    """When the calendar next asks something of an open duty: a rung, or its lapse, also one that is overdue."""
    rung = ladders.next_rung(
        ladder_of(session, campaign, duty),
        opened_at=duty.opened_at,
        due=duty.due_at.astimezone(campaign.zone).date(),
        calendar=calendar,
        zone=campaign.zone,
        after=after,
    )
    lapse_at = duty.lock_at + A_MOMENT if duty.lock_at is not None else None
    return min(filter(None, (rung, lapse_at)), default=NEVER)


def _together(session: Session, duty: DutyRow, rung: RungTime) -> Together:
    return Together(
        template=f"{duty.kind}_{rung.template}",
        reader=_reader(session, duty, rung),
        town_code=duty.town_code if duty.role in TOWN_ROLES else "",
        due_at=duty.due_at,
        gate=duty.facts.get("gate", ""),
    )


def unfired_rungs(
    session: Session, campaign: Campaign, duty: DutyRow, now: datetime, *, calendar: Calendar | None = None
) -> list[RungTime]:
    """Every rung that should have fired by ``now`` and has not."""
    due_ones = ladders.rungs_due(
        ladder_of(session, campaign, duty),
        opened_at=duty.opened_at,
        due=duty.due_at.astimezone(campaign.zone).date(),
        calendar=calendar or calendar_of(session, campaign.id),
        zone=campaign.zone,
        now=now,
    )
    known = fired_rungs(session, duty)
    return [rung for rung in due_ones if rung.key not in known]


def _fire(
    session: Session, campaign: Campaign, calendar: Calendar, duty: DutyRow, now: datetime
) -> list[RungTime]:
    rungs = unfired_rungs(session, campaign, duty, now, calendar=calendar)
    session.add_all(
        RungFireRow(duty_id=duty.id, generation=duty.generation, rung=rung.key, fired_at=now)
        for rung in rungs
    )
    session.flush()
    return rungs


def _reader(session: Session, duty: DutyRow, rung: RungTime) -> str:
    """Whom a rung speaks to: the holder of the duty, or the first person of its role."""
    if rung.role in (HOLDER, duty.role):
        return duty.person_id
    town = duty.town_code if rung.role in ("town_clerk", "deputy_head") else ""
    readers = people.with_role(session, rung.role, town_code=town)
    return readers[0].id if readers else duty.person_id


def _remind(
    session: Session,
    campaign: Campaign,
    duties: Sequence[DutyRow],
    *,
    template: str,
    reader: str,
    now: datetime,
) -> None:
    first, today = duties[0], now.astimezone(campaign.zone).date()
    late = (today - first.due_at.astimezone(campaign.zone).date()).days
    reasons = reasons_of(duties)
    facts = {
        **told_of(duties),
        **({"reasons": reasons} if reasons else {}),
        "late_days": max(late, 1),
    }
    key = f"{template}:{today.isoformat()}"
    ask_about(session, campaign, first, template=template, key=key, now=now, person_id=reader, facts=facts)


def lapse_locked(store: Store, *, campaign_id: str, now: datetime) -> int:
    """End every town's duty whose lock date has passed; how many. A bureau's duty never lapses."""
    with store.reading() as session:
        locked = [
            duty.id
            for duty in duties_due(session, campaign_id, now=now)
            if duty.lock_at is not None and now > duty.lock_at
        ]
    return sum(lapse(store, duty_id=duty_id, now=now) is None for duty_id in locked)


@repeatable
def remind_now(store: Store, *, duty_id: int, by: str, now: datetime) -> Refused | None:
    """One more reminder to the holder of an open duty, at most once a day."""
    with store.writing() as session:
        duty = lock_duty(session, duty_id)
        person = session.get(PersonRow, by)
        if person is None or not person.active or "coordinator" not in person.roles:
            return Refused("not_coordinator", "只有活动协调员可以发出提醒。")
        if duty.state != "open":
            return Refused("ended", "该事项已经办结，无需提醒。")
        campaign = campaign_of(session, duty.campaign_id)
        key = f"by_hand:{now.astimezone(campaign.zone).date().isoformat()}"
        template = f"{duty.kind}_reminder"
        if not post_about(session, campaign, duty, template=template, key=key, now=now):
            return Refused("just_reminded", "今天已经手动提醒过，请明天再提醒，或直接打电话。")
        audit.note(session, at=now, actor=by, act="remind", subject=duty.key, facts={"to": duty.person_id})
    return None
