"""What a run leaves in the database when it wakes, falls asleep and is done."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from actions.campaign.stages import finish_carrier
from actions.lookup import campaign_of
from actions.runs.why_waiting import why_waiting
from records.review.gates import gate_awaited
from records.runs import bells
from records.store import Store, repeatable
from records.tables.runs import CarrierRow
from rules.campaign.campaign import GatePlan

UNRECORDED = "上次提交未记录："


@dataclass(frozen=True, slots=True)
class Wake:
    """One wake of a run: the newest bell it has heard, and where the form of its last sleep lies."""

    kind: str
    subject: str
    heard: int
    sleep_key: str | None
    gate_id: int | None
    refused: str = ""
    """Why what was typed into that form was not recorded; nobody is named in it."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Under which fresh key a run sleeps, for which open gate it shows a form, and why it waits."""

    key: str
    plan: GatePlan | None
    waits_for: str


@repeatable
def begin_wake(store: Store, kind: str, subject: str) -> Wake:
    """Note what this wake has heard before it reads anything else."""
    with store.writing() as session:
        heard = bells.newest(session, kind, subject)
        carrier = session.get_one(CarrierRow, (kind, subject))
        carrier.wakes += 1
        return Wake(kind, subject, heard, carrier.sleep_key, carrier.gate_id)


@repeatable
def record_sleep(store: Store, wake: Wake, *, now: datetime) -> Sleep:
    """Answer the bells that this wake heard and keep the key under which the run will sleep."""
    with store.writing() as session:
        carrier = session.get_one(CarrierRow, (wake.kind, wake.subject))
        gate = gate_awaited(session, wake.kind, wake.subject)
        sentence = why_waiting(session, carrier, now=now)
        if wake.refused:
            sentence += f"{UNRECORDED}{wake.refused}"
        plan = campaign_of(session, gate.campaign_id).gate(gate.name) if gate else None
        sleep = Sleep(uuid.uuid4().hex, plan, sentence)
        carrier.state, carrier.sleep_key, carrier.gate_id = "asleep", sleep.key, gate.id if gate else None
        carrier.waits_for = sentence
        # A good sleep clears the count: only deaths in a row are a cause for giving up.
        carrier.replaced, carrier.cause = 0, ""
        bells.answer(session, wake.kind, wake.subject, up_to=wake.heard)
    return sleep


def note_of(carrier: CarrierRow) -> str:
    """What a sleeping run says about the last form that was not recorded; empty when there is nothing to say."""
    _, marked, why = carrier.waits_for.partition(UNRECORDED)
    return marked + why


@repeatable
def record_end(store: Store, wake: Wake, *, now: datetime) -> None:
    """The subject's business is done."""
    with store.writing() as session:
        finish_carrier(session, wake.kind, wake.subject, heard=wake.heard, now=now)
