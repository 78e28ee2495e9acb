"""Every mail leads to a page about its own thing, and its reader may open it."""

from __future__ import annotations

from actions.duties.reminders import fire_rungs, lapse_locked
from actions.lookup import campaign_of
from actions.messages.links import page_of
from records.copies.dump import rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.portal.conftest import Portal


def pages(store: Store) -> dict[tuple[str, str], str]:
    """(template, reader) -> the page to which the newest such mail leads."""
    with store.reading() as session:
        campaign = campaign_of(session, CAMPAIGN_ID)
        return {
            (row.template, row.person_id): page_of(session, campaign, row)
            for row in rows_of(session, OutboxRow)
        }


def test_every_mail_leads_its_reader_to_a_page_that_opens(
    portal: Portal, submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    for day in (12, 17, 19, 21, 24):
        fire_rungs(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, day))
        lapse_locked(submitting, campaign_id=CAMPAIGN_ID, now=local(campaign, 11, day))
    found = pages(submitting)

    closed = {
        (template, reader, page)
        for (template, reader), page in found.items()
        if not page or portal.as_(reader).get(page).status_code != 200
    }

    assert {template for template, _ in found} >= {"dossier_late", "gate_late", "paper_late", "duty_lapsed"}
    assert closed == set()
