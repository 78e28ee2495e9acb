"""A score sheet that is not finished: kept as a draft, sealed, back in its fields, and gone when the sheet is saved."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from portal.web.rendering import SAID
from records.review.assignments import assigned_to_gate
from records.tables.dossiers import FormDraftRow
from records.tables.review import GateRow, ScoreRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import close_campaign, local
from tests.conftest import rows_of
from tests.portal.conftest import Browser, Portal

HALF = {"fact:B1.1/6": "0", "fact:B1.3": "2", "why:B1.1/6": "台账没有工作记录"}
"""One number has no reason yet."""


@pytest.fixture
def reviewer(portal: Portal, at_desk: GateRow, at: Callable[[int, int], None]) -> Browser:
    at(11, 16)
    with portal.store.reading() as session:
        asked = min(assigned_to_gate(session, at_desk))
    browser = portal.as_(asked)
    browser.look(f"/gates/{at_desk.id}")
    return browser


def kept_in(page: str) -> tuple[bool, bool]:
    """Whether the number without a reason and the reason of the other stand in their fields."""
    number = re.search(r'name="fact:B1\.3" value="2"', page)
    return number is not None, 'value="台账没有工作记录"' in page


@pytest.mark.parametrize("act", [{"act": "draft"}, {}])
def test_unfinished_sheet_survives_as_a_draft_and_scores_nothing(
    portal: Portal, reviewer: Browser, at_desk: GateRow, act: dict[str, str]
) -> None:
    """By its own button, and where saving was refused."""
    sent = reviewer.fill_in(f"/gates/{at_desk.id}/scores", {**HALF, **act})

    assert (SAID["draft_kept"] in sent.text) is bool(act)
    assert kept_in(sent.text) == (True, True)
    assert kept_in(reviewer.look(f"/gates/{at_desk.id}")) == (True, True)
    assert {one.party for one in rows_of(portal.store, ScoreRow)} == {"town"}
    (draft,) = rows_of(portal.store, FormDraftRow)
    assert "台账".encode() not in draft.sealed


def test_draft_goes_when_the_sheet_is_saved(portal: Portal, reviewer: Browser, at_desk: GateRow) -> None:
    reviewer.fill_in(f"/gates/{at_desk.id}/scores", {**HALF, "act": "draft"})

    reviewer.fill_in(f"/gates/{at_desk.id}/scores", {**HALF, "why:B1.3": "只见两例"})

    assert rows_of(portal.store, FormDraftRow) == []
    assert rows_of(portal.store, ScoreRow)[-1].adjustments == {"B1.1/6": "0", "B1.3": "2"}


def test_draft_is_only_its_own_persons(portal: Portal, reviewer: Browser, at_desk: GateRow) -> None:
    reviewer.fill_in(f"/gates/{at_desk.id}/scores", {**HALF, "act": "draft"})

    assert kept_in(portal.as_("coordinator-1").look(f"/gates/{at_desk.id}")) == (False, False)


def test_drafts_go_with_the_campaign(
    portal: Portal, reviewer: Browser, at_desk: GateRow, campaign: Campaign
) -> None:
    reviewer.fill_in(f"/gates/{at_desk.id}/scores", {**HALF, "act": "draft"})

    close_campaign(portal.store, now=local(campaign, 12, 30))

    assert rows_of(portal.store, FormDraftRow) == []
