"""``hqe workbook template``: for a village, and prefilled."""

from __future__ import annotations

from pathlib import Path

from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID
from tests.commands.conftest import Run

TOWN, VILLAGE = "331181100", "331181100200"


def test_workbook_template_of_an_unknown_village_is_refused(run: Run) -> None:
    found = run("workbook", "template", "331181999999")

    assert (found.exit_code, "区划代码" in found.output) == (1, True)


def test_workbook_template_prefilled_is_written_and_checked_with_this_houses_numbers(
    at_desk: GateRow, run: Run, tmp_path: Path, campaign: Campaign
) -> None:
    out, options = tmp_path / "t.xlsx", ("--campaign", CAMPAIGN_ID, "--out")
    made = run("workbook", "template", VILLAGE, "--prefill", "--by", f"clerk-{TOWN}", *options, out)
    other = next(one.code for one in campaign.villages if one.code != VILLAGE)
    nothing = run("workbook", "template", other, "--prefill", "--by", f"clerk-{TOWN}", *options, out)
    nobody = run("workbook", "template", VILLAGE, "--prefill", *options, out)

    checked = run("workbook", "check", out, VILLAGE)

    assert (made.exit_code, made.output) == (0, f"{out}\n")
    assert (nothing.exit_code, "无法预填" in nothing.stderr) == (2, True)
    assert (nobody.exit_code, "--by" in nobody.stderr) == (1, True)
    assert "调查日期没有填写" in checked.output
    assert "星号" not in checked.output
