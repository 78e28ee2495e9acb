"""Accounts as rows: who somebody is by their log-in name, their sessions, and what was tried too often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from records.locks import locked, locked_one
from records.tables.columns import Base
from records.tables.people import CredentialRow, PersonRow, SessionRow, ThrottleRow

INSERTS: Mapping[str, Callable[[type[Base]], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def person_named(session: Session, name: str) -> PersonRow | None:
    """The active person with this id or mail address, whatever its case; None also when two would fit."""
    wanted = name.strip().lower()
    fits = or_(func.lower(PersonRow.id) == wanted, func.lower(PersonRow.email) == wanted)
    found = list(session.scalars(select(PersonRow).where(fits, PersonRow.active.is_(True)).limit(2)))
    return found[0] if len(found) == 1 else None


def place_of_secret(person_id: str) -> str:
    """Where the sealed secret of a person's one-time passwords belongs."""
    return f"totp:{person_id}"


def credential_of(session: Session, person_id: str) -> CredentialRow | None:
    return session.get(CredentialRow, person_id, populate_existing=True)


def lock_credential(session: Session, person_id: str) -> CredentialRow | None:
    return locked(session, CredentialRow, person_id)


def forget_credential(session: Session, person_id: str) -> None:
    """As if a person had never accepted an invitation: for those who are only simulated."""
    mine = delete(CredentialRow).where(CredentialRow.person_id == person_id)
    session.execute(mine.execution_options(synchronize_session=False))


def with_password(session: Session) -> frozenset[str]:
    """Everybody who has accepted an invitation."""
    return frozenset(session.scalars(select(CredentialRow.person_id)))


def credentials(session: Session) -> dict[str, CredentialRow]:
    """Person -> how they prove who they are; whoever never accepted an invitation is left out."""
    return {row.person_id: row for row in session.scalars(select(CredentialRow))}


def session_with_person(session: Session, token_hash: str) -> tuple[SessionRow, PersonRow] | None:
    """A session at a browser and whose it is, as they stand now."""
    both = select(SessionRow, PersonRow).join(PersonRow, PersonRow.id == SessionRow.person_id)
    found = session.execute(both.where(SessionRow.token_hash == token_hash)).first()
    return None if found is None else (found[0], found[1])


def end_sessions(session: Session, person_id: str, *, but: str = "") -> None:
    """Log a person out everywhere, or everywhere but at the session with the token hash ``but``."""
    session.execute(
        delete(SessionRow)
        .where(SessionRow.person_id == person_id, SessionRow.token_hash != but)
        .execution_options(synchronize_session=False)
    )


def sessions_of(session: Session, person_id: str, *, host_now: datetime) -> list[SessionRow]:
    """A person's sessions that have not reached their end, the one used last first."""
    mine = select(SessionRow).where(SessionRow.person_id == person_id, SessionRow.ends_at > host_now)
    return list(session.scalars(mine.order_by(SessionRow.seen_at.desc(), SessionRow.token_hash)))


def end_every_session(session: Session) -> None:
    """Log everybody out."""
    session.execute(delete(SessionRow).execution_options(synchronize_session=False))


def sweep_sessions(session: Session, *, host_now: datetime) -> None:
    """Forget the sessions that have ended by themselves."""
    session.execute(
        delete(SessionRow).where(SessionRow.ends_at <= host_now).execution_options(synchronize_session=False)
    )


def count_try(session: Session, key: str, *, window: timedelta, host_now: datetime) -> int:
    """Count one more try in the present window, which begins with the first; how many it has now."""
    insert = INSERTS[session.get_bind().dialect.name]
    # Two first tries at the same moment are two tries, not a collision.
    session.execute(
        insert(ThrottleRow)
        .values(key=key, tries=0, window_ends_at=host_now + window)
        .on_conflict_do_nothing()
    )
    row = locked_one(session, ThrottleRow, key)
    # A window that ends later than one from now was begun before the clock went back.
    if not host_now < row.window_ends_at <= host_now + window:
        row.tries, row.window_ends_at = 0, host_now + window
    row.tries += 1
    session.flush()
    return row.tries


def tries_row(session: Session, key: str, *, memory: timedelta, host_now: datetime) -> ThrottleRow:
    """The wrong tries under a key for this act alone; forgotten ``memory`` after the last one."""
    insert = INSERTS[session.get_bind().dialect.name]
    session.execute(
        insert(ThrottleRow)
        .values(key=key, tries=0, window_ends_at=host_now + memory)
        .on_conflict_do_nothing()
    )
    row = locked_one(session, ThrottleRow, key)
    if row.window_ends_at <= host_now:
        row.tries = 0
    return row


def tries_of(session: Session, key: str) -> int:
    row = session.get(ThrottleRow, key)
    return row.tries if row else 0


def take_back_try(session: Session, key: str) -> None:
    """One of them was none."""
    row = locked(session, ThrottleRow, key)
    if row is not None:
        row.tries = max(0, row.tries - 1)


def forget_tries_under(session: Session, start: str) -> None:
    """Forget the tries of every key that begins like this."""
    under = delete(ThrottleRow).where(ThrottleRow.key.startswith(start, autoescape=True))
    session.execute(under.execution_options(synchronize_session=False))


def sweep_tries(session: Session, *, host_now: datetime) -> None:
    """Forget what was tried long ago, also for accounts that there are not."""
    over = delete(ThrottleRow).where(ThrottleRow.window_ends_at <= host_now)
    session.execute(over.execution_options(synchronize_session=False))


def forget_tries(session: Session, key: str) -> None:
    session.execute(
        delete(ThrottleRow).where(ThrottleRow.key == key).execution_options(synchronize_session=False)
    )
