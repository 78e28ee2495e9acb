"""``hqe town calls``: whom to call, and why."""

from __future__ import annotations

import json
from pathlib import Path

from records.store import Store
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import Run, set_clock


def test_town_calls_names_the_towns_the_reasons_and_whom_to_call(
    submitting: Store, campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    set_clock(submitting, local(campaign, 11, 12))
    file = tmp_path / "calls.json"

    done = run("town", "calls", "--json", str(file))

    assert done.exit_code == 0
    assert "八都镇 季文静 没有登记电话" in done.output
    assert "申报材料：从未登录；一次也没有上传" in done.output
    assert done.output.endswith(f"共{len(campaign.towns)}个乡镇(街道)要打电话；已经联系的0个。\n")
    assert [one["town"] for one in json.loads(file.read_text("utf-8"))["calls"]] == [
        town.name for town in campaign.towns
    ]
