"""``hqe campaign status``: the board on paper and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from records.store import Store
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import Run, set_clock


def test_status_names_stages_towns_and_what_waits_on_the_bureau(
    submitting: Store, at_desk: GateRow, campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    set_clock(submitting, local(campaign, 11, 17))

    shown = run("campaign", "status", "--json", tmp_path / "board.json")

    board = json.loads((tmp_path / "board.json").read_text(encoding="utf-8"))
    town = next(one for one in board["cells"] if one["cell"]["stage"] == "submission")
    assert shown.exit_code == 0
    assert "等待局里办理：1项" in shown.output
    assert "八都镇第一村材料初审：审核人员" in shown.output
    assert (town["ball"], town["cell"]["counts"]["accepted"]) == (["乡镇(街道)经办人"], 1)
    assert "目标与完成" in shown.output
    assert (board["targets"]["county"]["target"], board["targets"]["county"]["goal"]) == (
        campaign.taking_part,
        campaign.recognised_at_least,
    )
    assert [one["accepted"] for one in board["targets"]["towns"]].count(1) == 1
    assert board["on_bureau"] == [one["duty_id"] for one in board["waiting"] if one["kind"] == "gate"]


def test_status_without_a_campaign_says_which_there_are(store: Store, run: Run) -> None:
    shown = run("campaign", "status")

    assert (shown.exit_code, "进行中的活动：无" in shown.output) == (1, True)


def test_status_of_an_unknown_campaign_names_the_known_ones(opened: Store, run: Run) -> None:
    shown = run("campaign", "status", "--campaign", "longquan-1999")

    assert (shown.exit_code, "已启动的活动：longquan-2020" in shown.output) == (1, True)
