"""A gate as it is laid before whoever decides: what exactly, the scores, the findings, what went before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from actions.lookup import campaign_of
from actions.review.score_lines import eyes_of, is_secret_at, scores_at
from records.dossiers.findings import findings_of
from records.lists.lists import payments_of
from records.lists.recommendations import ranking_shown
from records.people import people
from records.people.people import names_of
from records.review import blindness
from records.review.assignments import assigned_to_gate, duties_held_by
from records.review.gates import attempts_of, decisions_on, gates_beside, gates_of, seat_duties
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from records.tables.review import GateRow, ScoreRow
from rules.campaign.campaign import ROLES, Campaign
from rules.campaign.scoring_words import rounded
from rules.people.rights import Place, may
from rules.refusals import Refused
from rules.review.parties import PARTIES, Eyes


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat: who holds it, and the answer once there is one."""

    seat: str
    role_title: str
    person_id: str
    person: str
    answer: str = ""
    reason: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one party made of annex 1; ``points`` by indicator, ``changed`` facts with the reason for each."""

    party: str
    total: str
    points: dict[str, str]
    vetoes: tuple[str, ...]
    changed: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One finding of the checks on the upload in question."""

    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a decision rests on. ``content_hash`` is what the decider hands back as seen."""

    gate_id: int
    campaign_id: str
    name: str
    title: str
    about: str
    attempt: int
    state: str
    content_hash: str
    opened_at: datetime
    due_at: datetime
    answers: tuple[tuple[str, str], ...]
    reason_needed: tuple[str, ...]
    seats: tuple[SeatLine, ...]
    upload: str = ""
    sheets: tuple[Sheet, ...] = ()
    findings: tuple[CheckLine, ...] = ()
    lines: tuple[str, ...] = ()
    """The list in question, line by line, where the gate is about one."""
    earlier: tuple[tuple[int, SeatLine], ...] = ()
    """(attempt, what was answered) of every attempt before this one."""


def case_at(session: Session, gate_id: int, *, by: str = "") -> Case | Refused:
    """One gate in full, with only the score sheets that person ``by`` may see at it now.

    Without ``by`` nobody has said who looks: what a reviewer must not know yet is left out.
    """
    gate = session.get(GateRow, gate_id)
    if gate is None:
        return Refused("no_such_gate", f"没有编号为{gate_id}的审批点，请用 gate list 查看。")
    campaign, names = campaign_of(session, gate.campaign_id), names_of(session)
    upload = session.get(UploadRow, gate.upload_id) if gate.upload_id else None
    before = [one for one in attempts_of(session, gate) if one.attempt < gate.attempt]
    about = gates_beside(session, gate)
    eyes = _eyes(session, gate, about, by)
    secret = is_secret_at(gate, about, eyes=eyes)
    short = _in_short(session, campaign, gate, names)
    return replace(
        _without_secrets(short, secret=secret),
        upload=_upload(upload),
        sheets=tuple(_sheets(session, campaign, gate, about, eyes)),
        findings=_findings(session, upload),
        lines=tuple(_lines(session, campaign, gate)),
        earlier=tuple(
            (one.attempt, _seen(seat, secret=secret))
            for one in before
            for seat in _seats(session, campaign, one, names)
        ),
    )


def cases(session: Session, campaign_id: str, *, only_open: bool, person_id: str = "") -> list[Case]:
    """The gates of a campaign in short, the first due first; of one person those they were asked at.

    What this person, or anybody where none is named, must not know of a first review yet is left out.
    """
    sealed = blindness.sealed_from(session, person_id)
    campaign, names = campaign_of(session, campaign_id), names_of(session)
    gates = [gate for gate in gates_of(session, campaign_id) if gate.state == "open" or not only_open]
    return [
        _without_secrets(_in_short(session, campaign, gate, names), secret=blindness.is_secret(gate, sealed))
        for gate in sorted(gates, key=lambda gate: (gate.due_at, gate.id))
        if not person_id or person_id in assigned_to_gate(session, gate)
    ]


def cases_awaiting(session: Session, campaign_id: str, person_id: str) -> list[Case]:
    """In short the open gates at which a person, or somebody for whom they stand in, still owes an answer."""
    campaign, names = campaign_of(session, campaign_id), names_of(session)
    owed = [duty for duty in duties_held_by(session, campaign_id, person_id) if duty.kind == "gate"]
    numbers = dict.fromkeys(duty.facts["gate_id"] for duty in owed)
    gates, sealed = (
        [session.get_one(GateRow, one) for one in numbers],
        blindness.sealed_from(session, person_id),
    )
    return [
        _without_secrets(_in_short(session, campaign, gate, names), secret=blindness.is_secret(gate, sealed))
        for gate in gates
    ]


def _without_secrets(case: Case, *, secret: bool) -> Case:
    return replace(case, seats=tuple(_seen(seat, secret=secret) for seat in case.seats))


def _in_short(session: Session, campaign: Campaign, gate: GateRow, names: dict[str, str]) -> Case:
    plan = campaign.gate(gate.name)
    return Case(
        gate_id=gate.id,
        campaign_id=campaign.id,
        name=gate.name,
        title=plan.title,
        about=_about(session, campaign, gate),
        attempt=gate.attempt,
        state=gate.state,
        content_hash=gate.content_hash,
        opened_at=gate.opened_at,
        due_at=gate.due_at,
        answers=plan.answers,
        reason_needed=plan.reason_needed,
        seats=tuple(_seats(session, campaign, gate, names)),
    )


def _about(session: Session, campaign: Campaign, gate: GateRow) -> str:
    duties = seat_duties(session, gate)
    if duties:
        return str(next(iter(duties.values())).facts["subject"])
    if gate.village_code:
        return f"{campaign.town(gate.town_code).name}{campaign.village(gate.village_code).name}"
    return campaign.title


def _seats(session: Session, campaign: Campaign, gate: GateRow, names: dict[str, str]) -> Iterator[SeatLine]:
    plan, duties = campaign.gate(gate.name), seat_duties(session, gate)
    titles = dict(plan.answers)
    decided = {one.seat: one for one in decisions_on(session, gate)}
    for seat in plan.seats:
        made = decided.get(seat.name)
        duty = duties.get(seat.name)
        holder = made.person_id if made else duty.person_id if duty else ""
        yield SeatLine(
            seat=seat.name,
            role_title=ROLES[seat.role],
            person_id=holder,
            person=names.get(holder, ""),
            answer=titles[made.answer] if made else "",
            reason=made.reason if made else "",
            decided_at=made.decided_at if made else None,
        )


def _seen(seat: SeatLine, *, secret: bool) -> SeatLine:
    """A reviewer's reasons say as much as their sheet."""
    return replace(seat, reason="") if secret else seat


def _upload(upload: UploadRow | None) -> str:
    if upload is None:
        return ""
    late = "，逾期" if upload.late else ""
    return f"第{upload.version}版，花名册{upload.rows}人{late}，SHA-256 {upload.sha256}"


def _sheets(
    session: Session, campaign: Campaign, gate: GateRow, about: Sequence[GateRow], eyes: Eyes
) -> Iterator[Sheet]:
    if gate.upload_id is None:
        return
    scores = scores_at(session, campaign, gate, about, eyes=eyes)
    for party, row in scores.sheets.items():
        yield Sheet(
            party=PARTIES[party],
            total=rounded(Fraction(row.total)),
            points={line.indicator.id: line.points[party] for line in scores.lines if party in line.points},
            vetoes=tuple(row.vetoes),
            changed=_changed(row),
        )


def _eyes(session: Session, gate: GateRow, about: Sequence[GateRow], by: str) -> Eyes:
    person = session.get(PersonRow, by)
    if person is None or not person.active:
        return Eyes.BLIND
    oversees = may("board.read", people.as_rule(person), Place())
    if not oversees and by not in assigned_to_gate(session, gate):
        return Eyes.BLIND
    return eyes_of(session, gate, about, by, oversees=oversees)


def _changed(row: ScoreRow) -> dict[str, tuple[str, str]]:
    return {fact: (value, row.reasons.get(fact, "")) for fact, value in row.adjustments.items()}


def _findings(session: Session, upload: UploadRow | None) -> tuple[CheckLine, ...]:
    if upload is None:
        return ()
    return tuple(CheckLine(one.severity, one.message) for one in findings_of(session, upload.id))


def _lines(session: Session, campaign: Campaign, gate: GateRow) -> Iterator[str]:
    """The list exactly as this attempt shows it; a village's gate has none."""
    if gate.name == "recommendation":
        for row in ranking_shown(session, gate):
            chosen = "推荐" if row.recommended else "不推荐"
            name = campaign.village(row.village_code).name
            yield f"{row.rank}. {name} {rounded(Fraction(row.total))}分 {chosen}"
    if gate.name == "award":
        for line in payments_of(session, gate):
            yield f"{campaign.village(line.village_code).name} {line.yuan}元{line.note}"
