"""The plan of visits on its page and in the car, and a visit signed by the other of two."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from actions.review import verification
from actions.review.planning import plan
from records.copies.dump import rows_of
from records.review.gates import latest_gate
from records.review.visit_plans import newest_plan, stop_rows
from records.tables.campaign import StageRow
from records.tables.review import GateRow
from records.tables.visits import VisitSignatureRow, VisitStopRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local, subject_of_first
from tests.portal.conftest import CLERK, Portal

PLAN = f"/campaigns/{CAMPAIGN_ID}/visits"


@pytest.fixture
def stop(portal: Portal, at_desk: GateRow, campaign: Campaign) -> VisitStopRow:
    """The first village in the first plan of 16 November."""
    with portal.store.writing() as session:
        session.get_one(StageRow, (CAMPAIGN_ID, "verification")).state = "open"
    plan.keep_visits(portal.store, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, 16), plainly=True)
    with portal.store.reading() as session:
        newest = newest_plan(session, CAMPAIGN_ID)
        assert newest is not None
        return stop_rows(session, newest)[0]


def test_plan_shows_day_crew_and_commitment_and_no_seed(
    portal: Portal, stop: VisitStopRow, campaign: Campaign
) -> None:
    names = {person.id: person.name for person in campaign.people}

    text = portal.as_("coordinator-1").look(PLAN)

    assert "、".join(names[one] for one in stop.crew) in text
    assert campaign.village(stop.village_code).name in text
    assert f"{date.fromisoformat(stop.day).day}日" in text
    assert "核查认定结束后公开" in text


def test_plan_is_not_for_towns(portal: Portal, stop: VisitStopRow) -> None:
    portal.as_(CLERK).look(PLAN, status=404)


def test_sheet_for_the_car_lists_every_stop(portal: Portal, stop: VisitStopRow, campaign: Campaign) -> None:
    answer = portal.as_("coordinator-1").get(f"{PLAN}/car.xlsx")

    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert campaign.village(stop.village_code).name in cells
    assert any("现场核查计划(第1版" in cell for cell in cells)


def test_visit_is_written_by_one_and_signed_by_the_other_on_its_page(
    portal: Portal, stop: VisitStopRow, campaign: Campaign
) -> None:

    subject = subject_of_first(campaign)
    with portal.store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "desk_review", subject)
        assert gate is not None
    decide_latest(portal.store, "desk_review", subject, by="reviewer-2", answer="pass")
    verification.desk_review(portal.store, subject=subject, now=local(campaign, 11, 17))
    verification.site_visit(portal.store, subject=subject, now=local(campaign, 11, 17))
    path = f"/campaigns/{CAMPAIGN_ID}/villages/{stop.village_code}/visit"
    writer, other = stop.crew

    beside = portal.as_(other)
    beside.look(path)
    beside.fill_in(path, {"notes": "台账属实", "act": "record"})
    first = portal.as_(writer)
    text = first.look(path)
    done = first.fill_in(f"{path}/signature", {"digest": text.partition('name="digest" value="')[2][:64]})

    assert "以上由同行的同事登记" in text
    assert "已签字确认" in done.text
    with portal.store.reading() as session:
        assert {one.person_id for one in rows_of(session, VisitSignatureRow)} == {writer, other}
