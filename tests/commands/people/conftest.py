"""A campaign under way, and a coordinator who looks after its people."""

from __future__ import annotations

import pytest

from records.copies.dump import rows_of
from records.store import Store
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import set_clock

BY = ("--by", "coordinator-1")


@pytest.fixture(autouse=True)
def at_work(opened: Store, campaign: Campaign) -> None:
    set_clock(opened, local(campaign, 10, 21))


def ids(store: Store) -> set[str]:
    """Everybody who is there."""
    with store.reading() as session:
        return {row.id for row in rows_of(session, PersonRow)}
