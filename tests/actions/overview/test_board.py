"""Where a campaign stands: counts by stage and town, who has the ball, what comes next, why it waits."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from actions.overview.board import Board, Date, board
from actions.overview.counts import PARTS, STEPS, Counts, columns_of
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import (
    CAMPAIGN_ID,
    HandIn,
    decide_latest,
    dossier_of,
    judge,
    local,
    move_village,
    recognise,
)

TOWN, OTHER = "331181100", "331181103"


def read(store: Store, now: datetime) -> Board:
    with store.reading() as session:
        return board(session, CAMPAIGN_ID, now)


def counts(store: Store, now: datetime, stage: str, town: str = TOWN) -> Counts:
    return read(store, now).cell(stage, town).counts


def test_board_of_a_confirmed_survey_counts_each_town_once(submitting: Store, campaign: Campaign) -> None:
    done = Counts(owed=1, received=1, on_time=1, accepted=1)

    shown = read(submitting, local(campaign, 10, 25))

    assert [shown.cell("survey", town.code).counts for town in campaign.towns] == [done, done]
    assert shown.stages[0].counts == Counts(owed=2, received=2, on_time=2, accepted=2)
    assert [(line.name, line.state) for line in shown.stages[:3]] == [
        ("survey", "closed"), ("submission", "open"), ("verification", "waiting")
    ]  # fmt: skip


def test_board_counts_dossiers_by_when_they_came_not_by_when_they_were_checked(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in(now=local(campaign, 11, 15))
    assert isinstance(upload, UploadRow)
    after_due = local(campaign, 11, 17)

    unchecked = counts(submitting, after_due, "submission")
    judge(submitting, upload, now=after_due)

    assert unchecked == Counts(owed=2, received=1, on_time=1, late=1)
    assert counts(submitting, after_due, "submission") == Counts(
        owed=2, received=1, on_time=1, late=1, accepted=1
    )


def test_board_counts_a_returned_dossier_as_returned_and_later_as_late(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in(data=dossier_of(campaign.villages[0].code, plot="mistakes"))
    assert isinstance(upload, UploadRow)
    judge(submitting, upload, now=local(campaign, 11, 2))

    assert counts(submitting, local(campaign, 11, 3), "submission") == Counts(owed=2, received=1, returned=1)
    assert counts(submitting, local(campaign, 11, 16), "submission") == Counts(
        owed=2, received=1, returned=1, late=2
    )


def test_board_says_which_role_has_the_ball_and_for_how_many_workdays(
    submitting: Store, campaign: Campaign
) -> None:
    shown = read(submitting, local(campaign, 11, 17)).cell("submission", OTHER)

    assert shown.ball == ("乡镇(街道)经办人",)
    assert shown.late_workdays == 2
    assert [(one.kind, one.where, one.person, one.held_workdays) for one in shown.waiting] == [
        ("dossier", "查田镇小查田村", "叶晓峰", 17),
        ("paper", "查田镇", "叶晓峰", 17),
    ]


def test_board_beyond_the_published_calendar_names_no_number_of_workdays(submitting: Store) -> None:
    shown = read(submitting, datetime(2023, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")))

    assert {(one.held_workdays, one.late_workdays) for one in shown.waiting} == {(None, None)}


def test_board_follows_a_village_through_its_verification(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    at, late = local(campaign, 11, 17), local(campaign, 11, 26)
    asked = counts(submitting, at, "verification")
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-3", answer="pass")
    passed = counts(submitting, at, "verification")
    passed_late = counts(submitting, late, "verification")
    move_village(submitting, campaign.villages[0].code, "recognised")

    assert asked == Counts(owed=1)
    assert passed == Counts(owed=1, received=1, accepted=1)
    assert passed_late == Counts(owed=1, received=1, accepted=1, late=1)
    assert counts(submitting, at, "verification") == Counts(
        owed=1, received=1, on_time=1, accepted=1, recognised=1
    )


def test_board_puts_what_waits_on_the_bureau_apart(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    shown = read(submitting, local(campaign, 11, 17)).on_bureau

    assert [(one.what, one.where, one.role_title, one.held_workdays) for one in shown] == [
        ("材料初审", "八都镇第一村", "审核人员", 1)
    ]


def test_board_counts_recognised_villages_as_to_be_awarded(opened: Store, campaign: Campaign) -> None:
    recognise(opened, campaign.villages[0].code)

    assert counts(opened, local(campaign, 12, 2), "award") == Counts(owed=1, recognised=1)


def test_what_is_owed_is_the_sum_of_its_parts_whenever_one_looks(
    submitting: Store, hand_in: HandIn, at_desk: GateRow, campaign: Campaign
) -> None:
    hand_in(data=dossier_of(campaign.villages[1].code, plot="mistakes"), now=local(campaign, 11, 16))
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-3", answer="pass")
    move_village(submitting, campaign.villages[0].code, "recognised")

    for month, day in ((10, 1), (10, 25), (11, 2), (11, 16), (11, 19), (11, 26), (12, 2), (12, 31)):
        shown = read(submitting, local(campaign, month, day))
        parted = [one.counts for one in (*shown.cells, *shown.stages)]

        assert all(min(getattr(one, part) for part in PARTS) >= 0 for one in parted), (month, day)
        assert all(sum(getattr(one, part) for part in PARTS) == one.owed for one in parted), (month, day)
    assert {one.name: one.counts.late for one in shown.stages}["award"] == 1


@pytest.mark.parametrize("stage", list(STEPS))
def test_columns_of_a_stage_are_what_is_owed_its_parts_and_its_steps(stage: str) -> None:
    assert list(columns_of(stage)) == ["owed", *PARTS, *STEPS[stage]]


def test_board_lists_what_comes_next_in_order(submitting: Store, campaign: Campaign) -> None:
    shown = read(submitting, local(campaign, 11, 16)).dates

    assert shown[:3] == (
        Date(campaign.end_of(date(2020, 11, 18)), "“汇总上报”宽限期满"),
        Date(campaign.end_of(date(2020, 11, 25)), "“核查认定”截止"),
        Date(campaign.start_of(date(2020, 11, 26)), "“择优推荐”开始"),
    )


@pytest.fixture
def asleep(submitting: Store) -> Store:
    with submitting.writing() as session:
        for row in session.scalars(select(CarrierRow).where(CarrierRow.kind == "submission")):
            row.state = "asleep"
    return submitting


def test_board_explains_every_sleeper_without_a_name(asleep: Store, campaign: Campaign) -> None:
    shown = read(asleep, local(campaign, 10, 26))

    assert [one.label for one in shown.sleepers] == ["submission · 八都镇", "submission · 查田镇"]
    assert all(one.sentence for one in shown.sleepers)
    names = {person.name for person in campaign.people}
    assert not [name for name in names for one in shown.sleepers if name in one.sentence]


def test_board_of_a_campaign_just_opened_owes_nothing_yet(opened: Store, campaign: Campaign) -> None:
    shown = read(opened, local(campaign, 10, 20))

    assert {cell.counts for cell in shown.cells} == {Counts()}
    assert shown.waiting == ()
    with opened.reading() as session:
        assert session.get_one(CarrierRow, ("campaign", CAMPAIGN_ID)).state == "new"
