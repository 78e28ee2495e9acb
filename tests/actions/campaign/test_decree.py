"""Where the published calendar ends runs wait for the next decree, people are refused, and nothing breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from actions.campaign.calendars import CalendarChange, change_calendar, preview
from actions.duties.extensions import offer
from actions.lists import award, recommendation
from actions.lookup import calendar_of
from actions.overview.forecast import forecast
from actions.overview.simulation import wake_all
from actions.review import recognition, reopening, verification
from actions.runs import tick
from actions.runs.why_waiting import why_waiting
from actions.upkeep.troubles import carrier_troubles
from records.copies.dump import rows_of
from records.duties.duties import open_duties
from records.review.gates import latest_gate
from records.runs import carriers
from records.store import Store
from records.tables.campaign import CalendarRow
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local, recognise, subject_of_first

COORDINATOR = "coordinator-1"


def published_until(store: Store, day: date) -> None:
    with store.writing() as session:
        session.get_one(CalendarRow, CAMPAIGN_ID).published_until = day.isoformat()


def longer(store: Store, day: date = date(2021, 12, 31)) -> Calendar:
    with store.reading() as session:
        return replace(calendar_of(session, CAMPAIGN_ID), published_until=day)


def enter(
    store: Store, calendar: Calendar, now: datetime, *, by: str = COORDINATOR
) -> CalendarChange | Refused:
    return change_calendar(
        store,
        campaign_id=CAMPAIGN_ID,
        decree=lambda _: calendar,
        by=by,
        reason="国办发明电〔2020〕27号",
        now=now,
    )


def owed(store: Store) -> list[str]:
    with store.reading() as session:
        return [duty.kind for duty in open_duties(session, CAMPAIGN_ID)]


def test_visit_beyond_the_calendar_waits_for_the_coordinator_and_goes_on_when_it_is_entered(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    subject, now = at_desk.subject, local(campaign, 11, 17)
    published_until(submitting, date(2020, 11, 18))
    decide_latest(submitting, "desk_review", subject, by="reviewer-2", answer="pass")

    waits = verification.site_visit(submitting, subject=subject, now=now)
    again = verification.site_visit(submitting, subject=subject, now=now)
    asked = [kind for kind in owed(submitting) if kind in ("calendar", "visit")]
    done = enter(submitting, longer(submitting), now)
    wake_all(submitting, now=now)

    assert (waits, again, asked) == (None, None, ["calendar"])
    assert isinstance(done, CalendarChange)
    assert [kind for kind in owed(submitting) if kind in ("calendar", "visit")] == ["visit"]


def test_correction_beyond_the_calendar_waits_with_its_village_untouched(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    published_until(submitting, date(2020, 11, 16))
    decide_latest(
        submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="return", reason="请补全"
    )

    step = verification.desk_review(submitting, subject=at_desk.subject, now=local(campaign, 11, 16))

    assert (step, "calendar" in owed(submitting), "correction" in owed(submitting)) == (None, True, False)
    enter(submitting, longer(submitting), local(campaign, 11, 16))
    wake_all(submitting, now=local(campaign, 11, 16))
    assert "correction" in owed(submitting)


@pytest.mark.parametrize("name", ["recognition", "recommendation", "award"])
def test_gate_beyond_the_calendar_waits(
    submitting: Store, campaign: Campaign, at_desk: GateRow, name: str
) -> None:
    now = local(campaign, 12, 30)
    published_until(submitting, date(2020, 12, 31))
    for village in campaign.villages[1:]:
        recognise(submitting, village.code)
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="pass")
    with submitting.writing() as session:
        carriers.enlist(
            session,
            kind="award",
            subject=f"{CAMPAIGN_ID}/county",
            campaign_id=CAMPAIGN_ID,
            label="",
            tags=[],
            at=now,
        )

    def go() -> None:
        if name == "recognition":
            recognition.recognition(submitting, subject=at_desk.subject, now=now)
        elif name == "recommendation":
            recommendation.rank_villages(submitting, subject=CAMPAIGN_ID, now=now)
        else:
            level = campaign.awards[0].level
            award.propose_awards(submitting, subject=f"{CAMPAIGN_ID}/{level}", now=now)

    go()
    with submitting.reading() as session:
        before = [gate.name for gate in rows_of(session, GateRow) if gate.name == name]
    asked = "calendar" in owed(submitting)
    enter(submitting, longer(submitting), now)
    go()

    with submitting.reading() as session:
        after = [gate.name for gate in rows_of(session, GateRow) if gate.name == name]
    assert (before, asked, after) == ([], True, [name])


def test_forecast_reaches_beyond_the_calendar_and_says_who_is_asked(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    published_until(submitting, date(2020, 11, 18))
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="pass")
    with submitting.writing() as session:
        carriers.reopen(session, "verification", at_desk.subject)

    seen = forecast(
        submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 17), until=local(campaign, 12, 31)
    )

    assert "calendar_opened" in {one.template for one in seen}


def test_reopening_beyond_the_calendar_is_refused_with_a_range(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="pass")
    published_until(submitting, date(2020, 11, 16))

    refused = reopening.reopen_gate(
        submitting, gate_id=at_desk.id, by=COORDINATOR, reason="重新核对", now=local(campaign, 11, 16)
    )

    assert refused == Refused(
        "calendar_unpublished",
        "放假安排只公布到2020-11-16，无法推算2020-11-17是否为工作日。请先更新日历。"
        "3个工作日的期限最早2020-11-19、最晚2020-11-29，公布后才能确定。",
    )


def test_doctor_and_the_waiting_run_name_the_calendar(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now = local(campaign, 11, 17)
    published_until(submitting, date(2020, 11, 18))
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="pass")
    verification.site_visit(submitting, subject=at_desk.subject, now=now)
    with submitting.writing() as session:
        carrier = carriers.find(session, "verification", at_desk.subject)
        assert carrier is not None
        carrier.state = "asleep"
        sentence = why_waiting(session, carrier, now=now)

    codes = [one.code for one in carrier_troubles(submitting, now=now)]

    assert (
        sentence == "放假安排只公布到2020年11月18日(星期三)，等活动协调员录入此后的放假安排，录入后自动继续。"
    )
    assert ("calendar_short" in codes, "asleep" in codes) == (True, False)


def test_coordinator_is_asked_some_weeks_before_the_calendar_ends(
    submitting: Store, campaign: Campaign
) -> None:
    published_until(submitting, date(2020, 12, 10))

    early = tick.follow_calendar(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 1, 3))
    asked_early = "calendar" in owed(submitting)
    for _ in range(2):
        tick.follow_calendar(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 12, 3))

    assert (early, asked_early, owed(submitting).count("calendar")) == (0, False, 1)


def test_new_calendar_moves_the_gate_that_was_reckoned_by_the_old_one_and_tells_its_holder(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    calendar = longer(submitting)
    off = replace(calendar, holidays=calendar.holidays | {date(2020, 11, 18)})
    with submitting.reading() as session:
        planned = preview(session, CAMPAIGN_ID, lambda _: off, now=local(campaign, 11, 16))

    done = enter(submitting, off, local(campaign, 11, 16))

    with submitting.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "desk_review", subject_of_first(campaign))
        [duty] = [one for one in rows_of(session, DutyRow) if one.kind == "gate"]
        told = [row.person_id for row in rows_of(session, OutboxRow) if row.template == "calendar_moved"]
    assert gate is not None
    assert (gate.due_at, duty.due_at) == (campaign.end_of(date(2020, 11, 20)),) * 2
    assert (done, told) == (planned, [duty.person_id])
    assert isinstance(done, CalendarChange)
    assert done.lines[0] == "新增放假1天：11月18日(星期三)。"
    assert done.lines[1].endswith("材料初审：截止日由2020-11-19改为2020-11-20")


def test_date_that_somebody_was_given_by_hand_does_not_follow_the_calendar(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    with submitting.writing() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate")
        duty.due_at = campaign.end_of(date(2020, 11, 24))
    calendar = longer(submitting)

    done = enter(
        submitting,
        replace(calendar, holidays=calendar.holidays | {date(2020, 11, 18)}),
        local(campaign, 11, 16),
    )

    assert isinstance(done, CalendarChange)
    assert done.moved == ()


@pytest.mark.parametrize(
    ("by", "until", "code"),
    [
        ("reviewer-1", date(2022, 12, 31), "not_coordinator"),
        (COORDINATOR, date(2020, 12, 31), "calendar_shorter"),
        (COORDINATOR, date(2021, 12, 31), "same_calendar"),
    ],
)
def test_calendar_is_not_changed_by_the_wrong_person_or_into_a_shorter_one(
    submitting: Store, campaign: Campaign, by: str, until: date, code: str
) -> None:
    done = enter(submitting, longer(submitting, until), local(campaign, 11, 1), by=by)

    assert isinstance(done, Refused)
    assert done.code == code


def test_asked_for_decree_cannot_be_extended(submitting: Store, campaign: Campaign) -> None:
    published_until(submitting, date(2020, 11, 18))
    tick.follow_calendar(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 1))
    with submitting.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="calendar")
        refused = offer(session, duty.id, until=date(2020, 12, 1), now=local(campaign, 11, 1))

    assert isinstance(refused, Refused)
    assert refused.code == "not_extendable"
