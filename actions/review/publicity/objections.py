"""Objections during the publicity: taken in by name, answered in writing by a second person, upheld or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions.campaign.decree import refuses_beyond_calendar
from actions.duties.duties import Owed, end_duty, open_duty
from actions.lookup import locked_village
from actions.review import reopening
from actions.review.gates import workdays_from
from actions.steps import subject_of
from records import audit
from records.dossiers.uploads import filers_of_accepted, uploads_of
from records.duties.duties import lock_duty_with_key
from records.people import people
from records.review.gates import latest_gate
from records.review.publicity import place_of, publicity_of
from records.runs import bells
from records.sealing.vault import VAULT, Vault
from records.store import Session, Store, repeatable
from records.tables.campaign import VillageRow
from records.tables.people import PersonRow
from records.tables.publicity import PublicityRow, PublicObjectionRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.duties.holding import Post, refuse_own_town, refuse_post
from rules.refusals import Refused
from rules.review.objections import UPHELD, refuse_answer, refuse_objection


@refuses_beyond_calendar
@repeatable
def object_publicly(
    store: Store, *, campaign_id: str, village_code: str, objector: str, evidence: str, by: str, now: datetime
) -> PublicObjectionRow | Refused:
    """Somebody at the bureau takes in an objection; the objector's name is sealed, and a second person answers."""
    with store.writing() as session:
        subject = subject_of(campaign_id, village_code)
        if session.get(VillageRow, (campaign_id, village_code)) is None:
            return NOT_PUBLIC
        campaign, village = locked_village(session, subject)
        gate = latest_gate(session, campaign_id, "recognition", subject)
        row = publicity_of(session, gate.id) if gate else None
        refused = _refuse_taking_in(session, village, row, by=by, now=now)
        refused = refused or refuse_objection(objector, evidence)
        answerer = refused or _second_person(session, village, by)
        if isinstance(answerer, Refused) or row is None:
            return answerer if isinstance(answerer, Refused) else NOT_PUBLIC
        vault: Vault = session.info[VAULT]
        objection = PublicObjectionRow(
            gate_id=row.gate_id,
            objector_sealed=vault.seal(objector.strip().encode(), about=place_of(row.gate_id)),
            evidence=evidence.strip(),
            recorded_by=by,
            received_at=now,
        )
        session.add(objection)
        session.flush()
        _ask(session, campaign, village, objection, answerer, now=now)
        facts = {"objection": objection.id}
        audit.note(session, at=now, actor=by, act="object_publicly", subject=subject, facts=facts)
        return objection


NOT_PUBLIC = Refused("not_public", "该社区(村)目前不在公示期内，不能登记公示异议。")


def _refuse_taking_in(
    session: Session, village: VillageRow, row: PublicityRow | None, *, by: str, now: datetime
) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active or "coordinator" not in person.roles:
        return Refused("not_coordinator", "公示异议由活动协调员登记。")
    filed_by = filers_of_accepted(session, village.campaign_id, village.code)
    refused = refuse_post(
        people.as_rule(person), Post(("coordinator",), village.town_code, filed_by=filed_by)
    )
    if refused:
        return refused
    return NOT_PUBLIC if row is None or row.ended_at is not None or now > row.closes_at else None


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who is asked to answer, and as what."""

    role: str
    person_id: str


def _second_person(session: Session, village: VillageRow, recorded_by: str) -> Answerer | Refused:
    """The leader answers; where there is none, another coordinator; never who has recorded it."""
    for role in ("bureau_leader", "coordinator"):
        fit = people.with_role(session, role, without_conflict=village.town_code)
        for one in fit:
            if one.id != recorded_by:
                return Answerer(role, one.id)
    return Refused(
        "nobody_answers",
        "异议须由登记人以外的局分管领导或活动协调员答复，目前没有这样的人员。请先添加人员，再登记异议。",
    )


def _ask(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    objection: PublicObjectionRow,
    answerer: Answerer,
    *,
    now: datetime,
) -> None:
    owed = Owed(
        key=f"objection:{objection.id}",
        kind="objection",
        carrier=("verification", subject_of(campaign.id, village.code)),
        town_code=village.town_code,
        village_code=village.code,
        role=answerer.role,
        person_id=answerer.person_id,
        due_at=workdays_from(session, campaign, now, campaign.objection_workdays),
        template="objection_opened",
        beside=frozenset({objection.recorded_by}),
        facts={"objection_id": objection.id},
    )
    open_duty(session, campaign, owed, now=now)


@refuses_beyond_calendar
@repeatable
def answer_objection(
    store: Store, *, objection_id: int, by: str, answer: str, words: str, now: datetime
) -> bool | Refused:
    """Answer in writing. One that is upheld has the recognition, as it stands by now, asked anew and overtakes what
    rests on it; True then. Where what was made public counts no more by itself, the answer is kept alone: False.
    """
    with store.writing() as session:
        objection = session.get(PublicObjectionRow, objection_id)
        if objection is None:
            return Refused("no_such_objection", "没有这件异议，请从公示页面重新进入。")
        gate = session.get_one(GateRow, objection.gate_id)
        reopening.lock_all(session, gate)
        session.refresh(objection)
        refused = _refuse_answering(session, objection, gate, by=by, answer=answer, words=words)
        if refused:
            return refused
        # Its duty is locked before what a reopening rings.
        duty = lock_duty_with_key(session, gate.campaign_id, f"objection:{objection.id}")
        anew = _uphold(session, gate, by=by, words=words.strip(), now=now) if answer == UPHELD else False
        if isinstance(anew, Refused):
            return anew
        objection.answer, objection.words = answer, words.strip()
        objection.answered_by, objection.answered_at = by, now
        if duty is not None and duty.state == "open":
            end_duty(session, duty, act="finish", now=now)
        bells.ring(session, kind=gate.carrier_kind, subject=gate.carrier_subject, cause="objection", at=now)
        facts = {"objection": objection.id, "answer": answer, "anew": anew}
        audit.note(session, at=now, actor=by, act="answer_objection", subject=gate.subject, facts=facts)
    return anew


def _uphold(session: Session, gate: GateRow, *, by: str, words: str, now: datetime) -> bool | Refused:
    """Have the newest attempt asked anew, whether it is the one that was made public or came after it."""
    newest = latest_gate(session, gate.campaign_id, gate.name, gate.subject)
    if newest is None or not _would_recognise(session, newest):
        return False
    planned = reopening.plan(session, newest)
    if isinstance(planned, Refused):
        return planned
    _end(session, newest, now=now)
    reopening.carry_out(session, planned, by=by, reason=f"公示异议成立：{words}", now=now)
    return True


def _would_recognise(session: Session, newest: GateRow) -> bool:
    """Whether the village is or may still be recognised by this attempt, about the dossier that counts."""
    village = session.get_one(VillageRow, (newest.campaign_id, newest.village_code))
    accepted = uploads_of(session, village, state="accepted")
    counts = bool(accepted) and newest.upload_id == accepted[-1].id and village.state != "lapsed"
    return counts and newest.state != "superseded" and newest.answer in (None, "recognise")


def _refuse_answering(
    session: Session, objection: PublicObjectionRow, gate: GateRow, *, by: str, answer: str, words: str
) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active:
        return Refused("no_account", "您的账号不存在或已停用，请联系活动协调员。")
    return refuse_own_town(people.as_rule(person), gate.town_code) or refuse_answer(
        answer=answer,
        words=words,
        by=by,
        roles=person.roles,
        recorded_by=objection.recorded_by,
        given=objection.answer,
    )


def _end(session: Session, gate: GateRow, *, now: datetime) -> None:
    row = publicity_of(session, gate.id)
    if row is not None and row.ended_at is None:
        row.ended_at, row.outcome = now, UPHELD


def objector_of(session: Session, objection: PublicObjectionRow) -> str:
    """Who objected; the caller sees to the right and to the log."""
    vault: Vault = session.info[VAULT]
    return vault.open(objection.objector_sealed, about=place_of(objection.gate_id)).decode()
