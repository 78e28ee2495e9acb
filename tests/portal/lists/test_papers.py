"""Papers on the portal: made by the coordinator, downloaded by whoever reads documents, private ones with a reason."""

from __future__ import annotations

import pytest

from records.review.gates import latest_gate
from records.store import Store
from tests.actions.conftest import CAMPAIGN_ID
from tests.actions.lists.test_results import COUNTY, open_under
from tests.portal.conftest import Portal

PAPERS = f"/campaigns/{CAMPAIGN_ID}/papers"


@pytest.fixture
def opened(store: Store) -> Store:
    """Two villages recognised and paid, the campaign closed."""
    open_under(store, "difference")
    return store


def test_paper_is_made_and_downloaded_as_word(portal: Portal) -> None:
    browser, leader = portal.as_("coordinator-1"), portal.as_("leader-1")
    browser.look(PAPERS)

    made = browser.fill_in(PAPERS, {"kind": "recognition_list", "about": "", "why": ""})
    leader.look(PAPERS)
    sent = leader.fill_in(f"{PAPERS}/files", {"paper": "1", "form": "docx"})
    assert sent.headers["content-type"].endswith("wordprocessingml.document")

    assert (made.status_code, "文书已生成" in made.text) == (200, True)
    assert (sent.status_code, sent.content[:2]) == (200, b"PK")


def test_payment_list_is_not_sent_without_a_reason(portal: Portal) -> None:
    finance = portal.as_("finance-1")
    with portal.store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", COUNTY)
    assert gate is not None
    finance.look(PAPERS)
    finance.fill_in(PAPERS, {"kind": "payment_list", "about": str(gate.id), "why": ""})

    asked = {"paper": "1", "form": "docx"}
    silent = finance.fill_in(f"{PAPERS}/files", asked)
    told = finance.fill_in(f"{PAPERS}/files", {**asked, "reason": "拨付前核对"})

    assert (silent.status_code, told.status_code, told.content[:2]) == (422, 200, b"PK")


def test_paper_that_nobody_made_is_not_sent(portal: Portal) -> None:
    browser = portal.as_("coordinator-1")
    browser.look(PAPERS)

    assert browser.fill_in(f"{PAPERS}/files", {"paper": "9", "form": "docx"}).status_code == 422
