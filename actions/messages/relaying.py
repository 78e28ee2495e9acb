"""Sending short copies of messages through the channels that people chose besides mail.

A channel that does not take them rests for a while, longer each time; mail goes on as if it did not exist.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actions.lookup import campaign_of
from actions.messages.standing import Overtaken, standing_of
from notifications.channels import Channel
from notifications.message import Address, Failed, Message, Sent
from records import relays
from records.relays import LAPSED, SENT, WAITING
from records.store import Session, Store, repeatable
from records.tables.messages import OutboxRow, RelayRow
from records.tables.people import PersonRow

log = logging.getLogger("hqe.outbox")

MOST_A_MINUTE = 20
"""What the strictest vendors take."""
BATCH = 6
"""So many are claimed at once: each has its quarter of a minute, and the claim outlasts them all."""
MINUTE = timedelta(minutes=1)
LONGEST_REST = timedelta(minutes=30)
WORTH = timedelta(days=1)
"""A short copy older than that tells nobody anything: the mail has come meanwhile, or the digest of today."""
NOBODY = Address("", "")


@dataclass
class Relayer:
    """The channels of an installation by name, and which of them rest until when."""

    channels: Mapping[str, Channel]
    refused: dict[str, int] = field(default_factory=dict)
    rests: dict[str, datetime] = field(default_factory=dict)

    def is_resting(self, name: str, *, host_now: datetime) -> bool:
        until = self.rests.get(name, host_now)
        return host_now < until <= host_now + LONGEST_REST

    def let_rest(self, name: str, *, host_now: datetime) -> None:
        self.refused[name] = self.refused.get(name, 0) + 1
        pause = min(MINUTE * 2 ** min(self.refused[name] - 1, 8), LONGEST_REST)
        self.rests[name] = host_now + pause

    def took(self, name: str) -> None:
        self.refused.pop(name, None)
        self.rests.pop(name, None)


def relay(store: Store, relayer: Relayer, *, now: datetime, host_now: datetime) -> int:
    """Send a batch of what waits for each channel that does not rest, the oldest first; how many were sent."""
    with store.reading() as session:
        waiting = [
            name
            for name in relays.waiting_by_channel(session)
            if name not in relayer.channels or _room(session, name, host_now=host_now)
        ]
    sent = 0
    for name in waiting:
        if name not in relayer.channels:
            _lapse_all(store, name, host_now=host_now)
        elif not relayer.is_resting(name, host_now=host_now):
            sent += _relay_through(store, relayer, name, now=now, host_now=host_now)
    return sent


def _relay_through(store: Store, relayer: Relayer, name: str, *, now: datetime, host_now: datetime) -> int:
    rows = _claim(store, name, host_now=host_now)
    sent = 0
    for place, row in enumerate(rows):
        why = _why_not(store, row, now=now)
        if why:
            _mark(store, row, state=LAPSED, answer=why)
            continue
        outcome = _send(relayer.channels[name], row, at=host_now)
        if isinstance(outcome, Failed):
            _mark(store, row, state=WAITING, answer=outcome.answer)
            _put_back(store, rows[place + 1 :])
            relayer.let_rest(name, host_now=host_now)
            return sent
        relayer.took(name)
        _mark(store, row, state=SENT, answer=outcome.answer, at=host_now)
        sent += 1
    return sent


@repeatable
def _claim(store: Store, name: str, *, host_now: datetime, most: int = BATCH) -> list[RelayRow]:
    with store.noting() as session:
        relays.one_claims(session)
        room = min(most, _room(session, name, host_now=host_now))
        return list(relays.claim(session, name, host_now=host_now, limit=room)) if room else []


def _room(session: Session, name: str, *, host_now: datetime) -> int:
    """How many more a channel takes within this minute."""
    taken = relays.sent_since(session, name, since=host_now - MINUTE)
    return max(0, MOST_A_MINUTE - taken - relays.claimed(session, name, host_now=host_now))


def _why_not(store: Store, row: RelayRow, *, now: datetime) -> str:
    """Empty for a copy that still tells its reader something."""
    with store.reading() as session:
        message = session.get_one(OutboxRow, row.outbox_id)
        if now - max(message.written_at, message.not_before) > WORTH:
            return "已过一天，不再转发。"
        if session.get_one(PersonRow, message.person_id).channel != row.channel:
            return "收件人已改选其他渠道，不再转发。"
        return _overtaken(session, message, now=now)


def _overtaken(session: Session, message: OutboxRow, *, now: datetime) -> str:
    standing = standing_of(session, campaign_of(session, message.campaign_id), message, now=now)
    return standing.why if isinstance(standing, Overtaken) else ""


def _send(channel: Channel, row: RelayRow, *, at: datetime) -> Sent | Failed:
    subject, _, link = row.text.partition("\n")
    try:
        return channel.send(Message(subject, link or subject), to=NOBODY, key=f"relay:{row.outbox_id}", at=at)
    except Exception as error:
        log.exception("a channel stumbled over a short copy")
        return Failed(type(error).__name__, temporary=True)


@repeatable
def _mark(store: Store, row: RelayRow, *, state: str, answer: str, at: datetime | None = None) -> None:
    with store.noting() as session:
        relays.mark(session, row.id, state=state, answer=answer, at=at)


@repeatable
def _put_back(store: Store, rows: list[RelayRow]) -> None:
    with store.noting() as session:
        for row in rows:
            relays.put_back(session, row.id)


def _lapse_all(store: Store, name: str, *, host_now: datetime) -> None:
    for row in _claim(store, name, host_now=host_now, most=MOST_A_MINUTE):
        _mark(store, row, state=LAPSED, answer=f"本机没有设置渠道“{name}”。")
