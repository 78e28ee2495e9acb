"""``hqe campaign move``: all dates together, marked for people, and the campaign may then be opened."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.campaign_folder import campaign_folder, read_campaign
from records.store import Store
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import Run, set_clock

SAMPLE = campaign_folder("longquan-2020")
YUNXI = Path(__file__).parents[2] / "config" / "yunxi-2026"


@pytest.mark.parametrize(
    ("source", "first"), [(SAMPLE, "2020-11-02"), (SAMPLE, "2021-03-01"), (YUNXI, "2026-02-02")]
)
def test_campaign_moved_keeps_every_distance_and_all_but_its_dates(
    run: Run, tmp_path: Path, source: Path, first: str
) -> None:
    folder = Path(shutil.copytree(source, tmp_path / source.name))
    before = read_campaign(folder)

    done = [run("campaign", "move", folder, "--first", day) for day in (str(before.stages[0].opens), first)]

    after, shift = read_campaign(folder), date.fromisoformat(first) - before.stages[0].opens
    assert [one.exit_code for one in done] == [0, 0], done[1].output
    assert f"全部日期已移动{shift.days}天" in done[1].output
    assert [(one.opens, one.due) for one in after.stages] == [
        (one.opens + shift, one.due + shift) for one in before.stages
    ]
    assert (after.survey_day, after.year) == (before.survey_day + shift, int(first[:4]))
    assert (folder / "campaign.yaml").read_text(encoding="utf-8").count("请核对:") == (
        sum("20" in line and "-" in line for line in _dated(folder))
    )


def _dated(folder: Path) -> list[str]:
    text = (folder / "campaign.yaml").read_text(encoding="utf-8")
    keys = ("opens: ", "due: ", "survey_day: ")
    return [line for line in text.splitlines() if any(key in line for key in keys)]


def test_campaign_with_dates_that_have_passed_opens_once_they_are_moved(
    store: Store, campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    set_clock(store, local(campaign, 11, 1))
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "longquan-2020"))
    today = local(campaign, 11, 1).date() + timedelta(days=1)

    run("campaign", "move", folder, "--first", today)

    assert run("campaign", "open", folder).exit_code == 0
