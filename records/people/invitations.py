"""Invitations: one-time links with which a person makes an account; only a token's hash is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from records.tables.messages import OutboxRow
from records.tables.people import InvitationRow


def replace_open(session: Session, person_id: str, *, at: datetime) -> None:
    """End what a person has not used, so that only the newest invitation opens a door."""
    still_open = InvitationRow.used_at.is_(None) & InvitationRow.replaced_at.is_(None)
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.person_id == person_id, still_open)
        .values(replaced_at=at)
        .execution_options(synchronize_session=False)
    )


def with_hash(session: Session, token_hash: str) -> InvitationRow | None:
    """The invitation as it stands now, kept from everybody else until a writing transaction ends."""
    wanted = select(InvitationRow).where(InvitationRow.token_hash == token_hash)
    return session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def has_accepted(session: Session, person_id: str) -> bool:
    """Whether a person has ever used an invitation."""
    used = (InvitationRow.person_id == person_id) & InvitationRow.used_at.is_not(None)
    return session.scalar(select(InvitationRow.id).where(used).limit(1)) is not None


def ever_invited(session: Session) -> frozenset[str]:
    """Everybody for whom an invitation was made, or is waiting in the outbox to be made as it is mailed."""
    mailed = select(OutboxRow.person_id).where(OutboxRow.template == "account_invited")
    return frozenset(session.scalars(select(InvitationRow.person_id).union(mailed)))
