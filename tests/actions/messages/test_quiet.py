"""In quiet hours what can wait waits until they end; receipts and codes go, and nothing becomes late by waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.dossiers.paper import record_paper
from actions.duties.reminders import remind_now
from actions.messages.delivery import Sender, deliver
from actions.messages.quiet import set_quiet_hours
from actions.overview.forecast import forecast
from config.frozen import freeze
from notifications.channels import Channel
from records.copies.dump import rows_of
from records.duties.duties import open_duties
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from rehearsal.mailbox import Mail, Postbox, read_mails
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, local

HOST = datetime(2026, 1, 5, 8, tzinfo=UTC)
NIGHT, MORNING = (11, 2, 23), (11, 3, 7)

Deliver = Callable[[Store, datetime], list[Mail]]


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
def quiet(submitting: Store, campaign: Campaign) -> Store:
    """A campaign with quiet hours, whose earlier mails have all gone."""
    with submitting.writing() as session:
        session.get_one(CampaignRow, CAMPAIGN_ID).frozen = freeze(
            replace(campaign, quiet_hours="21:00-07:30")
        )
        for row in rows_of(session, OutboxRow):
            row.state = "sent"
    return submitting


def remind(store: Store, now: datetime) -> str:
    """One more reminder by hand; to whom."""
    with store.reading() as session:
        duty = open_duties(session, CAMPAIGN_ID, kind="dossier")[0]
    assert remind_now(store, duty_id=duty.id, by="coordinator-1", now=now) is None
    return duty.person_id


def at(campaign: Campaign, moment: tuple[int, int, int], minute: int = 0) -> datetime:
    return local(campaign, *moment) + timedelta(minutes=minute)


def test_reminder_of_the_night_goes_out_when_the_quiet_hours_end(
    quiet: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    remind(quiet, at(campaign, NIGHT))

    night, early = deliver_at(quiet, at(campaign, NIGHT)), deliver_at(quiet, at(campaign, MORNING, 29))
    [mail] = deliver_at(quiet, at(campaign, MORNING, 30))

    assert (night, early) == ([], [])
    assert "还剩12天" in mail.subject


def test_receipt_of_the_night_does_not_wait(
    quiet: Store, campaign: Campaign, hand_in: HandIn, deliver_at: Deliver
) -> None:
    hand_in(now=at(campaign, NIGHT))

    assert [mail.subject[:3] for mail in deliver_at(quiet, at(campaign, NIGHT))] == ["已收到"]


def test_reminder_that_would_be_read_after_its_date_goes_at_once(
    quiet: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    remind(quiet, local(campaign, 11, 15, 22))

    [mail] = deliver_at(quiet, local(campaign, 11, 15, 22))

    assert mail.subject.endswith("今天截止")


@pytest.mark.parametrize(("own", "sent"), [("off", 1), ("12:00-14:00", 1), ("22:30-06:00", 0), ("", 0)])
def test_own_hours_come_before_those_of_the_campaign(
    quiet: Store, campaign: Campaign, deliver_at: Deliver, own: str, sent: int
) -> None:
    reader = remind(quiet, at(campaign, NIGHT))
    assert set_quiet_hours(quiet, person_id=reader, hours=own, now=at(campaign, NIGHT)) is None

    assert len(deliver_at(quiet, at(campaign, NIGHT))) == sent


@pytest.mark.parametrize("hours", ["9-10", "21:00-21:00", "21:00-", "夜里"])
def test_hours_that_are_none_change_nothing(quiet: Store, campaign: Campaign, hours: str) -> None:
    refused = set_quiet_hours(quiet, person_id="coordinator-1", hours=hours, now=at(campaign, NIGHT))

    assert isinstance(refused, Refused)
    with quiet.reading() as session:
        assert session.get_one(PersonRow, "coordinator-1").quiet_hours == ""


def test_forecast_names_the_end_of_the_quiet_hours(quiet: Store, campaign: Campaign) -> None:
    reader, now = remind(quiet, at(campaign, NIGHT)), at(campaign, NIGHT)

    foreseen = forecast(quiet, campaign_id=CAMPAIGN_ID, now=now, until=at(campaign, MORNING, 45))

    assert [one.at for one in foreseen if one.person_id == reader] == [at(campaign, MORNING, 30)]


def test_what_waits_for_the_morning_and_is_done_by_then_is_not_sent(
    quiet: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    with quiet.reading() as session:
        duty = open_duties(session, CAMPAIGN_ID, kind="paper")[0]
    remind_now(quiet, duty_id=duty.id, by="coordinator-1", now=at(campaign, NIGHT))
    deliver_at(quiet, at(campaign, NIGHT))
    done = record_paper(
        quiet, campaign_id=CAMPAIGN_ID, town_code=duty.town_code, by="coordinator-1", now=at(campaign, NIGHT)
    )

    assert done is None
    assert deliver_at(quiet, at(campaign, MORNING, 30)) == []
