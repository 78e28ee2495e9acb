"""Sending the outbox through a real mail server: once, masked, and again after a failure."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from actions.messages import delivery
from actions.messages.delivery import Sender, deliver_next
from actions.people.proposals import confirm
from actions.people.staff import import_people
from actions.review import codes
from notifications.channels import Channel
from notifications.rendering import MASK
from records import outbox
from records.copies.dump import lines_of, rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from records.tables.review import DecisionRow, GateRow
from rehearsal.mailbox import Mail, Postbox, read_mails
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local, small_campaign

HOST = datetime(2026, 1, 5, 8, tzinfo=UTC)
CODE = re.compile(rf"[{codes.ALPHABET}]{{{codes.LENGTH}}}")

Deliver = Callable[..., list[Mail]]


@pytest.fixture
def postbox(tmp_path: Path) -> Iterator[Postbox]:
    """Answers the first town's clerk "later" once."""
    script = {"clerk-331181100@example.invalid": ["451 4.3.0 later"]}
    postbox = Postbox(tmp_path / "mails", script=script)
    yield postbox
    postbox.stop()


@pytest.fixture
def deliver(postbox: Postbox, campaign: Campaign) -> Iterator[Deliver]:
    """Send all that may go out now; the mails that have arrived so far."""
    with Channel(postbox.start()) as channel:
        sender = Sender("sender", channel, link="http://127.0.0.1/", domain="example.invalid")

        def do(store: Store, *, host_now: datetime = HOST) -> list[Mail]:
            while deliver_next(store, sender, now=local(campaign, 11, 17), host_now=host_now):
                pass
            return read_mails(postbox.folder)

        yield do


def states(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {str(key): str(state) for key, state in lines_of(session, OutboxRow, ["key", "state"])}


def test_message_refused_for_now_is_sent_later_and_once(opened: Store, deliver: Deliver) -> None:
    at_first = deliver(opened)
    waiting = [key for key, state in states(opened).items() if state == "waiting"]

    deliver(opened, host_now=HOST + timedelta(minutes=1))
    finally_ = deliver(opened, host_now=HOST + timedelta(minutes=2))

    assert waiting == [f"{CAMPAIGN_ID}:campaign_opened:clerk-331181100"]
    assert [mail.to for mail in at_first] == ["clerk-331181103@example.invalid"]
    assert sorted(mail.key for mail in finally_) == sorted(states(opened))
    assert set(states(opened).values()) == {"sent"}


def test_code_of_an_opened_gate_is_mailed_works_and_is_masked_in_the_kept_text(
    submitting: Store, at_desk: GateRow, deliver: Deliver, campaign: Campaign
) -> None:
    [mail] = [mail for mail in deliver(submitting) if "gate:desk_review" in mail.key]
    found = CODE.search(mail.body)
    assert found is not None

    done = codes.decide_by_code(
        submitting,
        gate_id=at_desk.id,
        code=found.group(),
        answer="pass",
        reason="",
        door="prefect",
        now=local(campaign, 11, 17),
        host_now=HOST,
    )

    with submitting.reading() as session:
        [kept] = [row for row in rows_of(session, OutboxRow) if row.key == mail.key]
    assert isinstance(done, DecisionRow)
    assert (found.group() in kept.text, MASK in kept.text) == (False, True)
    assert (kept.message_id, kept.state) == (mail.message_id, "sent")


def test_code_is_not_mailed_once_the_gate_is_decided(
    submitting: Store, at_desk: GateRow, deliver: Deliver
) -> None:
    with submitting.writing() as session:
        session.get_one(GateRow, at_desk.id).state = "closed"

    [mail] = [mail for mail in deliver(submitting) if "gate:desk_review" in mail.key]

    assert CODE.search(mail.body) is None


def test_message_without_its_facts_fails_alone(opened: Store, deliver: Deliver, campaign: Campaign) -> None:
    with opened.writing() as session:
        for row in rows_of(session, OutboxRow):
            row.not_before = local(campaign, 11, 18)
        for key, template in (("broken", "survey_opened"), ("behind", "carrier_parked")):
            outbox.post(
                session,
                key=key,
                campaign_id=CAMPAIGN_ID,
                template=template,
                person_id="coordinator-1",
                facts={"subject": "一", "reason": "二"},
                at=local(campaign, 11, 17),
            )

    arrived = deliver(opened)

    assert [mail.key for mail in arrived] == ["behind"]
    assert (states(opened)["broken"], states(opened)["behind"]) == ("failed", "sent")


def test_notice_of_a_changed_address_goes_to_the_old_one_too(
    opened: Store, deliver: Deliver, campaign: Campaign
) -> None:
    row = next(one for one in campaign.people if one.id == "reviewer-4")
    moved = replace(row, email="elsewhere@example.invalid")
    import_people(opened, [moved], by="coordinator-1", now=local(campaign, 11, 17))
    confirm(opened, proposal_id=1, by="coordinator-2", now=local(campaign, 11, 17))

    told = [mail.to for mail in deliver(opened) if ":account_changed:" in mail.key]

    assert sorted(told) == [
        "auditor-1@example.invalid",
        "elsewhere@example.invalid",
        "reviewer-4@example.invalid",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_message_that_went_out_is_marked_when_the_database_is_back(
    opened: Store, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not sent once more: whoever waits for the mark holds the claim."""
    monkeypatch.setattr(delivery, "MARK_AGAIN_S", (0.0, 0.0, 0.0))
    gone = iter([True, True])

    def refuse(connection: sqlite3.Connection, *_: object) -> None:
        away = bool(read_mails(postbox.folder)) and next(gone, False)
        connection.execute(f"PRAGMA query_only={'ON' if away else 'OFF'}")

    event.listen(opened.engine, "checkout", refuse)
    with Channel(postbox.start()) as channel:
        sender = Sender("sender", channel, link="http://127.0.0.1/", domain="example.invalid")
        now = local(small_campaign(), 11, 17)
        for _ in range(2):
            deliver_next(opened, sender, now=now, host_now=HOST)

    assert next(gone, None) is None
    assert "claimed" not in states(opened).values()
