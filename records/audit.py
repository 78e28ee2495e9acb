"""The append-only audit log: a hash chain whose head and length are kept outside its table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from records.tables.upkeep import AuditHeadRow, AuditRow

GENESIS = "0" * 64
WAITING = "audit"
"""Links of a session that are written when it commits."""

_door: ContextVar[str] = ContextVar("door", default="")


@contextmanager
def through(door: str) -> Iterator[None]:
    """Entries written inside the block say through which door the person came."""
    token = _door.set(door)
    try:
        yield
    finally:
        _door.reset(token)


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: the first sequence number concerned and what is wrong."""

    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What ``verify`` read: length and head of the chain, and the first break if there is one."""

    length: int
    head: str
    broken: Break | None


def note(
    session: Session,
    *,
    at: datetime,
    actor: str,
    act: str,
    subject: str,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Append one link in the caller's transaction.

    It is written when the transaction commits, after everything else: the chain's head is locked last and
    held for the commit alone, though every act needs it. No person's ID number belongs into ``facts``.
    """
    told = {**({"door": _door.get()} if _door.get() else {}), **(facts or {})}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    if WAITING not in session.info:
        session.info[WAITING] = []
        event.listen(session, "before_commit", _append_waiting)
        event.listen(session, "after_rollback", _forget_waiting)
    session.info[WAITING].append(
        AuditRow(at=at, actor=actor, act=act, subject=subject, facts=text, previous="", hash="")
    )


def _append_waiting(session: Session) -> None:
    waiting, session.info[WAITING] = session.info[WAITING], []
    if not waiting:
        return
    # Whatever else the act wrote takes its locks before the head is locked.
    session.flush()
    wanted = select(AuditHeadRow).where(AuditHeadRow.id == 1).with_for_update()
    head = session.scalar(wanted.execution_options(populate_existing=True))
    if head is None:
        head = AuditHeadRow(id=1, length=0, hash=GENESIS)
        session.add(head)
    for row in waiting:
        row.seq, row.previous = head.length + 1, head.hash
        row.hash = _digest(row)
        session.add(row)
        head.length, head.hash = row.seq, row.hash


def _forget_waiting(session: Session) -> None:
    session.info[WAITING] = []


def _digest(row: AuditRow) -> str:
    moment = row.at.astimezone(UTC).isoformat()
    parts = [str(row.seq), moment, row.actor, row.act, row.subject, row.facts, row.previous]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def head(session: Session) -> str:
    """The hash of the newest link: another one whenever anything was noted."""
    row = session.get(AuditHeadRow, 1, populate_existing=True)
    return row.hash if row else GENESIS


def length_and_head(session: Session) -> tuple[int, str]:
    """How many links there are, and the hash of the newest: what is printed on a paper."""
    row = session.get(AuditHeadRow, 1, populate_existing=True)
    return (row.length, row.hash) if row else (0, GENESIS)


def verify(session: Session) -> Verified:
    """Walk the chain; finds a changed, removed, reordered or cut-off row."""
    length, previous = 0, GENESIS
    links = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=500)
    # Closed explicitly: a chain that breaks early leaves PostgreSQL's cursor open otherwise.
    with session.scalars(links) as rows:
        for row in rows:
            problem = _problem(row, after=length, previous=previous)
            if problem:
                return Verified(length, previous, Break(length + 1, problem))
            length, previous = row.seq, row.hash
    head = session.get(AuditHeadRow, 1)
    kept = (head.length, head.hash) if head else (0, GENESIS)
    if kept != (length, previous):
        return Verified(
            length, previous, Break(length + 1, f"the chain ends at {length}, its head says {kept[0]}")
        )
    return Verified(length, previous, None)


def _problem(row: AuditRow, *, after: int, previous: str) -> str:
    if row.seq != after + 1:
        return f"entry {after + 1} is missing"
    if row.previous != previous:
        return f"entry {row.seq} does not follow from the one before it"
    if row.hash != _digest(row):
        return f"entry {row.seq} was changed"
    return ""


def entries(
    session: Session,
    *,
    about: str = "",
    act: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> list[AuditRow]:
    """The newest ``limit`` entries whose subject or actor holds ``about``, the oldest first; of one act and
    from ``since`` to ``until`` where these are named."""
    wanted = select(AuditRow).order_by(AuditRow.seq.desc())
    if act:
        wanted = wanted.where((AuditRow.act == act) | AuditRow.act.startswith(f"{act}:", autoescape=True))
    if since is not None:
        wanted = wanted.where(AuditRow.at >= since)
    if until is not None:
        wanted = wanted.where(AuditRow.at <= until)
    if about:
        wanted = wanted.where(AuditRow.subject.contains(about, autoescape=True) | (AuditRow.actor == about))
    return list(session.scalars(wanted.limit(limit)))[::-1]


def agrees_with_paper(session: Session, *, length: int, head: str) -> bool:
    """Whether the chain still holds, at that place, the entry whose hash was printed on a paper."""
    return session.scalar(select(AuditRow.hash).where(AuditRow.seq == length)) == head.lower()
