"""Tokens as rows: found by their hash, listed by their person, revoked and never deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from records.tables.people import TokenRow


def with_hash(session: Session, token_hash: str) -> TokenRow | None:
    return session.scalar(select(TokenRow).where(TokenRow.token_hash == token_hash))


def tokens_of(session: Session, person_id: str) -> list[TokenRow]:
    """Every token of a person, the newest first; also those that open nothing any more."""
    mine = select(TokenRow).where(TokenRow.person_id == person_id)
    return list(session.scalars(mine.order_by(TokenRow.id.desc())))


def every_token(session: Session) -> list[TokenRow]:
    """Everybody's, by person, the newest first."""
    return list(session.scalars(select(TokenRow).order_by(TokenRow.person_id, TokenRow.id.desc())))


def revoke_all(session: Session, *, person_id: str = "", at: datetime) -> None:
    """End every token of one person, or of everybody."""
    alive = update(TokenRow).where(TokenRow.revoked_at.is_(None))
    whose = alive.where(TokenRow.person_id == person_id) if person_id else alive
    session.execute(whose.values(revoked_at=at).execution_options(synchronize_session=False))
