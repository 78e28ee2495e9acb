"""What an extension costs, for every duty and any date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.campaign_folder import campaign_folder, read_campaign
from rules.campaign.calendar import Calendar, last_workday_on_or_before
from rules.duties.extensions import AFTER, Price, Step, is_extendable, kept_day, price
from rules.refusals import Refused

CAMPAIGN = read_campaign(campaign_folder("longquan-2020"))
CALENDAR = Calendar(frozenset(), frozenset(), date(2021, 12, 31))
DUE = date(2020, 11, 15)


def cost(after: date, what: str = "dossier", before: date = DUE, calendar: Calendar = CALENDAR) -> Price:
    found = price(CAMPAIGN, calendar, what=what, before=before, after=after)
    assert isinstance(found, Price)
    return found


def test_dossier_three_days_later_moves_every_step_and_breaks_nothing() -> None:
    assert cost(date(2020, 11, 18)) == Price(
        steps=(
            Step("材料初审", date(2020, 11, 19), date(2020, 11, 23)),
            Step("现场核查", date(2020, 11, 26), date(2020, 11, 30)),
            Step("龙泉市级认定", date(2020, 11, 30), date(2020, 12, 2)),
        ),
        limit_title="核查认定",
        limit=date(2020, 11, 25),
        workdays_before=7,
        workdays_left=5,
        earliest_end=date(2020, 11, 23),
        latest_safe=date(2020, 11, 22),
        infeasible=(),
    )


def test_dossier_beyond_the_latest_safe_day_names_both_broken_promises() -> None:
    assert cost(date(2020, 11, 22)).infeasible == ()
    assert cost(date(2020, 11, 23)).infeasible == (
        "“核查认定”须于2020-11-25前完成，按此延期最早要到2020-11-26。",
        "该社区(村)只能转入补充名单，单独办理，赶不上2020-11-30前的“择优推荐”。",
    )


def test_dossier_due_before_the_verification_opens_costs_nothing() -> None:
    moved = cost(date(2020, 11, 14), before=date(2020, 11, 10))

    assert (moved.workdays_left, moved.infeasible) == (moved.workdays_before, ())
    assert all(step.before == step.after for step in moved.steps)


def test_survey_into_the_last_day_of_the_submission_leaves_no_day_for_dossiers() -> None:
    late = cost(date(2020, 11, 15), what="survey", before=date(2020, 10, 23))

    assert [step.title for step in late.steps] == ["申报材料"]
    assert late.infeasible == ("“汇总上报”须于2020-11-15前完成，按此延期最早要到2020-11-16。",)


@pytest.mark.parametrize(
    ("what", "after", "breaks"),
    [
        ("recommendation", date(2020, 12, 1), 1),
        ("award", date(2020, 12, 18), 0),
        ("recognition", date(2020, 11, 26), 2),
    ],
)
def test_gate_at_the_end_of_its_stage_only_has_its_date_to_keep(what: str, after: date, breaks: int) -> None:
    found = cost(after, what=what, before=after - timedelta(days=2))

    assert (found.steps, len(found.infeasible)) == ((), breaks)


def test_move_backwards_has_no_price() -> None:
    refused = price(CAMPAIGN, CALENDAR, what="dossier", before=DUE, after=DUE)

    assert isinstance(refused, Refused)
    assert refused.code == "not_later"


@pytest.mark.parametrize("published", [date(2020, 11, 20), date(2020, 11, 24)])
def test_move_beyond_the_published_calendar_is_refused(published: date) -> None:
    calendar = replace(CALENDAR, published_until=published)
    what = "dossier" if published.day == 20 else "recognition"

    refused = price(CAMPAIGN, calendar, what=what, before=DUE, after=date(2020, 11, 18))

    assert isinstance(refused, Refused)
    assert refused.code == "calendar_unpublished"


def test_stage_that_settles_on_an_unpublished_day_is_refused() -> None:
    stages = tuple(replace(stage, weekend="earlier") for stage in CAMPAIGN.stages)
    calendar = replace(CALENDAR, published_until=date(2020, 11, 24))

    refused = price(
        replace(CAMPAIGN, stages=stages), calendar, what="recognition", before=DUE, after=date(2020, 11, 18)
    )

    assert isinstance(refused, Refused)
    assert refused.code == "calendar_unpublished"


@pytest.mark.parametrize("after", [date(2020, 11, 22), date(2020, 11, 23)])
def test_weekend_before_the_last_working_days_is_still_safe(after: date) -> None:
    found = cost(after)

    assert (not found.infeasible) == (after <= found.latest_safe)


DAYS = some.dates(date(2020, 10, 24), date(2020, 12, 31))
WHATS = some.sampled_from(sorted(AFTER))
OFF = some.frozensets(DAYS, max_size=8)


@given(what=WHATS, before=DAYS, longer=some.integers(1, 40), off=OFF)
def test_what_is_not_called_infeasible_ends_in_time(
    what: str, before: date, longer: int, off: frozenset[date]
) -> None:
    calendar = replace(CALENDAR, holidays=off)
    found = cost(before + timedelta(days=longer), what=what, before=before, calendar=calendar)

    assert bool(found.infeasible) == (found.earliest_end > found.limit)


@given(what=WHATS, before=DAYS, longer=some.integers(1, 40), off=OFF)
def test_latest_safe_day_is_the_border_of_what_can_be_kept(
    what: str, before: date, longer: int, off: frozenset[date]
) -> None:
    calendar, after = replace(CALENDAR, holidays=off), before + timedelta(days=longer)
    opens = CAMPAIGN.stage(AFTER[what][0]).opens
    found = cost(after, what=what, before=before, calendar=calendar)

    assert (not found.infeasible) == (max(after, opens) <= found.latest_safe)


@given(what=WHATS, before=DAYS, first=some.integers(1, 20), more=some.integers(1, 20))
def test_longer_extension_never_costs_less(what: str, before: date, first: int, more: int) -> None:
    short = cost(before + timedelta(days=first), what=what, before=before)
    long = cost(before + timedelta(days=first + more), what=what, before=before)

    assert long.workdays_left <= short.workdays_left <= short.workdays_before
    assert len(long.infeasible) >= len(short.infeasible)
    assert all(step.before <= step.after for step in long.steps)


@pytest.mark.parametrize("what", sorted(AFTER))
@given(ahead=some.integers(0, 60), workdays=some.integers(1, 9))
def test_due_day_of_anything_stays_where_its_extension_would_still_be_kept(
    what: str, ahead: int, workdays: int
) -> None:
    today = date(2020, 10, 21) + timedelta(days=ahead)
    day = kept_day(CAMPAIGN, CALENDAR, what=what, today=today, workdays=workdays)

    assert isinstance(day, date)
    assert today <= day
    safe = cost(day + timedelta(days=30), what=what, before=today).latest_safe
    assert day <= safe or last_workday_on_or_before(CALENDAR, safe) < today


def test_due_day_takes_all_its_days_when_the_last_safe_day_is_over() -> None:
    days = [
        kept_day(CAMPAIGN, CALENDAR, what="visit", today=date(2020, 11, day), workdays=5)
        for day in (13, 19, 24, 25)
    ]

    assert days == [date(2020, 11, 20), date(2020, 11, 24), date(2020, 11, 24), date(2020, 12, 2)]


def test_due_day_beyond_the_published_calendar_is_refused_and_before_it_not_shortened() -> None:
    ends = Calendar(frozenset(), frozenset(), date(2020, 11, 20))

    def due(day: int) -> date | Refused:
        return kept_day(CAMPAIGN, ends, what="visit", today=date(2020, 11, day), workdays=5)

    assert due(13) == date(2020, 11, 20)
    assert isinstance(due(16), Refused)


def test_publicity_after_the_recognition_leaves_fewer_days_before_it() -> None:
    public = replace(CAMPAIGN, publicity_workdays=3)
    day = kept_day(public, CALENDAR, what="recognition", today=date(2020, 11, 19), workdays=2)
    found = price(public, CALENDAR, what="visit", before=date(2020, 11, 18), after=date(2020, 11, 20))

    assert day == date(2020, 11, 20)
    assert isinstance(found, Price)
    assert (found.latest_safe, found.earliest_end) == (date(2020, 11, 19), date(2020, 11, 26))
    assert len(found.infeasible) == 2


@pytest.mark.parametrize(
    ("what", "moves"), [("dossier", True), ("award", True), ("calendar", False), ("accounts", False)]
)
def test_date_moves_where_it_is_known_what_follows(what: str, moves: bool) -> None:
    assert is_extendable(what) is moves
