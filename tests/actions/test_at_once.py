"""Acts that meet: each ends as if it had come alone, first or second, and nobody meets the database."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest

from actions.campaign import calendars, lifecycle
from actions.dossiers import acceptance, examination, withdrawal
from actions.duties import absences, extension_requests
from actions.lookup import calendar_of
from actions.people import person, staff
from actions.review import verification, visits
from actions.runs import tick
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder
from config.places import ROOT
from records import audit
from records.dossiers.pictures import draft_of
from records.duties.duties import open_duties
from records.duties.extensions import unanswered_requests
from records.review.gates import seat_duties
from records.review.visits import visits_to
from records.store import Session, Store
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow, ExtensionRequestRow
from records.tables.review import GateRow
from records.tables.visits import VisitPlanRow, VisitStopRow
from rules.campaign.campaign import Campaign, Person
from rules.campaign.decree import entered
from rules.duties.absences import Absence
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, decide_latest, local, small_campaign

NOT_WHOLE = {"wake_all"}
"""Acts of several transactions: what one of them did stays when the next is refused."""


def together(*acts: Callable[[], object]) -> list[object]:
    """What each act came to; all of them begin at once."""
    start = Barrier(len(acts))

    def begin(act: Callable[[], object]) -> object:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [one.result() for one in [threads.submit(begin, act) for act in acts]]


def whole(store: Store) -> bool:
    with store.reading() as session:
        return audit.verify(session).broken is None


@pytest.mark.parametrize("meets", ["deactivate", "set_deputy", "absence", "conflict"])
def test_decision_and_a_change_among_people_at_once_are_both_done_or_refused(
    submitting: Store, at_desk: GateRow, campaign: Campaign, meets: str
) -> None:
    now = at_desk.opened_at
    with submitting.reading() as session:
        asked = next(iter(people_asked(session, at_desk)))
    changes: dict[str, Callable[[], object]] = {
        "deactivate": lambda: staff.deactivate(submitting, person_id=asked, by="coordinator-1", now=now),
        "set_deputy": lambda: staff.set_deputy(
            submitting, person_id=asked, deputy="reviewer-3", by="coordinator-1", now=now
        ),
        "absence": lambda: absences.record_absence(
            submitting,
            Absence(asked, "reviewer-3", date(2020, 11, 16), date(2020, 11, 18)),
            by="coordinator-1",
            now=now,
        ),
        "conflict": lambda: staff.set_conflict(
            submitting, person_id=asked, town_code="331181103", stands=True, by="coordinator-1", now=now
        ),
    }

    together(
        lambda: decide_latest(submitting, "desk_review", at_desk.subject, by=asked, answer="pass"),
        changes[meets],
        lambda: tick.follow_calendar(submitting, campaign_id=CAMPAIGN_ID, now=now),
    )

    assert whole(submitting)


def test_one_address_asked_for_by_two_at_once_is_given_to_one(submitting: Store, campaign: Campaign) -> None:
    def take(person_id: str) -> Callable[[], object]:
        someone = Person(person_id, "王敏", "shared@example.invalid", ("town_clerk",), town_code="331181100")
        return lambda: person.save_person(
            submitting, someone, is_new=True, by="coordinator-1", now=local(campaign, 11, 2)
        )

    done = together(take("clerk-new-1"), take("clerk-new-2"))

    refused = [one for one in done if isinstance(one, Refused)]
    assert [one.code for one in refused] == ["address_taken"]
    assert whole(submitting)


def test_two_dossiers_of_a_town_given_more_time_at_once_take_its_paper_along_as_far_as_the_later(
    submitting: Store, campaign: Campaign
) -> None:
    now = local(campaign, 11, 10)
    with submitting.reading() as session:
        first, second = open_duties(session, CAMPAIGN_ID, kind="dossier", town_code="331181100")
        [paper] = open_duties(session, CAMPAIGN_ID, kind="paper", town_code="331181100")
    until, further = first.due_at.replace(day=19), first.due_at.replace(day=20)
    asked = [
        extension_requests.ask_extension(
            submitting, duty_id=duty.id, by="clerk-331181100", wanted_due=until, reason="大雨", now=now
        )
        for duty in (paper, first, second)
    ]

    def grant(request: object, due_at: datetime) -> Callable[[], object]:
        assert isinstance(request, ExtensionRequestRow)
        return lambda: extension_requests.grant_request(
            submitting,
            request_id=request.id,
            by="coordinator-1",
            due_at=due_at,
            lock_at=due_at,
            words="同意",
            now=now,
        )

    done = together(grant(asked[1], until), grant(asked[2], further))

    with submitting.reading() as session:
        moved = [session.get_one(DutyRow, duty.id) for duty in (paper, first, second)]
        waiting = unanswered_requests(session, CAMPAIGN_ID)
    assert done == [None, None]
    assert [duty.due_at for duty in moved] == [further, until, further]
    assert waiting == []
    assert whole(submitting)


def people_asked(session: Session, gate: GateRow) -> list[str]:
    return [duty.person_id for duty in seat_duties(session, gate).values()]


def test_upload_taken_back_and_judged_at_once_is_one_or_the_other(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    upload = hand_in()
    assert isinstance(upload, UploadRow)
    understood = examination.examine_upload(submitting, upload_id=upload.id)
    now = local(campaign, 11, 2, 11)

    together(
        lambda: acceptance.judge_upload(submitting, upload_id=upload.id, understood=understood, now=now),
        lambda: withdrawal.withdraw(
            submitting,
            campaign_id=CAMPAIGN_ID,
            village_code=upload.village_code,
            version=1,
            by=upload.filed_by,
            now=now,
        ),
    )

    with submitting.reading() as session:
        assert session.get_one(UploadRow, upload.id).state in ("accepted", "withdrawn")
    assert whole(submitting)


def test_campaign_opened_twice_at_once_is_opened_once(store: Store) -> None:
    campaign = small_campaign()
    calendar = read_calendar(campaign_folder(CAMPAIGN_ID), (2020, 2021))

    def begin() -> object:
        now = local(campaign, 10, 20)
        return lifecycle.open_campaign(
            store, campaign=campaign, calendar=calendar, by="coordinator-1", now=now
        )

    done = together(begin, begin)

    assert sorted(isinstance(one, Refused) for one in done) == [False, True]


def test_tick_asked_for_twice_at_once_is_rung(submitting: Store, campaign: Campaign) -> None:
    now = local(campaign, 11, 2)

    together(*[lambda: tick.ring_tick(submitting, campaign_id=CAMPAIGN_ID, now=now)] * 2)

    assert whole(submitting)


def test_decrees_entered_at_once_are_both_in_the_calendar(submitting: Store, campaign: Campaign) -> None:
    now = local(campaign, 11, 2)

    def enter(by: str, day: str) -> object:
        decree = entered(day, "", "")
        assert not isinstance(decree, Refused)
        return calendars.change_calendar(
            submitting, campaign_id=CAMPAIGN_ID, decree=decree, by=by, reason="国办通知", now=now
        )

    done = together(
        lambda: enter("coordinator-1", "2021-03-01"), lambda: enter("coordinator-2", "2021-03-02")
    )

    with submitting.reading() as session:
        holidays = calendar_of(session, CAMPAIGN_ID).holidays
    assert not any(isinstance(one, Refused) for one in done)
    assert {date(2021, 3, 1), date(2021, 3, 2)} <= holidays


def test_crew_that_records_one_visit_at_once_loses_nothing_and_the_second_is_told(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    code, now = campaign.villages[0].code, local(campaign, 11, 17)
    crew = ("reviewer-2", "reviewer-3")
    decide_latest(submitting, "desk_review", at_desk.subject, by="reviewer-2", answer="pass")
    assert verification.desk_review(submitting, subject=at_desk.subject, now=now) == "pass"
    assert verification.site_visit(submitting, subject=at_desk.subject, now=now) is None
    with submitting.writing() as session:
        plan = VisitPlanRow(
            campaign_id=CAMPAIGN_ID, number=1, made_at=now, solver="", cost=0, plain_cost=0, changes=[], unplaced=[],
            spared=[],
        )  # fmt: skip
        session.add(plan)
        session.flush()
        session.add(
            VisitStopRow(
                plan_id=plan.id, village_code=code, day="2020-11-17", team=1, place=1, crew=list(crew), why=""
            )
        )
        [duty] = open_duties(session, CAMPAIGN_ID, kind="visit")
        duty.person_id, duty.facts = crew[0], {**duty.facts, "beside": crew[1]}

    def record(by: str) -> object:
        typed = {"notes": f"{by}所见。"}
        visits.save_draft(submitting, campaign_id=CAMPAIGN_ID, village_code=code, by=by, typed=typed, now=now)
        return visits.record_visit(
            submitting, campaign_id=CAMPAIGN_ID, village_code=code, by=by, adjustments={}, now=now, **typed
        )

    done = together(*[lambda one=one: record(one) for one in crew])

    told = [one.code for one in done if isinstance(one, Refused)]
    with submitting.reading() as session:
        written = [row.visited_by for row in visits_to(session, CAMPAIGN_ID, code)]
        [second] = set(crew) - set(written)
        kept = draft_of(session, CAMPAIGN_ID, code, second)
        assert kept is not None
        assert (told, len(written), kept.typed) == (["written_meanwhile"], 1, {"notes": f"{second}所见。"})


def test_every_act_runs_whole_again_when_the_database_refuses_it() -> None:
    files = sorted((ROOT / "actions").rglob("*.py"))
    acts = [
        (function.name, [ast.unparse(one) for one in function.decorator_list])
        for file in files
        for function in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef)
        and re.search(r"\.(writing|noting)\(\)", ast.unparse(function))
    ]

    assert len(acts) > 80
    assert [name for name, how in acts if "repeatable" not in how] == sorted(NOT_WHOLE)
