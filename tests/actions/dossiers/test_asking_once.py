"""A town is asked for all its dossiers in one message."""

from __future__ import annotations

from actions.dossiers import submission
from records.copies.dump import rows_of
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local


def test_all_dossiers_of_a_town_are_asked_for_at_once_and_nothing_twice(
    submitting: Store, campaign: Campaign
) -> None:
    for town in campaign.towns:
        submission.ask_for_dossiers(
            submitting, subject=f"{CAMPAIGN_ID}/{town.code}", now=local(campaign, 10, 24, 9)
        )

    with submitting.reading() as session:
        asked = [row for row in rows_of(session, OutboxRow) if row.template == "dossier_opened"]
        owed = {duty.id for duty in rows_of(session, DutyRow) if duty.kind == "dossier"}
    assert sorted(row.person_id for row in asked) == sorted(
        {f"clerk-{village.town_code}" for village in campaign.villages}
    )
    assert {one for row in asked for one in row.facts["duties"]} == owed
    assert sum(len(row.facts["missing"]) for row in asked) == len(campaign.villages)
