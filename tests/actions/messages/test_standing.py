"""Messages that wait for a mail server while the world goes on: what asks still asks rightly, or does not go out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from actions.dossiers.paper import record_paper
from actions.duties.duties import extend, lapse
from actions.duties.handover import hand_over
from actions.duties.reminders import fire_rungs
from actions.messages.delivery import Sender, deliver
from actions.people.staff import deactivate
from actions.upkeep.repair import send_again
from notifications.channels import Channel
from records.copies.dump import rows_of
from records.duties.duties import open_duties
from records.store import Store
from records.tables.campaign import StageRow
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from rehearsal.mailbox import Mail, Postbox, read_mails
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, HandIn, decide_latest, judge, local

COORDINATOR = "coordinator-1"
HOST = datetime(2026, 1, 5, 8, tzinfo=UTC)

Deliver = Callable[[Store, datetime], list[Mail]]


@pytest.fixture
def deliver_at(tmp_path: Path) -> Iterator[Deliver]:
    """The mail server is back at a business moment: all that then goes out."""
    postbox = Postbox(tmp_path / "mails")
    with Channel(postbox.start()) as channel:
        sender = Sender("sender", channel, link="http://127.0.0.1/", domain="example.invalid")

        def do(store: Store, now: datetime) -> list[Mail]:
            before = len(read_mails(postbox.folder))
            while deliver(store, sender, now=now, host_now=HOST):
                pass
            return read_mails(postbox.folder)[before:]

        yield do
    postbox.stop()


def forget(store: Store) -> None:
    """What waited so far was sent."""
    forget_but(store, "")


def forget_but(store: Store, template: str) -> None:
    with store.writing() as session:
        for row in rows_of(session, OutboxRow):
            row.state = "waiting" if row.template == template else "sent"


def why_not(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {row.template: row.answer for row in rows_of(session, OutboxRow) if row.state == "superseded"}


def duty(store: Store, kind: str) -> DutyRow:
    with store.reading() as session:
        return open_duties(session, CAMPAIGN_ID, kind=kind)[0]


def test_days_left_are_counted_from_the_day_on_which_a_mail_goes_out(
    submitting: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    forget(submitting)
    fire_rungs(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 12))

    told = [mail for mail in deliver_at(submitting, local(campaign, 11, 13)) if "申报材料" in mail.subject]

    assert {mail.subject.rpartition("，")[2] for mail in told} == {"还剩2天"}
    assert all("11月15日(星期日)前(含当日，还剩2天)" in mail.body for mail in told)


def test_request_for_what_is_done_is_kept_and_not_sent(
    submitting: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    forget(submitting)
    fire_rungs(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 12))
    for town in campaign.towns:
        done = record_paper(
            submitting,
            campaign_id=CAMPAIGN_ID,
            town_code=town.code,
            by=COORDINATOR,
            now=local(campaign, 11, 13),
        )
        assert done is None

    sent = deliver_at(submitting, local(campaign, 11, 13))

    assert [mail.key for mail in sent if ":paper:" in mail.key] == []
    assert why_not(submitting) == {"paper_reminder": "所说的事项已经了结。"}


def test_request_to_somebody_who_no_longer_holds_it_is_not_sent(
    submitting: Store, at_desk: GateRow, campaign: Campaign, deliver_at: Deliver
) -> None:
    forget_but(submitting, "gate_opened")
    owed = duty(submitting, "gate")
    hand_over(
        submitting,
        duty_id=owed.id,
        to="reviewer-3",
        by=COORDINATOR,
        reason="外出",
        now=local(campaign, 11, 16),
    )

    sent = deliver_at(submitting, local(campaign, 11, 16))

    asked = [mail.to for mail in sent if mail.subject.startswith("请您于") and "初审" in mail.subject]
    assert asked == ["reviewer-3@example.invalid"]
    assert why_not(submitting) == {"gate_opened": "所说的事项已转交他人。"}


def test_reminder_of_a_decided_gate_is_not_sent_and_its_decision_is(
    submitting: Store, at_desk: GateRow, campaign: Campaign, deliver_at: Deliver
) -> None:
    forget(submitting)
    fire_rungs(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 19))
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="pass")

    sent = deliver_at(submitting, local(campaign, 12, 3))

    assert [mail.key for mail in sent if ":gate:" in mail.key] == []
    assert why_not(submitting)["gate_reminder"] == "所说的事项已经了结。"


def test_receipt_goes_out_however_late_and_says_so(
    submitting: Store, hand_in: HandIn, campaign: Campaign, deliver_at: Deliver
) -> None:
    forget(submitting)
    upload = hand_in()
    judge(submitting, upload, now=local(campaign, 11, 2, 11))  # type: ignore[arg-type]

    sent = deliver_at(submitting, local(campaign, 11, 30))

    bodies = [
        mail.body
        for mail in sent
        if "receipt" in mail.key or "accepted" in mail.key or "received" in mail.key
    ]
    assert bodies
    assert all(body.startswith("(本邮件写于11月2日(星期一)，因邮件发送中断迟到。)") for body in bodies)


def test_dates_of_a_request_are_those_of_its_duty_when_it_is_sent(
    submitting: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    forget(submitting)
    fire_rungs(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 12))
    until = campaign.end_of(date(2020, 11, 20))
    with submitting.reading() as session:
        duties = open_duties(session, CAMPAIGN_ID, kind="dossier", town_code=campaign.towns[0].code)
    for one in duties:
        extend(
            submitting, duty_id=one.id, by=COORDINATOR, due_at=until, lock_at=until, reason="停电",
            now=local(campaign, 11, 13),
        )  # fmt: skip

    sent = deliver_at(submitting, local(campaign, 11, 13))

    [mail] = [one for one in sent if "dossier_reminder" in one.key and campaign.towns[0].name in one.body]
    assert "请于11月20日(星期五)前办理" in mail.subject
    assert "11月15日" not in mail.body


def test_of_many_reminders_that_waited_only_the_newest_goes_out(
    submitting: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    forget(submitting)
    for day in (9, 12, 13, 15):
        fire_rungs(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, day))

    sent = deliver_at(submitting, local(campaign, 11, 15))

    readers = [mail.to for mail in sent if "dossier_reminder" in mail.key]
    assert sorted(readers) == sorted(set(readers))
    assert {mail.key.rpartition(":")[0][-10:] for mail in sent if "dossier_reminder" in mail.key} == {
        "2020-11-15"
    }


def test_request_that_comes_after_its_date_says_that_the_date_has_passed(
    submitting: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    sent = deliver_at(submitting, local(campaign, 11, 16, 1))

    openings = [mail for mail in sent if mail.subject.startswith("请") and ":dossier:" in mail.key]
    assert openings
    assert all("原定期限11月15日(星期日)已过，请尽快办理。" in mail.body for mail in openings)


def test_request_to_somebody_whose_account_is_closed_is_not_sent(
    submitting: Store, at_desk: GateRow, campaign: Campaign, deliver_at: Deliver
) -> None:
    held = duty(submitting, "gate").person_id
    done = deactivate(submitting, person_id=held, by=COORDINATOR, now=local(campaign, 11, 16))

    sent = deliver_at(submitting, local(campaign, 11, 16))

    assert not hasattr(done, "code"), done
    assert [
        mail.key
        for mail in sent
        if mail.to.startswith(f"{held}@") and ":gate:" in mail.key and ":opened:" in mail.key
    ] == []


def test_message_sent_again_by_hand_is_held_against_its_duty_too(
    submitting: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    forget(submitting)
    fire_rungs(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 12))
    with submitting.writing() as session:
        ids = [row.id for row in rows_of(session, OutboxRow) if row.template == "paper_reminder"]
        for one in ids:
            session.get_one(OutboxRow, one).state = "failed"
    for town in campaign.towns:
        record_paper(
            submitting,
            campaign_id=CAMPAIGN_ID,
            town_code=town.code,
            by=COORDINATOR,
            now=local(campaign, 11, 13),
        )

    again = send_again(submitting, ids, now=local(campaign, 11, 14))
    sent = deliver_at(submitting, local(campaign, 11, 14))

    assert again == len(ids)
    assert [mail.key for mail in sent if "paper" in mail.key] == []


def test_duty_opened_after_its_end_asks_nobody_and_its_end_is_told_once(
    opened: Store, campaign: Campaign, deliver_at: Deliver
) -> None:
    from actions.campaign import survey

    forget(opened)
    now = local(campaign, 11, 30)
    with opened.writing() as session:
        session.get_one(StageRow, (CAMPAIGN_ID, "survey")).lock_at = now - timedelta(days=9)
    for town in campaign.towns:
        survey.ask_for_survey(opened, subject=f"{CAMPAIGN_ID}/{town.code}", now=now)
    with opened.reading() as session:
        ids = [one.id for one in open_duties(session, CAMPAIGN_ID, kind="survey")]
    for one in ids:
        lapse(opened, duty_id=one, now=now)

    told = [mail.key.split(":")[-2] for mail in deliver_at(opened, now)]

    assert told == ["lapsed"] * len(campaign.towns)
