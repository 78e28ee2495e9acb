"""The plan of visits: made by the tick, kept while it holds, moved with its reasons; and a visit by two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from actions.campaign.visit_lot import open_seed
from actions.duties import absences, handover
from actions.duties.duties import extend
from actions.people import staff
from actions.review import visits
from actions.review.planning import plan
from actions.review.planning.outlook import reasons_of, standing_of
from actions.review.planning.signatures import digest_of, sign_visit
from actions.runs import tick
from records.copies.dump import rows_of
from records.review.visit_plans import newest_plan, seed_of, stop_rows
from records.review.visits import visits_to
from records.runs import bells
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.review import VisitDraftRow
from records.tables.upkeep import AuditRow
from records.tables.visits import VisitPlanRow, VisitSignatureRow
from rehearsal.model.run_acts import settle
from rehearsal.model.starts import begin, starts
from rehearsal.model.world import World
from rules.duties.absences import Absence
from rules.refusals import Refused
from rules.review.visit_plan import REVIEWED, SEEN
from rules.review.visit_sample import commitment, drawn

NOTES = "抽查台账20人，均属实。"


def world_at(name: str) -> World:
    return begin(next(one for one in starts() if one.name == name and not one.many_seats))


@pytest.fixture
def planned() -> World:
    """16 November, the desk reviews open and the first plan made."""
    return world_at("the desk reviews are open")


@pytest.fixture
def passed() -> World:
    """Every village through its desk review, its visit owed."""
    return world_at("the visits are owed")


def stops(store: Store) -> dict[str, tuple[str, tuple[str, ...]]]:
    with store.reading() as session:
        newest = newest_plan(session, "longquan-2020")
        rows = stop_rows(session, newest) if newest else []
        return {row.village_code: (row.day, tuple(row.crew)) for row in rows}


def plans(store: Store) -> list[VisitPlanRow]:
    with store.reading() as session:
        return rows_of(session, VisitPlanRow)


def keep(world: World, at: datetime) -> int:
    world.now = at
    done = plan.keep_visits(world.store, campaign_id=world.campaign.id, now=at, plainly=True)
    world.look()
    return done


def visit_duty(world: World, code: str, kind: str = "visit") -> DutyRow:
    with world.store.reading() as session:
        return [one for one in rows_of(session, DutyRow) if one.village_code == code and one.kind == kind][-1]


# --- the plan ------------------------------------------------------------------------------------


def test_first_plan_gives_every_village_a_day_and_two_people_without_conflict(planned: World) -> None:
    found, campaign = stops(planned.store), planned.campaign
    conflicts = {person.id: set(person.conflicts) for person in campaign.people}

    assert sorted(found) == sorted(one.code for one in campaign.villages)
    for code, (day, crew) in found.items():
        assert date(2020, 11, 18) <= date.fromisoformat(day) <= date(2020, 11, 24)
        assert len(set(crew)) == 2
        assert not any(campaign.village(code).town_code in conflicts[person] for person in crew)
    assert [(one.number, one.unplaced, len(one.changes)) for one in plans(planned.store)] == [(1, [], 3)]


def test_plan_that_holds_is_not_made_again(planned: World) -> None:
    assert keep(planned, planned.now + timedelta(hours=1)) == 0
    assert len(plans(planned.store)) == 1


def test_plan_of_the_tick_waits_while_runs_are_only_now_being_woken(passed: World) -> None:
    """What they are about to change would make another plan a minute later, or none, as it happens."""
    store, at, code = passed.store, passed.now + timedelta(minutes=5), passed.campaign.villages[0].code
    day, (gone, _) = stops(store)[code]
    away = Absence(gone, "", date.fromisoformat(day), date.fromisoformat(day))
    absences.record_absence(store, away, by="coordinator-1", now=passed.now)
    with store.writing() as session:
        bells.ring(session, kind="verification", subject=f"longquan-2020/{code}", cause="asked", at=at)

    made = [
        plan.keep_visits(store, campaign_id="longquan-2020", now=moment, plainly=True, at_rest=True)
        for moment in (at, at + timedelta(minutes=1))
    ]

    assert made == [0, 1]


def test_plan_is_told_to_its_crew_and_the_coordinators(planned: World) -> None:
    with planned.store.reading() as session:
        told = [one for one in rows_of(session, OutboxRow) if one.template == "visit_planned"]
    crews = {person for _, crew in stops(planned.store).values() for person in crew}

    assert {one.person_id for one in told} == {*crews, "coordinator-1", "coordinator-2"}
    assert all("新安排在" in sentence for one in told for sentence in one.facts["changes"])


def test_review_not_done_on_the_day_moves_the_visit_and_says_so(planned: World) -> None:
    day = min(day for day, _ in stops(planned.store).values())
    late = [code for code, (on, _) in stops(planned.store).items() if on == day]

    assert keep(planned, planned.campaign.start_of(date.fromisoformat(day))) == 1

    after = stops(planned.store)
    assert all(after[code][0] > day for code in late)
    assert [one for one in plans(planned.store)[-1].changes if "初审尚未完成" not in one] == []


def test_reviewer_away_on_the_day_is_replaced_and_the_difference_explained(passed: World) -> None:
    before = stops(passed.store)
    code, (day, (gone, other)) = min(before.items())
    away = Absence(gone, "", date.fromisoformat(day), date.fromisoformat(day))
    absences.record_absence(passed.store, away, by="coordinator-1", now=passed.now)

    assert keep(passed, passed.now + timedelta(hours=1)) == 1

    after = stops(passed.store)
    assert (gone not in after[code][1], after[code][0]) == (True, day)
    assert "核查人员当日外出" in plans(passed.store)[-1].changes[0]
    duty = visit_duty(passed, code)
    assert {duty.person_id, duty.facts["beside"]} == set(after[code][1])
    assert other in after[code][1]


def test_visit_owed_is_due_on_its_day_in_the_plan_with_its_crew(passed: World) -> None:
    for code, (day, crew) in stops(passed.store).items():
        duty = visit_duty(passed, code)
        assert duty.due_at == passed.campaign.end_of(date.fromisoformat(day))
        assert [duty.person_id, duty.facts["beside"]] == list(crew)


def test_day_that_passed_without_a_visit_gets_another(passed: World) -> None:
    day = max(day for day, _ in stops(passed.store).values())
    later = passed.campaign.start_of(date.fromisoformat(day) + timedelta(days=1))

    assert keep(passed, later) == 1

    assert min(date.fromisoformat(on) for on, _ in stops(passed.store).values()) > date.fromisoformat(day)
    assert all("当日未能成行" in one for one in plans(passed.store)[-1].changes)


def test_day_that_a_coordinator_moved_stays(passed: World) -> None:
    code, (day, _) = min(stops(passed.store).items())
    until = passed.campaign.end_of(date(2020, 11, 27))
    duty = visit_duty(passed, code)

    refused = extend(
        passed.store,
        duty_id=duty.id,
        by="coordinator-1",
        due_at=until,
        lock_at=None,
        reason="路断。",
        now=passed.now,
    )
    keep(passed, passed.campaign.start_of(date.fromisoformat(day) + timedelta(days=1)))

    assert (refused, visit_duty(passed, code).due_at) == (None, until)


def test_every_waiting_village_has_a_reason_to_be_visited(planned: World) -> None:
    rules = planned.campaign.visits
    assert rules is not None
    with planned.store.reading() as session:
        standing = standing_of(session, planned.campaign)
        reasons = reasons_of(session, planned.campaign, rules, standing)

    assert set(standing.values()) == {REVIEWED}
    assert set(reasons) == set(standing)


# --- the lot -------------------------------------------------------------------------------------


def test_seed_is_committed_to_at_the_opening_and_told_when_the_verification_has_closed(
    planned: World,
) -> None:
    campaign = planned.campaign
    with planned.store.reading() as session:
        row = seed_of(session, campaign.id)
        assert row is not None
        seed, before = open_seed(session, row), [one.facts for one in rows_of(session, AuditRow)]
        acts = [one.act for one in rows_of(session, AuditRow)]
    later = planned.campaign.end_of(date(2020, 11, 25)) + timedelta(seconds=1)
    tick.follow_calendar(planned.store, campaign_id=campaign.id, now=later)
    planned.now = later
    settle(planned)
    keep(planned, later)
    with planned.store.reading() as session:
        told = seed_of(session, campaign.id)
        after = [one.facts for one in rows_of(session, AuditRow) if one.act == "reveal_visit_seed"]

    assert acts.index("commit_visit_seed") < acts.index("open_campaign")
    assert (row.seed, row.commitment, seed in str(before)) == ("", commitment(seed), False)
    assert told is not None
    assert (told.seed, after) == (seed, [f'{{"commitment":"{commitment(seed)}","seed":"{seed}"}}'])
    assert drawn(told.seed, ["a", "b", "c"], percent=5) == drawn(seed, ["a", "b", "c"], percent=5)


# --- a visit by two ------------------------------------------------------------------------------


def record(world: World, code: str, by: str, *, read: int = 0) -> Refused | None:
    return visits.record_visit(
        world.store,
        campaign_id=world.campaign.id,
        village_code=code,
        by=by,
        notes=NOTES,
        adjustments={},
        now=world.now,
        read=read,
    )


def sign(world: World, code: str, by: str, seen: str = "") -> Refused | None:
    with world.store.reading() as session:
        digest = digest_of(session, visits_to(session, world.campaign.id, code)[-1])
    return sign_visit(
        world.store,
        campaign_id=world.campaign.id,
        village_code=code,
        by=by,
        seen=seen or digest,
        now=world.now,
    )


def codes(*outcomes: object) -> list[str]:
    return [one.code if isinstance(one, Refused) else "" for one in outcomes]


@pytest.mark.parametrize("writer", [0, 1])
def test_visit_counts_once_both_have_signed_whoever_wrote_it(passed: World, writer: int) -> None:
    code, (_, crew) = min(stops(passed.store).items())
    other = crew[1 - writer]

    recorded = record(passed, code, crew[writer])
    settle(passed)
    waits = [one.kind for one in rows(passed, DutyRow) if one.state == "open" and one.village_code == code]
    signed = sign(passed, code, other)
    settle(passed)

    assert codes(recorded, signed) == ["", ""]
    assert waits == ["signature"]
    assert sorted(one.person_id for one in rows(passed, VisitSignatureRow)) == sorted(crew)
    with passed.store.reading() as session:
        assert standing_of(session, passed.campaign)[code] == SEEN
    assert "signature" not in [one.kind for one in rows(passed, DutyRow) if one.state == "open"]


def test_signature_is_named_by_the_village_and_not_by_the_number_of_a_row(passed: World) -> None:
    """A database that is started again leaves numbers out; what is the business stays the same."""
    names = []
    for code, (_, (writer, _)) in sorted(stops(passed.store).items())[:2]:
        record(passed, code, writer)
        names.append(visit_duty(passed, code, "signature").key.removeprefix(f"{passed.campaign.id}:"))

    assert names == [f"signature:{code}:1" for code in sorted(stops(passed.store))[:2]]


def rows(world: World, table: type) -> list:  # type: ignore[type-arg]
    with world.store.reading() as session:
        return rows_of(session, table)


def test_visit_is_signed_only_by_the_other_and_only_as_it_stands(passed: World) -> None:
    code, (_, (writer, other)) = min(stops(passed.store).items())
    third = next(
        one.id for one in passed.campaign.people if "reviewer" in one.roles and one.id not in (writer, other)
    )

    early = sign_visit(
        passed.store, campaign_id=passed.campaign.id, village_code=code, by=other, seen="", now=passed.now
    )
    record(passed, code, writer)
    refused = [sign(passed, code, writer), sign(passed, code, third), sign(passed, code, other, seen="old")]

    assert codes(early, *refused) == ["not_open", "own_signature", "not_asked", "stale_content"]


def test_visit_written_anew_by_the_other_is_signed_by_the_first(passed: World) -> None:
    code, (_, (writer, other)) = min(stops(passed.store).items())
    record(passed, code, writer)

    refused = record(passed, code, writer)
    unread = record(passed, code, other)
    again = record(passed, code, other, read=rows_of_visits(passed, code)[-1].id)
    signed = sign(passed, code, writer)

    assert codes(refused, unread, again, signed) == ["not_asked", "written_meanwhile", "", ""]
    assert [one.visited_by for one in rows_of_visits(passed, code)] == [writer, other]


def rows_of_visits(world: World, code: str) -> list:  # type: ignore[type-arg]
    with world.store.reading() as session:
        return visits_to(session, world.campaign.id, code)


def test_what_the_other_has_typed_stays_until_both_have_signed(passed: World) -> None:
    code, (_, (writer, other)) = min(stops(passed.store).items())
    for one in (writer, other):
        visits.save_draft(
            passed.store, campaign_id=passed.campaign.id, village_code=code, by=one, typed={"notes": one},
            now=passed.now,
        )  # fmt: skip

    record(passed, code, writer)
    kept = [one.person_id for one in rows(passed, VisitDraftRow)]
    sign(passed, code, other)

    assert (kept, rows(passed, VisitDraftRow)) == ([other], [])


def by_handover(world: World, duty: DutyRow, writer: str) -> object:
    return handover.hand_over(
        world.store, duty_id=duty.id, to=writer, by="coordinator-1", reason="改派。", now=world.now
    )


def by_deputy(world: World, duty: DutyRow, writer: str) -> object:
    staff.set_deputy(world.store, person_id=duty.person_id, deputy=writer, by="coordinator-1", now=world.now)
    with world.store.writing() as session:
        return handover.escalate(session, world.campaign, session.get_one(DutyRow, duty.id), now=world.now)


def by_absence(world: World, duty: DutyRow, writer: str) -> object:
    today = world.now.astimezone(world.campaign.zone).date()
    away = Absence(duty.person_id, writer, today, today)
    return absences.record_absence(world.store, away, by="coordinator-1", now=world.now)


@pytest.mark.parametrize("door", [by_handover, by_deputy, by_absence])
def test_signature_is_never_owed_by_who_wrote_the_visit(
    passed: World, door: Callable[[World, DutyRow, str], object]
) -> None:
    code, (_, (writer, _)) = min(stops(passed.store).items())
    record(passed, code, writer)
    duty = visit_duty(passed, code, "signature")

    outcome = door(passed, duty, writer)

    assert visit_duty(passed, code, "signature").person_id != writer
    assert not isinstance(outcome, Refused) or "另一位核查人员签字" in outcome.reason
