"""What the fighters of the melee do: every act that meets others on a village, by people who mostly may."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import TypeVar
from zipfile import ZipFile

from actions.dossiers import acceptance, uploads, withdrawal
from actions.duties import absences, extensions, handover, reminders
from actions.messages.delivery import Sender, deliver_next
from actions.overview.simulation import STEPS, Woken
from actions.people import person as person_acts
from actions.people import staff
from actions.review import decisions, reopening, score_sheets, visits
from actions.review.planning import plan
from actions.review.planning.signatures import digest_of, sign_visit
from actions.runs import tick, wake
from notifications.channels import Channel
from notifications.message import Address, Message, Sent
from records.copies.dump import rows_of
from records.duties.duties import open_duties
from records.people.people import everybody
from records.review.visits import visits_to
from records.runs import bells, carriers
from records.store import Store
from records.tables.duties import AbsenceRow, DutyRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Understood
from rules.duties.absences import Absence
from rules.refusals import Refused

T = TypeVar("T")
REASON = "经核对《就业台账》，情况不符。"
COORDINATORS = ("coordinator-1", "coordinator-2")
NO_OCCASION = "no occasion"
"""What an act comes to that there is nothing to do for."""


class Post(Channel):
    """Takes every mail and keeps none."""

    def __init__(self) -> None:
        pass

    def send(self, message: Message, *, to: Address, key: str, at: datetime) -> Sent:
        return Sent(f"250 {message.subject} to {to.email} as {key} of {at}")


@dataclass
class Fighter:
    """One process of the melee: its name, its luck, and what the checks make of each village's dossier."""

    store: Store
    campaign: Campaign
    now: datetime
    name: str
    luck: Random
    understood: Mapping[str, Understood]
    filled: int = 0
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        self.sender = Sender(f"{self.name}/outbox", Post(), "http://127.0.0.1", "example.invalid")

    def one(self, of: Sequence[T]) -> T | None:
        return self.luck.choice(of) if of else None

    def duty(self, *kinds: str) -> DutyRow | None:
        with self.store.reading() as session:
            return self.one([one for one in open_duties(session, self.campaign.id) if one.kind in kinds])

    def gate(self, state: str) -> GateRow | None:
        with self.store.reading() as session:
            return self.one([one for one in rows_of(session, GateRow) if one.state == state])

    def person(self, role: str) -> str:
        with self.store.reading() as session:
            return self.luck.choice([one.id for one in everybody(session) if role in one.roles])

    @property
    def coordinator(self) -> str:
        return self.person("coordinator")


Act = Callable[[Fighter], object]


# --- the town ------------------------------------------------------------------------------------


def hand_in(fighter: Fighter) -> object:
    """A small file unlike every other that passes for a workbook; what is in it was understood beforehand."""
    village = fighter.luck.choice(fighter.campaign.villages)
    fighter.filled += 1
    file = BytesIO()
    with ZipFile(file, "w") as parts:
        parts.writestr("_rels/.rels", "")
        parts.writestr("xl/workbook.xml", f"{fighter.name} {fighter.filled}")
    return uploads.hand_in(
        fighter.store,
        campaign_id=fighter.campaign.id,
        village_code=village.code,
        data=file.getvalue(),
        by=f"clerk-{village.town_code}",
        now=fighter.now,
        host_now=fighter.now,
    )


def withdraw(fighter: Fighter) -> object:
    village = fighter.luck.choice(fighter.campaign.villages)
    return withdrawal.withdraw(
        fighter.store,
        campaign_id=fighter.campaign.id,
        village_code=village.code,
        by=f"clerk-{village.town_code}",
        now=fighter.now,
    )


# --- the review ----------------------------------------------------------------------------------


def decide(fighter: Fighter) -> object:
    duty = fighter.duty("gate")
    if duty is None:
        return NO_OCCASION
    with fighter.store.reading() as session:
        gate = session.get_one(GateRow, duty.facts["gate_id"])
    answers = [answer for answer, _ in fighter.campaign.gate(gate.name).answers]
    return decisions.decide(
        fighter.store,
        gate_id=gate.id,
        attempt=gate.attempt,
        by=duty.person_id,
        answer=fighter.luck.choice([answers[0], *answers]),
        reason=REASON,
        seen_hash=gate.content_hash,
        door="rehearsal",
        now=fighter.now,
    )


def score(fighter: Fighter) -> object:
    gate = fighter.gate("open")
    if gate is None:
        return NO_OCCASION
    scheme = fighter.campaign.scheme
    found = fighter.luck.choice([{}, {}, {scheme.vetoes[0].id: "1"}])
    return score_sheets.score(
        fighter.store,
        gate_id=gate.id,
        by=fighter.person("reviewer"),
        adjustments=found,
        reasons=dict.fromkeys(found, REASON),
        now=fighter.now,
    )


def visit(fighter: Fighter) -> object:
    duty = fighter.duty("visit")
    if duty is None:
        return NO_OCCASION
    return visits.record_visit(
        fighter.store,
        campaign_id=fighter.campaign.id,
        village_code=duty.village_code,
        by=duty.person_id,
        notes="现场核实，情况属实。",
        adjustments={},
        now=fighter.now,
    )


def sign(fighter: Fighter) -> object:
    duty = fighter.duty("signature")
    if duty is None:
        return NO_OCCASION
    with fighter.store.reading() as session:
        seen = digest_of(session, visits_to(session, fighter.campaign.id, duty.village_code)[-1])
    return sign_visit(
        fighter.store,
        campaign_id=fighter.campaign.id,
        village_code=duty.village_code,
        by=duty.person_id,
        seen=seen,
        now=fighter.now,
    )


def reopen(fighter: Fighter) -> object:
    gate = fighter.gate("closed")
    if gate is None:
        return NO_OCCASION
    return reopening.reopen_gate(
        fighter.store, gate_id=gate.id, by=fighter.coordinator, reason="当时材料未看全。", now=fighter.now
    )


# --- duties and people ---------------------------------------------------------------------------


def hand_over(fighter: Fighter) -> object:
    duty = fighter.duty("gate", "visit")
    if duty is None:
        return NO_OCCASION
    return handover.hand_over(
        fighter.store,
        duty_id=duty.id,
        to=fighter.person(duty.role),
        by=fighter.coordinator,
        reason="工作安排。",
        now=fighter.now,
    )


def extend(fighter: Fighter) -> object:
    duty = fighter.duty("gate", "visit", "dossier", "correction", "paper")
    if duty is None:
        return NO_OCCASION
    with fighter.store.reading() as session:
        until = (max(duty.due_at, fighter.now) + timedelta(days=2)).date()
        offered = extensions.offer(session, duty.id, until=until, now=fighter.now)
    if isinstance(offered, Refused):
        return offered
    return extensions.grant(
        fighter.store, offered=offered, by=fighter.coordinator, reason="大雪。", anyway=True, now=fighter.now
    )


def remind(fighter: Fighter) -> object:
    duty = fighter.duty("gate", "visit", "dossier", "correction", "paper")
    if duty is None:
        return NO_OCCASION
    return reminders.remind_now(fighter.store, duty_id=duty.id, by=fighter.coordinator, now=fighter.now)


def go_away(fighter: Fighter) -> object:
    first = fighter.now.date() + timedelta(days=fighter.luck.choice([0, 1, 5]))
    wanted = Absence(fighter.person("reviewer"), fighter.person("reviewer"), first, first + timedelta(days=1))
    return absences.record_absence(fighter.store, wanted, by=fighter.coordinator, now=fighter.now)


def come_back(fighter: Fighter) -> object:
    with fighter.store.reading() as session:
        absence = fighter.one([one for one in rows_of(session, AbsenceRow) if one.ended_at is None])
    if absence is None:
        return NO_OCCASION
    return absences.end_absence(fighter.store, absence_id=absence.id, by=fighter.coordinator, now=fighter.now)


def set_deputy(fighter: Fighter) -> object:
    who, deputy = fighter.person("reviewer"), fighter.person("reviewer")
    return staff.set_deputy(
        fighter.store, person_id=who, deputy=deputy, by=fighter.coordinator, now=fighter.now
    )


def deactivate(fighter: Fighter) -> object:
    return staff.deactivate(
        fighter.store, person_id=fighter.person("reviewer"), by=fighter.coordinator, now=fighter.now
    )


def activate(fighter: Fighter) -> object:
    with fighter.store.reading() as session:
        down = fighter.one([one.id for one in everybody(session) if not one.active])
    if down is None:
        return NO_OCCASION
    return staff.activate(fighter.store, person_id=down, by=fighter.coordinator, now=fighter.now)


def declare_conflict(fighter: Fighter) -> object:
    town = fighter.luck.choice(fighter.campaign.towns).code
    return person_acts.declare_conflict(
        fighter.store, person_id=fighter.person("reviewer"), towns=[town], why="亲属任职", now=fighter.now
    )


def lift_conflict(fighter: Fighter) -> object:
    with fighter.store.reading() as session:
        held = fighter.one([(one.id, town) for one in everybody(session) for town in one.conflicts])
    if held is None:
        return NO_OCCASION
    return staff.set_conflict(
        fighter.store, person_id=held[0], town_code=held[1], stands=False, by=fighter.coordinator,
        now=fighter.now,
    )  # fmt: skip


# --- what happens by itself ----------------------------------------------------------------------


def wake_one(fighter: Fighter) -> object:
    """A rung run, as the ringer has it: under a lease of its own, from the first step to its sleep."""
    with fighter.store.reading() as session:
        call = fighter.one([one for one in bells.waiting(session, limit=100) if one.kind in STEPS])
    if call is None:
        return NO_OCCASION
    with fighter.store.writing() as session:
        mine = carriers.claim(session, call.kind, call.subject, owner=fighter.name, host_now=fighter.now)
    if not mine:
        return NO_OCCASION
    try:
        _run(fighter, call.kind, call.subject)
    finally:
        with fighter.store.writing() as session:
            carriers.release(session, call.kind, call.subject, owner=fighter.name)
    return None


def _run(fighter: Fighter, kind: str, subject: str) -> None:
    begun = wake.begin_wake(fighter.store, kind, subject)

    def check(store: Store, kind: str, subject: str, now: datetime) -> None:
        with store.reading() as session:
            waiting = uploads.waiting_uploads(session, kind, subject)
        for upload_id in waiting:
            row, _ = uploads.read_upload(store, upload_id)
            understood = fighter.understood[row.village_code]
            acceptance.judge_upload(
                store, upload_id=upload_id, understood=understood, now=now, within=(kind, subject)
            )

    if STEPS[kind](Woken(fighter.store, subject, fighter.now, check)):
        wake.record_end(fighter.store, begun, now=fighter.now)
    else:
        wake.record_sleep(fighter.store, begun, now=fighter.now)


def look_at_calendar(fighter: Fighter) -> object:
    happened = tick.follow_calendar(fighter.store, campaign_id=fighter.campaign.id, now=fighter.now)
    return happened + plan.keep_visits(
        fighter.store, campaign_id=fighter.campaign.id, now=fighter.now, plainly=True
    )


def deliver(fighter: Fighter) -> object:
    sent = deliver_next(fighter.store, fighter.sender, now=fighter.now, host_now=fighter.now)
    return None if sent else NO_OCCASION


WEIGHTS: Mapping[Act, int] = {
    wake_one: 12,
    decide: 14,
    score: 6,
    visit: 4,
    sign: 3,
    reopen: 5,
    hand_in: 6,
    withdraw: 3,
    hand_over: 3,
    extend: 2,
    remind: 1,
    go_away: 2,
    come_back: 2,
    set_deputy: 2,
    deactivate: 2,
    activate: 3,
    declare_conflict: 1,
    lift_conflict: 2,
    look_at_calendar: 2,
    deliver: 6,
}
ACTS = tuple(act for act, weight in WEIGHTS.items() for _ in range(weight))
"""Each as often as it weighs."""
BY_ITSELF = frozenset((wake_one, look_at_calendar))
"""What runs do, behind whom nobody stands who could be told a refusal."""
