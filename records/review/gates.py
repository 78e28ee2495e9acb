"""Gates with their attempts, decisions and one-time codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from records.locks import locked_one
from records.tables.duties import DutyRow
from records.tables.review import CodeRow, DecisionRow, GateRow


@dataclass(frozen=True, slots=True)
class OpenGate:
    """A question that waits for answers, as even an older version wrote it."""

    name: str
    version: int
    subject: str
    attempt: int


def open_gates_of(session: Session, campaign_id: str) -> list[OpenGate]:
    """Every open gate; reads only columns that the first version had."""
    columns = (GateRow.name, GateRow.version, GateRow.subject, GateRow.attempt)
    mine = (GateRow.campaign_id == campaign_id) & (GateRow.state == "open")
    return [OpenGate(*row) for row in session.execute(select(*columns).where(mine).order_by(GateRow.id))]


def open_gates(session: Session, campaign_id: str) -> list[GateRow]:
    """Every open gate; as long as the list is kept, each is found by its id without another question."""
    mine = (GateRow.campaign_id == campaign_id) & (GateRow.state == "open")
    return list(session.scalars(select(GateRow).where(mine).order_by(GateRow.id)))


def gates_numbered(session: Session, ids: Sequence[int]) -> list[GateRow]:
    """These gates; as long as the list is kept, each is found by its id without another question."""
    return list(session.scalars(select(GateRow).where(GateRow.id.in_(ids)))) if ids else []


def gate_attempt(session: Session, campaign_id: str, name: str, subject: str, attempt: int) -> GateRow | None:
    return session.scalar(
        select(GateRow).where(
            GateRow.campaign_id == campaign_id,
            GateRow.name == name,
            GateRow.subject == subject,
            GateRow.attempt == attempt,
        )
    )


def latest_gate(session: Session, campaign_id: str, name: str, subject: str) -> GateRow | None:
    """The newest attempt."""
    return session.scalar(
        select(GateRow)
        .where(GateRow.campaign_id == campaign_id, GateRow.name == name, GateRow.subject == subject)
        .order_by(GateRow.attempt.desc())
        .limit(1)
    )


def gate_awaited(session: Session, kind: str, subject: str) -> GateRow | None:
    """The newest open gate for which a subject's run waits."""
    mine = (GateRow.carrier_kind == kind) & (GateRow.carrier_subject == subject)
    return session.scalar(
        select(GateRow).where(mine, GateRow.state == "open").order_by(GateRow.id.desc()).limit(1)
    )


def decisions_on(session: Session, gate: GateRow) -> list[DecisionRow]:
    """In the order in which they were made."""
    wanted = select(DecisionRow).where(DecisionRow.gate_id == gate.id).order_by(DecisionRow.id)
    return list(session.scalars(wanted))


def deciders(session: Session, gate: GateRow, name: str) -> frozenset[str]:
    """Who has decided gate ``name`` about the same upload of the same subject, in any attempt, or has
    written such a decision down."""
    same = (GateRow.campaign_id == gate.campaign_id) & (GateRow.subject == gate.subject)
    mine = same & (GateRow.name == name) & (GateRow.upload_id == gate.upload_id)
    wanted = select(DecisionRow.person_id, DecisionRow.recorded_by)
    found = session.execute(wanted.join(GateRow, GateRow.id == DecisionRow.gate_id).where(mine))
    return frozenset(one for row in found for one in row if one)


def newest_judges(session: Session, gate: GateRow, name: str) -> frozenset[str]:
    """Who decided the newest attempt at gate ``name`` about this subject, or has written such a decision down.

    Whoever judged an attempt that was overtaken since has no part in what counts now.
    """
    newest = latest_gate(session, gate.campaign_id, name, gate.subject)
    made = decisions_on(session, newest) if newest is not None else []
    return frozenset(one for row in made for one in (row.person_id, row.recorded_by) if one)


def gates_about(session: Session, upload_id: int) -> list[GateRow]:
    """Every gate that asks or asked about exactly this upload, the newest last."""
    return list(session.scalars(select(GateRow).where(GateRow.upload_id == upload_id).order_by(GateRow.id)))


def lock_gate(session: Session, gate_id: int) -> GateRow:
    """A gate as it stands now, kept from everybody else until the transaction ends."""
    return locked_one(session, GateRow, gate_id)


def lock_gates(session: Session, gates: Iterable[GateRow]) -> None:
    """Several of them, the oldest first: whoever locks more than one does it in this order."""
    for gate_id in sorted({gate.id for gate in gates}):
        lock_gate(session, gate_id)


def lock_codes(session: Session, gate_id: int) -> list[CodeRow]:
    """Every one-time code of a gate, locked so that two tries count as two."""
    return list(
        session.scalars(
            select(CodeRow)
            .where(CodeRow.gate_id == gate_id)
            .order_by(CodeRow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def forget_codes(session: Session, *, expired_by: datetime) -> None:
    """Codes that open nothing any more leave no hash behind."""
    over = delete(CodeRow).where(CodeRow.expires_at <= expired_by)
    session.execute(over.execution_options(synchronize_session=False))


def end_codes(session: Session, person_id: str) -> None:
    """No code that was mailed to this person opens anything any more."""
    mine = delete(CodeRow).where(CodeRow.person_id == person_id)
    session.execute(mine.execution_options(synchronize_session=False))


def gates_of(session: Session, campaign_id: str) -> list[GateRow]:
    """Every gate of a campaign; of one name and subject the newest attempt comes last."""
    wanted = select(GateRow).where(GateRow.campaign_id == campaign_id)
    return list(session.scalars(wanted.order_by(GateRow.name, GateRow.subject, GateRow.attempt)))


def gates_of_villages(
    session: Session, campaign_id: str, codes: Sequence[str], *, limit: int
) -> list[GateRow]:
    """The newest ``limit`` gates about these villages, the newest first."""
    mine = (GateRow.campaign_id == campaign_id) & GateRow.village_code.in_(codes)
    return list(session.scalars(select(GateRow).where(mine).order_by(GateRow.id.desc()).limit(limit)))


def attempts_of(session: Session, gate: GateRow) -> list[GateRow]:
    """Every attempt at the same question about the same subject, the newest last."""
    same = (GateRow.campaign_id == gate.campaign_id) & (GateRow.name == gate.name)
    wanted = select(GateRow).where(same, GateRow.subject == gate.subject).order_by(GateRow.attempt)
    return list(session.scalars(wanted))


def gates_beside(session: Session, gate: GateRow) -> list[GateRow]:
    """Every attempt at every question about the same subject, the newest of each last."""
    # The subject names the village already; naming it lets the database find the few rows by an index.
    here = (GateRow.campaign_id == gate.campaign_id) & (GateRow.village_code == gate.village_code)
    wanted = select(GateRow).where(here, GateRow.subject == gate.subject).order_by(GateRow.attempt)
    return list(session.scalars(wanted))


def newest_named(name: str, about: Sequence[GateRow]) -> GateRow | None:
    """The newest attempt at the question ``name`` among ``gates_beside``."""
    return next((one for one in reversed(about) if one.name == name), None)


def seat_duties(session: Session, gate: GateRow) -> dict[str, DutyRow]:
    """Seat -> the duty of whoever is asked to take it."""
    key = _key_of_seats(gate)
    found = session.scalars(select(DutyRow).where(DutyRow.key.startswith(key, autoescape=True)))
    return {seat_of(gate, duty): duty for duty in found}


def seat_of(gate: GateRow, duty: DutyRow) -> str:
    """Which seat of the gate the duty is."""
    return duty.key.removeprefix(_key_of_seats(gate))


def _key_of_seats(gate: GateRow) -> str:
    return f"{gate.campaign_id}:gate:{gate.name}:{gate.subject}#{gate.attempt}:"
