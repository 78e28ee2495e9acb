"""Sending what the outbox holds: claim, commit, render, send, mark."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from actions.duties.holders import day_of
from actions.lookup import campaign_of
from actions.messages.digests import ALL_SETTLED, Gathered, facts_of, gathered
from actions.messages.links import due_date_of, page_of
from actions.messages.quiet import waits_until
from actions.messages.standing import Overtaken, standing_of
from actions.people.invitations import Invitation, mint_invitation
from actions.review.codes import mint_code
from config.failpoints import reach
from notifications.catalog import RELAYED, facts_taken
from notifications.channels import Channel
from notifications.html import html_of
from notifications.message import Address, Failed, Message, Sent
from notifications.rendering import headed, mask_secrets, render
from notifications.smtp import message_id
from notifications.wording import left_text
from records import outbox, relays
from records.faults import Unwritten
from records.store import Session, Store, repeatable
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused

log = logging.getLogger("hqe.outbox")

BATCH = 25
"""So many messages are claimed at once; each is rendered, sent and marked by itself."""
BATCH_S = 60.0
"""What a batch has not sent by then goes back: a claim must not run out under a slow server."""
MINTING = ("gate_opened", "account_invited")
"""Messages that carry a secret made for them."""
MARK_AGAIN_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""How long a sender waits for a database that is away before it notes what became of a message; less than a claim."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: a name for its claims, the channel, and where links in messages lead."""

    name: str
    channel: Channel
    link: str
    domain: str
    contact: str = ""
    """Whom to call: name, telephone, hours, room; empty where nothing is set."""
    replies: bool = False
    """Whether somebody reads answers to mails."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message, rendered, with the secrets that its kept copy must not show."""

    row_id: int
    key: str
    to: Address
    message: Message
    secrets: tuple[str, ...]
    at: datetime
    relayed: tuple[str, str] | None = None
    """(channel, text) of the short copy for its reader, who chose one besides mail."""
    told: tuple[int, ...] = ()
    """Of a digest: the messages that it tells."""
    dropped: Mapping[int, str] = field(default_factory=dict)
    """And those of it that were overtaken, each with the reason."""


@dataclass(frozen=True, slots=True)
class Later:
    """A message that waits for its reader's quiet hours to end."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of one look into the outbox: how many messages were dealt with, and whether the channel is away
    or puts everything off: then it is better to wait a while."""

    done: int = 0
    away: bool = False

    def __bool__(self) -> bool:
        return self.done > 0


def deliver_next(store: Store, sender: Sender, *, now: datetime, host_now: datetime) -> bool:
    """Send the oldest message that may go out by ``now``; False when there is none, or nobody to take it."""
    return bool(deliver(store, sender, now=now, host_now=host_now, most=1))


def deliver(
    store: Store, sender: Sender, *, now: datetime, host_now: datetime, most: int = BATCH
) -> Delivered:
    """Send the oldest messages that may go out by ``now``, to each reader in order.

    A sender that dies after the mail server's OK and before the mark is the one way to a double
    message; the copy then bears the same Message-ID. A channel that is away costs no message an attempt.
    """
    rows = _claim(store, sender, now=now, host_now=host_now, most=most)
    reach("outbox.claimed", home=store.home)
    done, late, since = 0, set[str](), time.monotonic()
    for place, row in enumerate(rows):
        if row.person_id in late or time.monotonic() - since > BATCH_S:
            _put_back(store, [row.id])
            continue
        outcome = _deliver_one(store, sender, row, now=now, host_now=host_now)
        if outcome is not None and outcome.away:
            _put_back(store, [one.id for one in rows[place:]], answer=outcome.answer)
            return Delivered(done, away=True)
        if outcome is not None:
            late.add(row.person_id)
        done += 1
    return Delivered(done, away=bool(done) and len(late) == done)


@repeatable
def _claim(
    store: Store, sender: Sender, *, now: datetime, host_now: datetime, most: int
) -> Sequence[OutboxRow]:
    with store.writing() as session:
        rows = outbox.claim(session, owner=sender.name, now=now, host_now=host_now, limit=most)
        reach("outbox.claiming", home=store.home)
        return rows


def _deliver_one(
    store: Store, sender: Sender, row: OutboxRow, *, now: datetime, host_now: datetime
) -> Failed | None:
    """Render, send and mark one claimed message; what kept it from going out now, None when it is dealt with."""
    try:
        ready = _render(store, sender, row, now=now, host_now=host_now)
    except LookupError as error:
        # One message that no template fits must not hold up those behind it.
        _mark(store, sender, row, Failed(str(error), temporary=False), now=now, host_now=host_now)
        return None
    if isinstance(ready, Overtaken):
        _lay_aside(store, row, ready)
        return None
    if isinstance(ready, Later):
        _put_off(store, row, ready.until)
        return None
    reach("outbox.rendered", home=store.home)
    outcome = _send(sender, ready)
    reach("outbox.sent_unmarked", home=store.home)
    if isinstance(outcome, Failed) and outcome.away:
        if ready.relayed:
            _relay(store, ready)
        return outcome
    _mark_surely(lambda: _mark(store, sender, row, outcome, now=now, host_now=host_now, ready=ready))
    reach("outbox.marked", home=store.home)
    return outcome if isinstance(outcome, Failed) and outcome.temporary else None


@repeatable
def _relay(store: Store, ready: Ready) -> None:
    """A mail server that is away holds up no other channel."""
    with store.noting() as session:
        _post_relay(session, ready)


def _post_relay(session: Session, ready: Ready) -> None:
    if ready.relayed:
        channel, text = ready.relayed
        relays.post(session, outbox_id=ready.row_id, channel=channel, text=text)


def _send(sender: Sender, ready: Ready) -> Sent | Failed:
    """A channel that stumbles over one message is asked again later; the others go on."""
    try:
        return sender.channel.send(ready.message, to=ready.to, key=ready.key, at=ready.at)
    except Exception as error:
        log.exception("the channel stumbled over a message")
        return Failed(f"{type(error).__name__}: {error}", temporary=True)


@repeatable
def _put_off(store: Store, row: OutboxRow, until: datetime) -> None:
    with store.writing() as session:
        outbox.put_off(session, row.id, until=until)


@repeatable
def _lay_aside(store: Store, row: OutboxRow, overtaken: Overtaken) -> None:
    with store.writing() as session:
        for number, why in {**overtaken.within, row.id: overtaken.why}.items():
            outbox.mark_superseded(session, number, why=why)


@repeatable
def _put_back(store: Store, ids: Sequence[int], *, answer: str = "") -> None:
    with store.writing() as session:
        outbox.put_back(session, ids)
        if answer:
            outbox.note_answer(session, ids[0], answer=answer)


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
    store: Store,
    sender: Sender,
    row: OutboxRow,
    outcome: Sent | Failed,
    *,
    now: datetime,
    host_now: datetime,
    ready: Ready | None = None,
) -> None:
    """What became of a message; it has left the house already, so this must not be lost."""
    with store.noting() as session:
        if ready is not None:
            _post_relay(session, ready)
        if isinstance(outcome, Failed) or ready is None:
            outbox.mark_failed(
                session,
                row.id,
                answer=outcome.answer,
                temporary=isinstance(outcome, Failed) and outcome.temporary,
                host_now=host_now,
            )
            return
        text = mask_secrets(f"{ready.message.subject}\n\n{ready.message.body}", ready.secrets)
        identity = message_id(ready.key, sender.domain)
        outbox.mark_sent(session, row.id, at=now, message_id=identity, answer=outcome.answer, text=text)
        if ready.told:
            words = f"已并入汇总邮件：{ready.message.subject}"
            outbox.mark_told(session, ready.told, at=now, message_id=identity, text=words)
        for number, why in ready.dropped.items():
            outbox.mark_superseded(session, number, why=why)
        reach("outbox.marking", home=store.home)


def _render(
    store: Store, sender: Sender, row: OutboxRow, *, now: datetime, host_now: datetime
) -> Ready | Overtaken | Later:
    """The text as it goes out now, or why it does not; only what mints a secret writes."""
    if row.template == outbox.DIGEST:
        return _render_digest(store, sender, row, now=now, host_now=host_now)
    if row.template in MINTING:
        return _render_minting(store, sender, row, now=now, host_now=host_now)
    with store.reading() as session:
        return _filled(session, store, sender, row, now=now, host_now=host_now)


def _render_digest(
    store: Store, sender: Sender, row: OutboxRow, *, now: datetime, host_now: datetime
) -> Ready | Overtaken | Later:
    """What stands of a digest; where that is one thing only, its own message."""
    with store.reading() as session:
        campaign = campaign_of(session, row.campaign_id)
        until = waits_until(session, campaign, row, at=now)
        if until is not None:
            return Later(until)
        found = gathered(session, campaign, row, now=now)
        if not found.told:
            return Overtaken(ALL_SETTLED, found.dropped)
        if found.alone is None:
            ready = _listed(session, sender, campaign, row, found, now=now)
    if found.alone is not None:
        alone = _render(store, sender, found.alone, now=now, host_now=host_now)
        if isinstance(alone, Later):
            return alone
        if isinstance(alone, Overtaken):
            return Overtaken(alone.why, {**found.dropped, found.alone.id: alone.why})
        ready = replace(alone, row_id=row.id, key=row.key, at=max(row.not_before, alone.at))
    return replace(ready, told=tuple(one.id for one in found.told), dropped=found.dropped)


def _listed(
    session: Session, sender: Sender, campaign: Campaign, row: OutboxRow, found: Gathered, *, now: datetime
) -> Ready:
    person = session.get_one(PersonRow, row.person_id)
    said = facts_of(campaign, found, link=sender.link, now=now)
    link = f"{sender.link.rstrip('/')}/campaigns/{campaign.id}/inbox" if sender.link else ""
    facts = {**_common(sender, campaign, person, said, now=now), **said, "link": link}
    known = {name: value for name, value in facts.items() if name in facts_taken(row.template)}
    plain = render(row.template, known, language=person.language)
    page = html_of(plain.subject, plain.body, link=link, language=person.language)
    message = replace(plain, html=page)
    to = Address(person.name, person.email)
    relayed = short_copy(person, row, plain.subject, link)
    return Ready(row.id, row.key, to, message, (), row.not_before, relayed)


def _common(
    sender: Sender, campaign: Campaign, person: PersonRow, said: Mapping[str, object], *, now: datetime
) -> dict[str, object]:
    """What every message says besides its own facts."""
    return {
        "campaign": campaign.title,
        "county": campaign.county,
        "recipient": person.name,
        "contact": sender.contact,
        "reply": "是" if sender.replies else "",
        "left": left_text(said, today=day_of(campaign, now)),
        "honour": campaign.called,
        "first_honour": campaign.first_honour,
    }


@repeatable
def _render_minting(
    store: Store, sender: Sender, row: OutboxRow, *, now: datetime, host_now: datetime
) -> Ready | Overtaken | Later:
    with store.writing() as session:
        return _filled(session, store, sender, row, now=now, host_now=host_now)


def _filled(
    session: Session, store: Store, sender: Sender, row: OutboxRow, *, now: datetime, host_now: datetime
) -> Ready | Overtaken | Later:
    campaign = campaign_of(session, row.campaign_id)
    until = waits_until(session, campaign, row, at=now)
    if until is not None:
        return Later(until)
    standing = standing_of(session, campaign, row, now=now)
    if isinstance(standing, Overtaken):
        return standing
    person = session.get_one(PersonRow, row.person_id)
    invited = _invitation(session, row, host_now=host_now)
    facts: dict[str, object] = {
        **standing.facts,
        **_common(sender, campaign, person, standing.facts, now=now),
        "link": invited.link(sender.link) if invited else _link(session, sender, campaign, row),
        "valid": invited.valid if invited else "",
    }
    taken = facts_taken(row.template)
    known = {name: value for name, value in facts.items() if name in taken}
    code = _code(session, store, row, host_now=host_now)
    filled = {**known, **({"code": code} if code else {})}
    plain = headed(
        render(row.template, filled, language=person.language), standing.note, language=person.language
    )
    message = replace(
        plain,
        html=html_of(plain.subject, plain.body, link=str(facts["link"]), language=person.language),
        due=due_date_of(session, campaign, row, link=str(facts["link"]), domain=sender.domain),
    )
    secrets = tuple(filter(None, (code, invited.token if invited else "")))
    return Ready(
        row.id,
        row.key,
        Address(person.name, row.facts.get(outbox.ADDRESS, person.email)),
        message,
        secrets,
        now if standing.note else row.written_at,
        short_copy(person, row, plain.subject, str(facts["link"])),
    )


def short_copy(person: PersonRow, row: OutboxRow, subject: str, link: str) -> tuple[str, str] | None:
    """For whom, what and where: no more is shown to a group; None where only mail is wanted, or fit."""
    if not person.channel or row.template not in RELAYED:
        return None
    return person.channel, "\n".join(filter(None, [f"{person.name}：{subject}", link]))


def _link(session: Session, sender: Sender, campaign: Campaign, row: OutboxRow) -> str:
    """A message about one thing leads to its page; the rest lead to the front door, if there is one."""
    path = page_of(session, campaign, row) if sender.link else ""
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
