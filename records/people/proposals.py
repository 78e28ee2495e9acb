"""Proposals as rows: what waits for a second person, and what became of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from records.tables.people import ProposalRow
from rules.people.proposals import Proposal

OF_AUDITOR = "of_auditor"
"""Among the facts of a proposal: it makes, changes or ends an auditor."""


def as_rule(row: ProposalRow) -> Proposal:
    """The proposal as the rules see one."""
    of_auditor = bool(row.facts.get(OF_AUDITOR))
    return Proposal(row.proposed_by, tuple(row.concerns), row.expires_at, row.state == "open", of_auditor)


def waiting(session: Session, *, now: datetime) -> list[ProposalRow]:
    """What may still be confirmed, the oldest first."""
    return list(session.scalars(_open().where(ProposalRow.expires_at > now)))


def run_out(session: Session, *, now: datetime) -> list[ProposalRow]:
    """What nobody has confirmed in time, the oldest first; locked."""
    return list(session.scalars(_open().where(ProposalRow.expires_at <= now).with_for_update()))


def _open() -> Select[ProposalRow]:
    return select(ProposalRow).where(ProposalRow.state == "open").order_by(ProposalRow.id)


def newest(session: Session, *, limit: int, before: int = 0) -> list[ProposalRow]:
    """The newest of all, the newest first, without the first ``before``."""
    wanted = select(ProposalRow).order_by(ProposalRow.id.desc()).limit(limit).offset(before)
    return list(session.scalars(wanted))


def ever_confirmed(session: Session) -> frozenset[str]:
    """Everybody about whose account a second person has confirmed something."""
    confirmed = session.scalars(select(ProposalRow.concerns).where(ProposalRow.state == "confirmed"))
    return frozenset(person_id for concerns in confirmed for person_id in concerns)
