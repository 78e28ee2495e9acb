"""Reminders to come: held back, sent at once, given a sentence; and never sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actions.duties import duties, reminders
from actions.messages.standing import Overtaken, standing_of
from actions.overview.forecast import Foreseen, forecast
from actions.overview.steering import steer
from records import outbox
from records.copies.dump import rows_of as rows_in
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.conftest import rows_of


@pytest.fixture
def now(campaign: Campaign) -> datetime:
    return local(campaign, 11, 10)


@pytest.fixture
def reminder(submitting: Store, now: datetime) -> Foreseen:
    """The first reminder of a dossier that will come."""
    with submitting.writing() as session:
        for row in rows_in(session, OutboxRow):
            row.state = "sent"
    found = forecast(submitting, campaign_id=CAMPAIGN_ID, now=now, until=now + timedelta(days=7))
    return next(one for one in found if one.template == "dossier_reminder")


def decide(
    store: Store, key: str, how: str, now: datetime, *, words: str = "", by: str = "coordinator-1"
) -> Refused | None:
    return steer(store, campaign_id=CAMPAIGN_ID, key=key, how=how, words=words, by=by, now=now)


def row_of(store: Store, key: str) -> OutboxRow:
    [row] = [one for one in rows_of(store, OutboxRow) if one.key == key]
    return row


def live_until(store: Store, moment: datetime, now: datetime) -> None:
    while now <= moment:
        reminders.fire_rungs(store, campaign_id=CAMPAIGN_ID, now=now)
        now += timedelta(hours=1)


def test_reminder_that_is_held_back_is_never_sent_and_the_next_one_comes(
    submitting: Store, reminder: Foreseen, now: datetime
) -> None:
    refused = decide(submitting, reminder.key, "hold", now, words="已经电话通知。")
    live_until(submitting, reminder.at + timedelta(days=4), now)

    row = row_of(submitting, reminder.key)
    assert (refused, row.state, row.answer) == (None, "superseded", "活动协调员决定不发：已经电话通知。")
    later = [
        one for one in rows_of(submitting, OutboxRow)
        if one.person_id == reminder.person_id and one.not_before > reminder.at
    ]  # fmt: skip
    assert {one.state for one in later} == {"waiting"}


def test_reminder_that_is_sent_now_goes_now_and_not_once_more(
    submitting: Store, reminder: Foreseen, now: datetime
) -> None:
    refused = decide(submitting, reminder.key, "now", now)
    live_until(submitting, reminder.at, now)

    row = row_of(submitting, reminder.key)
    assert (refused, row.state, row.not_before) == (None, "waiting", now)
    assert decide(submitting, reminder.key, "now", now) is None
    assert len([one for one in rows_of(submitting, OutboxRow) if one.key == reminder.key]) == 1


def test_words_of_the_bureau_stand_in_the_reminder_at_its_own_time(
    submitting: Store, reminder: Foreseen, now: datetime
) -> None:
    refused = decide(submitting, reminder.key, "words", now, words="花名册请用新模板。")

    again = forecast(submitting, campaign_id=CAMPAIGN_ID, now=now, until=now + timedelta(days=7))
    [told] = [one for one in again if one.key == reminder.key]
    assert (refused, told.at) == (None, reminder.at)
    assert "局里附言：花名册请用新模板。" in told.text
    assert told.text.replace("局里附言：花名册请用新模板。\n\n", "") == reminder.text


def test_reminder_that_waits_goes_though_a_later_one_was_decided_about(
    submitting: Store, reminder: Foreseen, now: datetime, campaign: Campaign
) -> None:
    live_until(submitting, reminder.at, now)
    waits = row_of(submitting, reminder.key)
    found = forecast(
        submitting, campaign_id=CAMPAIGN_ID, now=reminder.at, until=reminder.at + timedelta(days=7)
    )
    later = next(
        one
        for one in found
        if one.person_id == reminder.person_id and one.template == "dossier_reminder" and one.at > reminder.at
    )

    decide(submitting, later.key, "words", reminder.at, words="请抓紧。")

    written = row_of(submitting, later.key)
    assert (written.written_at, written.not_before) == (later.at, later.at)
    with submitting.reading() as session:
        then = [standing_of(session, campaign, waits, now=moment) for moment in (reminder.at, later.at)]
    assert [isinstance(one, Overtaken) for one in then] == [False, True]


def test_reminder_that_was_decided_about_does_not_outlive_its_date(
    submitting: Store, reminder: Foreseen, now: datetime, campaign: Campaign
) -> None:
    decide(submitting, reminder.key, "words", now, words="请抓紧。")
    row = row_of(submitting, reminder.key)
    [number, *_] = row.facts[outbox.DUTIES]
    until = campaign.end_of((reminder.at + timedelta(days=9)).date())
    duties.extend(
        submitting, duty_id=number, by="coordinator-1", due_at=until, lock_at=until, reason="大雨。", now=now
    )

    with submitting.reading() as session:
        standing = standing_of(session, campaign, row, now=reminder.at)
    assert standing == Overtaken("期限已变动，届时按新的期限另行提醒。")


@pytest.mark.parametrize(
    ("how", "words", "by", "code"),
    [
        ("hold", " ", "coordinator-1", "no_words"),
        ("words", "", "coordinator-1", "no_words"),
        ("hold", "长" * 301, "coordinator-1", "long_reason"),
        ("never", "为何", "coordinator-1", "no_such_choice"),
        ("hold", "为何", "leader-1", "not_coordinator"),
        ("hold", "为何", "clerk-331181100200", "not_coordinator"),
    ],
)
def test_decision_that_cannot_be_taken_is_a_sentence_and_writes_nothing(
    submitting: Store, reminder: Foreseen, now: datetime, how: str, words: str, by: str, code: str
) -> None:  # fmt: skip
    before = len(rows_of(submitting, OutboxRow))

    refused = decide(submitting, reminder.key, how, now, words=words, by=by)

    assert isinstance(refused, Refused)
    assert (refused.code, len(rows_of(submitting, OutboxRow))) == (code, before)


def test_news_always_go_and_what_is_gone_is_gone(
    submitting: Store, reminder: Foreseen, now: datetime
) -> None:
    found = forecast(submitting, campaign_id=CAMPAIGN_ID, now=now, until=now + timedelta(days=14))
    news = next(one for one in found if one.template == "stage_closed")
    decide(submitting, reminder.key, "hold", now, words="已经电话通知。")

    told = [
        decide(submitting, news.key, "hold", now, words="不必"),
        decide(submitting, "nothing", "now", now),
        decide(submitting, reminder.key, "now", now),
    ]

    assert [one.code for one in told if one] == ["not_a_reminder", "not_to_come", "not_to_come"]


def test_reminder_of_what_is_done_meanwhile_is_not_decided_about(
    submitting: Store, reminder: Foreseen, now: datetime
) -> None:
    with submitting.writing() as session:
        for duty in rows_in(session, DutyRow):
            if duty.kind == "dossier":
                duty.state = "done"

    refused = decide(submitting, reminder.key, "now", now)

    assert refused is not None
    assert refused.code == "not_to_come"
