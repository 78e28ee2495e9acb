"""What waits for a second person, as coordinators, leaders and auditors see it."""

from __future__ import annotations

import pytest

from portal.web.rendering import SAID
from records.tables.people import PersonRow, ProposalRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.conftest import rows_of
from tests.portal.conftest import Browser, Portal

HERE = f"/campaigns/{CAMPAIGN_ID}"
FIELDS = {
    "name": "汪致明",
    "email": "elsewhere@example.invalid",
    "roles": "bureau_leader",
    "deputy": "leader-2",
}
CONFIRM = "已核实，确认变更"


@pytest.fixture
def proposer(portal: Portal) -> Browser:
    """The coordinator who has just proposed another address for the leader."""
    browser = portal.as_("coordinator-1")
    browser.look("/people/leader-1")
    answer = browser.fill_in("/people/leader-1/changes", FIELDS)
    assert SAID["proposed"] in answer.text
    return browser


def address(portal: Portal) -> str:
    return next(row.email for row in rows_of(portal.store, PersonRow) if row.id == "leader-1")


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("coordinator-1", False),
        ("coordinator-2", True),
        ("leader-1", False),
        ("leader-2", True),
        ("auditor-1", False),
    ],
)
def test_page_offers_to_confirm_only_to_a_second_person(
    portal: Portal, proposer: Browser, person: str, may: bool
) -> None:
    page = portal.as_(person).look(f"{HERE}/proposals")

    assert ("elsewhere@example.invalid" in page, CONFIRM in page) == (True, may)


def test_leader_confirms_in_the_portal(portal: Portal, proposer: Browser) -> None:
    leader = portal.as_("leader-2")
    leader.look(f"{HERE}/proposals")

    before, done = address(portal), leader.fill_in("/proposals/1/confirmation")

    assert SAID["confirmed"] in done.text
    assert (before, address(portal)) == ("leader-1@example.invalid", "elsewhere@example.invalid")


def test_proposer_who_forges_the_form_changes_nothing(portal: Portal, proposer: Browser) -> None:
    proposer.look(f"{HERE}/proposals")

    answer = proposer.fill_in("/proposals/1/confirmation")

    assert (answer.status_code, "提请人不能自己确认" in answer.text) == (422, True)
    assert address(portal) == "leader-1@example.invalid"


def test_declined_with_a_reason_it_is_shown_as_over(portal: Portal, proposer: Browser) -> None:
    other = portal.as_("coordinator-2")
    other.look(f"{HERE}/proposals")

    done = other.fill_in("/proposals/1/refusal", {"reason": "本人没有换邮箱"})

    assert (SAID["declined"] in done.text, "本人没有换邮箱" in done.text, CONFIRM in done.text) == (
        True,
        True,
        False,
    )
    assert rows_of(portal.store, ProposalRow)[0].state == "declined"
