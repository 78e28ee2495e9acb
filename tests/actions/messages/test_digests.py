"""Whoever is asked for many things reads one mail a day; what is due today or late comes at once, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from actions.duties.duties import Owed, end_duty, extend, open_duty
from actions.duties.handover import hand_over
from actions.duties.reminders import fire_rungs
from actions.lookup import campaign_of
from actions.messages.delivery import Sender, deliver
from actions.overview.forecast import forecast
from config.frozen import freeze
from notifications.channels import Channel
from records import outbox
from records.copies.dump import rows_of
from records.duties.duties import duty_with_key
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.messages import OutboxRow
from rehearsal.mailbox import Mail, Postbox, read_mails
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local

HOST = datetime(2026, 1, 5, 8, tzinfo=UTC)
READER, OTHER = "reviewer-2", "reviewer-3"


class Deliver(Protocol):
    def __call__(self, store: Store, now: datetime) -> list[Mail]: ...


@pytest.fixture
def deliver_at(tmp_path: Path) -> Iterator[Deliver]:
    postbox = Postbox(tmp_path / "mails")
    with Channel(postbox.start()) as channel:
        sender = Sender("sender", channel, link="http://h.invalid/", domain="example.invalid")

        def do(store: Store, now: datetime) -> list[Mail]:
            before = len(read_mails(postbox.folder))
            while deliver(store, sender, now=now, host_now=HOST):
                pass
            return read_mails(postbox.folder)[before:]

        yield do
    postbox.stop()


@pytest.fixture
def daily(submitting: Store, campaign: Campaign) -> Store:
    """A campaign whose bureau is told once a day, and whose earlier mails have all gone."""
    ladders = tuple(
        replace(one, digest_at="09:30" if one.name == "bureau" else "") for one in campaign.ladders
    )
    with submitting.writing() as session:
        session.get_one(CampaignRow, CAMPAIGN_ID).frozen = freeze(replace(campaign, ladders=ladders))
        for row in rows_of(session, OutboxRow):
            row.state = "sent"
    return submitting


def ask(store: Store, numbers: range, *, now: datetime, due_day: int = 20, reader: str = READER) -> None:
    with store.writing() as session:
        campaign = campaign_of(session, CAMPAIGN_ID)
        for n in numbers:
            town = campaign.towns[n % len(campaign.towns)]
            owed = Owed(
                key=f"visit:{n}", kind="visit", carrier=("submission", f"{CAMPAIGN_ID}/{town.code}"),
                town_code=town.code, role="reviewer", person_id=reader, template="visit_opened",
                due_at=campaign.end_of(local(campaign, 11, due_day).date()), facts={"village": f"第{n + 1}村"},
            )  # fmt: skip
            open_duty(session, campaign, owed, now=now)


def states(store: Store) -> dict[str, int]:
    with store.reading() as session:
        found = [row.state for row in rows_of(session, OutboxRow) if row.person_id in (READER, OTHER)]
    return {state: found.count(state) for state in sorted(set(found))}


def finish(store: Store, n: int, *, now: datetime) -> None:
    with store.writing() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"visit:{n}")
        assert duty is not None
        assert end_duty(session, duty, act="finish", now=now) is None


def test_leader_of_forty_villages_is_asked_in_one_mail_the_next_morning(
    daily: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    ask(daily, range(20), now=local(campaign, 11, 16, 10))
    ask(daily, range(20, 40), now=local(campaign, 11, 16, 15), due_day=19)

    at_once = deliver_at(daily, local(campaign, 11, 16, 16))
    [mail] = deliver_at(daily, local(campaign, 11, 17, 10))

    assert at_once == []
    assert mail.subject == "您有40项待办，最早的请于11月19日(星期四)前办理，还剩2天"
    lines = [line for line in mail.body.splitlines() if line.partition(". ")[0].isdecimal()]
    assert len(lines) == 40
    assert "第21村现场核查，11月19日(星期四)前(含当日，还剩2天)：http://h.invalid/campaigns/" in lines[0]
    assert deliver_at(daily, local(campaign, 11, 18)) == []
    assert states(daily) == {"sent": 1, "told": 40}


def test_what_is_done_or_in_other_hands_by_then_drops_out(
    daily: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    now = local(campaign, 11, 16, 10)
    ask(daily, range(4), now=now)
    finish(daily, 1, now=now)
    with daily.reading() as session:
        moved = duty_with_key(session, CAMPAIGN_ID, "visit:0")
    assert moved is not None
    assert hand_over(daily, duty_id=moved.id, to=OTHER, by="coordinator-1", reason="分工", now=now) is None

    mails = deliver_at(daily, local(campaign, 11, 17, 10))

    [mine] = [mail for mail in mails if mail.to.startswith(READER) and mail.subject.startswith("您有")]
    assert "第3村" in mine.body
    assert "第4村" in mine.body
    assert "第1村" not in mine.body
    assert "第2村" not in mine.body


def test_one_thing_alone_is_asked_by_its_own_message_under_the_key_of_the_digest(
    daily: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    ask(daily, range(2), now=local(campaign, 11, 16, 10))
    finish(daily, 0, now=local(campaign, 11, 16, 11))

    [mail] = deliver_at(daily, local(campaign, 11, 17, 10))

    assert "第2村的现场核查" in mail.subject
    assert mail.key == f"{CAMPAIGN_ID}:digest:{READER}:2020-11-17"
    assert states(daily) == {"sent": 1, "superseded": 1, "told": 1}


def test_digest_of_what_is_all_done_is_not_sent(
    daily: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    ask(daily, range(2), now=local(campaign, 11, 16, 10))
    for n in range(2):
        finish(daily, n, now=local(campaign, 11, 16, 11))

    assert deliver_at(daily, local(campaign, 11, 17, 10)) == []
    assert states(daily) == {"superseded": 3}


def test_what_is_due_by_the_next_digest_or_late_is_told_at_once(
    daily: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    ask(daily, range(3), now=local(campaign, 11, 16, 10), due_day=17)
    opened = deliver_at(daily, local(campaign, 11, 16, 10))
    fire_rungs(daily, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 17, 9))
    due = deliver_at(daily, local(campaign, 11, 17, 9))
    fire_rungs(daily, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 18, 9))
    late = deliver_at(daily, local(campaign, 11, 18, 9))

    assert len(opened) == 3
    assert any("今天截止" in mail.subject for mail in due)
    assert any("逾期1天" in mail.subject for mail in late)


def test_reminder_of_the_eve_and_openings_share_the_digest_of_that_morning(
    daily: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    ask(daily, range(2), now=local(campaign, 11, 16, 8), due_day=20)
    deliver_at(daily, local(campaign, 11, 16, 10))
    ask(daily, range(2, 4), now=local(campaign, 11, 18, 16), due_day=24)
    fire_rungs(daily, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 19, 9))

    mails = [mail for mail in deliver_at(daily, local(campaign, 11, 19, 10)) if mail.to.startswith(READER)]

    [mail] = mails
    assert mail.subject == "您有4项待办，最早的请于11月20日(星期五)前办理，还剩1天"


def test_request_written_as_its_digest_goes_out_is_not_lost(
    daily: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    ask(daily, range(2), now=local(campaign, 11, 16, 10))
    deliver_at(daily, local(campaign, 11, 17, 10))
    with daily.writing() as session:
        left_out = next(row for row in rows_of(session, OutboxRow) if row.state == "told")
        left_out.state = "gathered"

    [mail] = deliver_at(daily, local(campaign, 11, 17, 11))

    assert "现场核查" in mail.subject
    assert mail.key == left_out.key


def test_digest_that_is_being_sent_takes_no_more(daily: Store, campaign: Campaign) -> None:
    moment = local(campaign, 11, 17, 9) + timedelta(minutes=30)
    with daily.writing() as session:
        first = outbox.digest_of(
            session, campaign_id=CAMPAIGN_ID, person_id=READER, moment=moment, at=local(campaign, 11, 16)
        )
        outbox.claim(session, owner="s", now=moment, host_now=HOST, limit=5)
        late = outbox.digest_of(
            session, campaign_id=CAMPAIGN_ID, person_id=READER, moment=moment, at=local(campaign, 11, 16)
        )

    assert (first, late) == (f"{CAMPAIGN_ID}:digest:{READER}:2020-11-17", None)


def test_forecast_tells_the_digest_as_it_will_be_sent(
    daily: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    now = local(campaign, 11, 16, 10)
    ask(daily, range(3), now=now)

    until = local(campaign, 11, 17, 12)
    told = [
        one
        for one in forecast(daily, campaign_id=CAMPAIGN_ID, now=now, until=until)
        if one.person_id == READER
    ]

    assert [(one.template, one.at) for one in told] == [
        ("digest", local(campaign, 11, 17, 9) + timedelta(minutes=30))
    ]
    [mail] = deliver_at(daily, local(campaign, 11, 17, 10))
    assert told[0].text.splitlines()[0] == mail.subject


def test_extension_of_what_waits_for_the_digest_is_told_with_its_new_date(
    daily: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    now = local(campaign, 11, 16, 10)
    ask(daily, range(2), now=now)
    with daily.reading() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, "visit:0")
    assert duty is not None
    due = campaign.end_of(local(campaign, 11, 25).date())
    extended = extend(
        daily, duty_id=duty.id, by="coordinator-1", due_at=due, lock_at=None, reason="雨天", now=now
    )

    mails = deliver_at(daily, local(campaign, 11, 17, 10))
    [digest] = [mail for mail in mails if mail.key.startswith(f"{CAMPAIGN_ID}:digest:")]

    assert extended is None
    assert "第1村现场核查，11月25日(星期三)前(含当日，还剩8天)" in digest.body
