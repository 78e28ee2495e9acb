"""Campaigns and stages: opened once and in order, closed early or at the lock date."""

from __future__ import annotations

from datetime import timedelta

from actions.campaign import lifecycle, stages
from actions.campaign.survey import ask_for_survey
from actions.steps import subject_of
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder
from records.campaign.stages import stages_in_order
from records.campaign.villages import villages_of
from records.copies.dump import lines_of
from records.duties.duties import open_duties
from records.runs import carriers
from records.store import Store
from records.tables.campaign import StageRow, VillageRow
from records.tables.messages import OutboxRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local, move_village


def test_campaign_opened_twice_is_refused_and_changes_nothing(opened: Store, campaign: Campaign) -> None:
    calendar = read_calendar(campaign_folder(CAMPAIGN_ID), (2020, 2021))
    before = _entries(opened)

    again = lifecycle.open_campaign(
        opened, campaign=campaign, calendar=calendar, by="coordinator-1", now=local(campaign, 10, 21)
    )

    assert again == Refused("already_open", f"{campaign.title}已经启动，无需重复启动。")
    assert _entries(opened) == before


def _entries(store: Store) -> int:
    with store.reading() as session:
        return len(lines_of(session, AuditRow, ["seq"]))


def test_stage_opens_on_its_date_though_a_late_town_keeps_the_one_before_it_open(
    opened: Store, campaign: Campaign
) -> None:
    moments = [local(campaign, 10, 24, 8), local(campaign, 10, 24), local(campaign, 10, 24, 11)]

    came = [stages.open_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now) for now in moments]

    assert came == [None, "submission", None]
    assert _stage(opened, "survey").state == "open"


def test_stage_without_runs_does_not_close_while_towns_may_still_join_it(
    opened: Store, campaign: Campaign
) -> None:
    now = local(campaign, 10, 24)
    stages.open_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now)

    early = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now)
    for town in campaign.towns:
        with opened.writing() as session:
            stages.finish_carrier(session, "survey", f"{CAMPAIGN_ID}/{town.code}", heard=10**9, now=now)
    then = [stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now) for _ in range(3)]

    after_its_day = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 19))

    assert (early, then, after_its_day) == (None, ["survey", None, None], "submission")


def test_stage_into_which_only_lapsed_towns_could_come_does_not_end_before_its_day(
    opened: Store, campaign: Campaign
) -> None:
    now = local(campaign, 10, 26)
    for town in campaign.towns:
        ask_for_survey(opened, subject=subject_of(CAMPAIGN_ID, town.code), now=local(campaign, 10, 20))
    stages.open_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now)
    with opened.writing() as session:
        for n, duty in enumerate(open_duties(session, CAMPAIGN_ID)):
            duty.state = "lapsed" if n else "done"
        for town in campaign.towns:
            stages.finish_carrier(session, "survey", f"{CAMPAIGN_ID}/{town.code}", heard=10**9, now=now)
        first = subject_of(CAMPAIGN_ID, campaign.towns[0].code)
        carriers.enlist(
            session, kind="submission", subject=first, campaign_id=CAMPAIGN_ID, label="", tags=[], at=now
        )
        stages.finish_carrier(session, "submission", first, heard=10**9, now=now)

    closed = [stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=now) for _ in range(2)]
    at_last = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 19))

    assert (closed, at_last) == (["survey", None], "submission")


def test_verification_stays_open_while_an_extended_town_still_hands_in(
    opened: Store, campaign: Campaign
) -> None:
    with opened.writing() as session:
        for stage in stages_in_order(session, CAMPAIGN_ID)[:2]:
            stage.state = "closed"
        session.get_one(StageRow, (CAMPAIGN_ID, "verification")).state = "open"
        carriers.enlist(
            session, kind="submission", subject=f"{CAMPAIGN_ID}/331181100", campaign_id=CAMPAIGN_ID,
            label="", tags=[], at=local(campaign, 10, 24),
        )  # fmt: skip
    for town in campaign.towns:
        with opened.writing() as session:
            stages.finish_carrier(
                session, "survey", f"{CAMPAIGN_ID}/{town.code}", heard=10**9, now=local(campaign, 10, 24)
            )

    waiting = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 20))
    locked = stages.close_due_stage(opened, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 26))

    assert (waiting, locked) == (None, "verification")


def test_campaign_is_over_only_when_the_supplementary_villages_are_done_as_well(
    opened: Store, campaign: Campaign
) -> None:
    now = local(campaign, 12, 21)
    subject = f"{CAMPAIGN_ID}/{campaign.villages[0].code}"
    with opened.writing() as session:
        for stage in stages_in_order(session, CAMPAIGN_ID):
            stage.state = "closed"
        carriers.enlist(
            session, kind="verification", subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[], at=now
        )
        for town in campaign.towns:
            stages.finish_carrier(session, "survey", f"{CAMPAIGN_ID}/{town.code}", heard=10**9, now=now)
        before = stages.is_over(session, CAMPAIGN_ID)
        stages.finish_carrier(session, "verification", subject, heard=10**9, now=now)
        after = stages.is_over(session, CAMPAIGN_ID)

    assert (before, after) == (False, True)


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
