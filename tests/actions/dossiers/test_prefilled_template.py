"""A template prefilled with last year's roster, and what comes back when it is handed in: two campaigns."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from actions.campaign import lifecycle, stages, survey
from actions.dossiers import acceptance, examination, prefilled_template
from actions.dossiers.submission import ask_for_dossiers
from actions.dossiers.uploads import hand_in
from actions.upkeep import retention
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder
from records.store import Store
from records.tables.dossiers import FindingRow, RosterPersonRow, UploadRow
from records.tables.review import GateRow
from records.tables.upkeep import AuditRow
from rehearsal.people.workbooks import complete
from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Understood
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, close_campaign, local
from tests.conftest import rows_of
from tests.workbooks.office import converted, needs_office
from workbooks.confined.roster import list_roster
from workbooks.template.fill import fill

YEAR = timedelta(days=365)
NEXT_ID = "longquan-2021"
FIRST_ROW = 4
Change = Callable[[Worksheet], object]


def a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1)


def next_campaign(campaign: Campaign) -> Campaign:
    return replace(
        campaign,
        id=NEXT_ID,
        year=2021,
        survey_day=a_year_later(campaign.survey_day),
        stages=tuple(
            replace(one, opens=a_year_later(one.opens), due=a_year_later(one.due)) for one in campaign.stages
        ),
        ledger=(),
    )


@pytest.fixture
def following(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Campaign:
    """The campaign of the year after, its dossiers asked for; last year's first village was accepted."""
    store, after = submitting, next_campaign(campaign)
    close_campaign(store, now=local(campaign, 12, 20))
    opened, now = after.start_of(after.stage("survey").opens), after.start_of(after.stage("submission").opens)
    calendar = read_calendar(campaign_folder(CAMPAIGN_ID), (2021, 2022))
    done = lifecycle.open_campaign(store, campaign=after, calendar=calendar, by="coordinator-1", now=opened)
    assert done == NEXT_ID
    stages.open_due_stage(store, campaign_id=NEXT_ID, now=opened)
    for town in after.towns:
        subject = f"{NEXT_ID}/{town.code}"
        survey.ask_for_survey(store, subject=subject, now=opened)
        codes = [one.code for one in after.villages if one.town_code == town.code]
        survey.confirm_survey(
            store,
            campaign_id=NEXT_ID,
            town_code=town.code,
            villages=codes,
            by=f"clerk-{town.code}",
            now=opened,
        )
        with store.writing() as session:
            stages.finish_carrier(session, "survey", subject, heard=10**9, now=opened)
    stages.close_due_stage(store, campaign_id=NEXT_ID, now=now)
    stages.open_due_stage(store, campaign_id=NEXT_ID, now=now)
    for town in after.towns:
        ask_for_dossiers(store, subject=f"{NEXT_ID}/{town.code}", now=now)
    return after


def template_of(store: Store, campaign: Campaign, place: int = 0) -> bytes | Refused:
    village = campaign.villages[place]
    now = campaign.start_of(campaign.stage("submission").opens)
    return prefilled_template.prefilled_template(
        store, campaign_id=campaign.id, village_code=village.code, by=f"clerk-{village.town_code}", now=now
    )


def filled(template: bytes | Refused, campaign: Campaign, change: Change = lambda _: None) -> bytes:
    """What a clerk makes of it: the other annexes, who surveyed when, and whatever else was changed."""
    assert isinstance(template, bytes)
    lines = [line.answers for line in list_roster(template, campaign=campaign)]
    code = campaign.villages[0].code
    rest = complete(campaign, code, lines, dice=random.Random(7), strength="strong")
    workbook = load_workbook(BytesIO(fill(template, replace(rest, roster=()))))
    sheet = workbook[campaign.forms.sheet("roster")]
    columns = {one.key: number for number, one in enumerate(campaign.forms.roster, 1)}
    for row in range(FIRST_ROW, FIRST_ROW + len(lines)):
        sheet.cell(row, columns["surveyed_on"]).value = campaign.survey_day
        sheet.cell(row, columns["surveyor"]).value = "驻村干部"
    change(sheet)
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def handed_in(store: Store, campaign: Campaign, data: bytes) -> tuple[str, Understood]:
    village = campaign.villages[0]
    now = campaign.start_of(campaign.stage("submission").opens)
    upload = hand_in(
        store,
        campaign_id=campaign.id,
        village_code=village.code,
        data=data,
        by=f"clerk-{village.town_code}",
        now=now,
        host_now=now,
    )
    assert isinstance(upload, UploadRow)
    understood = examination.examine_upload(store, upload_id=upload.id)
    return acceptance.judge_upload(store, upload_id=upload.id, understood=understood, now=now), understood


def lookups(store: Store, upload_id: int) -> list[str]:
    return [one.lookup for one in rows_of(store, RosterPersonRow) if one.upload_id == upload_id]


def test_prefilled_roster_is_masked_and_a_year_older(submitting: Store, following: Campaign) -> None:
    last = list_roster(_last_years(submitting), campaign=following)
    template = template_of(submitting, following)

    assert isinstance(template, bytes)
    now = list_roster(template, campaign=following)
    assert [one.answers["name"] for one in now] == [one.answers["name"] for one in last]
    assert {str(one.answers["id_number"])[:16] for one in now} == {"*" * 16}
    assert [one.answers["age"] for one in now] == [int(str(one.answers["age"])) + 1 for one in last]
    assert not any("surveyed_on" in one.answers for one in now)
    assert ("prefill", f"{NEXT_ID}/{following.villages[0].code}") in {
        (one.act, one.subject) for one in rows_of(submitting, AuditRow)
    }


def _last_years(store: Store) -> bytes:
    from actions.dossiers.uploads import read_upload

    return read_upload(store, 1)[1]


def test_prefilled_dossier_handed_in_holds_last_years_people(submitting: Store, following: Campaign) -> None:
    data = filled(template_of(submitting, following), following)

    state, understood = handed_in(submitting, following, data)

    assert (state, [one.message for one in understood.findings if one.severity == "error"]) == (
        "accepted",
        [],
    )
    assert lookups(submitting, 2) == lookups(submitting, 1)
    assert b"331199" not in data


@needs_office
def test_prefilled_dossier_saved_by_libreoffice_holds_last_years_people(
    submitting: Store, following: Campaign, tmp_path: Path
) -> None:
    (tmp_path / "office").mkdir()
    data = converted(filled(template_of(submitting, following), following), tmp_path / "office", "xlsx")

    state, understood = handed_in(submitting, following, data)

    assert (state, [one.message for one in understood.findings if one.severity == "error"]) == (
        "accepted",
        [],
    )
    assert [one.code for one in understood.findings if one.code == "hidden_content"] == []
    assert lookups(submitting, 2) == lookups(submitting, 1)


def test_prefilled_rows_that_were_changed_are_named_each_with_why(
    submitting: Store, following: Campaign
) -> None:
    columns = {one.key: number for number, one in enumerate(following.forms.roster, 1)}
    key = len(columns) + 1

    def change(sheet: Worksheet) -> None:
        sheet.cell(4, columns["id_number"]).value = "****************00"
        sheet.cell(5, columns["name"]).value = "另一人"
        sheet.cell(6, key).value = None
        sheet.cell(7, key).value = "999.4.00000000"

    data = filled(template_of(submitting, following), following, change)

    state, understood = handed_in(submitting, following, data)

    errors = [(one.code, one.ref) for one in understood.findings if one.severity == "error"]
    assert state == "returned"
    assert errors == [
        ("id_masked_changed", "D4"),
        ("id_masked_renamed", "D5"),
        ("id_masked_alone", "D6"),
        ("id_masked_unknown", "D7"),
    ]


def test_row_key_of_another_village_joins_nothing(submitting: Store, following: Campaign) -> None:
    template = template_of(submitting, following)
    place = list_roster(template, campaign=following)[0] if isinstance(template, bytes) else None
    assert place is not None
    asked = [str(place.answers["row_key"]).rpartition(".")[0]]

    own = prefilled_template.earlier_numbers(submitting, following, following.villages[0].code, asked)
    foreign = prefilled_template.earlier_numbers(submitting, following, following.villages[1].code, asked)

    assert (list(own), foreign) == (asked, {})


def test_village_under_a_new_code_gets_the_roster_of_its_alias_or_of_what_it_merged(
    submitting: Store, following: Campaign
) -> None:
    old = following.villages[0]
    renamed = replace(old, code="331181100299", name="新名", aliases=(old.name,))
    merged = replace(old, code="331181100298", name="合并村", predecessors=(old.code,))

    with submitting.reading() as session:
        by_alias, by_merger = (prefilled_template.newest_rosters(session, one) for one in (renamed, merged))
        nothing = prefilled_template.newest_rosters(
            session, replace(old, code="331181100297", name="别处", aliases=())
        )

    assert [[one.id for one in found] for found in (by_alias, by_merger, nothing)] == [[1], [1], []]


def test_template_of_a_village_without_earlier_roster_is_refused(
    submitting: Store, following: Campaign
) -> None:
    refused = template_of(submitting, following, 1)

    assert isinstance(refused, Refused)
    assert refused.code == "no_earlier_roster"


def test_prefilling_after_the_roster_was_erased_is_refused_and_its_masks_join_nothing(
    submitting: Store, following: Campaign
) -> None:
    data = filled(template_of(submitting, following), following)
    retention.erase_outlived(submitting, by="system", now=local(following, 12, 21) + 3 * YEAR)

    refused = template_of(submitting, following)
    state, understood = handed_in(submitting, following, data)

    assert isinstance(refused, Refused)
    assert (refused.code, "按保存期限删除" in refused.reason) == ("erased", True)
    assert (state, {one.code for one in understood.findings if one.severity == "error"}) == (
        "returned",
        {"id_masked_unknown"},
    )
    assert {one.code for one in rows_of(submitting, FindingRow) if one.upload_id == 2} >= {
        "id_masked_unknown"
    }
