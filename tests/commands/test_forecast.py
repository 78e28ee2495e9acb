"""``hqe forecast``: what will be said if nobody does anything."""

from __future__ import annotations

import json
from pathlib import Path

from records.store import Store
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import Run, set_clock


def test_forecast_lists_when_to_whom_and_about_what(
    submitting: Store, campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    set_clock(submitting, local(campaign, 11, 15, 10))

    shown = run("forecast", "--days", 1, "--json", tmp_path / "messages.json")

    told = json.loads((tmp_path / "messages.json").read_text(encoding="utf-8"))["messages"]
    late = [one for one in told if one["template"] == "dossier_late"]
    assert shown.exit_code == 0
    assert [one["person_id"] for one in late] == ["head-331181100", "head-331181103"]
    assert (
        "11月16日(星期一)09:00 → 乡镇(街道)分管领导李立新(head-331181100)："
        "申报材料逾期[dossier_late] 八都镇 第一村、第四村" in shown.output
    )
