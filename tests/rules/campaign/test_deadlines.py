"""Due dates, lock dates, lateness, and chains that cannot be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from rules.campaign.campaign import Campaign, StagePlan
from rules.campaign.deadlines import Unkept, check_dates, due_of, is_late, is_locked, lock_of, stages_over
from rules.refusals import Refused
from tests.rules.samples import CALENDAR, CAMPAIGN, RECOGNITION, STAGES, local

SURVEY, SUBMISSION, VERIFICATION, RECOMMENDATION = STAGES


def with_stages(*stages: StagePlan) -> Campaign:
    return replace(CAMPAIGN, stages=stages)


def test_due_date_on_a_sunday_is_kept_or_moved_as_the_stage_says() -> None:
    later = with_stages(replace(SUBMISSION, weekend="later"))

    assert due_of(CAMPAIGN, "submission", CALENDAR) == date(2020, 11, 15)
    assert due_of(later, "submission", CALENDAR) == date(2020, 11, 16)
    assert lock_of(later, "submission", CALENDAR) == date(2020, 11, 19)


def test_lock_date_of_an_unpublished_due_date_is_refused() -> None:
    beyond = with_stages(replace(SUBMISSION, due=date(2021, 2, 7), weekend="later"))

    assert isinstance(lock_of(beyond, "submission", CALENDAR), Refused)


@pytest.mark.parametrize(
    ("received", "late"),
    [
        (local(11, 15, 23, 59, 59), False),
        (local(11, 15, 23, 59, 59) + timedelta(milliseconds=999), False),
        (local(11, 16, 0), True),
    ],
)
def test_day_ends_at_midnight(received: datetime, late: bool) -> None:
    end = CAMPAIGN.end_of(date(2020, 11, 15))

    assert is_late(received, end) is is_locked(received, end) is late


def test_chain_of_the_notice_can_be_kept() -> None:
    assert check_dates(CAMPAIGN, CALENDAR) == ()


def test_chain_into_an_unpublished_year_names_the_calendar() -> None:
    beyond = with_stages(SURVEY, replace(SUBMISSION, due=date(2021, 2, 7), weekend="later"))

    assert check_dates(beyond, CALENDAR) == (
        Unkept(
            "stages[1].due",
            "2021-02-07",
            "放假安排只公布到2021-01-31，无法推算2021-02-07是否为工作日。请先更新日历。",
        ),
    )


def test_chain_kept_on_an_unpublished_rest_day_names_the_calendar_too() -> None:
    beyond = with_stages(SURVEY, replace(SUBMISSION, due=date(2021, 2, 7)))

    assert check_dates(beyond, CALENDAR) == (
        Unkept(
            "stages[1].due",
            "2021-02-07",
            "放假安排只公布到2021-01-31，无法推算2021-02-07是否为工作日。请先更新日历。",
        ),
    )


def test_stage_that_opens_after_its_due_date_is_named() -> None:
    assert check_dates(with_stages(replace(SURVEY, opens=date(2020, 10, 24))), CALENDAR) == (
        Unkept(
            "stages[0].due",
            "2020-10-23",
            "“调查摸底”2020-10-24才开始，晚于截止日2020-10-23。请提前开始日或推后截止日。",
        ),
    )


def test_stage_due_no_earlier_than_the_next_is_named() -> None:
    hasty = replace(SUBMISSION, due=SURVEY.due, opens=SURVEY.due)

    assert check_dates(with_stages(SURVEY, hasty), CALENDAR) == (
        Unkept(
            "stages[0].due",
            "2020-10-23",
            "“调查摸底”截止日2020-10-23不早于“汇总上报”截止日2020-10-23。请调整两个阶段的日期。",
        ),
    )


def test_stage_locked_only_after_the_next_is_due_is_named() -> None:
    assert check_dates(with_stages(replace(SUBMISSION, grace_days=10), VERIFICATION), CALENDAR) == (
        Unkept(
            "stages[0].due",
            "2020-11-15",
            "“汇总上报”宽限到2020-11-25，“核查认定”2020-11-25就截止。请缩短宽限天数。",
        ),
    )


def test_correction_longer_than_the_verification_is_named() -> None:
    assert check_dates(replace(CAMPAIGN, correction_workdays=9), CALENDAR) == (
        Unkept(
            "correction_workdays",
            "9",
            "补正需要9个工作日，从2020-11-15起要到2020-11-26，晚于认定截止日2020-11-25。请缩短期限。",
        ),
    )


def test_visit_into_an_unpublished_year_names_the_calendar() -> None:
    assert check_dates(replace(CAMPAIGN, visit_workdays=99), CALENDAR) == (
        Unkept(
            "visit_workdays",
            "99",
            "放假安排只公布到2021-01-31，无法推算2021-02-01是否为工作日。请先更新日历。",
        ),
    )


@pytest.mark.parametrize(
    ("now", "over"),
    [
        (local(10, 23, 23), ()),
        (local(10, 24), ("survey",)),
        (local(11, 16), ("survey", "submission")),
    ],
)
def test_stage_is_over_after_the_end_of_its_due_day(now: datetime, over: tuple[str, ...]) -> None:
    assert stages_over(CAMPAIGN, now=now) == tuple(CAMPAIGN.stage(name).title for name in over)


def test_publicity_that_the_dates_do_not_hold_is_told_with_the_dates_that_would() -> None:
    """Sunday 15 November, three days of review, a visit, a recognition: with five of publicity beyond the 25th."""
    review = replace(RECOGNITION, name="desk_review", workdays=3)
    campaign = replace(CAMPAIGN, publicity_workdays=5, gates=(RECOGNITION, review))
    found = [one for one in check_dates(campaign, CALENDAR) if one.key == "publicity_workdays"]
    quick = replace(campaign, gates=(RECOGNITION,))

    assert [one.value for one in found] == ["5"]
    assert "2020-11-27或以后" in found[0].reason
    assert "2020-11-11或以前" in found[0].reason
    assert [one for one in check_dates(quick, CALENDAR) if one.key == "publicity_workdays"] == []
    assert [
        one for one in check_dates(replace(campaign, publicity_workdays=3), CALENDAR) if "pub" in one.key
    ] == []
    assert "放假" in next(
        one.reason
        for one in check_dates(replace(campaign, publicity_workdays=90), CALENDAR)
        if one.key == "publicity_workdays"
    )
    fewer = replace(campaign, stages=tuple(one for one in campaign.stages if one.name != "submission"))
    assert [one for one in check_dates(fewer, CALENDAR) if one.key == "publicity_workdays"] == []
