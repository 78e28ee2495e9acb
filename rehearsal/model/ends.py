"""What must hold after every act, second half: what ends takes along, lists and money, the audit log."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from actions.lookup import SETTLED_STATES
from rehearsal.model.holds import Moment
from rehearsal.model.rows import Link
from rules.review.gates import outcome

UNREVIEWED = SETTLED_STATES | {"taking_part", "returned", "invited", "out"}
"""States in which nobody is asked about a village."""


def ended_with_what_it_was_owed_to(moment: Moment) -> Iterator[str]:
    """11. No open duty of a closed gate, of a settled village's verification, of a closed campaign."""
    settled = {one.code: one.state for one in moment.after.villages if one.state in SETTLED_STATES}
    for duty in moment.after.open_duties():
        if moment.after.closed_at is not None:
            yield f"{duty.key} is open and the campaign is closed"
        if duty.gate_id is not None and moment.after.gate[duty.gate_id].state != "open":
            yield f"{duty.key} is open and its gate is not"
        # More time brings the correction of a lapsed village back to life.
        revived = duty.kind == "correction" and settled.get(duty.village_code) == "lapsed"
        if duty.carrier_kind == "verification" and duty.village_code in settled and not revived:
            yield f"{duty.key} is open and its village is settled"


def no_gate_is_left_open(moment: Moment) -> Iterator[str]:
    """11. One attempt at most is open, the newest, with a duty for each free seat; none of a closed campaign."""
    state = {one.code: one.state for one in moment.after.villages}
    asked = {(one.gate_id, one.key.rpartition(":")[2]) for one in moment.after.open_duties() if one.gate_id}
    sat = {(one.gate_id, one.seat) for one in moment.after.decisions}
    for gate in moment.after.gates:
        if gate.state != "open":
            continue
        if moment.after.latest[gate.name, gate.subject].id != gate.id:
            yield f"{gate.name} #{gate.attempt} of {gate.subject} is open beside a later attempt"
        if moment.after.closed_at is not None:
            yield f"{gate.name} #{gate.attempt} is open and the campaign is closed"
        if state.get(gate.village_code) in UNREVIEWED:
            yield f"{gate.name} #{gate.attempt} is open, its village {state[gate.village_code]}"
        seats = {(gate.id, seat.name) for seat in moment.campaign.gate(gate.name).seats}
        if seats - sat != asked & seats:
            yield f"{gate.name} #{gate.attempt} of {gate.subject} asks {asked & seats}, free are {seats - sat}"


def gates_close_at_quorum(moment: Moment) -> Iterator[str]:
    """A gate says what its answers amount to, and is closed as soon as they do."""
    given: dict[int, dict[str, str]] = {}
    for one in moment.after.decisions:
        given.setdefault(one.gate_id, {})[one.seat] = one.answer
    for gate in moment.after.gates:
        amounts = outcome(moment.campaign.gate(gate.name), given.get(gate.id, {}))
        if gate.state == "superseded":
            continue
        if gate.answer != amounts or (gate.state == "closed") is not (amounts is not None):
            yield f"{gate.name} #{gate.attempt} of {gate.subject} is {gate.state} ({gate.answer}), should be {amounts}"


def paid_once_and_no_more(moment: Moment) -> Iterator[str]:
    """A village is paid once by the campaign at a level, all in all at most the highest amount."""
    most, paid = max(one.yuan for one in moment.campaign.awards), moment.after.paid
    total: Counter[str] = Counter()
    for one in paid:
        total[one.village_code] += one.payable_yuan
    yield from (f"{code} was paid {yuan} in all" for code, yuan in total.items() if yuan > most)
    times = Counter((one.village_code, one.level, one.year) for one in paid)
    yield from (f"{key} was paid {number} times" for key, number in times.items() if number > 1)


def paid_as_decided(moment: Moment) -> Iterator[str]:
    """Whoever is paid now is recognised, and both bureaus have approved a list that went out with it."""
    fresh = moment.after.paid[len(moment.before.paid) :]
    state = {one.code: one.state for one in moment.after.villages}
    yield from (
        f"{one.village_code} is paid and {state[one.village_code]}"
        for one in fresh
        if state[one.village_code] != "recognised"
    )
    approved = [one for one in moment.after.gates if one.name == "award" and _approved(moment, one.id)]
    if fresh and not approved:
        yield "somebody is paid without the word of both bureaus"


def _approved(moment: Moment, gate_id: int) -> bool:
    gate = moment.after.gate[gate_id]
    seats = {one.seat for one in moment.after.decisions if (one.gate_id, one.answer) == (gate_id, "approve")}
    plan = moment.campaign.gate(gate.name)
    return gate.state == "closed" and gate.answer == "approve" and len(seats) >= plan.quorum


def papers_go_out_approved(moment: Moment) -> Iterator[str]:
    """A list leaves the house with the bureau's approval."""
    for key in moment.after.documents - moment.before.documents:
        name = key.split(":")[1]
        gates = [one for one in moment.after.gates if one.name == name]
        if not any(_approved(moment, one.id) for one in gates):
            yield f"{key} went out and nobody approved it"


def log_is_whole(moment: Moment) -> Iterator[str]:
    """9. The audit log is the chain of before and more of it, and its head says so."""
    before, after = moment.before.links, moment.after.links
    if after[: len(before)] != before:
        yield "an entry of the audit log was changed or is gone"
    previous = before[-1].hash if before else ""
    for link in after[len(before) :]:
        if link.previous != previous or link.hash != _digest(link):
            yield f"entry {link.seq} of the audit log does not hold"
        previous = link.hash
    if moment.after.chain != (len(after), previous):
        yield "the head of the audit log says otherwise"


def _digest(link: Link) -> str:
    moment = datetime.fromisoformat(link.at).replace(tzinfo=UTC).isoformat()
    parts = [str(link.seq), moment, link.actor, link.act, link.subject, link.facts, link.previous]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
