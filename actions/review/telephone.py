"""An answer given by telephone, written down by a coordinator, and the objection to what was written down."""

from __future__ import annotations

from datetime import datetime

from actions.campaign.decree import refuses_beyond_calendar
from actions.duties.endings import supersede, tell_deciders
from actions.lookup import campaign_of, is_entitled
from actions.people import second_factor
from actions.people.second_factor import StepOf
from actions.review.decisions import decide
from actions.review.recorded_answers import PHONE, Recording, object_until, refuse_recording, subject_in_words
from actions.review.reopening import LISTS, carry_out, lock_all, plan
from records import audit, outbox
from records.people import people
from records.review.blindness import is_secret, sealed_from
from records.store import Session, Store, repeatable
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow, ObjectionRow
from rules.people.acts import Matter
from rules.refusals import Refused
from rules.review.gates import clock
from rules.signs import says_nothing


def record_by_phone(
    store: Store,
    *,
    gate_id: int,
    attempt: int,
    person_id: str,
    by: str,
    answer: str,
    reason: str,
    note: str,
    seen_hash: str,
    step_of: StepOf,
    now: datetime,
    host_now: datetime,
) -> DecisionRow | Refused:
    """Write down what ``person_id`` said; ``step_of`` takes the recorder's own one-time code once more.

    What can be refused is refused before the code is used up.
    """
    recording = Recording(by, note)
    with store.reading() as session:
        refused = _refuse_before(session, gate_id, recording, on_behalf_of=person_id)
    refused = refused or second_factor.confirm_code(
        store, person_id=by, step_of=step_of, now=now, host_now=host_now
    )
    if refused:
        return refused
    return decide(
        store,
        gate_id=gate_id,
        attempt=attempt,
        by=person_id,
        answer=answer,
        reason=reason,
        seen_hash=seen_hash,
        door=PHONE,
        now=now,
        recording=recording,
    )


def _refuse_before(
    session: Session, gate_id: int, recording: Recording, *, on_behalf_of: str
) -> Refused | None:
    gate = session.get(GateRow, gate_id)
    if gate is None or gate.state != "open":
        return Refused("gate_closed", "该审批点已经结束，不能再代录答复。请刷新页面查看最新情况。")
    upload = session.get(UploadRow, gate.upload_id) if gate.upload_id else None
    filed_by = frozenset({upload.filed_by} if upload else ())
    return refuse_recording(session, gate, recording, on_behalf_of=on_behalf_of, filed_by=filed_by)


@refuses_beyond_calendar
@repeatable
def object_to(store: Store, *, decision_id: int, by: str, words: str, now: datetime) -> bool | Refused:
    """Say that a recorded answer was not one's own: kept for good, and asked again where that can be.

    True when the gate was opened anew; False when only the coordinators can put it right.
    """
    with store.writing() as session:
        decision = session.get(DecisionRow, decision_id)
        gate = session.get(GateRow, decision.gate_id) if decision else None
        if decision is None or gate is None:
            return Refused("no_such_decision", "没有这项决定，请刷新页面。")
        lock_all(session, gate)
        refused = _refuse_objection(session, gate, decision, by=by, words=words, now=now)
        if refused:
            return refused
        session.add(ObjectionRow(decision_id=decision.id, person_id=by, words=words.strip(), at=now))
        refused = _ask_again(session, gate, by=by, words=words.strip(), now=now)
        outcome = f"未能自动重新审批：{refused.reason}" if refused else "已重新提请审批。"
        _tell_coordinators(session, gate, decision, words=words.strip(), outcome=outcome, now=now)
        facts = {"gate": gate.name, "answer": decision.answer, "words": words.strip(), "outcome": outcome}
        audit.note(session, at=now, actor=by, act="object", subject=gate.subject, facts=facts)
        return refused is None


def _ask_again(session: Session, gate: GateRow, *, by: str, words: str, now: datetime) -> Refused | None:
    """A village's gate is opened anew; an open list is put aside, and its run puts it forward once more."""
    if gate.state == "open" and gate.name in LISTS:
        campaign, why = campaign_of(session, gate.campaign_id), "代录的一项电话答复有异议，名单将重新提请。"
        tell_deciders(session, campaign, gate, why=why, now=now)
        supersede(session, campaign, gate, why=why, now=now)
        return None
    planned = plan(session, gate)
    if isinstance(planned, Refused):
        return planned
    carry_out(session, planned, by=by, reason=f"本人对代录的电话答复提出异议：{words}", now=now)
    return None


def _refuse_objection(
    session: Session, gate: GateRow, decision: DecisionRow, *, by: str, words: str, now: datetime
) -> Refused | None:
    mine = is_entitled(session, "telephone.object_to", by=by, matter=Matter(owner=decision.person_id))
    if decision.recorded_by is None or not mine:
        return Refused("not_yours", "只能对以您本人名义代录的答复提出异议。")
    if session.get(ObjectionRow, decision.id) is not None:
        return Refused("objected", "您已经提出过异议，无需重复提交。")
    if says_nothing(words):
        return Refused("no_words", "请写明您当时的答复是什么。")
    campaign = campaign_of(session, gate.campaign_id)
    until = object_until(session, campaign, decision)
    if now > until:
        return Refused("too_late", f"异议期已于{clock(until)}届满。请直接联系活动协调员。")
    return None


SEALED_WORDS = "您正在独立复审该社区(村)，复审办结后请在系统查看。"


def _tell_coordinators(
    session: Session, gate: GateRow, decision: DecisionRow, *, words: str, outcome: str, now: datetime
) -> None:
    campaign = campaign_of(session, gate.campaign_id)
    for person in people.with_role(session, "coordinator"):
        secret = is_secret(gate, sealed_from(session, person.id))
        outbox.post(
            session,
            key=f"{campaign.id}:answer_disputed:{decision.id}:{person.id}",
            campaign_id=campaign.id,
            template="answer_disputed",
            person_id=person.id,
            facts={
                "gate": campaign.gate(gate.name).title,
                "subject": subject_in_words(session, campaign, gate),
                "answer": dict(campaign.gate(gate.name).answers)[decision.answer],
                "person": session.get_one(PersonRow, decision.person_id).name,
                "recorded_by": session.get_one(PersonRow, str(decision.recorded_by)).name,
                "words": SEALED_WORDS if secret else words,
                "outcome": outcome,
            },
            at=now,
        )
