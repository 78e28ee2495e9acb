"""The review of accounts: each looked at by somebody else than its person; the audit log is its record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from actions.duties.duties import Owed, end_duty, open_duty
from actions.duties.holders import day_of
from actions.lookup import campaign_of, is_entitled
from records import audit
from records.campaign.campaigns import every_campaign, openings
from records.duties.duties import lock_duty, open_duties
from records.people import accounts, people
from records.people.invitations import ever_invited
from records.people.proposals import ever_confirmed
from records.store import Session, Store, repeatable
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from rules.people import account_review as rules
from rules.people.account_review import QUARTER, Account
from rules.refusals import Refused

ACT = "keep_account"
MAKES = ("import_person", "invite")
"""How an account comes to be: its time runs from the first of these on."""
KIND = "accounts"
TIME = timedelta(days=14)
"""So long a coordinator has for a review."""
MINUTES = 5
"""The tick looks in the first minutes of an hour only: it reads every account, and what the log says of them."""


def accounts_of(session: Session) -> list[Account]:
    """Every active account in order of id; none before the first campaign, when nobody works here yet."""
    began = _began(session)
    if began is None:
        return []
    reviewed, made = audit.last_noted_of_each(session, ACT), audit.first_noted_of_each(session, *MAKES)
    invited, confirmed = ever_invited(session), ever_confirmed(session)
    credentials = accounts.credentials(session)
    found = []
    for row in people.everybody(session):
        credential, looked = credentials.get(row.id), reviewed.get(_subject(row.id))
        account = Account(
            person_id=row.id,
            roles=tuple(row.roles),
            since=looked or max(began, made.get(_subject(row.id), began)),
            last_at=credential.last_at if credential else None,
            has_telephone=credential is not None and credential.totp_confirmed,
            never_in=credential is None and row.id in invited,
            confirmed=looked is not None or row.id in confirmed,
            reviewed=looked is not None,
        )
        found += [account] if row.active else []
    return found


def _began(session: Session) -> datetime | None:
    """When the first campaign was opened here."""
    opening = next(iter(openings(session)), None)
    return opening[1] if opening else None


@repeatable
def keep_accounts(store: Store, *, person_ids: Sequence[str], by: str, now: datetime) -> int | Refused:
    """Somebody else than their persons has looked at accounts, their roles and use, and says that they stay.

    All or none; how many. What a coordinator was asked for ends with the last of them.
    """
    with store.writing() as session:
        if not is_entitled(session, "account_review.keep_accounts", by=by):
            return Refused("not_coordinator", "账号由活动协调员或运行维护人员清查。")
        if not person_ids:
            return Refused("nobody", "请先勾选要保留的账号。")
        kept = list(dict.fromkeys(person_ids))
        refused = next(filter(None, (_refuse(session, one, by=by) for one in kept)), None)
        if refused:
            return refused
        for person_id in kept:
            facts = {"roles": list(session.get_one(PersonRow, person_id).roles)}
            audit.note(session, at=now, actor=by, act=ACT, subject=_subject(person_id), facts=facts)
        _end_reviewed(session, kept=frozenset(kept), now=now)
    return len(kept)


def _refuse(session: Session, person_id: str, *, by: str) -> Refused | None:
    row = session.get(PersonRow, person_id)
    if row is None or not row.active:
        return Refused("no_account", f"没有编号为“{person_id}”的在用人员，请用 people list 查看。")
    return rules.refuse_review(person_id, by=by)


def _subject(person_id: str) -> str:
    return f"person:{person_id}"


# --- asking for it -----------------------------------------------------------------------------------


def ask_in_time(store: Store, *, campaign_id: str, now: datetime) -> bool:
    """Each quarter, while the campaign is under way, ask a coordinator to look at the accounts; end what is done."""
    if now.minute >= MINUTES:
        return False
    with store.reading() as session:
        began = _began(session)
        if began is None or now - began < QUARTER:
            return False
        if not _moves(session, campaign_id, now=now):
            return False
    return _ask(store, campaign_id=campaign_id, now=now)


def _moves(session: Session, campaign_id: str, *, now: datetime) -> bool:
    """Whether a review has to be asked for, or has nothing left to look at."""
    known, asked = accounts_of(session), asked_for(session, campaign_id)
    if asked:
        return any(not rules.due_for(known, by=duty.person_id, now=now) for duty in asked)
    return _holder(session, known, now=now) is not None


@repeatable
def _ask(store: Store, *, campaign_id: str, now: datetime) -> bool:
    with store.writing() as session:
        ended = _end_reviewed(session, kept=frozenset(), now=now)
        holder = _holder(session, accounts_of(session), now=now)
        if holder is None or asked_for(session, campaign_id):
            return ended
        campaign = campaign_of(session, campaign_id)
        today = day_of(campaign, now)
        owed = Owed(
            key=f"{KIND}:{today.isoformat()}:{holder}",
            kind=KIND,
            carrier=("campaign", campaign.id),
            town_code="",
            role="coordinator",
            person_id=holder,
            due_at=campaign.end_of(today + TIME),
            template="accounts_opened",
        )
        open_duty(session, campaign, owed, now=now)
        return True


def asked_for(session: Session, campaign_id: str) -> list[DutyRow]:
    """The open review of accounts, where one was asked for."""
    return open_duties(session, campaign_id, kind=KIND)


def _holder(session: Session, known: list[Account], *, now: datetime) -> str | None:
    """The first coordinator who may look at anything that is due; None when nothing is, or nobody may."""
    able = (one.id for one in people.with_role(session, "coordinator"))
    return next((one for one in able if rules.due_for(known, by=one, now=now)), None)


def _end_reviewed(session: Session, *, kept: frozenset[str], now: datetime) -> bool:
    """End every review whose holder has nothing left to look at; whether there was one.

    ``kept`` were looked at in this transaction, of which the log says so only when it ends.
    """
    known = [one for one in accounts_of(session) if one.person_id not in kept]
    done = [
        duty
        for campaign_id in every_campaign(session)
        for duty in asked_for(session, campaign_id)
        if not rules.due_for(known, by=duty.person_id, now=now)
    ]
    for duty in done:
        # No run waits for it.
        end_duty(
            session, lock_duty(session, duty.id), act="finish", now=now, within=("campaign", duty.campaign_id)
        )
    return bool(done)
