"""Bells: rows that say "something changed for this subject"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from records.tables.runs import BellRow


@dataclass(frozen=True, slots=True)
class Call:
    """The newest unanswered bell of a subject."""

    kind: str
    subject: str
    bell_id: int


def ring(session: Session, *, kind: str, subject: str, cause: str, at: datetime) -> None:
    """Write a bell in the caller's transaction; the carrier's row must exist."""
    session.add(BellRow(kind=kind, subject=subject, cause=cause, written_at=at))


def waiting(session: Session, *, limit: int = 100) -> list[Call]:
    """One call per subject with unanswered bells, the longest waiting first."""
    rows = session.execute(
        select(BellRow.kind, BellRow.subject, func.max(BellRow.id))
        .where(BellRow.answered.is_(False))
        .group_by(BellRow.kind, BellRow.subject)
        .order_by(func.min(BellRow.id))
        .limit(limit)
    )
    return [Call(kind, subject, bell_id) for kind, subject, bell_id in rows]


def unanswered_since(session: Session, *, before: datetime) -> list[tuple[str, str, datetime]]:
    """(kind, subject, oldest) of every subject with an unanswered bell written before that moment."""
    rows = session.execute(
        select(BellRow.kind, BellRow.subject, func.min(BellRow.written_at))
        .where(BellRow.answered.is_(False))
        .group_by(BellRow.kind, BellRow.subject)
        .having(func.min(BellRow.written_at) < before)
        .order_by(func.min(BellRow.id))
    )
    return [(kind, subject, oldest) for kind, subject, oldest in rows]


def subjects_rung(session: Session) -> set[tuple[str, str]]:
    """Every (kind, subject) with an unanswered bell."""
    rung = select(BellRow.kind, BellRow.subject).where(BellRow.answered.is_(False)).distinct()
    return {(kind, subject) for kind, subject in session.execute(rung)}


def is_rung(session: Session, kind: str, subject: str) -> bool:
    """Whether a bell of the subject is unanswered."""
    rung = select(BellRow.id).where(
        BellRow.kind == kind, BellRow.subject == subject, BellRow.answered.is_(False)
    )
    return session.scalar(rung.limit(1)) is not None


def newest(session: Session, kind: str, subject: str) -> int:
    """The id of the subject's newest bell, 0 without one: what a wake has heard."""
    return (
        session.scalar(select(func.max(BellRow.id)).where(BellRow.kind == kind, BellRow.subject == subject))
        or 0
    )


def are_moving(session: Session, *, now: datetime) -> bool:
    """Whether a subject was rung at this very moment, by the tick or by anybody: its run is about to move rows."""
    others = select(BellRow.written_at).where(BellRow.kind != "tick").order_by(BellRow.id.desc()).limit(1)
    last = session.scalar(others)
    return last is not None and last >= now


def answer(session: Session, kind: str, subject: str, *, up_to: int) -> None:
    """Answer every bell that the finished wake had heard; later ones stay."""
    session.execute(
        update(BellRow)
        .where(
            BellRow.kind == kind, BellRow.subject == subject, BellRow.id <= up_to, BellRow.answered.is_(False)
        )
        .values(answered=True)
    )


def count_unanswered(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(BellRow).where(BellRow.answered.is_(False))) or 0
