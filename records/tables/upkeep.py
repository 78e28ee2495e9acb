"""Tables of upkeep: the audit log and its head and seal, changes of the key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Key


class AuditRow(Base):
    """One link of the audit chain."""

    __tablename__ = "audit"
    seq: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[str] = mapped_column(Text)
    previous: Mapped[str]
    hash: Mapped[str]


class AuditHeadRow(Base):
    """Length and head of the chain, kept apart so that a cut-off row shows."""

    __tablename__ = "audit_head"
    id: Mapped[Key]
    length: Mapped[int]
    hash: Mapped[str]


class AuditSealRow(Base):
    """What only a holder of the key can say of the chain's first ``length`` links: see ``records.sealing.chain``."""

    __tablename__ = "audit_seal"
    id: Mapped[Key]
    length: Mapped[int]
    key: Mapped[str]
    """The fingerprint of the key."""
    seal: Mapped[str]


class KeyChangeRow(Base):
    """One change, by the fingerprints of both keys. Without ``finished_at`` it stopped halfway."""

    __tablename__ = "key_change"
    id: Mapped[Key]
    old_key: Mapped[str]
    new_key: Mapped[str]
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
