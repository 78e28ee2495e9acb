"""The append-only audit log: a hash chain, its head and length kept outside its table, and its keyed seal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import Session

from records.sealing import chain
from records.sealing.vault import VAULT, Keyless, Vault
from records.tables.upkeep import AuditHeadRow, AuditRow, AuditSealRow

GENESIS = "0" * 64
WAITING = "audit"
"""Links of a session that are written when it commits."""
SEAL = AuditSealRow.__tablename__
SEAL_BROKEN = "the seal does not fit: entries were rewritten or cut off by somebody without the key"

_door: ContextVar[str] = ContextVar("door", default="")
_source: ContextVar[str] = ContextVar("source", default="")


@contextmanager
def through(door: str) -> Iterator[None]:
    """Entries written inside the block say through which door the person came."""
    token = _door.set(door)
    try:
        yield
    finally:
        _door.reset(token)


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Entries written inside the block say from which address the person came."""
    token = _source.set(address)
    try:
        yield
    finally:
        _source.reset(token)


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
    unsealed: int = 0
    """How many of the newest entries no seal holds."""
    strange_key: str = ""
    """The fingerprint of the key that the seal needs and that is not at hand."""


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
    where = {"door": _door.get(), "address": _source.get()}
    told = {**{name: value for name, value in where.items() if value}, **(facts or {})}
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
    before = head.length
    for row in waiting:
        row.seq, row.previous = head.length + 1, head.hash
        row.hash = _digest(row)
        session.add(row)
        head.length, head.hash = row.seq, row.hash
    _go_on_sealing(session, before=before, hashes=[row.hash for row in waiting])


def _go_on_sealing(session: Session, *, before: int, hashes: list[str]) -> None:
    """Fold new links into the seal; never across links that it does not hold, which ``seal_whole`` asks about."""
    vault = vault_of(session)
    if isinstance(vault, Keyless):
        return
    row = session.get(AuditSealRow, 1, populate_existing=True)
    if row is None and before == 0:
        row = AuditSealRow(id=1, length=0, key=vault.fingerprint(), seal="")
        row.seal = chain.begin(vault, key=row.key) or ""
        session.add(row)
    if row is None or row.length != before:
        return
    seal = chain.fold(vault, row.seal, hashes, key=row.key)
    if seal is not None:
        row.length, row.seal = before + len(hashes), seal


def last_noted(session: Session, act: str) -> datetime | None:
    """When an act was noted last; None where it never was."""
    newest = select(AuditRow.at).where(AuditRow.act == act).order_by(AuditRow.seq.desc()).limit(1)
    return session.scalar(newest)


def last_noted_of_each(session: Session, act: str) -> dict[str, datetime]:
    """Subject -> when an act about it was noted last."""
    newest = (
        select(AuditRow.subject, func.max(AuditRow.at)).where(AuditRow.act == act).group_by(AuditRow.subject)
    )
    return {row[0]: row[1] for row in session.execute(newest)}


def first_noted_of_each(session: Session, *acts: str) -> dict[str, datetime]:
    """Subject -> when any of the acts about it was noted first."""
    oldest = select(AuditRow.subject, func.min(AuditRow.at)).where(AuditRow.act.in_(acts))
    return {row[0]: row[1] for row in session.execute(oldest.group_by(AuditRow.subject))}


def vault_of(session: Session) -> Vault:
    """The vault by whose key this session seals the chain; without one it seals nothing."""
    vault = session.info.get(VAULT)
    return vault if isinstance(vault, Vault) else Keyless()


def seal_whole(session: Session, vault: Vault) -> bool:
    """Seal the chain as it stands with the vault's present key; False, and nothing done, where it does not hold.

    For whoever has looked: after a migration, a change of the key, a time without the key.
    """
    if verify(session).broken:
        return False
    hashes = session.scalars(select(AuditRow.hash).order_by(AuditRow.seq)).all()
    key = vault.fingerprint()
    seal = chain.fold(vault, chain.begin(vault, key=key), hashes, key=key)
    if seal is None:
        return False
    session.merge(AuditSealRow(id=1, length=len(hashes), key=key, seal=seal))
    return True


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
    """Walk the chain; finds a changed, removed, reordered or cut-off row, and a chain written without the key."""
    sealed = _seal_of(session)
    vault, length, previous = vault_of(session), 0, GENESIS
    seal = chain.begin(vault, key=sealed.key) if sealed else None
    links = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=500)
    # Closed explicitly: a chain that breaks early leaves PostgreSQL's cursor open otherwise.
    with session.scalars(links) as rows:
        for row in rows:
            problem = _problem(row, after=length, previous=previous)
            if problem:
                return Verified(length, previous, Break(length + 1, problem))
            length, previous = row.seq, row.hash
            if sealed and length <= sealed.length:
                seal = chain.fold(vault, seal, [previous], key=sealed.key)
    problem = _problem_of_end(session, length, previous, sealed=sealed, seal=seal)
    unsealed, strange = length - (sealed.length if sealed else 0), bool(sealed) and seal is None
    return Verified(
        length,
        previous,
        Break(length + 1, problem) if problem else None,
        unsealed=max(unsealed, 0),
        strange_key=sealed.key if sealed and strange else "",
    )


def _seal_of(session: Session) -> AuditSealRow | None:
    return session.get(AuditSealRow, 1, populate_existing=True) if has_place_for_seal(session) else None


def has_place_for_seal(session: Session) -> bool:
    """A database of an older version, which is backed up before it is upgraded, has none."""
    return inspect(session.connection()).has_table(SEAL)


def _problem_of_end(
    session: Session, length: int, previous: str, *, sealed: AuditSealRow | None, seal: str | None
) -> str:
    """What is wrong with a chain whose links all follow from each other."""
    head = session.get(AuditHeadRow, 1)
    kept = (head.length, head.hash) if head else (0, GENESIS)
    if kept != (length, previous):
        return f"the chain ends at {length}, its head says {kept[0]}"
    if sealed and sealed.length > length:
        return f"the chain ends at {length}, its seal says {sealed.length}"
    return SEAL_BROKEN if sealed and seal is not None and seal != sealed.seal else ""


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
    before: int | None = None,
    limit: int | None = None,
) -> list[AuditRow]:
    """The newest ``limit`` entries whose subject or actor holds ``about``, the oldest first; of one act,
    from ``since`` to ``until`` and with a number below ``before`` where these are named."""
    wanted = select(AuditRow).order_by(AuditRow.seq.desc())
    if act:
        wanted = wanted.where((AuditRow.act == act) | AuditRow.act.startswith(f"{act}:", autoescape=True))
    if since is not None:
        wanted = wanted.where(AuditRow.at >= since)
    if until is not None:
        wanted = wanted.where(AuditRow.at <= until)
    if before is not None:
        wanted = wanted.where(AuditRow.seq < before)
    if about:
        wanted = wanted.where(AuditRow.subject.contains(about, autoescape=True) | (AuditRow.actor == about))
    return list(session.scalars(wanted.limit(limit)))[::-1]


def agrees_with_paper(session: Session, *, length: int, head: str) -> bool:
    """Whether the chain still holds, at that place, the entry whose hash was printed on a paper."""
    return session.scalar(select(AuditRow.hash).where(AuditRow.seq == length)) == head.lower()


def links_after(session: Session, seq: int, *, limit: int) -> list[AuditRow]:
    """The next links after that one, in order."""
    return list(
        session.scalars(select(AuditRow).where(AuditRow.seq > seq).order_by(AuditRow.seq).limit(limit))
    )
