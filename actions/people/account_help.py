"""A coordinator helps somebody to log in again, or ends what is open in their name."""

from __future__ import annotations

from datetime import datetime

from actions.people.login import account_keys
from actions.people.staff import refuse_not_coordinator
from records import audit
from records.people import accounts
from records.store import Session, Store, repeatable
from records.tables.people import PersonRow
from rules.refusals import Refused

NOBODY = Refused("no_account", "没有这个人员，请刷新页面。")


@repeatable
def unlock(store: Store, *, person_id: str, by: str, now: datetime) -> Refused | None:
    """Forget the tries for which an account is locked; its password stays what it is."""
    with store.writing() as session:
        refused, person = _known(session, person_id, by)
        if refused or person is None:
            return refused
        for key in (*account_keys(person), f"code:{person_id}", f"change:{person_id}"):
            accounts.forget_tries(session, key)
        _note(session, "unlock", person_id, by=by, now=now)
    return None


@repeatable
def forget_device(store: Store, *, person_id: str, by: str, now: datetime) -> Refused | None:
    """Forget the telephone that gives somebody's one-time passwords: the next log-in asks for one anew."""
    with store.writing() as session:
        refused, _ = _known(session, person_id, by)
        credential = None if refused else accounts.lock_credential(session, person_id)
        if refused or credential is None:
            return refused or Refused("no_credential", "此人还没有设置密码，无需清除手机口令。")
        credential.totp_sealed, credential.totp_confirmed, credential.totp_step = None, False, 0
        accounts.end_sessions(session, person_id)
        _note(session, "forget_device", person_id, by=by, now=now)
    return None


@repeatable
def log_out_for(store: Store, *, person_id: str, by: str, now: datetime) -> Refused | None:
    """End every session of somebody."""
    with store.writing() as session:
        refused, _ = _known(session, person_id, by)
        if refused:
            return refused
        accounts.end_sessions(session, person_id)
        _note(session, "log_out_everywhere", person_id, by=by, now=now)
    return None


def _known(session: Session, person_id: str, by: str) -> tuple[Refused | None, PersonRow | None]:
    person = session.get(PersonRow, person_id)
    refused = refuse_not_coordinator(session, by) or (NOBODY if person is None else None)
    return refused, person


def _note(session: Session, act: str, person_id: str, *, by: str, now: datetime) -> None:
    audit.note(session, at=now, actor=by, act=act, subject=f"person:{person_id}")
