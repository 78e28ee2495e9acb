"""Absences: what passes to whoever stands in, when, once, and what does not."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from actions.duties import absences, handover, reminders
from actions.overview.forecast import forecast
from actions.review import decisions, verification
from actions.review.gates import Question, open_gate
from actions.runs import tick as tick_acts
from actions.runs.why_waiting import why_owed
from records.copies.dump import lines_of, rows_of
from records.duties.duties import open_duties
from records.duties.handovers import AWAY
from records.review.gates import latest_gate, seat_duties
from records.runs import carriers
from records.store import Store
from records.tables.duties import AbsenceRow, DutyRow, HandoverRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from rules.duties.absences import Absence
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local

# reviewer-2 is asked first about the first village; the line of deputies goes on 3, 4, 5, 6, 1, and
# reviewer-1 has a conflict there.
ASKED, DEPUTY, NEXT = "reviewer-2", "reviewer-3", "reviewer-4"
COORDINATOR = "coordinator-1"


def away(first: int, last: int, *, who: str = ASKED, deputy: str = "") -> Absence:
    """Days of November."""
    return Absence(who, deputy, date(2020, 11, first), date(2020, 11, last))


def record(
    store: Store, campaign: Campaign, wanted: Absence, *, at: int = 16, by: str = COORDINATOR
) -> AbsenceRow | Refused:
    return absences.record_absence(store, wanted, by=by, reason="外出培训", now=local(campaign, 11, at))


def recorded(store: Store, campaign: Campaign, wanted: Absence, *, at: int = 16) -> AbsenceRow:
    done = record(store, campaign, wanted, at=at)
    assert isinstance(done, AbsenceRow), done
    return done


def end(store: Store, row: AbsenceRow, *, by: str, now: datetime) -> Refused | None:
    return absences.end_absence(store, absence_id=row.id, by=by, now=now)


def tick(store: Store, now: datetime) -> int:
    return absences.pass_on_for_absent(store, campaign_id=CAMPAIGN_ID, now=now)


def holder(store: Store, kind: str = "gate") -> str:
    with store.reading() as session:
        return open_duties(session, CAMPAIGN_ID, kind=kind)[0].person_id


def handed(store: Store) -> list[list[object]]:
    with store.reading() as session:
        return lines_of(session, HandoverRow, ["from_person", "to_person", "cause", "by"])


def mails(store: Store, person_id: str) -> list[str]:
    with store.reading() as session:
        return [row.template for row in rows_of(session, OutboxRow) if row.person_id == person_id]


def change(store: Store, person_id: str, **values: object) -> None:
    with store.writing() as session:
        person = session.get_one(PersonRow, person_id)
        for name, value in values.items():
            setattr(person, name, value)


def decide(store: Store, gate: GateRow, by: str, now: datetime) -> DecisionRow | Refused:
    return decisions.decide(
        store, gate_id=gate.id, attempt=gate.attempt, by=by, answer="pass", reason="",
        seen_hash=gate.content_hash, door="portal", now=now,
    )  # fmt: skip


# --- what passes when it begins ------------------------------------------------------------------


def test_absence_that_begins_today_passes_open_duties_at_once_and_tells_who_takes_them(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    done = record(submitting, campaign, away(16, 20))

    assert isinstance(done, AbsenceRow)
    assert holder(submitting) == DEPUTY
    assert handed(submitting) == [[ASKED, DEPUTY, AWAY, COORDINATOR]]
    assert mails(submitting, DEPUTY) == ["gate_opened"]
    with submitting.reading() as session:
        [noted] = [row for row in rows_of(session, AuditRow) if row.act == "record_absence"]
        [passed] = [row for row in rows_of(session, AuditRow) if row.act == "hand_over"]
    told = {"first": "2020-11-16", "last": "2020-11-20", "deputy": DEPUTY}
    assert (noted.subject, json.loads(noted.facts)) == (f"person:{ASKED}", told)
    assert json.loads(passed.facts)["cause"] == AWAY


def test_absence_to_come_passes_them_with_the_first_tick_of_its_first_day_and_once(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(18, 20))
    before = tick(submitting, local(campaign, 11, 17, 23))
    held = holder(submitting)

    passed = [tick(submitting, local(campaign, 11, day, hour)) for day, hour in ((18, 0), (18, 9), (19, 9))]

    assert (before, held, passed) == (0, ASKED, [1, 0, 0])
    assert handed(submitting) == [[ASKED, DEPUTY, AWAY, "system"]]
    assert mails(submitting, DEPUTY) == ["gate_opened"]


def test_calendar_stops_where_an_absence_begins(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(18, 20))

    with submitting.reading() as session:
        moment = tick_acts.next_instant(session, CAMPAIGN_ID, after=local(campaign, 11, 17, 10))
        after = tick_acts.next_instant(session, CAMPAIGN_ID, after=local(campaign, 11, 18, 0))

    assert moment == local(campaign, 11, 18, 0)
    assert after is not None
    assert after > moment


def test_forecast_foresees_what_an_absence_says(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(18, 20))

    foreseen = forecast(
        submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 17), until=local(campaign, 11, 18, 8)
    )

    told = [(one.at, one.template) for one in foreseen if one.person_id == DEPUTY]
    assert told == [(local(campaign, 11, 18, 0), one) for one in ("gate_opened", "visit_planned")]
    assert handed(submitting) == []


def test_stand_in_without_the_role_is_refused_even_by_a_coordinator(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    refused = record(submitting, campaign, away(16, 20, deputy="coordinator-2"))

    assert isinstance(refused, Refused)
    assert (refused.code, holder(submitting)) == ("unfit_deputy", ASKED)


def test_stand_in_who_lost_the_role_meanwhile_is_passed_over_and_may_not_decide(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(17, 20))
    change(submitting, DEPUTY, roles=["auditor"])

    tick(submitting, local(campaign, 11, 17))

    refused = decide(submitting, at_desk, DEPUTY, local(campaign, 11, 17, 12))
    assert isinstance(refused, Refused)
    assert (refused.code, holder(submitting)) == ("wrong_role", NEXT)


def test_who_is_away_is_told_what_passed(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    recorded(submitting, campaign, away(16, 20))

    assert mails(submitting, ASKED)[-1] == "duty_passed"


@pytest.mark.parametrize(
    ("person_id", "values"), [(DEPUTY, {"conflicts": ["331181100"]}), (DEPUTY, {"active": False})]
)
def test_stand_in_who_may_not_is_passed_over_down_the_line(
    submitting: Store, at_desk: GateRow, campaign: Campaign, person_id: str, values: dict[str, object]
) -> None:
    recorded(submitting, campaign, away(17, 20))
    change(submitting, person_id, **values)

    tick(submitting, local(campaign, 11, 17))

    assert holder(submitting) == NEXT


def test_stand_in_who_goes_away_later_is_passed_over_for_who_stands_in_for_them(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(18, 20))
    recorded(submitting, campaign, away(17, 20, who=DEPUTY, deputy="reviewer-6"))

    tick(submitting, local(campaign, 11, 18))

    assert holder(submitting) == "reviewer-6"


def test_duty_that_nobody_may_take_stays_until_somebody_may(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(17, 20, deputy="reviewer-1"))
    change(submitting, "reviewer-1", deputy="")
    change(submitting, ASKED, deputy="")
    nobody = tick(submitting, local(campaign, 11, 17)), holder(submitting)

    change(submitting, ASKED, deputy=NEXT)
    tick(submitting, local(campaign, 11, 18))

    assert (nobody, holder(submitting)) == ((0, ASKED), NEXT)


def test_duty_given_back_during_the_absence_stays(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(16, 20))
    with submitting.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate")
    refused = handover.hand_over(
        submitting,
        duty_id=duty.id,
        to=ASKED,
        by=COORDINATOR,
        reason="本人仍要办理",
        now=local(campaign, 11, 17),
    )

    passed = tick(submitting, local(campaign, 11, 17, 12))

    assert (refused, passed, holder(submitting)) == (None, 0, ASKED)


def test_silent_holders_duty_goes_past_a_deputy_who_is_away(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(17, 30, who=DEPUTY))

    reminders.fire_rungs(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 20))

    assert holder(submitting) == NEXT


def test_what_waits_says_that_the_holder_is_away_without_a_name(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(16, 20))

    with submitting.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate")
        sentence = why_owed(session, campaign, duty, now=local(campaign, 11, 17))

    assert "由审核人员办理(原承办人外出，由代理人办理)" in sentence


# --- what is opened meanwhile --------------------------------------------------------------------


def at_visit(store: Store, campaign: Campaign) -> str:
    """Who is asked to visit the first village on 18 November; reviewer-3 if nobody is away."""
    subject = f"{CAMPAIGN_ID}/{campaign.villages[0].code}"
    assert verification.site_visit(store, subject=subject, now=local(campaign, 11, 18)) is None
    return holder(store, "visit")


def test_duty_opened_during_the_absence_is_in_the_hands_of_who_stands_in(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    recorded(submitting, campaign, away(17, 20, who=DEPUTY, deputy="reviewer-6"))

    asked = at_visit(submitting, campaign)

    assert asked == "reviewer-6"
    assert handed(submitting) == [[DEPUTY, "reviewer-6", AWAY, "system"]]
    assert (mails(submitting, "reviewer-6"), mails(submitting, DEPUTY)) == (["visit_opened"], ["duty_passed"])


@pytest.mark.parametrize("ended", [True, False], ids=["ended", "over"])
def test_duty_opened_after_the_absence_is_not(
    submitting: Store, at_desk: GateRow, campaign: Campaign, ended: bool
) -> None:
    row = recorded(submitting, campaign, away(16, 20 if ended else 17, who=DEPUTY))
    if ended:
        assert end(submitting, row, by=DEPUTY, now=local(campaign, 11, 17)) is None

    assert at_visit(submitting, campaign) == DEPUTY


def test_nobody_stands_in_for_somebody_in_two_seats_of_one_gate(
    submitting: Store, campaign: Campaign
) -> None:
    change(submitting, "finance-1", roles=["finance", "bureau_leader"])
    recorded(submitting, campaign, away(17, 20, who="leader-1", deputy="finance-1"))
    now, carrier = local(campaign, 11, 18), ("award", CAMPAIGN_ID)
    asked = {"人社局": "leader-1", "财政局": "finance-1"}

    with submitting.writing() as session:
        carriers.enlist(
            session, kind=carrier[0], subject=carrier[1], campaign_id=CAMPAIGN_ID, label="", tags=[], at=now
        )
        question = Question("award", CAMPAIGN_ID, "hash", carrier, asked, about="名单")
        open_gate(session, campaign, question, attempt=1, now=now)
    with submitting.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", CAMPAIGN_ID)
        assert gate is not None
        seats = {seat: duty.person_id for seat, duty in seat_duties(session, gate).items()}

    assert seats == {"人社局": "leader-2", "财政局": "finance-1"}


def test_list_to_revise_passes_to_a_coordinator_only(submitting: Store, campaign: Campaign) -> None:
    change(submitting, "reviewer-6", roles=["coordinator"])
    recorded(submitting, campaign, away(17, 20, who=COORDINATOR, deputy="reviewer-6"))
    change(submitting, "reviewer-6", roles=["reviewer"])
    with submitting.writing() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="paper", town_code="331181100")
        duty.kind, duty.role, duty.town_code, duty.person_id = "revision", "coordinator", "", COORDINATOR

    tick(submitting, local(campaign, 11, 17))

    assert holder(submitting, "revision") == "coordinator-2"


# --- recording and ending ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "by", "code"),
    [
        (away(17, 20), DEPUTY, "not_own_absence"),
        (away(17, 20), "nobody", "not_own_absence"),
        (away(17, 20, who="nobody"), COORDINATOR, "no_account"),
        (away(17, 20, deputy="nobody"), COORDINATOR, "no_such_deputy"),
        (away(20, 17), COORDINATOR, "days_reversed"),
        (away(1, 15), COORDINATOR, "days_over"),
        (away(17, 20, deputy=ASKED), COORDINATOR, "stand_in_self"),
        (away(17, 20, who="auditor-1"), COORDINATOR, "no_stand_in"),
        (away(24, 26), COORDINATOR, "away_already"),
        (away(24, 26, who="reviewer-1", deputy=ASKED), COORDINATOR, "stand_in_away"),
        (away(17, 20, deputy="clerk-331181103"), ASKED, "unfit_deputy"),
        (away(17, 20, deputy="coordinator-2"), ASKED, "unfit_deputy"),
    ],
)
def test_absence_that_does_not_fit_is_refused_and_nothing_passes(
    submitting: Store, at_desk: GateRow, campaign: Campaign, wanted: Absence, by: str, code: str
) -> None:
    recorded(submitting, campaign, away(23, 25))

    refused = record(submitting, campaign, wanted, by=by)

    assert isinstance(refused, Refused)
    assert refused.code == code
    with submitting.reading() as session:
        assert len(rows_of(session, AbsenceRow)) == 1
    assert holder(submitting) == ASKED


def test_one_records_an_absence_of_ones_own_with_a_colleague(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    done = record(submitting, campaign, away(16, 17, deputy="reviewer-6"), by=ASKED)

    assert isinstance(done, AbsenceRow)
    assert handed(submitting) == [[ASKED, "reviewer-6", AWAY, ASKED]]


def test_absence_ended_early_is_kept_and_what_passed_stays(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    row = recorded(submitting, campaign, away(16, 20))
    now = local(campaign, 11, 17)

    foreign = end(submitting, row, by=DEPUTY, now=now)
    done = end(submitting, row, by=ASKED, now=now)
    again = end(submitting, row, by=ASKED, now=now)

    assert isinstance(foreign, Refused)
    assert isinstance(again, Refused)
    assert (foreign.code, done, again.code) == ("not_own_absence", None, "absence_over")
    assert holder(submitting) == DEPUTY
    with submitting.reading() as session:
        [kept] = rows_of(session, AbsenceRow)
        assert absences.absence_to_end(session, ASKED, now=now) is None
    assert (kept.last_day, kept.ended_by, kept.ended_at) == ("2020-11-20", ASKED, now)


def test_absence_called_off_before_it_begins_passes_nothing_and_makes_room_for_another(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    row = recorded(submitting, campaign, away(18, 20))
    end(submitting, row, by=COORDINATOR, now=local(campaign, 11, 17))

    passed = tick(submitting, local(campaign, 11, 18))
    other = record(submitting, campaign, away(19, 20), at=18)

    assert (passed, type(other)) == (0, AbsenceRow)


def test_what_there_is_not_and_what_is_over_cannot_be_ended(submitting: Store, campaign: Campaign) -> None:
    row = recorded(submitting, campaign, away(16, 17))

    over = end(submitting, row, by=COORDINATOR, now=local(campaign, 11, 18))
    nothing = absences.end_absence(
        submitting, absence_id=row.id + 1, by=COORDINATOR, now=local(campaign, 11, 17)
    )

    assert isinstance(over, Refused)
    assert isinstance(nothing, Refused)
    assert (over.code, nothing.code) == ("absence_over", "no_such_absence")


def test_preview_names_who_takes_each_duty_and_changes_nothing(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    with submitting.reading() as session:
        foreseen = absences.foresee(session, away(18, 20), by=COORDINATOR, now=local(campaign, 11, 17))
        refused = absences.foresee(session, away(20, 18), by=COORDINATOR, now=local(campaign, 11, 17))
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate")
        rows = rows_of(session, AbsenceRow)

    assert foreseen == [absences.Passing(duty.id, "八都镇第一村材料初审", DEPUTY)]
    assert isinstance(refused, Refused)
    assert rows == []


def test_nobody_away_means_that_nothing_is_asked_twice(submitting: Store, campaign: Campaign) -> None:
    assert tick(submitting, local(campaign, 11, 17)) == 0
    with submitting.reading() as session:
        assert all(duty.state == "open" for duty in rows_of(session, DutyRow) if duty.kind == "dossier")
        assert rows_of(session, HandoverRow) == []
