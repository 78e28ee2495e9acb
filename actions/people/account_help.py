"""A coordinator helps somebody to log in again, or ends what is open in their name."""

from __future__ import annotations

from datetime import datetime

from actions.people import tries
from actions.people.proposals import DEVICE, propose
from actions.people.staff import refuse_not_coordinator
from records import audit
from records.people import accounts
from records.store import Session, Store, repeatable
from records.tables.people import PersonRow
from rules.people.proposals import USUAL_DAYS
from rules.refusals import Refused

NOBODY = Refused("no_account", "没有这个人员，请刷新页面。")


@repeatable
def unlock(store: Store, *, person_id: str, by: str, now: datetime) -> Refused | None:
    """Forget the tries for which an account is locked; its password stays what it is."""
    with store.writing() as session:
        refused, person = _known(session, person_id, by)
        if refused or person is None:
            return refused
        tries.forgive_all(session, person_id)
        for key in (f"code:{person_id}", f"change:{person_id}"):
            accounts.forget_tries(session, key)
        _note(session, "unlock", person_id, by=by, now=now)
    return None


@repeatable
def forget_device(
    store: Store, *, person_id: str, by: str, now: datetime, days: int = USUAL_DAYS
) -> int | Refused:
    """Propose to forget a lost telephone: when a second person has confirmed it, the next log-in asks for one anew."""
    with store.writing() as session:
        refused, person = _known(session, person_id, by)
        if refused or person is None:
            return refused or NOBODY
        credential = accounts.credential_of(session, person_id)
        if credential is None or not credential.totp_confirmed:
            return Refused("no_device", "此人还没有添加手机口令，无需清除。")
        what = f"清除 {person.id} {person.name} 的手机口令，下次登录时重新添加"
        made = propose(session, DEVICE, [person_id], what=what, facts={}, by=by, now=now, days=days)
        return made if isinstance(made, Refused) else made.id


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
