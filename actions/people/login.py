"""Logging in and out: passwords by a function of the caller, sessions as rows, tries counted as rows."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.people import invitations, tries
from actions.people.notices import tell_owner
from records import audit
from records.locks import locked_one
from records.people import accounts, tokens
from records.store import Session, Store, repeatable
from records.tables.people import CredentialRow, PersonRow, SessionRow
from rules.people.rights import needs_one_time_password
from rules.refusals import Refused

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=10)
TOUCH_EVERY = timedelta(minutes=1)
"""A page that is read does not write a row each time."""

WINDOW = timedelta(minutes=15)
PAUSE = f"{WINDOW.seconds // 60}分钟"
MOST_PER_ACCOUNT = 5

TOKEN_BYTES = 32
LONGEST_BROWSER = 200
WRONG = Refused("wrong_login", "账号或密码不正确，请核对后重试。忘记密码的，请联系活动协调员重新邀请。")
TOO_OFTEN = Refused(
    "too_often",
    f"尝试次数过多，为保护账号暂停登录。请{WINDOW.seconds // 60}分钟后再试，或联系活动协调员。",
)

Matches = Callable[[str], bool]
"""Whether the password that was typed fits this hash; also called with an empty hash, to take as long."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A fresh session: the token for the cookie, shown once."""

    token: str
    person_id: str
    complete: bool


@repeatable
def log_in(
    store: Store,
    *,
    name: str,
    address: str,
    matches: Matches,
    now: datetime,
    host_now: datetime,
    browser: str = "",
    calls_itself: str = "",
    asks_factor: bool = False,
) -> LoggedIn | Refused:
    """A session for whoever knows the password; counted before it is looked at.

    ``browser`` is the cookie of a browser at which people have logged in before (``tries.remembering``), which
    ``calls_itself`` something. ``asks_factor``: this installation asks everybody for a one-time password.

    The slow hash is computed between two transactions: nobody waits for it but who asked.
    """
    with store.writing() as session:
        person = accounts.person_named(session, name)
        keys = tries.keys_of(person, name, address=address, browser=browser, vault=store.vault)
        refused = tries.count(session, keys, host_now=host_now)
        if refused:
            return refused
        credential = accounts.credential_of(session, person.id) if person else None
        kept = credential.password_hash if credential else ""
    if not matches(kept) or person is None:
        with store.writing() as session:
            actor = person.id if person else "unknown"
            if person is not None:
                tries.tell(session, person, keys, address=address, now=now)
            facts = {"address": address, "pause": tries.pause_text(session, keys)}
            audit.note(
                session, at=now, actor=actor, act="log_in_refused", subject=f"person:{actor}", facts=facts
            )
        return WRONG
    with store.writing() as session:
        tries.forgive(session, keys)
        credential = accounts.lock_credential(session, person.id)
        if credential is None or credential.password_hash != kept:
            return WRONG
        place = Place(address, calls_itself, is_known=tries.knows(store.vault, browser, person.id))
        return _begin_session(
            session, person, credential, place, asks_factor=asks_factor, now=now, host_now=host_now
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody logs in: from which address, and at a browser that knows them or not."""

    address: str = ""
    calls_itself: str = ""
    is_known: bool = True


def _begin_session(
    session: Session,
    person: PersonRow,
    credential: CredentialRow,
    place: Place,
    *,
    asks_factor: bool,
    now: datetime,
    host_now: datetime,
) -> LoggedIn:
    accounts.sweep_sessions(session, host_now=host_now)
    accounts.sweep_tries(session, host_now=host_now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = SessionRow(
        token_hash=hash_token(token),
        person_id=person.id,
        begun_at=host_now,
        seen_at=host_now,
        ends_at=host_now + ABSOLUTE,
        second_factor=False,
        asks_factor=asks_factor or credential.totp_confirmed,
        address=place.address,
        browser=place.calls_itself[:LONGEST_BROWSER],
        proved_at=host_now,
    )
    session.add(row)
    complete = is_complete(row, person)
    if complete:
        welcome(session, person, row, place, now=now, host_now=host_now)
    return LoggedIn(token, person.id, complete)


def welcome(
    session: Session, person: PersonRow, row: SessionRow, place: Place, *, now: datetime, host_now: datetime
) -> None:
    """Somebody is in: the session shows when they were before, and a browser that is new to them is told."""
    facts = {"address": place.address} if place.address else {}
    audit.note(session, at=now, actor=person.id, act="log_in", subject=f"person:{person.id}", facts=facts)
    credential = locked_one(session, CredentialRow, person.id)
    row.last_at, row.last_address = credential.last_at, credential.last_address
    credential.last_at, credential.last_address = host_now, place.address
    if row.last_at is not None and not place.is_known:
        tell_owner(session, person.id, what=f"在一个新的浏览器登录(来源{place.address or '不明'})", now=now)


def hash_token(token: str) -> str:
    # 256 random bits: a slow or salted hash would add nothing.
    return hashlib.sha256(token.encode()).hexdigest()


def session_of(store: Store, token: str, *, host_now: datetime) -> tuple[SessionRow, PersonRow] | None:
    """Whose session a cookie's token is; None once it has ended, idled out, or the person was deactivated."""
    with store.reading() as session:
        known = session_in(session, token, host_now=host_now)
    if known is not None:
        touch(store, known[0], host_now=host_now)
    return known


def session_in(session: Session, token: str, *, host_now: datetime) -> tuple[SessionRow, PersonRow] | None:
    """The same for somebody who is reading already; ``touch`` it afterwards."""
    return session_kept_as(session, hash_token(token), host_now=host_now)


def session_kept_as(
    session: Session, token_hash: str, *, host_now: datetime
) -> tuple[SessionRow, PersonRow] | None:
    """The same for whoever shows, in another way than by its token, whose session it is."""
    known = accounts.session_with_person(session, token_hash)
    if known is None or not known[1].active:
        return None
    ended = host_now >= known[0].ends_at or host_now - known[0].seen_at >= IDLE
    return None if ended else known


def is_complete(seen: SessionRow, person: PersonRow) -> bool:
    """Whether all has come that the person's roles ask for now, whatever they asked for at the log-in."""
    return seen.second_factor or not (seen.asks_factor or needs_one_time_password(person.roles))


def end_access(session: Session, person_id: str, *, at: datetime) -> None:
    """End every session and every token of a person, in the caller's transaction."""
    accounts.end_sessions(session, person_id)
    tokens.revoke_all(session, person_id=person_id, at=at)


@repeatable
def touch(store: Store, seen: SessionRow, *, host_now: datetime) -> None:
    """Note that a session is in use, unless that was noted a moment ago."""
    # Seen later than now: the clock went back since, and the session would never idle out.
    if timedelta(0) <= host_now - seen.seen_at < TOUCH_EVERY:
        return
    with store.writing() as session:
        row = session.get(SessionRow, seen.token_hash)
        if row is not None:
            row.seen_at = host_now


@repeatable
def log_out(store: Store, token: str) -> None:
    with store.writing() as session:
        row = session.get(SessionRow, hash_token(token))
        if row is not None:
            session.delete(row)


@repeatable
def log_out_everywhere(store: Store, *, person_id: str, now: datetime, host_now: datetime) -> None:
    """End every session and every token of a person."""
    with store.writing() as session:
        end_access(session, person_id, at=host_now)
        audit.note(session, at=now, actor=person_id, act="log_out_everywhere", subject=f"person:{person_id}")


@repeatable
def accept_invitation(
    store: Store,
    *,
    token: str,
    password_hash: str,
    now: datetime,
    host_now: datetime,
    address: str = "",
    calls_itself: str = "",
    asks_factor: bool = False,
) -> LoggedIn | Refused:
    """Keep the first password, or a new one: the invitation is used up, old sessions end; a telephone once
    confirmed stays the person's, since losing it is an act of two."""
    with store.writing() as session:
        person = invitations.accept(session, token, now=now, host_now=host_now)
        if isinstance(person, Refused):
            return person
        credential = accounts.lock_credential(session, person.id)
        if credential is None:
            credential = CredentialRow(person_id=person.id, password_hash="", set_at=host_now)
            session.add(credential)
        credential.password_hash, credential.set_at = password_hash, host_now
        if not credential.totp_confirmed:
            credential.totp_sealed, credential.totp_step = None, 0
        session.flush()
        end_access(session, person.id, at=host_now)
        tell_owner(session, person.id, what="已通过邀请链接设置登录密码", now=now)
        place = Place(address, calls_itself)
        return _begin_session(
            session, person, credential, place, asks_factor=asks_factor, now=now, host_now=host_now
        )


@repeatable
def change_password(
    store: Store,
    *,
    person_id: str,
    matches: Matches,
    password_hash: str,
    session_hash: str,
    now: datetime,
    host_now: datetime,
    renewed: str,
) -> Refused | None:
    """A new password for who knows the old one; every other session and every token ends, and this one's token
    is ``renewed``."""
    refused = confirm_password(store, person_id=person_id, matches=matches, now=now, host_now=host_now)
    if refused:
        return refused
    with store.writing() as session:
        kept = locked_one(session, CredentialRow, person_id)
        kept.password_hash, kept.set_at = password_hash, host_now
        accounts.end_sessions(session, person_id, but=session_hash)
        tokens.revoke_all(session, person_id=person_id, at=host_now)
        here = session.get(SessionRow, session_hash)
        if here is not None:
            here.token_hash = hash_token(renewed)
        tell_owner(session, person_id, what="登录密码已修改", now=now)
        audit.note(session, at=now, actor=person_id, act="change_password", subject=f"person:{person_id}")
    return None


@repeatable
def confirm_password(
    store: Store, *, person_id: str, matches: Matches, now: datetime, host_now: datetime
) -> Refused | None:
    """None for who knows the present password: asked again before what outlives a session."""
    with store.writing() as session:
        asked = accounts.count_try(session, f"change:{person_id}", window=WINDOW, host_now=host_now)
        credential = accounts.credential_of(session, person_id)
        if asked == MOST_PER_ACCOUNT + 1:
            _note_wrong(session, person_id, pause=PAUSE, now=now)
    if asked > MOST_PER_ACCOUNT:
        return TOO_OFTEN
    if credential is None or not matches(credential.password_hash):
        with store.writing() as session:
            _note_wrong(session, person_id, pause="", now=now)
        return Refused("wrong_password", "现用密码不正确，没有办理。请核对后重试。")
    return None


def _note_wrong(session: Session, person_id: str, *, pause: str, now: datetime) -> None:
    subject = f"person:{person_id}"
    audit.note(
        session, at=now, actor=person_id, act="password_refused", subject=subject, facts={"pause": pause}
    )
