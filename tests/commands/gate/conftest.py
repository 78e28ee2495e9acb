"""A gate that waits for a decision."""

from __future__ import annotations

import pytest

from records.store import Store
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import set_clock


@pytest.fixture
def asked(submitting: Store, at_desk: GateRow, campaign: Campaign) -> GateRow:
    set_clock(submitting, local(campaign, 11, 17))
    return at_desk
