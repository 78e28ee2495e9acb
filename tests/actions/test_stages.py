"""Campaigns and stages: opened once and in order, closed early or at the lock date."""

from __future__ import annotations

from datetime import timedelta

from actions import campaigns, stages
from config.calendars import read_calendar
from config.reading import campaign_folder
from records.listing import lines_of
from records.stages import stages_in_order
from records.store import Store
from records.tables import AuditRow, OutboxRow, StageRow, VillageRow
from records.villages import villages_of
from rules.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local, move_village


def test_campaign_opened_twice_is_refused_and_changes_nothing(opened: Store, campaign: Campaign) -> None:
    calendar = read_calendar(campaign_folder(CAMPAIGN_ID), (2020, 2021))
    before = _entries(opened)

    again = campaigns.open_campaign(
        opened, campaign=campaign, calendar=calendar, by="coordinator-1", now=local(campaign, 10, 21)
    )

    assert again == Refused("already_open", f"{campaign.title}已经启动，无需重复启动。")
    assert _entries(opened) == before


def _entries(store: Store) -> int:
    with store.reading() as session:
        return len(lines_of(session, AuditRow, ["seq"]))


def test_stage_opens_only_after_the_one_before_it_closed(opened: Store, campaign: Campaign) -> None:
    too_early = stages.open_due_stage(opened, campaign_id=CAMPAIGN_ID, now=local(campaign, 10, 26))
    closed = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=local(campaign, 10, 26))
    then = stages.open_due_stage(opened, campaign_id=CAMPAIGN_ID, now=local(campaign, 10, 26))

    assert (too_early, closed, then) == (None, "survey", "submission")


def test_stage_with_its_last_town_done_closes_before_its_date(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)
    outcomes = []
    for town in campaign.towns:
        outcomes.append(stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now))
        with opened.writing() as session:
            stages.finish_carrier(session, "survey", f"{CAMPAIGN_ID}/{town.code}", heard=10**9, now=now)

    closed = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now)

    assert (outcomes, closed) == ([None, None], "survey")
    assert stages.open_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now) is None


def test_stage_with_a_silent_town_closes_right_after_its_lock_date(opened: Store) -> None:
    lock_at = _stage(opened, "survey").lock_at
    at_lock = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=lock_at)

    after = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=lock_at + timedelta(seconds=1))

    assert (at_lock, after) == (None, "survey")
    with opened.reading() as session:
        told = lines_of(session, OutboxRow, ["template", "person_id", "facts"])
    facts = {"stage": "调查摸底", "counts": [{"name": "待确认参与", "value": 3}]}
    assert sorted((line for line in told if line[0] == "stage_closed"), key=lambda line: str(line[1])) == [
        ["stage_closed", "coordinator-1", facts],
        ["stage_closed", "coordinator-2", facts],
    ]


def _stage(store: Store, name: str) -> StageRow:
    with store.reading() as session:
        return session.get_one(StageRow, (CAMPAIGN_ID, name))


def test_verification_closed_puts_waiting_villages_on_the_supplementary_list(
    opened: Store, campaign: Campaign
) -> None:
    now = local(campaign, 11, 26)
    first, second, third = (village.code for village in campaign.villages)
    move_village(opened, first, "under_review")
    move_village(opened, second, "recognised")
    move_village(opened, third, "out")
    with opened.writing() as session:
        for stage in stages_in_order(session, CAMPAIGN_ID)[:3]:
            stage.state = "open" if stage.name == "verification" else "closed"

    closed = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now)

    assert closed == "verification"
    with opened.reading() as session:
        aside = {village.code: village.supplementary for village in villages_of(session, CAMPAIGN_ID)}
        assert session.get_one(VillageRow, (CAMPAIGN_ID, first)).state == "under_review"
    assert aside == {first: True, second: False, third: False}
