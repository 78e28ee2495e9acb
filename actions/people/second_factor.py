"""The one-time password that bureau roles need besides their own: enrolled once, asked at each log-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from actions.people import tries
from actions.people.login import MOST_PER_ACCOUNT, PAUSE, TOO_OFTEN, WINDOW, Place, hash_token, welcome
from actions.people.notices import tell_owner
from records import audit
from records.locks import locked, locked_one
from records.people import accounts
from records.store import Session, Store, repeatable
from records.tables.people import CredentialRow, PersonRow, SessionRow
from rules.refusals import Refused

StepOf = Callable[[str], int | None]
"""The time step at which this secret gives the code that was typed; None when it does not."""

WRONG_CODE = Refused(
    "wrong_code", "动态口令不正确或已使用过。请等待手机上出现新的口令后再输入，并核对手机时间是否准确。"
)


@repeatable
def secret_to_enrol(store: Store, *, person_id: str, fresh: str) -> str | None:
    """The secret that this person's app must learn, ``fresh`` at first; None once it is confirmed.

    Shown only until then, so that a stolen password cannot fetch it later.
    """
    about = accounts.place_of_secret(person_id)
    with store.writing() as session:
        credential = locked_one(session, CredentialRow, person_id)
        if credential.totp_confirmed:
            return None
        if credential.totp_sealed is None:
            credential.totp_sealed = store.vault.seal(fresh.encode(), about=about)
        return _opened(store, credential)


def _opened(store: Store, credential: CredentialRow) -> str:
    assert credential.totp_sealed is not None
    about = accounts.place_of_secret(credential.person_id)
    return store.vault.open(credential.totp_sealed, about=about).decode()


@repeatable
def enter_code(
    store: Store,
    *,
    session_hash: str,
    step_of: StepOf,
    now: datetime,
    host_now: datetime,
    renewed: str,
    address: str = "",
    browser: str = "",
) -> Refused | None:
    """Complete a session with a code; each code works once, five wrong ones lock for a while.

    From here on its token is ``renewed``: whoever saw the one from before the code has nothing.
    """
    with store.writing() as session:
        row = locked(session, SessionRow, session_hash)
        if row is None:
            return Refused("session_ended", "登录已过期，请重新登录。")
        refused = _take_code(
            session, store, row.person_id, step_of, now=now, host_now=host_now, address=address
        )
        if refused:
            return refused
        row.second_factor, row.token_hash, row.proved_at = True, hash_token(renewed), host_now
        place = Place(address, is_known=tries.knows(store.vault, browser, row.person_id))
        person = session.get_one(PersonRow, row.person_id)
        welcome(session, person, row, place, now=now, host_now=host_now)
    return None


@repeatable
def ask_from_now_on(store: Store, *, session_hash: str) -> None:
    """Somebody whose roles ask for no one-time password wants one: this session is whole again with the first code,
    and from then on every log-in asks for one."""
    with store.writing() as session:
        row = locked(session, SessionRow, session_hash)
        if row is not None:
            row.asks_factor = True


@repeatable
def confirm_code(
    store: Store, *, person_id: str, step_of: StepOf, now: datetime, host_now: datetime
) -> Refused | None:
    """None for who holds the telephone now: asked again before what outlives a session."""
    with store.writing() as session:
        return _take_code(session, store, person_id, step_of, now=now, host_now=host_now)


def _take_code(
    session: Session,
    store: Store,
    person_id: str,
    step_of: StepOf,
    *,
    now: datetime,
    host_now: datetime,
    address: str = "",
) -> Refused | None:
    key, subject = f"code:{person_id}", f"person:{person_id}"
    asked = accounts.count_try(session, key, window=WINDOW, host_now=host_now)
    facts = {"address": address, "pause": PAUSE if asked > MOST_PER_ACCOUNT else ""}
    if asked == MOST_PER_ACCOUNT + 1:
        audit.note(session, at=now, actor=person_id, act="code_refused", subject=subject, facts=facts)
    if asked > MOST_PER_ACCOUNT:
        return TOO_OFTEN
    credential = locked_one(session, CredentialRow, person_id)
    if credential.totp_sealed is None:
        return Refused("not_enrolled", "请先在手机上添加动态口令。")
    step = step_of(_opened(store, credential))
    if step is None or step <= credential.totp_step:
        audit.note(session, at=now, actor=person_id, act="code_refused", subject=subject, facts=facts)
        return WRONG_CODE
    if not credential.totp_confirmed:
        tell_owner(session, person_id, what="已在新的手机上添加动态口令", now=now)
    credential.totp_step, credential.totp_confirmed = step, True
    accounts.forget_tries(session, key)
    return None
