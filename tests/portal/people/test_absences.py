"""Somebody is away: recorded on one's own account or by the coordinator, listed, ended early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from actions.duties.absences import record_absence
from portal.web.rendering import SAID
from records.duties.duties import open_duties
from records.tables.duties import AbsenceRow
from rules.campaign.campaign import Campaign
from rules.duties.absences import Absence
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Portal

HEAD = "head-331181100"
FORM = {"first": "2020-11-02", "last": "2020-11-05", "stand_in": HEAD, "reason": "外出培训"}


@pytest.fixture(autouse=True)
def in_november(portal: Portal, at: Callable[[int, int], None]) -> None:
    at(11, 2)


def record(portal: Portal, campaign: Campaign, first: int, last: int) -> AbsenceRow:
    wanted = Absence(CLERK, HEAD, date(2020, 11, first), date(2020, 11, last))
    done = record_absence(portal.store, wanted, by=CLERK, now=local(campaign, 11, 1))
    assert isinstance(done, AbsenceRow)
    return done


def test_clerk_records_an_absence_and_the_deputy_holds_what_is_owed(
    portal: Portal, submitting: object
) -> None:
    browser = portal.as_(CLERK)
    page = browser.look("/account")

    done = browser.fill_in("/account/absences", FORM)

    assert f'<option value="{HEAD}" selected>' in page
    assert "coordinator-1" not in page
    assert SAID["absence_recorded"] in done.text
    assert "2020-11-02至2020-11-05，由李立新代理" in done.text
    assert "外出中" in done.text
    with portal.store.reading() as session:
        owed = open_duties(session, CAMPAIGN_ID, town_code="331181100")
    assert {duty.person_id for duty in owed} == {HEAD}
    assert "承办人外出，由代理人办理" in portal.as_("coordinator-1").look(f"/duties/{owed[0].id}")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"last": "2020-11-01"}, "请核对日期"),
        ({"first": "tomorrow"}, "无法识别"),
        ({"stand_in": "clerk-331181103"}, "代理不授予角色"),
    ],
)
def test_absence_that_does_not_fit_is_refused_with_what_was_typed(
    portal: Portal, changed: dict[str, str], sentence: str
) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")

    refused = browser.fill_in("/account/absences", {**FORM, **changed})

    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert 'value="外出培训"' in refused.text
    assert rows_of(portal.store, AbsenceRow) == []


def test_coordinator_records_for_anybody_and_sees_who_is_away(portal: Portal) -> None:
    browser = portal.as_("coordinator-1")
    browser.look(f"/people/{CLERK}")

    done = browser.fill_in(f"/people/{CLERK}/absences", {**FORM, "stand_in": HEAD})
    refused = browser.fill_in(f"/people/{CLERK}/absences", FORM)

    assert SAID["absence_recorded"] in done.text
    assert (refused.status_code, "与此次日期重叠" in refused.text) == (422, True)
    assert "外出中" in browser.look(f"/campaigns/{CAMPAIGN_ID}/people")
    [row] = rows_of(portal.store, AbsenceRow)
    assert (row.deputy, row.reason, row.recorded_by) == (HEAD, "外出培训", "coordinator-1")


def test_absences_past_present_and_to_come_are_listed_and_ended_once(
    portal: Portal, campaign: Campaign, at: Callable[[int, int], None]
) -> None:
    over, running, coming = (record(portal, campaign, *days) for days in ((1, 2), (3, 9), (12, 13)))
    at(11, 4)
    browser = portal.as_(CLERK)
    page = browser.look("/account")

    done = browser.fill_in(f"/absences/{running.id}/end")
    again = browser.fill_in(f"/absences/{running.id}/end")

    assert [word in page for word in ("外出中", "将外出", "已结束")] == [True] * 3
    ends = [f"/absences/{row.id}/end" in page for row in (over, running, coming)]
    assert ends == [False, True, True]
    assert (SAID["absence_ended"] in done.text, "已提前结束" in done.text) == (True, True)
    assert (again.status_code, "无需再次办理" in again.text) == (422, True)


def test_coordinator_ends_somebody_elses_and_a_colleague_finds_nothing(
    portal: Portal, campaign: Campaign
) -> None:
    row = record(portal, campaign, 2, 9)
    colleague, coordinator = portal.as_(HEAD), portal.as_("coordinator-1")
    colleague.look("/account")
    coordinator.look(f"/people/{CLERK}")

    foreign = colleague.fill_in(f"/absences/{row.id}/end")
    done = coordinator.fill_in(f"/absences/{row.id}/end")
    again = coordinator.fill_in(f"/absences/{row.id}/end")

    assert (foreign.status_code, SAID["absence_ended"] in done.text) == (404, True)
    assert (again.status_code, "已提前结束" in again.text) == (422, True)


def test_auditor_reads_absences_and_is_offered_no_form(portal: Portal, campaign: Campaign) -> None:
    row = record(portal, campaign, 2, 9)

    page = portal.as_("auditor-1").look(f"/people/{CLERK}")

    assert "2020-11-02至2020-11-09，由李立新代理" in page
    assert (f"/absences/{row.id}/end" in page, f"/people/{CLERK}/absences" in page) == (False, False)
