"""A mail server that is away, puts off, or takes so many a minute: nothing lost, nothing failed, all in order."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from actions.messages.delivery import Sender, deliver
from notifications.channels import Channel
from records import outbox
from records.copies.dump import rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local

HOST = datetime(2026, 1, 5, 8, tzinfo=UTC)
READERS = ("coordinator-1", "coordinator-2", "reviewer-2", "reviewer-3", "leader-1")


@dataclass
class Moody:
    """Takes mail as its mood of the moment says; the test moves its time."""

    now: datetime = HOST
    greylisting_until: datetime = HOST
    first_seen: dict[str, datetime] = field(default_factory=dict)
    most_a_minute: int = 0
    taken: list[tuple[str, str]] = field(default_factory=list)
    tries: int = 0
    minute: tuple[datetime, int] = (HOST, 0)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.tries += 1
        if self.now < self.greylisting_until:
            first = self.first_seen.setdefault(address, self.now)
            if self.now < first + timedelta(minutes=5):
                return "451 4.7.1 greylisted, try again in five minutes"
        if self.most_a_minute and not self._has_room():
            return "450 4.7.1 too many mails a minute"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    def _has_room(self) -> bool:
        since, number = self.minute
        if self.now - since >= timedelta(minutes=1):
            since, number = self.now, 0
        self.minute = (since, number + 1)
        return number < self.most_a_minute

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        mail = message_from_bytes(envelope.content or b"")
        self.taken.append((str(envelope.rcpt_tos[0]), mail["X-HQE-Key"]))
        return "250 2.0.0 OK"


@pytest.fixture
def port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture
def channel(port: int) -> Iterator[Channel]:
    with Channel(f"smtp://127.0.0.1:{port}?from=hqe@example.invalid") as channel:
        yield channel


def serve(mood: Moody, port: int) -> Controller:
    controller = Controller(mood, hostname="127.0.0.1", port=port)
    controller.start()
    return controller


def fill(store: Store, campaign: Campaign, number: int) -> list[str]:
    """So many messages, the readers in turn; nothing else waits."""
    at, keys = local(campaign, 11, 1), [f"k{n:03d}" for n in range(number)]
    with store.writing() as session:
        for row in rows_of(session, OutboxRow):
            row.state = "sent"
        for n, key in enumerate(keys):
            outbox.post(
                session,
                key=key,
                campaign_id=CAMPAIGN_ID,
                template="carrier_parked",
                person_id=READERS[n % len(READERS)],
                facts={"subject": key, "reason": "一"},
                at=at,
            )
    return keys


def states(store: Store, keys: list[str]) -> set[tuple[str, int]]:
    with store.reading() as session:
        return {(row.state, row.attempts) for row in rows_of(session, OutboxRow) if row.key in keys}


def per_reader(mood: Moody) -> dict[str, list[str]]:
    return {to: [key for other, key in mood.taken if other == to] for to, _ in mood.taken}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_backlog_of_an_outage_greylisting_and_a_limit_goes_out_whole_and_in_order(
    opened: Store, campaign: Campaign, channel: Channel, port: int
) -> None:
    keys, mood = fill(opened, campaign, 60), Moody()
    sender = Sender("sender", channel, link="http://127.0.0.1/", domain="example.invalid")

    def until(end: datetime, step: timedelta) -> None:
        while mood.now < end:
            while deliver(opened, sender, now=local(campaign, 11, 2), host_now=mood.now):
                pass
            mood.now += step

    until(HOST + timedelta(hours=6), timedelta(minutes=10))
    after_outage = states(opened, keys)
    mood.greylisting_until, mood.most_a_minute = mood.now + timedelta(minutes=30), 20
    controller = serve(mood, port)
    until(mood.now + timedelta(hours=1), timedelta(seconds=30))
    controller.stop()

    assert after_outage == {("waiting", 0)}
    assert {state for state, _ in states(opened, keys)} == {"sent"}
    assert sorted(key for _, key in mood.taken) == keys
    assert all(found == sorted(found) for found in per_reader(mood).values())
    assert mood.tries < 10 * len(keys)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_temporary_answer_is_tried_for_days_with_pauses_of_half_an_hour_at_most(
    opened: Store, campaign: Campaign, channel: Channel, port: int
) -> None:
    [key], mood = fill(opened, campaign, 1), Moody(greylisting_until=HOST + timedelta(days=30))
    sender = Sender("sender", channel, link="http://127.0.0.1/", domain="example.invalid")
    mood.first_seen = {"coordinator-1@example.invalid": HOST + timedelta(days=30)}
    controller = serve(mood, port)
    for _ in range(4 * 24 * 2):
        deliver(opened, sender, now=local(campaign, 11, 2), host_now=mood.now)
        mood.now += timedelta(minutes=31)
    four_days, tries = states(opened, [key]), mood.tries
    mood.greylisting_until = HOST
    deliver(opened, sender, now=local(campaign, 11, 2), host_now=mood.now)
    controller.stop()

    assert (four_days, tries) == ({("waiting", tries)}, 4 * 24 * 2)
    assert {state for state, _ in states(opened, [key])} == {"sent"}


def test_later_message_to_a_reader_waits_for_the_one_that_was_put_off(
    opened: Store, campaign: Campaign
) -> None:
    keys = fill(opened, campaign, 7)
    now = local(campaign, 11, 2)
    with opened.writing() as session:
        [first] = outbox.claim(session, owner="one", now=now, host_now=HOST, limit=1)
        outbox.mark_failed(session, first.id, answer="451", temporary=True, host_now=HOST)
    with opened.writing() as session:
        others = [row.key for row in outbox.claim(session, owner="one", now=now, host_now=HOST, limit=99)]
    with opened.writing() as session:
        after = [
            row.key
            for row in outbox.claim(
                session, owner="two", now=now, host_now=HOST + timedelta(minutes=1), limit=99
            )
        ]

    assert others == [key for n, key in enumerate(keys) if n % len(READERS)]
    assert after == [keys[0], keys[5]]
