"""Notices about a decider's account: what is proposed, what came of it, what changed; auditors read them all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from actions.lookup import campaign_of
from notifications.wording import DUE_ON, moment_text
from records import outbox
from records.campaign.campaigns import current_campaign
from records.people import people
from records.people.proposals import as_rule
from records.store import Session
from records.tables.people import PersonRow, ProposalRow
from rules.people.proposals import OPERATOR, may_confirm
from rules.people.tries import TOLD_AFTER

NAMES = {OPERATOR: "运行维护人员", "system": "系统"}


def tell_changed(
    session: Session, person_id: str, *, what: str, by: str, old_address: str, now: datetime
) -> None:
    """Before the first campaign there is nobody to tell, and no mail that could say it."""
    campaign_id = current_campaign(session)
    if campaign_id is None:
        return
    facts = {"what": what, "changed_by": _name(session, by)}
    key = f"{campaign_id}:account_changed:{person_id}:{now.isoformat()}"
    if old_address:
        told = {**facts, outbox.ADDRESS: old_address}
        _post(session, campaign_id, person_id, key=f"{key}:old_address", facts=told, now=now)
    for reader in dict.fromkeys([person_id, *_auditors(session)]):
        _post(session, campaign_id, reader, key=f"{key}:{reader}", facts=facts, now=now)


def tell_proposed(session: Session, row: ProposalRow, *, now: datetime) -> None:
    """Whoever can confirm it is asked; whom it concerns, at the address they have still, and the auditors are told."""
    campaign_id = current_campaign(session)
    if campaign_id is None:
        return
    ends = row.expires_at.astimezone(campaign_of(session, campaign_id).zone)
    facts = {
        "what": row.what,
        "proposed_by": _name(session, row.proposed_by),
        "until": moment_text(ends),
        DUE_ON: ends.date().isoformat(),
        "path": f"/campaigns/{campaign_id}/proposals",
    }
    seconds = [one.id for one in people.everybody(session) if one.active and _may_confirm(one, row)]
    for reader in seconds:
        key = f"{campaign_id}:proposal_opened:{row.id}:{reader}"
        _post(session, campaign_id, reader, template="proposal_opened", key=key, facts=facts, now=now)
    for reader in _concerned(session, row):
        key = f"{campaign_id}:proposal_announced:{row.id}:{reader}"
        told = {name: value for name, value in facts.items() if name != "path"}
        _post(session, campaign_id, reader, template="proposal_announced", key=key, facts=told, now=now)


def tell_ended(session: Session, row: ProposalRow, *, outcome: str, now: datetime) -> None:
    """A proposal came to nothing: who made it, whom it concerned, and the auditors are told."""
    campaign_id = current_campaign(session)
    if campaign_id is None:
        return
    facts = {"what": row.what, "outcome": outcome}
    maker = [row.proposed_by] if session.get(PersonRow, row.proposed_by) else []
    for reader in dict.fromkeys([*maker, *_concerned(session, row)]):
        key = f"{campaign_id}:proposal_ended:{row.id}:{reader}"
        _post(session, campaign_id, reader, template="proposal_ended", key=key, facts=facts, now=now)


def tell_owner(session: Session, person_id: str, *, what: str, now: datetime) -> None:
    """Somebody proves who they are in another way from now on: if it was not them, they should know at once."""
    campaign_id = current_campaign(session)
    if campaign_id is None:
        return
    key = f"{campaign_id}:account_secured:{person_id}:{now.isoformat()}:{what}"
    _post(
        session,
        campaign_id,
        person_id,
        template="account_secured",
        key=key,
        facts={"what": what},
        now=now,
    )


def tell_tried(session: Session, person_id: str, *, address: str, now: datetime) -> None:
    """Once a day: somebody keeps typing wrong passwords for this account."""
    campaign_id = current_campaign(session)
    if campaign_id is None:
        return
    day = now.astimezone(campaign_of(session, campaign_id).zone).date()
    _post(
        session,
        campaign_id,
        person_id,
        template="login_tried",
        key=f"{campaign_id}:login_tried:{person_id}:{day}",
        facts={"tries": str(TOLD_AFTER), "address": address},
        now=now,
    )


def _may_confirm(person: PersonRow, row: ProposalRow) -> bool:
    return may_confirm(people.as_rule(person), as_rule(row))


def _concerned(session: Session, row: ProposalRow) -> list[str]:
    """The people of a proposal who are there already, and every auditor."""
    there = [person_id for person_id in row.concerns if session.get(PersonRow, person_id)]
    return list(dict.fromkeys([*there, *_auditors(session)]))


def _auditors(session: Session) -> list[str]:
    return [one.id for one in people.with_role(session, "auditor")]


def _name(session: Session, person_id: str) -> str:
    person = session.get(PersonRow, person_id)
    return person.name if person else NAMES.get(person_id, person_id)


def _post(
    session: Session,
    campaign_id: str,
    reader: str,
    *,
    key: str,
    facts: Mapping[str, str],
    now: datetime,
    template: str = "account_changed",
) -> None:
    outbox.post(
        session,
        key=key,
        campaign_id=campaign_id,
        template=template,
        person_id=reader,
        facts=facts,
        at=now,
    )
