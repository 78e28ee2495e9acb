"""Sending what the outbox holds: claim, commit, render, send, mark."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from actions.lookup import campaign_of
from actions.people.invitations import Invitation, mint_invitation
from actions.review.codes import mint_code
from config.failpoints import reach
from notifications.catalog import facts_needed
from notifications.channels import Channel
from notifications.message import Address, Failed, Message, Sent
from notifications.rendering import mask_secrets, render
from notifications.smtp import message_id
from records import outbox
from records.faults import Unwritten
from records.store import Session, Store, repeatable
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.refusals import Refused

MARK_AGAIN_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""How long a sender waits for a database that is away before it notes what became of a message; less than a claim."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: a name for its claims, the channel, and where links in messages lead."""

    name: str
    channel: Channel
    link: str
    domain: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message, rendered, with the secrets that its kept copy must not show."""

    row_id: int
    key: str
    to: Address
    message: Message
    secrets: tuple[str, ...]
    at: datetime


def deliver_next(store: Store, sender: Sender, *, now: datetime, host_now: datetime) -> bool:
    """Send the oldest message that may go out by ``now``; False when there is none.

    A sender that dies after the mail server's OK and before the mark is the one way to a double
    message; the copy then bears the same Message-ID.
    """
    with store.writing() as session:
        row = outbox.claim_next(session, owner=sender.name, now=now, host_now=host_now)
        if row is None:
            return False
        try:
            ready = _render(session, store, sender, row, host_now=host_now)
        except LookupError as error:
            # One message that no template fits must not hold up those behind it.
            outbox.mark_failed(session, row.id, answer=str(error), temporary=False, host_now=host_now)
            return True
    outcome = sender.channel.send(ready.message, to=ready.to, key=ready.key, at=ready.at)
    reach("outbox.sent_unmarked", home=store.home)
    _mark_surely(lambda: _mark(store, sender, ready, outcome, now=now, host_now=host_now))
    return True


def _mark_surely(mark: Callable[[], None]) -> None:
    """A database that goes away after the message went out is waited for, as long as the claim keeps others off."""
    for pause in MARK_AGAIN_S:
        try:
            return mark()
        except Unwritten:
            time.sleep(pause)
    return mark()


@repeatable
def _mark(
    store: Store, sender: Sender, ready: Ready, outcome: Sent | Failed, *, now: datetime, host_now: datetime
) -> None:
    """What became of a message; it has left the house already, so this must not be lost."""
    with store.writing() as session:
        if isinstance(outcome, Sent):
            text = mask_secrets(f"{ready.message.subject}\n\n{ready.message.body}", ready.secrets)
            identity = message_id(ready.key, sender.domain)
            outbox.mark_sent(
                session, ready.row_id, at=now, message_id=identity, answer=outcome.answer, text=text
            )
        else:
            outbox.mark_failed(
                session, ready.row_id, answer=outcome.answer, temporary=outcome.temporary, host_now=host_now
            )


def _render(session: Session, store: Store, sender: Sender, row: OutboxRow, *, host_now: datetime) -> Ready:
    campaign = campaign_of(session, row.campaign_id)
    person = session.get_one(PersonRow, row.person_id)
    invited = _invitation(session, row, host_now=host_now)
    facts: dict[str, object] = {
        **row.facts,
        "campaign": campaign.title,
        "county": campaign.county,
        "recipient": person.name,
        "link": invited.link(sender.link) if invited else _link(sender, row),
        "valid": invited.valid if invited else "",
    }
    needed = facts_needed(row.template)
    known = {name: value for name, value in facts.items() if name in needed}
    code = _code(session, store, row, host_now=host_now)
    message = render(row.template, {**known, **({"code": code} if code else {})})
    secrets = tuple(filter(None, (code, invited.token if invited else "")))
    return Ready(
        row.id,
        row.key,
        Address(person.name, row.facts.get(outbox.ADDRESS, person.email)),
        message,
        secrets,
        row.written_at,
    )


def _link(sender: Sender, row: OutboxRow) -> str:
    """A message about one thing leads to its page; the rest lead to the front door."""
    path = row.facts.get("path", "")
    return f"{sender.link.rstrip('/')}{path}" if path else sender.link


def _invitation(session: Session, row: OutboxRow, *, host_now: datetime) -> Invitation | None:
    """An invitation is minted for the mail it stands in."""
    if row.template != "account_invited":
        return None
    by = row.facts["invited_by"]
    made = mint_invitation(session, person_id=row.person_id, by=by, now=row.written_at, host_now=host_now)
    if isinstance(made, Refused):
        raise LookupError(made.reason)
    return made


def _code(session: Session, store: Store, row: OutboxRow, *, host_now: datetime) -> str:
    """A code for whoever is asked at an open gate; reminders and escalations carry none."""
    if row.template != "gate_opened" or row.gate_id is None:
        return ""
    gate = session.get_one(GateRow, row.gate_id)
    return (
        mint_code(session, store.vault, gate, person_id=row.person_id, host_now=host_now)
        if gate.state == "open"
        else ""
    )
