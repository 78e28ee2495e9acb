"""Verification of one village, from desk review to recognition (notice, five, three).

Each step is repeatable: it does what is due, once, and says what it is waiting for by returning None.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from actions.assigning import clerk_of, holder_of, reviewer_for
from actions.dossiers import sheet_row
from actions.duties import Owed, end_duty, open_duty
from actions.gates import Question, open_gate, refuse_same_eyes, tell_the_town
from actions.lookup import calendar_of, campaign_of
from actions.subjects import split_subject, subject_of
from records import audit, outbox, people
from records.duties import duty_with_key
from records.gates import deciders, decisions_on, latest_gate
from records.scores import final_score, newest_sheet
from records.store import Session, Store
from records.tables import DutyRow, GateRow, PersonRow, ScoreRow, UploadRow, VillageRow, VisitRow
from records.uploads import accepted_upload
from records.visits import visits_to
from rules import scoring
from rules.calendars import add_workdays
from rules.campaign import Campaign
from rules.gates import refuse_own_filing, refuse_own_town
from rules.moves import move
from rules.refusals import Refused
from rules.scoring import ScoreSheet

PARTIES = {"desk_review": "a", "second_review": "b"}
SETTLED = {"recognised", "not_recognised", "vetoed", "lapsed"}


def desk_review(store: Store, *, subject: str, now: datetime) -> str | None:
    """'pass' or 'veto' once reviewer A has said so about the newest content, 'lapsed', or None.

    A return opens a correction with a date of its own; the corrected dossier opens a new attempt.
    """
    with store.writing() as session:
        campaign, village = _village(session, subject)
        if village.state in SETTLED:
            return "lapsed" if village.state == "lapsed" else "pass"
        if village.state == "submitted":
            _move(village, "begin_review")
        upload = accepted_upload(session, village)
        gate = latest_gate(session, campaign.id, "desk_review", subject)
        if gate is None or gate.upload_id != upload.id:
            attempt = gate.attempt + 1 if gate else 1
            _ask_reviewer(session, campaign, village, upload, name="desk_review", attempt=attempt, now=now)
            return None
        if gate.state == "open":
            return None
        return _correct(session, campaign, village, gate, now) if gate.answer == "return" else gate.answer


def _village(session: Session, subject: str) -> tuple[Campaign, VillageRow]:
    campaign_id, code = split_subject(subject)
    return campaign_of(session, campaign_id), session.get_one(
        VillageRow, (campaign_id, code), with_for_update=True
    )


def _move(village: VillageRow, act: str) -> None:
    state = move("village", village.state, act)
    assert not isinstance(state, Refused), state.reason
    village.state = state


def _ask_reviewer(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    upload: UploadRow,
    *,
    name: str,
    attempt: int,
    now: datetime,
    without: frozenset[str] = frozenset(),
) -> None:
    seat = campaign.gate(name).seats[0].name
    question = _question(
        campaign,
        village,
        name=name,
        content_hash=upload.sha256,
        asked={seat: reviewer_for(session, village, without=without)},
        upload=upload,
    )
    open_gate(session, campaign, question, attempt=attempt, now=now)


def _question(
    campaign: Campaign,
    village: VillageRow,
    *,
    name: str,
    content_hash: str,
    asked: dict[str, str],
    upload: UploadRow,
) -> Question:
    subject = subject_of(campaign.id, village.code)
    return Question(
        name=name,
        subject=subject,
        content_hash=content_hash,
        carrier=("verification", subject),
        asked=asked,
        about=f"{campaign.town(village.town_code).name}{village.name}",
        town_code=village.town_code,
        village_code=village.code,
        upload_id=upload.id,
    )


def _correct(
    session: Session, campaign: Campaign, village: VillageRow, gate: GateRow, now: datetime
) -> str | None:
    """Open the correction that a return asks for; None while it is open."""
    key = f"correction:{village.code}#{gate.attempt}:{gate.name}"
    duty = duty_with_key(session, campaign.id, key)
    if duty is None:
        _move(village, "return")
        day = add_workdays(
            calendar_of(session, campaign.id),
            now.astimezone(campaign.zone).date(),
            campaign.correction_workdays,
        )
        assert not isinstance(day, Refused), day.reason
        owed = Owed(
            key=key,
            kind="correction",
            carrier=("verification", gate.subject),
            town_code=village.town_code,
            village_code=village.code,
            role="town_clerk",
            person_id=clerk_of(session, village.town_code),
            due_at=campaign.end_of(day),
            lock_at=campaign.end_of(day),
            template="correction_opened",
            facts={"reasons": [one.reason for one in decisions_on(session, gate)]},
        )
        open_duty(session, campaign, owed, now=now)
        return None
    if duty.state == "lapsed":
        _move(village, "lapse")
        return "lapsed"
    return None


def score(
    store: Store,
    *,
    gate_id: int,
    by: str,
    adjustments: Mapping[str, str],
    reasons: Mapping[str, str],
    now: datetime,
) -> Refused | str:
    """Record a reviewer's score sheet: facts that differ from the town's, each with a reason.

    ``adjustments`` maps a fact (``B1.3``, ``B1.1/2``, ``V2``) to an exact number as text. Returns the
    total as shown. The newest sheet of a party counts; earlier ones stay.
    """
    with store.writing() as session:
        gate = session.get_one(GateRow, gate_id, with_for_update=True)
        campaign, village = _village(session, gate.subject)
        refused = _refuse_scoring(session, gate, by=by, adjustments=adjustments, reasons=reasons)
        refused = refused or _refuse_facts(campaign, adjustments)
        if refused:
            return refused
        upload = session.get_one(UploadRow, gate.upload_id)
        sheet = _sheet(campaign, upload, adjustments)
        party = PARTIES[gate.name]
        row = sheet_row(upload, sheet, party=party, by=by, now=now, adjustments=adjustments, reasons=reasons)
        session.add(row)
        facts = {"party": party, "total": row.total, "adjustments": dict(adjustments)}
        subject = subject_of(campaign.id, village.code)
        audit.note(session, at=now, actor=by, act="score", subject=subject, facts=facts)
    return scoring.rounded(sheet.total)


def _refuse_scoring(
    session: Session, gate: GateRow, *, by: str, adjustments: Mapping[str, str], reasons: Mapping[str, str]
) -> Refused | None:
    row = session.get(PersonRow, by)
    if row is None or not row.active or "reviewer" not in row.roles or gate.name not in PARTIES:
        return Refused("not_reviewer", "只有审核人员可以评分。")
    if gate.state != "open":
        return Refused("gate_closed", "该审批点已经结束，不能再评分。")
    silent = sorted(set(adjustments) - {key for key, reason in reasons.items() if reason.strip()})
    if silent:
        return Refused("no_reason", f"与乡镇(街道)自评不一致的项目必须写明理由：{'、'.join(silent)}。")
    person = people.as_rule(row)
    filed = frozenset({session.get_one(UploadRow, gate.upload_id).filed_by})
    return (
        refuse_own_filing(person, filed)
        or refuse_own_town(person, gate.town_code)
        or refuse_same_eyes(session, gate, by)
    )


def _refuse_facts(campaign: Campaign, adjustments: Mapping[str, str]) -> Refused | None:
    try:
        exact = _exact(adjustments)
    except (ValueError, ZeroDivisionError):
        return Refused("not_a_number", "核定的数字请填写整数、小数或分数，如 3、0.5、1/3。")
    return scoring.refuse_unknown_facts(campaign.scheme, exact)


def _sheet(campaign: Campaign, upload: UploadRow, *adjustments: Mapping[str, str]) -> ScoreSheet:
    facts: Mapping[str, Fraction | int] = _exact(upload.facts)
    for layer in adjustments:
        facts = scoring.overlay(facts, _exact(layer))
    return scoring.score(campaign.scheme, facts)


def _exact(facts: Mapping[str, str]) -> dict[str, Fraction | int]:
    return {key: Fraction(value) for key, value in facts.items()}


def site_visit(store: Store, *, subject: str, now: datetime) -> str | None:
    """'visited' once the village has been seen with this content; None while the visit is open."""
    with store.writing() as session:
        campaign, village = _village(session, subject)
        key = f"visit:{village.code}"
        duty = duty_with_key(session, campaign.id, key)
        if duty is not None:
            return "visited" if duty.state != "open" else None
        day = add_workdays(
            calendar_of(session, campaign.id), now.astimezone(campaign.zone).date(), campaign.visit_workdays
        )
        assert not isinstance(day, Refused), day.reason
        owed = Owed(
            key=key,
            kind="visit",
            carrier=("verification", subject),
            town_code=village.town_code,
            village_code=village.code,
            role="reviewer",
            person_id=reviewer_for(session, village, turn=1),
            due_at=campaign.end_of(day),
            template="visit_opened",
        )
        open_duty(session, campaign, owed, now=now)
        return None


def record_visit(
    store: Store,
    *,
    campaign_id: str,
    village_code: str,
    by: str,
    notes: str,
    adjustments: Mapping[str, str],
    now: datetime,
) -> Refused | None:
    """What was found in the village; ``adjustments`` are facts as in ``score``."""
    with store.writing() as session:
        subject = subject_of(campaign_id, village_code)
        campaign, village = _village(session, subject)
        duty = duty_with_key(session, campaign_id, f"visit:{village_code}")
        row = session.get(PersonRow, by)
        if duty is None or duty.state != "open":
            return Refused("not_open", f"{village.name}目前没有待办的现场核查。")
        if row is None or not row.active or "reviewer" not in row.roles:
            return Refused("not_reviewer", "只有审核人员可以登记现场核查结果。")
        if not notes.strip():
            return Refused("no_notes", "请写明现场核查情况。")
        refused = refuse_own_town(people.as_rule(row), village.town_code)
        refused = refused or _refuse_facts(campaign, adjustments)
        if refused:
            return refused
        session.add(
            VisitRow(
                campaign_id=campaign_id,
                village_code=village_code,
                upload_id=accepted_upload(session, village).id,
                visited_by=by,
                visited_at=now,
                notes=notes,
                adjustments=dict(adjustments),
            )
        )
        end_duty(session, duty, act="finish", now=now)
        audit.note(
            session, at=now, actor=by, act="visit", subject=subject, facts={"adjustments": dict(adjustments)}
        )
    return None


def second_review(store: Store, *, subject: str, now: datetime) -> str | None:
    """'pass' when no second pair of eyes is needed or B passed it; None while somebody works on it."""
    with store.writing() as session:
        campaign, village = _village(session, subject)
        upload = accepted_upload(session, village)
        first = newest_sheet(session, upload, "a")
        town_sheet, sheet = _sheet(campaign, upload), _sheet(campaign, upload, *_layers(session, upload))
        gate = latest_gate(session, campaign.id, "second_review", subject)
        if gate is None or gate.upload_id != upload.id:
            if not scoring.needs_second_review(campaign.scheme, sheet, town_sheet):
                return "pass"
            eyes = frozenset({first.scored_by}) if first else frozenset()
            desk = latest_gate(session, campaign.id, "desk_review", subject)
            eyes |= deciders(session, desk, "desk_review") if desk else frozenset()
            attempt = gate.attempt + 1 if gate else 1
            _ask_reviewer(
                session,
                campaign,
                village,
                upload,
                name="second_review",
                attempt=attempt,
                now=now,
                without=eyes,
            )
            return None
        if gate.state == "open":
            return None
        return _correct(session, campaign, village, gate, now) if gate.answer == "return" else gate.answer


def _layers(session: Session, upload: UploadRow) -> list[Mapping[str, str]]:
    """What the bureau found, later over earlier: reviewer A, the visits, reviewer B."""
    first, second = newest_sheet(session, upload, "a"), newest_sheet(session, upload, "b")
    visits = visits_to(session, upload.campaign_id, upload.village_code)
    layers = [first.adjustments if first else {}, *(visit.adjustments for visit in visits)]
    return [*layers, second.adjustments if second else {}]


def recognition(store: Store, *, subject: str, now: datetime) -> str | None:
    """The village's final state once the bureau has decided; None while it has not."""
    with store.writing() as session:
        campaign, village = _village(session, subject)
        if village.state in SETTLED:
            return village.state
        upload = accepted_upload(session, village)
        gate = latest_gate(session, campaign.id, "recognition", subject)
        if gate is None:
            final = _final_sheet(session, campaign, upload, now)
            content = _fingerprint({"upload": upload.sha256, "lines": final.lines, "vetoes": final.vetoes})
            seat = campaign.gate("recognition").seats[0]
            asked = {seat.name: holder_of(session, seat.role)}
            question = _question(
                campaign, village, name="recognition", content_hash=content, asked=asked, upload=upload
            )
            open_gate(session, campaign, question, attempt=1, now=now)
            return None
        if gate.state == "open":
            return None
        return _conclude(session, campaign, village, gate, now)


def _final_sheet(session: Session, campaign: Campaign, upload: UploadRow, now: datetime) -> ScoreRow:
    row = sheet_row(
        upload, _sheet(campaign, upload, *_layers(session, upload)), party="final", by="system", now=now
    )
    session.add(row)
    session.flush()
    return row


def _fingerprint(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _conclude(session: Session, campaign: Campaign, village: VillageRow, gate: GateRow, now: datetime) -> str:
    final = final_score(session, village)
    assert final is not None
    act = "veto" if gate.answer == "refuse" and final.vetoes else str(gate.answer)
    _move(village, act)
    total = scoring.rounded(Fraction(final.total))
    recognised = village.state == "recognised"
    reasons = [one.reason for one in decisions_on(session, gate) if one.reason]
    for clerk in people.with_role(session, "town_clerk", town_code=village.town_code):
        outbox.post(
            session,
            key=f"{campaign.id}:recognition:{village.code}:{clerk.id}",
            campaign_id=campaign.id,
            template="village_recognised" if recognised else "village_refused",
            person_id=clerk.id,
            facts={
                "town": campaign.town(village.town_code).name,
                "village": village.name,
                "score": total,
                "reasons": reasons,
            },
            at=now,
        )
    audit.note(
        session, at=now, actor="system", act=village.state, subject=gate.subject, facts={"total": final.total}
    )
    return village.state


def tell_about_return(store: Store, *, subject: str, now: datetime) -> None:
    """Tell the town about the newest closed desk review."""
    with store.writing() as session:
        campaign, _ = _village(session, subject)
        gate = latest_gate(session, campaign.id, "desk_review", subject)
        if gate is not None and gate.state == "closed":
            tell_the_town(session, campaign, gate, now=now)


def open_visit(session: Session, campaign_id: str, village_code: str) -> DutyRow | None:
    duty = duty_with_key(session, campaign_id, f"visit:{village_code}")
    return duty if duty is not None and duty.state == "open" else None
