"""Decisions: one function behind every door, from who may answer to the quorum that closes the gate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from actions.duties.duties import end_duty
from actions.duties.eligibility import filed_by, own_seat, refuse_taken_away, seat_for
from actions.duties.endings import ANSWERED, end_seats
from actions.lookup import campaign_of
from actions.review import returns
from actions.review.content import refuse_overtaken, vetoes_of
from actions.review.reconciliation import refuse_unruled
from actions.review.recorded_answers import PHONE, Recording, note_recording, refuse_recording
from actions.review.returns import Wanted
from records import audit
from records.duties.duties import duty_with_key
from records.locks import locked
from records.review.gates import decisions_on
from records.review.scores import newest_sheet
from records.runs import bells
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow
from rules.campaign.campaign import Campaign
from rules.campaign.states import move
from rules.refusals import Refused
from rules.review import gates
from rules.review.grounds import refuse_unreasoned
from rules.review.parties import REVIEWS
from rules.review.returns import ReturnItem

DOORS = ("portal", "api", "command", "prefect", "rehearsal", PHONE)


@repeatable
def decide(
    store: Store,
    *,
    gate_id: int,
    attempt: int,
    by: str,
    answer: str,
    reason: str,
    seen_hash: str,
    door: str,
    now: datetime,
    seat: str = "",
    recording: Recording | None = None,
    items: Sequence[ReturnItem] = (),
    correct_by: date | None = None,
) -> DecisionRow | Refused:
    """The only way to a decision, for every door: one seat's answer, or why it was not recorded.

    ``recording`` says who wrote down what ``by`` said by telephone; that door asks for it, no other has one.
    A return of a village's dossier says what to put right in ``items`` (a ``reason`` beside them is one more)
    and may propose by when; with other answers there are none.

    The gate's row is locked first, so the first writer wins and everybody else is told who did; the
    unique keys of ``decision`` hold even without that lock. At quorum the gate closes and rings.
    """
    if door not in DOORS or (door == PHONE) is not (recording is not None):
        raise ValueError(f"no such door: {door}")
    with store.writing() as session:
        gate = locked(session, GateRow, gate_id)
        person = session.get(PersonRow, by)
        if gate is None or gate.attempt != attempt:
            return Refused("no_such_gate", "没有这个审批点，请从待办列表重新进入。")
        if person is None or not person.active:
            return Refused("no_account", "您的账号不存在或已停用，请联系活动协调员。")
        campaign = campaign_of(session, gate.campaign_id)
        taken = seat_for(session, campaign, gate, person, seat=seat or own_seat(session, gate, by))
        if isinstance(taken, Refused):
            return taken
        away = refuse_taken_away(session, gate, by)
        if away:
            return away
        wanted = returns.wanted_of(
            campaign, gate, answer=answer, reason=reason, items=items, correct_by=correct_by
        )
        decision = _drafted(
            gate,
            seat=taken.name,
            by=by,
            answer=answer,
            wanted=wanted,
            seen_hash=seen_hash,
            door=door,
            now=now,
        )
        if recording is not None:
            decision.recorded_by, decision.call_note = recording.by, recording.note.strip()
        refused = _refuse_decision(session, campaign, gate, decision, wanted=wanted, recording=recording)
        if refused:
            return refused
        _record(session, gate, decision, wanted, now)
        if recording is not None:
            note_recording(session, campaign, gate, decision, now=now)
        _close_at_quorum(session, campaign, gate, now)
    return decision


def _drafted(
    gate: GateRow,
    *,
    seat: str,
    by: str,
    answer: str,
    wanted: Wanted,
    seen_hash: str,
    door: str,
    now: datetime,
) -> DecisionRow:
    """The decision as it would be kept."""
    return DecisionRow(
        gate_id=gate.id,
        attempt=gate.attempt,
        seat=seat,
        person_id=by,
        answer=answer,
        reason=wanted.reason,
        seen_hash=seen_hash,
        door=door,
        decided_at=now,
        correct_by=wanted.correct_by.isoformat() if wanted.correct_by else "",
    )


def _refuse_decision(
    session: Session,
    campaign: Campaign,
    gate: GateRow,
    decision: DecisionRow,
    *,
    wanted: Wanted,
    recording: Recording | None,
) -> Refused | None:
    """What the plan, the rows and the calendar have against a decision that is not yet written."""
    answer, by = decision.answer, decision.person_id
    return (
        gates.acceptable(
            campaign.gate(gate.name),
            answer=answer,
            reason=wanted.reason,
            seen_hash=decision.seen_hash,
            content_hash=gate.content_hash,
        )
        or refuse_overtaken(session, gate)
        or refuse_unruled(session, gate)
        or _refuse_vetoed(session, gate, answer)
        or _refuse_unnamed_veto(session, gate, answer)
        or _refuse_unreasoned(session, campaign, gate, answer)
        or returns.refuse_return(
            session, campaign, gate, answer=answer, wanted=wanted, now=decision.decided_at
        )
        or (
            refuse_recording(session, gate, recording, on_behalf_of=by, filed_by=filed_by(session, gate))
            if recording
            else None
        )
    )


def _refuse_vetoed(session: Session, gate: GateRow, answer: str) -> Refused | None:
    if gate.name != "recognition" or answer != "recognise":
        return None
    vetoes = vetoes_of(session, session.get_one(VillageRow, (gate.campaign_id, gate.village_code)))
    if not vetoes:
        return None
    return Refused("vetoed", f"核定结果中有一票否决项({'、'.join(vetoes)})，不能认定。")


def _refuse_unnamed_veto(session: Session, gate: GateRow, answer: str) -> Refused | None:
    """A veto must say which one: it is a fact of reviewer A's score sheet, with a reason."""
    if answer != "veto" or gate.upload_id is None:
        return None
    sheet = newest_sheet(session, session.get_one(UploadRow, gate.upload_id), "a")
    if sheet is not None and sheet.vetoes:
        return None
    return Refused("veto_unnamed", "请先在评分表中勾选一票否决项并写明理由，再作“一票否决”的决定。")


def _refuse_unreasoned(session: Session, campaign: Campaign, gate: GateRow, answer: str) -> Refused | None:
    """Whoever passes a dossier accepts what it claims; what only judgement can give they accept with a reason."""
    if answer != "pass" or gate.upload_id is None:
        return None
    upload = session.get_one(UploadRow, gate.upload_id)
    sheet = newest_sheet(session, upload, REVIEWS[gate.name])
    claimed = {key: Fraction(value) for key, value in upload.facts.items()}
    return refuse_unreasoned(campaign.scheme, claimed, sheet.reasons if sheet else {})


def _record(session: Session, gate: GateRow, decision: DecisionRow, wanted: Wanted, now: datetime) -> None:
    session.add(decision)
    session.flush()
    returns.keep_items(session, decision, wanted)
    key = f"gate:{gate.name}:{gate.subject}#{gate.attempt}:{decision.seat}"
    duty = duty_with_key(session, gate.campaign_id, key)
    if duty is not None:
        end_duty(session, duty, act="finish", now=now)
    facts = {
        "gate": gate.name,
        "attempt": gate.attempt,
        "seat": decision.seat,
        "answer": decision.answer,
        "reason": decision.reason,
        "content": decision.seen_hash,
        "door": decision.door,
        **({"due": decision.correct_by} if decision.correct_by else {}),
    }
    if decision.recorded_by:
        told = {**facts, "for": decision.person_id, "note": decision.call_note}
        audit.note(
            session,
            at=now,
            actor=decision.recorded_by,
            act="record_by_phone",
            subject=gate.subject,
            facts=told,
        )
        return
    audit.note(session, at=now, actor=decision.person_id, act="decide", subject=gate.subject, facts=facts)


def _close_at_quorum(session: Session, campaign: Campaign, gate: GateRow, now: datetime) -> None:
    """With the gate ends what its other seats still owe."""
    plan = campaign.gate(gate.name)
    answer = gates.outcome(plan, {one.seat: one.answer for one in decisions_on(session, gate)})
    if answer is None:
        return
    state = move("gate", gate.state, "close")
    assert not isinstance(state, Refused), state.reason
    gate.state, gate.answer, gate.closed_at = state, answer, now
    end_seats(session, campaign, gate, why=ANSWERED, now=now)
    bells.ring(
        session, kind=gate.carrier_kind, subject=gate.carrier_subject, cause=f"gate:{gate.name}", at=now
    )
