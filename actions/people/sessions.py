"""One's own sessions: shown, ended one by one, and proved once more before what outlives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.people import login, second_factor
from actions.people.login import IDLE, Matches
from actions.people.second_factor import StepOf
from records import audit
from records.locks import locked
from records.people import accounts
from records.store import Session, Store, repeatable
from records.tables.people import SessionRow
from rules.people.browsers import in_words
from rules.refusals import Refused

SHOWN = 16
"""Signs of the hash by which a session is called: nobody gets in with them."""
GONE = Refused("session_gone", "这次登录已经结束，请刷新页面。")


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody logged in at a browser."""

    id: str
    begun_at: datetime
    seen_at: datetime
    address: str
    browser: str
    is_this: bool


def own_sessions(session: Session, person_id: str, *, this: str, host_now: datetime) -> list[Open]:
    """All that are alive, the one used last first."""
    return [
        Open(
            row.token_hash[:SHOWN],
            row.begun_at,
            row.seen_at,
            row.address,
            in_words(row.browser),
            row.token_hash == this,
        )
        for row in accounts.sessions_of(session, person_id, host_now=host_now)
        if host_now - row.seen_at < IDLE
    ]


def last_log_in(session: Session, session_hash: str) -> tuple[datetime, str] | None:
    """When and from where the person had logged in before this session; None for the first time."""
    row = session.get(SessionRow, session_hash)
    return (row.last_at, row.last_address) if row is not None and row.last_at is not None else None


@repeatable
def end_session(
    store: Store, *, session_id: str, by: str, now: datetime, host_now: datetime
) -> Refused | None:
    """End one of one's own."""
    with store.writing() as session:
        mine = accounts.sessions_of(session, by, host_now=host_now)
        row = next((one for one in mine if session_id and one.token_hash[:SHOWN] == session_id), None)
        if row is None:
            return GONE
        session.delete(row)
        audit.note(session, at=now, actor=by, act="end_session", subject=f"person:{by}")
    return None


# --- proving it once more -------------------------------------------------------------------------


def is_proved(session: Session, session_hash: str, *, within: timedelta, host_now: datetime) -> bool:
    """Whether password or code were given here a moment ago; never when the clock went back since."""
    row = session.get(SessionRow, session_hash)
    at = row.proved_at if row is not None else None
    return at is not None and timedelta(0) <= host_now - at < within


def has_telephone(session: Session, person_id: str) -> bool:
    """Whether a code is asked for rather than the password."""
    credential = accounts.credential_of(session, person_id)
    return credential is not None and credential.totp_confirmed


def prove(
    store: Store,
    *,
    session_hash: str,
    person_id: str,
    matches: Matches,
    step_of: StepOf,
    now: datetime,
    host_now: datetime,
) -> Refused | None:
    """Take the code of whoever has a telephone, the password of everybody else."""
    with store.reading() as session:
        by_code = has_telephone(session, person_id)
    refused = (
        second_factor.confirm_code(store, person_id=person_id, step_of=step_of, now=now, host_now=host_now)
        if by_code
        else login.confirm_password(store, person_id=person_id, matches=matches, now=now, host_now=host_now)
    )
    return refused or _note_proof(store, session_hash, host_now=host_now)


@repeatable
def _note_proof(store: Store, session_hash: str, *, host_now: datetime) -> None:
    with store.writing() as session:
        row = locked(session, SessionRow, session_hash)
        if row is not None:
            row.proved_at = host_now
