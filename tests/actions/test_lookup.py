"""What pages know of a campaign and of people without reading everything each time."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.exc import NoResultFound

from actions.lookup import campaign_of
from config.frozen import freeze
from records.people.people import Names, names_of
from records.store import Store
from records.tables.campaign import CampaignRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID


def test_campaign_is_read_once_by_readers_and_each_time_by_writers(opened: Store, campaign: Campaign) -> None:
    asked: list[str] = []
    event.listen(opened.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for _ in range(3):
        with opened.reading() as session:
            assert freeze(campaign_of(session, CAMPAIGN_ID)) == freeze(campaign)
    by_readers = sum("frozen" in one for one in asked)

    with opened.writing() as session:
        session.get_one(CampaignRow, CAMPAIGN_ID).frozen = freeze(campaign).replace("龙泉", "云溪")
        written = campaign_of(session, CAMPAIGN_ID)
        session.rollback()

    assert by_readers == 1
    assert written != campaign


def test_campaign_that_was_never_opened_is_not_found(opened: Store) -> None:
    with opened.reading() as session, pytest.raises(NoResultFound):
        campaign_of(session, "longquan-1999")


def test_names_asked_for_one_by_one_are_those_of_everybody(opened: Store) -> None:
    with opened.reading() as session:
        names, everybody = Names(session), names_of(session)

        assert dict(names) == everybody
        assert len(names) == len(everybody)
        assert names.get("nobody", "?") == "?"
