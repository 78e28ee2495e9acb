"""Lists put before the bureau, line by line: what each attempt of a gate showed, and who was taken off."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from records.tables.lists import ExclusionRow, PaymentLineRow
from records.tables.review import GateRow
from rules.lists.awards import Payment


def keep_payments(session: Session, gate: GateRow, lines: Iterable[Payment]) -> None:
    """Keep a payment list with the gate that asks about it."""
    session.add_all(
        PaymentLineRow(
            gate_id=gate.id,
            village_code=line.village_code,
            position=position,
            paid_before=line.paid_before,
            yuan=line.yuan,
            note=line.note,
            cause_id=line.cause_id,
        )
        for position, line in enumerate(lines, 1)
    )
    session.flush()


def payments_of(session: Session, gate: GateRow) -> list[Payment]:
    """The list as it was shown."""
    wanted = select(PaymentLineRow).where(PaymentLineRow.gate_id == gate.id).order_by(PaymentLineRow.position)
    rows = session.scalars(wanted)
    return [Payment(row.village_code, row.paid_before, row.yuan, row.note, row.cause_id) for row in rows]


def excluded_from(session: Session, campaign_id: str, name: str, subject: str) -> frozenset[str]:
    """Codes of the villages taken off a list in any of its attempts."""
    same = (GateRow.campaign_id == campaign_id) & (GateRow.name == name) & (GateRow.subject == subject)
    wanted = select(ExclusionRow.village_code).join(GateRow, GateRow.id == ExclusionRow.gate_id)
    return frozenset(session.scalars(wanted.where(same)))


def lines_taken_off(session: Session, campaign_id: str) -> frozenset[tuple[str, str, int]]:
    """(subject, village code, cause) of every line taken off a payment list: what else comes is another matter."""
    same = and_(
        PaymentLineRow.gate_id == ExclusionRow.gate_id,
        PaymentLineRow.village_code == ExclusionRow.village_code,
    )
    cause = func.coalesce(PaymentLineRow.cause_id, 0)
    wanted = (
        select(GateRow.subject, ExclusionRow.village_code, cause)
        .join(GateRow, GateRow.id == ExclusionRow.gate_id)
        .outerjoin(PaymentLineRow, same)
        .where(GateRow.campaign_id == campaign_id, GateRow.name == "award")
    )
    return frozenset((subject, code, number) for subject, code, number in session.execute(wanted))
