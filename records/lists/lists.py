"""Lists put before the bureau, line by line: what each attempt of a gate showed, and who was taken off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.tables.all_tables import GateRow
from records.tables.columns import Base, Key
from rules.lists.awards import Payment


class PaymentLineRow(Base):
    """One village on a payment list, exactly as both bureaus saw it."""

    __tablename__ = "payment_line"
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), primary_key=True)
    village_code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    paid_before: Mapped[int]
    yuan: Mapped[int]
    note: Mapped[str]


class ExclusionRow(Base):
    """A village taken off a list that came back from the bureau; it stays off every later attempt."""

    __tablename__ = "exclusion"
    id: Mapped[Key]
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), index=True)
    village_code: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


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
        )
        for position, line in enumerate(lines, 1)
    )
    session.flush()


def payments_of(session: Session, gate: GateRow) -> list[Payment]:
    """The list as it was shown."""
    wanted = select(PaymentLineRow).where(PaymentLineRow.gate_id == gate.id).order_by(PaymentLineRow.position)
    rows = session.scalars(wanted)
    return [Payment(row.village_code, row.paid_before, row.yuan, row.note) for row in rows]


def excluded_from(session: Session, campaign_id: str, name: str, subject: str) -> frozenset[str]:
    """Codes of the villages taken off a list in any of its attempts."""
    same = (GateRow.campaign_id == campaign_id) & (GateRow.name == name) & (GateRow.subject == subject)
    wanted = select(ExclusionRow.village_code).join(GateRow, GateRow.id == ExclusionRow.gate_id)
    return frozenset(session.scalars(wanted.where(same)))
