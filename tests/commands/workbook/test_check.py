"""``hqe workbook check``: every finding of a file, without handing it in."""

from __future__ import annotations

import json
from pathlib import Path

from config.campaign_folder import campaign_folder, read_campaign
from rehearsal.people.workbooks import fill_dossier
from tests.commands.conftest import Run

VILLAGE = "331181100200"


def dossier(*, plot: str) -> bytes:
    campaign = read_campaign(campaign_folder("longquan-2020"))
    return fill_dossier(campaign, VILLAGE, plot=plot, version=1, seed=7, rows=(40, 60))


def test_workbook_check_of_a_good_dossier_says_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dossier.xlsx"
    file.write_bytes(dossier(plot="good"))

    found = run("workbook", "check", str(file), VILLAGE)

    assert (found.exit_code, "可以上报" in found.output) == (0, True)


def test_workbook_check_of_mistakes_prints_each_and_fails(run: Run, tmp_path: Path) -> None:
    file, out = tmp_path / "dossier.xlsx", tmp_path / "findings.json"
    file.write_bytes(dossier(plot="mistakes"))

    found = run("workbook", "check", str(file), VILLAGE, "--json", str(out))

    codes = {finding[0] for finding in json.loads(out.read_text())["findings"]}
    assert found.exit_code == 1
    assert {"id_check_digit", "required_blank", "figure_differs"} <= codes


def test_workbook_check_of_something_else_names_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "page.xlsx"
    file.write_bytes(b"<html><table></table></html>")

    found = run("workbook", "check", str(file), VILLAGE)

    assert (found.exit_code, "HTML" in found.output or "网页" in found.output) == (1, True)
