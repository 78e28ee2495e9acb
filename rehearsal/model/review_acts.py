"""What the bureau does about villages: scores, visits, decisions by whichever door, gates asked once more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from actions.review import codes, decisions, reopening, score_sheets, telephone, visits
from actions.review.planning.signatures import digest_of, sign_visit
from actions.review.recorded_answers import PHONE, Recording
from records.review.visits import visits_to
from records.tables.review import DecisionRow
from rehearsal.model.choices import Choices
from rehearsal.model.rows import Gate
from rehearsal.model.world import Idle, World
from rules.refusals import Refused
from rules.review.gates import OF_A_VILLAGE

REASON = "佐证材料不足，请补充。"


def score(world: World, pick: Choices) -> object:
    """Agrees with the town, doubts some of its work, or names a veto."""
    asked = world.among(pick, world.open_gates("desk_review", "second_review"), world.rows.gates)
    if not asked:
        return Idle.IDLE
    gate = pick.one(asked)
    by = _holder(world, pick, gate)
    adjustments = _adjustments(world, pick)
    reasons = {} if pick.rarely(10) else dict.fromkeys(adjustments, "经核对《就业台账》，情况不符。")
    if gate.name not in OF_A_VILLAGE:
        return Idle.IDLE
    world.tell(f"{by} scores {_named(world, gate)}: {dict(adjustments)}")
    return score_sheets.score(
        world.store, gate_id=gate.id, by=by, adjustments=adjustments, reasons=reasons, now=world.now
    )


def _adjustments(world: World, pick: Choices) -> Mapping[str, str]:
    scheme = world.campaign.scheme
    items = [f"{one.id}/{number}" for one in scheme.indicators for number in range(1, len(one.items) + 1)]
    return pick.one(
        (
            {},
            {scheme.vetoes[-1].id: "1"},
            dict.fromkeys(items[:3], "0"),
            {items[0]: "0"},
            {scheme.vetoes[0].id: "1", items[1]: "0"},
            {"no_such_fact": "1"},
            {items[0]: "x"},
        )
    )


def sign(world: World, pick: Choices) -> object:
    """Mostly who is asked signs what was written; now and then somebody else, or what is not there any more."""
    owed = world.duties("signature")
    if not owed:
        return Idle.IDLE
    duty = pick.one(owed)
    by = world.somebody(pick, "reviewer") if pick.rarely(10) else duty.person_id
    with world.store.reading() as session:
        seen = digest_of(session, visits_to(session, world.campaign.id, duty.village_code)[-1])
    world.tell(f"{by} signs the visit to {duty.village_code}")
    return sign_visit(
        world.store,
        campaign_id=world.campaign.id,
        village_code=duty.village_code,
        by=by,
        seen="0" if pick.rarely(10) else seen,
        now=world.now,
    )


def visit(world: World, pick: Choices) -> object:
    owed = {one.village_code: one.person_id for one in (*world.duties("visit"), *world.duties("signature"))}
    codes = world.among(pick, [*owed], [one.code for one in world.rows.villages])
    if not codes:
        return Idle.IDLE
    code, other = pick.one(codes), world.somebody(pick, "reviewer")
    by = other if pick.rarely(20) else owed.get(code, other)
    found = _adjustments(world, pick) if pick.rarely(40) else {}
    with world.store.reading() as session:
        written = [] if pick.rarely(10) else visits_to(session, world.campaign.id, code)
    world.tell(f"{by} records a visit to {code}: {dict(found)}")
    return visits.record_visit(
        world.store,
        campaign_id=world.campaign.id,
        village_code=code,
        by=by,
        notes=pick.one(("现场核实，情况属实。", "")) if pick.rarely(20) else "现场核实，情况属实。",
        adjustments=found,
        now=world.now,
        read=written[-1].id if written else 0,
    )


# --- decisions -----------------------------------------------------------------------------------


def decide(world: World, pick: Choices) -> object:
    """Mostly an open gate's holder about what it shows; now and then somebody else, or about something else."""
    gates = world.among(pick, world.open_gates(), world.rows.gates)
    if not gates:
        return Idle.IDLE
    gate = pick.one(gates)
    by, answer = _holder(world, pick, gate), _answer(world, pick, gate)
    seen = pick.one(world.rows.gates).content_hash if pick.rarely(6) else gate.content_hash
    by_phone = Recording(world.somebody(pick, "coordinator"), "14时通话") if pick.rarely(20) else None
    returning = answer == "return" and gate.name in OF_A_VILLAGE
    world.tell(
        f"{by} decides {_named(world, gate)}: {answer}" + (f" (told {by_phone.by})" if by_phone else "")
    )
    made = decisions.decide(
        world.store,
        gate_id=gate.id,
        attempt=gate.attempt,
        by=by,
        answer=answer,
        reason="" if pick.rarely(6) else REASON,
        seen_hash=seen,
        door=PHONE if by_phone else "rehearsal",
        now=world.now,
        recording=by_phone,
        correct_by=_correct_by(world, pick) if returning and pick.rarely(30) else None,
    )
    return _acknowledge(world, made)


def veto(world: World, pick: Choices) -> object:
    """A reviewer names a veto, and decides so."""
    asked = world.open_gates("desk_review")
    if not asked:
        return Idle.IDLE
    gate = pick.one(asked)
    by, named = _holder(world, pick, gate), {world.campaign.scheme.vetoes[0].id: "1"}
    world.tell(f"{by} names a veto at {_named(world, gate)} and decides so")
    scored = score_sheets.score(
        world.store,
        gate_id=gate.id,
        by=by,
        adjustments=named,
        reasons=dict.fromkeys(named, "《就业台账》系伪造。"),
        now=world.now,
    )
    if isinstance(scored, Refused):
        return scored
    decisions.decide(
        world.store,
        gate_id=gate.id,
        attempt=gate.attempt,
        by=by,
        answer="veto",
        reason=REASON,
        seen_hash=gate.content_hash,
        door="rehearsal",
        now=world.now,
    )
    return None


def _acknowledge(world: World, made: object) -> object:
    if isinstance(made, DecisionRow):
        world.acknowledged.add(made.id)
    return made


def _holder(world: World, pick: Choices, gate: Gate) -> str:
    """Mostly whoever is asked, else somebody of a role that sits there, else anybody."""
    asked = [one.person_id for one in world.rows.duties if one.gate_id == gate.id and one.state == "open"]
    if asked and not pick.rarely(30):
        return pick.one(asked)
    return world.somebody(pick, *(seat.role for seat in world.campaign.gate(gate.name).seats))


def _answer(world: World, pick: Choices, gate: Gate) -> str:
    """The first one half of the time; now and then one that there is not."""
    answers = [answer for answer, _ in world.campaign.gate(gate.name).answers]
    return pick.one(answers[:1] * 3 + answers[1:] * 2 + ["maybe"] * pick.rarely(5))


def _correct_by(world: World, pick: Choices) -> date:
    return (world.today + timedelta(days=pick.one((3, 1, 0, 60)))).date()


def _named(world: World, gate: Gate) -> str:
    return f"{gate.name} of {world.title(gate.subject)} #{gate.attempt}"


def request_code(world: World, pick: Choices) -> object:
    asked = world.open_gates()
    if not asked:
        return Idle.IDLE
    gate = pick.one(asked)
    by = _holder(world, pick, gate)
    world.tell(f"{by} asks for a code for {_named(world, gate)}")
    return codes.request_code(world.store, gate_id=gate.id, person_id=by, now=world.now, host_now=world.now)


def decide_by_code(world: World, pick: Choices) -> object:
    """With a code from a mail, mostly with the right one."""
    if not world.letters:
        return Idle.IDLE
    letter = world.letters[-1 - pick.number(len(world.letters))]
    gate = world.rows.gate[letter.gate_id]
    answer, wrong = _answer(world, pick, gate), pick.rarely(15)
    world.tell(
        f"{letter.person_id} decides {_named(world, gate)} by {'a wrong' if wrong else 'their'} code: {answer}"
    )
    made = codes.decide_by_code(
        world.store,
        gate_id=gate.id,
        code="2345678923" if wrong else letter.code,
        answer=answer,
        reason=REASON,
        door="prefect",
        now=world.now,
        host_now=world.now,
    )
    return _acknowledge(world, made)


def object_to(world: World, pick: Choices) -> object:
    """Mostly to an answer that somebody else wrote down."""
    recorded = [one for one in world.rows.decisions if one.recorded_by]
    made = world.among(pick, recorded, world.rows.decisions)
    if not made:
        return Idle.IDLE
    decision = pick.one(made)
    by = world.anybody(pick) if pick.rarely(10) else decision.person_id
    world.tell(f"{by} objects to their answer at {_named(world, world.rows.gate[decision.gate_id])}")
    return telephone.object_to(
        world.store,
        decision_id=decision.id,
        by=by,
        words="" if pick.rarely(10) else "我当时没有这样答复。",
        now=world.now,
    )


def reopen_gate(world: World, pick: Choices) -> object:
    """Mostly a decided gate of a village."""
    decided = [one for one in world.rows.gates if one.state == "closed" and one.village_code]
    gates = world.among(pick, decided, world.rows.gates)
    if not gates:
        return Idle.IDLE
    gate = gates[-1 - pick.number(len(gates))]
    by = world.somebody(pick, "coordinator")
    world.tell(f"{by} has {_named(world, gate)} asked once more")
    return reopening.reopen_gate(
        world.store,
        gate_id=gate.id,
        by=by,
        reason="" if pick.rarely(8) else "当时材料未看全。",
        now=world.now,
    )
