"""Tokens of the JSON interface. All their times are the host's, never the simulated clock's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Key


class TokenRow(Base):
    """Lets a program act as a person through some doors until a day; only the token's hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_person_id", "person_id"),)
    id: Mapped[Key]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    scopes: Mapped[list[str]]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """When it was last used, to the minute."""
