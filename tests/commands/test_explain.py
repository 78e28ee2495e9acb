"""``hqe explain``: a result from the cell to the money, and what departs from it."""

from __future__ import annotations

import json
from pathlib import Path

from records import clock
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.actions.review.test_verification import VILLAGE
from tests.commands.conftest import Run


def test_explain_prints_each_line_with_cell_rule_and_points(
    submitting: Store, at_desk: GateRow, campaign: Campaign, run: Run, tmp_path: Path
) -> None:
    clock.simulate(submitting, local(campaign, 11, 17))

    done = run("explain", VILLAGE, "--by", "coordinator-1", "--json", tmp_path / "out.json")

    told = json.loads((tmp_path / "out.json").read_text())
    assert done.exit_code == 0
    assert "B1.3 人力资源调查与基础台账动态更新" in done.output
    assert "每例扣1分，扣完为止。" in done.output
    assert (told["digest"] == told["anew"], told["departs"]) == (True, [])


def test_explain_says_where_what_is_stored_departs(
    submitting: Store, at_desk: GateRow, campaign: Campaign, run: Run
) -> None:
    clock.simulate(submitting, local(campaign, 11, 17))
    with submitting.writing() as session:
        upload = session.get_one(UploadRow, at_desk.upload_id)
        upload.facts = {**upload.facts, "employed": "1"}

    done = run("explain", VILLAGE, "--by", "coordinator-1")

    assert (done.exit_code, "[不符] 数据 就业人数" in done.output) == (1, True)


def test_explain_of_an_unknown_village_is_refused(submitting: Store, run: Run) -> None:
    assert run("explain", "1").exit_code == 2
