"""The ledger's pages: results entered by the coordinator, payments confirmed by finance, a village's account."""

from __future__ import annotations

import pytest

from records.lists.ledger import entries_of
from records.store import Store
from tests.actions.conftest import CAMPAIGN_ID
from tests.actions.lists.test_results import FIRST, open_under
from tests.portal.conftest import CLERK, Browser, Portal

LEDGER = f"/campaigns/{CAMPAIGN_ID}/ledger"
ACCOUNT = f"/campaigns/{CAMPAIGN_ID}/villages/{FIRST}/ledger"


@pytest.fixture
def opened(store: Store) -> Store:
    """Two villages with 10,000 each in the ledger, the campaign closed."""
    open_under(store, "difference")
    return store


def result(browser: Browser, **changed: str) -> int:
    browser.look(LEDGER)
    usual = {
        "village": FIRST, "level": "city", "kind": "recognised", "document": "丽人社〔2020〕9号", "dated": "2020-10-01",
        "yuan": "", "reason": "",
    }  # fmt: skip
    return browser.fill_in(f"{LEDGER}/results", {**usual, **changed}).status_code


def test_result_is_entered_once_and_what_is_wrong_is_said_and_stays_typed(portal: Portal) -> None:
    browser = portal.as_("coordinator-1")

    done = [result(browser), result(browser), result(browser, dated="昨天"), result(browser, yuan="一千")]

    assert done == [200, 422, 422, 422]
    assert "丽人社〔2020〕9号" in browser.page.text
    assert "丽水市级" in browser.look(ACCOUNT)


def test_payments_are_confirmed_by_finance_alone(portal: Portal) -> None:
    browser, finance = portal.as_("coordinator-1"), portal.as_("finance-1")
    with portal.store.reading() as session:
        number = entries_of(session, CAMPAIGN_ID)[0].id
    form = {"row": str(number), "paid_on": "2020-12-25", "voucher": "118"}
    browser.look(LEDGER)
    finance.look(LEDGER)

    refused = browser.fill_in(f"{LEDGER}/payouts", form).status_code
    early = finance.fill_in(f"{LEDGER}/payouts", form).status_code
    undated = finance.fill_in(f"{LEDGER}/payouts", {**form, "paid_on": ""}).status_code

    assert (refused, early, undated) == (404, 422, 422)


def test_account_of_a_village_is_shown_to_its_own_town(portal: Portal) -> None:
    text = portal.as_(CLERK).look(ACCOUNT)

    assert "10000" in text
    assert "未登记" in text
