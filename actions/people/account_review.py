"""The review of accounts: each looked at by somebody else than its person; the audit log is its record."""

from __future__ import annotations

from datetime import datetime

from actions.lookup import is_entitled
from records import audit
from records.campaign.campaigns import every_campaign, opening_of
from records.people import accounts, people
from records.people.invitations import ever_invited
from records.people.proposals import ever_confirmed
from records.store import Session, Store, repeatable
from records.tables.people import PersonRow
from rules.people import account_review as rules
from rules.people.account_review import Account
from rules.refusals import Refused

ACT = "keep_account"


def accounts_of(session: Session) -> list[Account]:
    """Every active account in order of id; none before the first campaign, when nobody works here yet."""
    began = next((opening_of(session, one) for one in every_campaign(session)), None)
    if began is None:
        return []
    reviewed = audit.last_noted_of_each(session, ACT)
    invited, confirmed = ever_invited(session), ever_confirmed(session)
    found = []
    for row in people.everybody(session):
        credential, looked = accounts.credential_of(session, row.id), reviewed.get(_subject(row.id))
        account = Account(
            person_id=row.id,
            roles=tuple(row.roles),
            since=looked or began[1],
            last_at=credential.last_at if credential else None,
            has_telephone=credential is not None and credential.totp_confirmed,
            never_in=credential is None and row.id in invited,
            confirmed=looked is not None or row.id in confirmed,
        )
        found += [account] if row.active else []
    return found


@repeatable
def keep_account(store: Store, *, person_id: str, by: str, now: datetime) -> Refused | None:
    """Somebody else than its person has looked at an account, its roles and its use, and says that it stays."""
    with store.writing() as session:
        if not is_entitled(session, "account_review.keep_account", by=by):
            return Refused("not_coordinator", "账号由活动协调员或运行维护人员清查。")
        row = session.get(PersonRow, person_id)
        if row is None or not row.active:
            return Refused("no_account", f"没有编号为“{person_id}”的在用人员，请用 people list 查看。")
        refused = rules.refuse_review(person_id, by=by)
        if refused:
            return refused
        facts = {"roles": list(row.roles)}
        audit.note(session, at=now, actor=by, act="keep_account", subject=_subject(person_id), facts=facts)
    return None


def _subject(person_id: str) -> str:
    return f"person:{person_id}"
