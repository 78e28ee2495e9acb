"""Whatever folder the check accepts is played to its end by people who read everything from it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from config.campaign_folder import CAMPAIGNS, read_folder, restrict
from records.campaign.campaigns import is_closed
from records.campaign.villages import count_villages
from records.copies.dump import rows_of
from records.copies.in_memory import InMemoryStore
from records.tables.duties import DutyRow
from rehearsal.people.workbooks import fill_dossier
from rehearsal.quick import play_quickly
from tests.rehearsal.any_county.folders import folders, write
from workbooks.confined.examine import examine

MANY = 100 if os.environ.get("CI") else 12
"""How many folders are drawn: a hundred where the time is, a dozen at a desk."""
SHIPPED = sorted(one for one in CAMPAIGNS.iterdir() if one.is_dir())


def left_open(store: InMemoryStore, campaign_id: str) -> list[str]:
    with store.reading() as session:
        assert is_closed(session, campaign_id)
        return [duty.key for duty in rows_of(session, DutyRow) if duty.state == "open"]


@given(texts=folders())
@settings(
    max_examples=MANY,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_folder_that_the_check_accepts_is_played_to_its_end(tmp_path: Path, texts: dict[str, str]) -> None:
    reading = read_folder(write(texts, tmp_path / "yunxi-2026"))
    assume(reading.campaign is not None)
    assert reading.campaign is not None
    assert reading.calendar is not None

    store = play_quickly(reading.campaign, reading.calendar)

    assert left_open(store, reading.campaign.id) == []


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
@pytest.mark.parametrize("plot", ["good", "weak"])
def test_dossier_of_a_shipped_county_is_accepted(folder: Path, plot: str) -> None:
    campaign = read_folder(folder).campaign
    assert campaign is not None
    village = campaign.villages[0]

    data = fill_dossier(campaign, village.code, plot=plot, version=1, seed=1, rows=(40, 60))

    told = examine(data, campaign=campaign, town_code=village.town_code, village_code=village.code)
    assert (told.acceptable, [one.code for one in told.findings if one.severity == "error"]) == (True, [])


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_shipped_county_is_played_to_its_end(folder: Path) -> None:
    reading = read_folder(folder)
    assert reading.campaign is not None
    assert reading.calendar is not None
    campaign = restrict(reading.campaign, 5)

    store = play_quickly(campaign, reading.calendar)

    with store.reading() as session:
        ended = count_villages(session, campaign.id)
    assert left_open(store, campaign.id) == []
    assert ended["recognised"] >= 3
