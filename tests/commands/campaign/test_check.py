"""``hqe campaign check``: every mistake named with what is allowed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from config.campaign_folder import campaign_folder
from tests.commands.conftest import Run


def test_campaign_check_of_the_sample_finds_nothing(run: Run, tmp_path: Path) -> None:
    found = run(
        "campaign", "check", str(campaign_folder("longquan-2020")), "--json", str(tmp_path / "o.json")
    )

    assert (found.exit_code, json.loads((tmp_path / "o.json").read_text())["villages"]) == (0, 48)


def test_campaign_check_of_a_broken_folder_names_file_key_and_value(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(campaign_folder("longquan-2020"), folder)
    page = folder / "campaign.yaml"
    page.write_text(
        page.read_text(encoding="utf-8").replace("due: 2020-11-15", "due: 2020-11-31"), encoding="utf-8"
    )

    found = run("campaign", "check", str(folder), "--json", str(tmp_path / "o.json"))

    told = "campaign.yaml 第31行 stages[1].due:现为“2020-11-31”;须为日期,如 2020-11-15"
    assert (found.exit_code, found.output.splitlines()[-2:]) == (1, [f"Error: {folder} 有1处需要改正:", told])
    assert json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["mistakes"] == [
        {
            "file": "campaign.yaml",
            "key": "stages[1].due",
            "value": "2020-11-31",
            "allowed": "须为日期,如 2020-11-15",
            "line": 31,
            "write": [],
        }
    ]
