"""Short copies through another channel: once each, as fast as vendors allow, and never in the way of mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.messages.channels import choose_channel
from actions.messages.delivery import Sender, deliver
from actions.messages.relaying import BATCH, MOST_A_MINUTE, Relayer, relay
from notifications.channels import Channel
from notifications.message import Address, Failed, Message, Sent
from notifications.robots import TIMEOUT_S
from records import outbox, relays
from records.copies.dump import rows_of
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow, RelayRow
from rehearsal.mailbox import Postbox, read_mails
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local

GROUP, CLERK = "工作群", "clerk-331181100"


class Group(Channel):
    """A group's robot that keeps what it is told; it can refuse."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.answer: Sent | Failed = Sent("ok")

    def send(self, message: Message, *, to: Address, key: str, at: datetime) -> Sent | Failed:  # noqa: ARG002
        if isinstance(self.answer, Sent):
            self.told.append((message.subject, message.body))
        return self.answer


@pytest.fixture
def group() -> Group:
    return Group()


@pytest.fixture
def reader(submitting: Store, now: datetime) -> str:
    """A clerk who reads the group besides mail."""
    assert choose_channel(submitting, person_id=CLERK, channel=GROUP, known=[GROUP], now=now) is None
    return CLERK


@pytest.fixture
def now(campaign: Campaign) -> datetime:
    return local(campaign, 10, 24, 12)


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    postbox = Postbox(tmp_path)
    with Channel(postbox.start()) as channel:
        yield Sender("s", channel, link="http://h.invalid", domain="d.invalid")
    postbox.stop()


def mail_all(store: Store, sender: Sender, now: datetime) -> None:
    while deliver(store, sender, now=now, host_now=now):
        pass


def copies(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(row.state, row.answer) for row in rows_of(session, RelayRow)]


@pytest.mark.usefixtures("reader")
def test_what_asks_for_something_is_told_once_to_the_channel_and_by_mail(
    submitting: Store, sender: Sender, group: Group, now: datetime, tmp_path: Path
) -> None:
    relayer = Relayer({GROUP: group})
    mail_all(submitting, sender, now)

    sent = [relay(submitting, relayer, now=now, host_now=now) for _ in range(2)]

    mails = [mail.subject for mail in read_mails(tmp_path)]
    assert sent[0] == len(group.told) > 0
    assert sent[1] == 0
    assert all(subject.partition("：")[2] in mails for subject, _ in group.told)
    assert all(link.startswith("http://h.invalid/") for _, link in group.told)
    assert {state for state, _ in copies(submitting)} == {"sent"}


def test_nobody_else_is_told_in_the_group(
    submitting: Store, sender: Sender, reader: str, group: Group, now: datetime
) -> None:
    mail_all(submitting, sender, now)
    relay(submitting, Relayer({GROUP: group}), now=now, host_now=now)

    with submitting.reading() as session:
        of_reader = [row.id for row in rows_of(session, OutboxRow) if row.person_id == reader]
        relayed = [row.outbox_id for row in rows_of(session, RelayRow)]
        texts = [row.text for row in rows_of(session, RelayRow)]
        codes = [row.sha256 for row in rows_of(session, UploadRow)]
    assert set(relayed) <= set(of_reader)
    assert not any(code in text for code in codes for text in texts)


@pytest.mark.usefixtures("reader")
def test_group_that_refuses_rests_longer_each_time_and_is_asked_again(
    submitting: Store, sender: Sender, group: Group, now: datetime
) -> None:
    relayer, group.answer = Relayer({GROUP: group}), Failed("130101 send too fast", temporary=True)
    mail_all(submitting, sender, now)

    tried = [
        relay(submitting, relayer, now=now, host_now=now + timedelta(seconds=s)) for s in (0, 30, 61, 100)
    ]
    waiting = copies(submitting)
    group.answer = Sent("ok")
    too_soon = relay(submitting, relayer, now=now, host_now=now + timedelta(seconds=150))
    later = relay(submitting, relayer, now=now, host_now=now + timedelta(seconds=200))

    assert tried == [0, 0, 0, 0]
    assert ("waiting", "130101 send too fast") in waiting
    assert (too_soon, later) == (0, len(group.told))
    assert later > 0


def test_no_more_go_out_in_a_minute_than_a_vendor_takes(
    submitting: Store, reader: str, group: Group, now: datetime
) -> None:
    for number in range(MOST_A_MINUTE + 5):
        post_copy(submitting, reader, f"key-{number}", now)
    relayer = Relayer({GROUP: group})

    sent = [relay_all(submitting, relayer, now, seconds=s) for s in (0, 59, 61)]

    assert sent == [MOST_A_MINUTE, 0, 5]
    assert len(set(group.told)) == len(group.told)


def relay_all(store: Store, relayer: Relayer, now: datetime, *, seconds: int = 0) -> int:
    """What a sender does that asks again as long as something went out."""
    total = 0
    while sent := relay(store, relayer, now=now, host_now=now + timedelta(seconds=seconds)):
        total += sent
    return total


def test_two_senders_take_no_more_together_and_nothing_twice(
    submitting: Store, reader: str, now: datetime
) -> None:
    """The second begins while the first waits for the robot's first answer, and once more after that was slow."""
    for number in range(MOST_A_MINUTE + 10):
        post_copy(submitting, reader, f"key-{number}", now)
    told = list[str]()

    class Slow(Group):
        def send(self, message: Message, *, to: Address, key: str, at: datetime) -> Sent | Failed:  # noqa: ARG002
            told.append(message.subject)
            if len(told) == 1:
                relay_all(submitting, Relayer({GROUP: Group2()}), now)
            return Sent("ok")

    class Group2(Group):
        def send(self, message: Message, *, to: Address, key: str, at: datetime) -> Sent | Failed:  # noqa: ARG002
            told.append(message.subject)
            return Sent("ok")

    relay_all(submitting, Relayer({GROUP: Slow()}), now)

    assert len(told) == len(set(told)) == MOST_A_MINUTE


def test_claim_outlasts_its_batch() -> None:
    assert timedelta(seconds=BATCH * TIMEOUT_S) < relays.CLAIM


def test_message_that_is_refused_for_its_words_holds_up_no_other(
    submitting: Store, reader: str, now: datetime
) -> None:
    class Choosy(Group):
        def send(self, message: Message, *, to: Address, key: str, at: datetime) -> Sent | Failed:
            self.answer = Failed("keywords", temporary=True) if "bad" in message.subject else Sent("ok")
            return super().send(message, to=to, key=key, at=at)

    for key in ("bad", "good"):
        post_copy(submitting, reader, key, now)
    group = Choosy()
    relayer = Relayer({GROUP: group})
    for minutes in (0, 5):
        at = now + timedelta(minutes=minutes)
        relay(submitting, relayer, now=at, host_now=at)

    assert [subject for subject, _ in group.told] == ["good"]


def test_who_chose_mail_alone_is_told_in_the_group_no_more(
    submitting: Store, reader: str, group: Group, now: datetime
) -> None:
    post_copy(submitting, reader, "key", now)
    choose_channel(submitting, person_id=reader, channel="", known=[GROUP], now=now)

    assert relay(submitting, Relayer({GROUP: group}), now=now, host_now=now) == 0
    assert copies(submitting) == [("lapsed", "收件人已改选其他渠道，不再转发。")]


def post_copy(store: Store, person_id: str, key: str, now: datetime) -> None:
    with store.writing() as session:
        outbox.post(
            session,
            key=key,
            campaign_id=CAMPAIGN_ID,
            template="stage_closed",
            person_id=person_id,
            facts={},
            at=now,
        )
        row = session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()
        relays.post(session, outbox_id=row.id, channel=GROUP, text=f"{key}\nhttp://h.invalid/")


@pytest.mark.usefixtures("reader")
def test_copy_of_what_is_done_or_too_old_is_not_sent(
    submitting: Store, sender: Sender, group: Group, now: datetime
) -> None:
    group.answer = Failed("away", temporary=True)
    relayer = Relayer({GROUP: group})
    mail_all(submitting, sender, now)
    with submitting.writing() as session:
        for duty in rows_of(session, DutyRow):
            duty.state = "done"
    group.answer = Sent("ok")

    sent = relay(submitting, relayer, now=now + timedelta(hours=1), host_now=now + timedelta(hours=1))
    old = relay(submitting, relayer, now=now + timedelta(days=2), host_now=now + timedelta(days=2))

    assert (sent, old, group.told) == (0, 0, [])
    assert {state for state, _ in copies(submitting)} == {"lapsed"}


@pytest.mark.usefixtures("reader")
def test_copy_for_a_channel_that_is_gone_says_so(submitting: Store, sender: Sender, now: datetime) -> None:
    mail_all(submitting, sender, now)

    sent = relay(submitting, Relayer({}), now=now, host_now=now)

    assert sent == 0
    assert set(copies(submitting)) == {("lapsed", f"本机没有设置渠道“{GROUP}”。")}


@pytest.mark.usefixtures("reader")
def test_mail_server_that_is_away_keeps_no_copy_back(submitting: Store, group: Group, now: datetime) -> None:
    with submitting.writing() as session:
        for row in rows_of(session, OutboxRow):
            row.state = "waiting" if row.person_id == CLERK and row.template == "dossier_opened" else "sent"
    with Channel("smtp://127.0.0.1:1?from=hqe@example.invalid") as nowhere:
        sender = Sender("s", nowhere, link="http://h.invalid", domain="d.invalid")
        mailed = [deliver(submitting, sender, now=now, host_now=now) for _ in range(2)]

    sent = relay(submitting, Relayer({GROUP: group}), now=now, host_now=now)

    assert [one.away for one in mailed] == [True, True]
    assert sent == len(group.told) == 1


def test_channel_that_is_not_there_cannot_be_chosen(submitting: Store, now: datetime) -> None:
    refused = choose_channel(submitting, person_id="leader-1", channel="nowhere", known=[GROUP], now=now)

    assert isinstance(refused, Refused)
    assert choose_channel(submitting, person_id="leader-1", channel="", known=[], now=now) is None
